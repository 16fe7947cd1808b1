"""The house, built by hand in one place; nothing is made at import."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.clock import RealClock, RehearsalClock
from app.host import Host
from app.worker import Worker
from engine.jobs import deliveries
from engine.persistence.database import Database, open_database
from engine.persistence.identity import TimeOrderedIds, claim_node
from engine.persistence.jobs.table import Worker as TableJobs
from engine.persistence.migrate import migrate
from engine.persistence.unit_of_work import UnitsOfWork
from engine.runtime.runner import Runner
from engine.usecases.ports.work import House
from forms.adapter import FormAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import Settings
    from engine.persistence.jobs.table import JobHandler
    from engine.usecases.ports.time import Clock
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """The house with what only the front hall knows."""

    settings: Settings
    database: Database
    units: UnitsOfWork
    house: House

    def worker(self) -> Worker:
        """A worker on this house; `start` runs it in a thread."""
        handlers: dict[str, JobHandler] = {**deliveries.handlers(self.house)}
        jobs = TableJobs(self.units, handlers)
        return Worker(self.house, jobs.run_once)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()


def wire(settings: Settings) -> Wired:
    """Open the database, bring it to the newest revision, and build the house."""
    database = open_database(settings.database_url)
    migrate(database)
    ids = TimeOrderedIds(claim_node(database), lambda: time.time_ns() // 1_000_000)
    clock = _clock(settings, lambda: units.reading())  # noqa: PLW0108 - units is made below
    units = UnitsOfWork(database, clock, ids)
    forms = FormAdapter()
    host = Host(
        operations={},
        function_names=frozenset(),
        functions=lambda _uow, _now: {},
        forms=forms,
    )
    house = House(
        writing=units.writing,
        reading=units.reading,
        runner=Runner(host, clock, ids),
        host=host,
        forms=forms,
        clock=clock,
        ids=ids,
    )
    _begin_clock(settings, house)
    return Wired(settings=settings, database=database, units=units, house=house)


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
