"""The house, built by hand in one place; nothing is made at import."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from app.clock import RealClock, RehearsalClock
from app.evidence_files import FolderFiles
from app.figures import Figures, watched
from app.host import Host
from app.mail import mailer
from app.notary import notary
from app.passwords import Passwords
from app.settings import SettingRefused
from app.siasn import HttpSiasn, access
from app.work_files import FolderWorkFiles
from app.worker import Worker
from engine.forecasting import RidgeForecaster
from engine.jobs import (
    batches,
    checkpoints,
    deliveries,
    exchange,
    house_work,
    imports,
    mass_start,
    outbox,
    reassigning,
    retention,
    sealing,
    task_acts,
    volunteers,
)
from engine.persistence.database import Database, open_database
from engine.persistence.identity import TimeOrderedIds, claim_node
from engine.persistence.jobs.carried import Worker as CarriedJobs
from engine.persistence.jobs.carrier import leave
from engine.persistence.jobs.table import Worker as TableJobs
from engine.persistence.migrate import migrate
from engine.persistence.unit_of_work import UnitsOfWork
from engine.runtime.runner import Runner
from engine.scenarios.gate import Player
from engine.usecases.host_functions import FUNCTION_NAMES, host_functions
from engine.usecases.means import Means
from engine.usecases.operations.registry import operations
from engine.usecases.ports.work import House
from engine.usecases.remarks import tell_ended
from engine.usecases.undertakings import Work
from forms.adapter import FormAdapter

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from app.settings import Settings
    from engine.persistence.jobs.table import JobHandler
    from engine.usecases.accounts import Hasher
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import ProcessRunner
    from engine.usecases.ports.time import Clock
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """The house with what only the front hall knows."""

    settings: Settings
    database: Database
    units: UnitsOfWork
    house: House
    #: pieces of evidence by the hash of their content
    files: FolderFiles
    #: what long work takes in and puts out
    work_files: FolderWorkFiles
    #: hashes first passwords of an import; None: as signing in does
    hasher: Hasher | None = None
    #: what this process did, counted for whoever looks after it
    figures: Figures = field(default_factory=Figures)

    def worker(self) -> Worker:
        """A worker on this house; `start` runs it in a thread."""
        jobs = self._carry()
        carrier = mailer(self.settings)
        siasn = access(self.settings)
        sender = exchange.Sender(self.house, HttpSiasn(siasn)) if siasn else None
        return Worker(
            self.house,
            lambda stop: jobs.run_once(stop=stop),
            lambda: (
                tell_ended(self.house)
                + outbox.send_waiting(self.house, carrier, self.settings.public_url)
                + (sender.look() if sender else 0)
            ),
            lambda stop: self._sweep(stop) + jobs.sweep(self._keep, stop),
            [checkpoints.Sequencer(self.house).look],
            begin=jobs.begin,
        )

    def adopt(self, stop: threading.Event) -> int:
        """Finish what the slot of the settings left for good; how many jobs it held."""
        return self._carry().adopt(stop)

    def _carry(self) -> TableJobs | CarriedJobs:
        """Background jobs on what `REGU_JOBS` names."""
        handlers: Mapping[str, JobHandler] = {
            **deliveries.handlers(self.house),
            **mass_start.handlers(self.house),
            **batches.handlers(self.house),
            **reassigning.handlers(self.house),
            **volunteers.handlers(self.house),
            **self._long_work(),
        }
        handlers = watched(self.figures, handlers)
        if carried_by(self.settings, self.database) == "table":
            return TableJobs(self.units, handlers)
        return CarriedJobs(
            self.units,
            handlers,
            slot=self.settings.slot,
            at_once=self.settings.jobs_at_once,
        )

    @property
    def _keep(self) -> timedelta:
        return timedelta(days=self.settings.keep_days)

    def _long_work(self) -> Mapping[str, JobHandler]:
        """Handlers of what somebody waits for, by kind."""
        return {
            Work.IMPORT_CHECK: imports.ImportCheck(self.house, self.work_files),
            Work.IMPORT: imports.Import(self.house, self.work_files, self._hashed),
            Work.AGENCY_EXPORT: house_work.AgencyExport(self.house, self.work_files),
            Work.PROOF: house_work.Proof(self.house, self.work_files),
            Work.SEALING: sealing.Sealing(self.house),
            Work.TASKS: task_acts.TaskActs(self.house),
        }

    def _hashed(self, password: str) -> str:
        return (self.hasher or Passwords()).hash(password)

    def _sweep(self, stop: threading.Event) -> int:
        """Delete rows and files that have done their work."""
        files = self.work_files.sweep(self.house.clock.real_now() - self._keep)
        return files + retention.sweep(self.house, self._keep, stop)

    def agency_id(self, code: str | None) -> str | None:
        """The agency of that code; without a code the only one there is, if there is one."""
        with self.house.reading() as uow:
            if code is not None:
                found = uow.agency.agency_by_code(code)
                if found is None:
                    raise SettingRefused("--agency", code, "the code of an agency")
                return found.id
            known = uow.agency.agencies()
        return known[0].id if len(known) == 1 else None

    def close(self) -> None:
        """Close the connections."""
        leave(self.database)
        self.database.close()


def wire(settings: Settings) -> Wired:
    """Open the database, bring it to the newest revision, and build the house."""
    database = open_database(settings.database_url)
    migrate(database)
    ids = TimeOrderedIds(claim_node(database), lambda: time.time_ns() // 1_000_000)
    clock = _clock(settings, lambda: units.reading())  # noqa: PLW0108 - units is made below
    units = UnitsOfWork(database, clock, ids)
    forms = FormAdapter(FUNCTION_NAMES)
    forecaster = RidgeForecaster()
    means = Means(ids=ids, clock=clock, decide=_Later(lambda: runner), forecaster=forecaster)
    host = Host(
        operations=operations(means),
        function_names=FUNCTION_NAMES,
        functions=host_functions,
        forms=forms,
    )
    runner: ProcessRunner = Runner(host, clock, ids)
    house = House(
        writing=units.writing,
        reading=units.reading,
        runner=runner,
        host=host,
        forms=forms,
        clock=clock,
        ids=ids,
        scenarios=Player(host, forms),
        forecaster=forecaster,
        notary=notary(settings),
    )
    _begin_clock(settings, house)
    wired = Wired(
        settings=settings,
        database=database,
        units=units,
        house=house,
        files=FolderFiles(settings.data_dir / "evidence"),
        work_files=FolderWorkFiles(settings.data_dir / "work"),
    )
    wired.figures.watch(wired)
    return wired


def carried_by(settings: Settings, database: Database) -> Literal["table", "dbos"]:
    """What carries background jobs: as the settings say, or as suits the database."""
    return settings.jobs or ("table" if database.is_sqlite else "dbos")


class _Later:
    """Decisions of a runner that is made after those who ask it."""

    def __init__(self, runner: Callable[[], ProcessRunner]) -> None:
        self._runner = runner

    def __call__(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Json:
        """The result of the decision."""
        return self._runner().decide(uow, decision_id, scope, as_of=as_of, agency_id=agency_id)


def _clock(settings: Settings, reading: Callable[[], UnitOfWork]) -> Clock:
    return RehearsalClock(reading) if settings.clock == "movable" else RealClock()


def _begin_clock(settings: Settings, house: House) -> None:
    """A rehearsal that was never moved begins at the moment that the settings name."""
    if settings.clock != "movable" or settings.clock_start is None:
        return
    with house.writing() as uow:
        if uow.clock.pinned_at() is None:
            uow.clock.pin(settings.clock_start)
            uow.commit()
