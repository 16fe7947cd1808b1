"""DBOS Transact in this process: launched once, on engines of ours, silent, and never pickling.

DBOS is one per process. So is the carrier: workers of one database share it, the last one to
leave closes it, and a worker of another database takes its place when nobody is at work.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from engine.persistence.database import Database, DatabaseRefused
from engine.persistence.jobs import leash
from engine.persistence.jobs.slots import Slot, SlotTaken, take_slot
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.persistence.jobs.attending import Attendant
    from engine.persistence.jobs.leases import Lease

log = logging.getLogger("regu.jobs")

#: name of its one workflow in DBOS's tables
WORKFLOW: Final = "regu.job"
#: threads of DBOS beside those that run what a dead worker left
_SPARE_THREADS: Final = 4
#: for chunks that DBOS's own threads run; who called `carry` had his time before
_END_S: Final = 5.0


class CarrierBusy(DatabaseRefused):
    """This process carries the jobs of another database at this moment."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease that this process took itself, on its way through DBOS."""

    attendant: Attendant
    lease: Lease
    stop: threading.Event | None


@dataclass(slots=True)
class Carrier:
    """A launched DBOS on one database, under one slot."""

    url: str
    engine: sa.Engine
    slot: Slot
    attendant: Attendant
    at_once: int
    over: threading.Event = field(default_factory=threading.Event)
    users: set[int] = field(default_factory=set)
    held: dict[tuple[int, int], Held] = field(default_factory=dict)
    _busy: int = 0
    _rest: threading.Condition = field(default_factory=threading.Condition)

    def carry(self, held: Held) -> None:
        """Run a leased job as a workflow, in this thread."""
        lease = held.lease
        self.held[lease.id, lease.fence] = held
        try:
            with self.at_work():
                _DBOS.workflow(lease.kind, lease.key, lease.id, lease.fence)
        finally:
            self.held.pop((lease.id, lease.fence), None)

    def arrived(self, job_id: int, fence: int) -> None:
        """What the workflow does: the job in hand, or the one that a worker left behind."""
        held = self.held.pop((job_id, fence), None)
        if held is not None:
            held.attendant.attend(held.lease, held.stop)
            return
        with self.at_work(), reach.everywhere():  # a thread of DBOS's knows nothing of ours
            lease = self.attendant.take_over(job_id, fence)
            if lease is not None:
                log.info("job %s %s goes on after its worker ended", lease.kind, lease.key)
                with self.attendant.keeping([lease]):
                    self.attendant.attend(lease, self.over)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Nobody closes the carrier meanwhile."""
        with self._rest:
            self._busy += 1
        try:
            yield
        finally:
            with self._rest:
                self._busy -= 1
                self._rest.notify_all()

    @property
    def is_busy(self) -> bool:
        """Whether some job is being run."""
        return self._busy > 0

    def close(self) -> None:
        """Let the chunks at hand end, then stop DBOS."""
        self.over.set()
        with self._rest:
            self._rest.wait_for(lambda: not self.is_busy, _END_S)
        _DBOS.stop()
        self.slot.let_go()
        self.engine.dispose()


class _Dbos:
    """What is known of the library in this process; it is imported when first needed."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.carrier: Carrier | None = None
        self._pid = os.getpid()
        self._workflow: Callable[[str, str, int, int], None] | None = None

    def workflow(self, kind: str, key: str, job_id: int, fence: int) -> None:
        """Run the one workflow; kind and key are there for who reads DBOS's tables."""
        assert self._workflow is not None  # noqa: S101 - a carrier is made by `launch` alone
        self._workflow(kind, key, job_id, fence)

    def launch(self, database: Database, attendant: Attendant, slot: str, at_once: int) -> Carrier:
        """Start DBOS on this database; what this slot left behind goes on at once."""
        from dbos import DBOS  # noqa: PLC0415 - it takes half a second; the table needs none

        if self._workflow is None:
            leash.never_pickle()
            leash.log_through_ours()
            self._workflow = DBOS.workflow(name=WORKFLOW)(_regu_job)
        engine = leash.own_engine(database, pool_size=2 * at_once + 10)
        file = Path(make_url(database.url).database or "") if database.is_sqlite else None
        try:
            taken = take_slot(engine, file, slot)
        except BaseException:
            engine.dispose()
            raise
        carrier = self.carrier = Carrier(database.url, engine, taken, attendant, at_once)
        try:
            DBOS(config=_config(carrier))
            DBOS.listen_queues([])
            DBOS.launch()
        except BaseException as error:
            self.carrier = None
            carrier.close()
            if isinstance(error, sa.exc.ProgrammingError):  # a plain role makes no tables
                raise leash.TablesMissing from error
            raise
        return carrier

    def stop(self) -> None:
        """End DBOS's threads; the engine is ours to close."""
        from dbos import DBOS  # noqa: PLC0415 - as above

        DBOS.destroy()

    def after_fork(self) -> None:
        """Threads and connections stay with the parent: a forked child begins anew."""
        if self._pid == os.getpid():
            return
        self._pid, self.lock, self.carrier = os.getpid(), threading.RLock(), None
        if self._workflow is not None:
            from dbos import _dbos  # noqa: PLC0415 - as above

            _dbos._dbos_global_instance = None  # noqa: SLF001 - destroying would end the parent's


_DBOS: Final = _Dbos()


def hold(database: Database, attendant: Attendant, *, slot: str = "", at_once: int = 1) -> Carrier:
    """The carrier of this process for this database, launched when there is none yet.

    Its slot is looked at each time. `CarrierBusy` while jobs of another database are being run;
    `SlotTaken`, also when the connection that held the slot was cut and another process was
    quicker: what ran here under it is then stopped.
    """
    _DBOS.after_fork()
    with _DBOS.lock:
        there = _DBOS.carrier
        if there is not None and there.url != database.url:
            if there.is_busy:
                raise CarrierBusy(f"this process works for {make_url(there.url)!r} just now")
            _close(there)
            there = None
        if there is not None and not _keeps_its_slot(there):
            there = None
        if there is None:
            there = _DBOS.launch(database, attendant, slot, at_once)
        there.users.add(id(database))
        there.attendant = attendant
        return there


def _keeps_its_slot(there: Carrier) -> bool:
    """Whether it holds its slot, if need be again; closed when the slot is another one's."""
    try:
        there.slot.hold_on()
    except SlotTaken as taken:
        log.error("%s; the work under it is stopped here", taken)  # noqa: TRY400 - no fault of code
        _close(there)
        return False
    return True


def launched(database: Database) -> Carrier | None:
    """The carrier of this database, if it is launched."""
    there = _DBOS.carrier
    return there if there is not None and there.url == database.url else None


def leave(database: Database) -> None:
    """Close the carrier when the last one who used it leaves; before the database is closed."""
    if _DBOS.carrier is None:
        return
    _DBOS.after_fork()
    with _DBOS.lock:
        there = launched(database)
        if there is None:
            return
        there.users.discard(id(database))
        if not there.users:
            _close(there)


def _close(there: Carrier) -> None:
    _DBOS.carrier = None
    there.close()


def _regu_job(_kind: str, _key: str, job_id: int, fence: int) -> None:
    there = _DBOS.carrier
    if there is not None:
        there.arrived(job_id, fence)


def _config(carrier: Carrier) -> Any:
    threads = carrier.at_once + _SPARE_THREADS
    return leash.config(carrier.url, carrier.engine, slot=carrier.slot.name, threads=threads)
