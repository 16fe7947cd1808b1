"""One leased job, run chunk by chunk: each effect in one transaction with the end of its job.

A handler is `handler(uow, args) -> None | mapping`. It runs inside an open unit of work and
never commits: its effect, and the end of the job, are one transaction. None ends the job. A
mapping is a checkpoint of a long job: it becomes the job's arguments in the transaction of the
chunk just done, and the handler is called again with it, here or, when this worker is stopped or
killed, by the next one. An exception undoes the chunk alone; the job is tried again after a
growing pause and set aside as dead after too many attempts without progress.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from engine.persistence.jobs import leases
from engine.persistence.jobs.leases import Lease, LeaseLost, Moment
from engine.persistence.jobs.meanwhile import meanwhile
from engine.persistence.jobs.queue import AT_ONCE
from engine.usecases import references

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from engine.persistence.unit_of_work import UnitsOfWork
    from engine.usecases.ports.work import UnitOfWork

JobHandler = Callable[["UnitOfWork", Mapping[str, Any]], Mapping[str, Any] | None]


@runtime_checkable
class LongWork(Protocol):
    """A handler of work that somebody waits for: what takes long stands outside the transaction."""

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """The arguments of the next chunk, with what was worked out for it.

        The lease is kept meanwhile. `renew` keeps it at once and raises `LeaseLost` when another
        worker has the job; one that died is followed by another, which prepares anew.
        """
        ...

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The chunk itself, as of any handler."""
        ...

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], told: str) -> None:
        """The job is set aside: say so to whoever waits."""
        ...


log = logging.getLogger("regu.jobs")

_ERROR_CHARACTERS_MAX = 2000
#: how often a lease is renewed while it lasts: two may fail
_RENEWALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRules:
    """How long a lease lasts and how often a job is tried."""

    #: after that time a worker that is gone is followed; one that works renews in time
    lease: timedelta = timedelta(minutes=2)
    #: after that time a worker is taken for one that hangs, and renews no more
    work_max: timedelta = timedelta(hours=12)
    #: pause after the first failure; doubled by each further one
    pause: timedelta = timedelta(seconds=2)
    pause_max: timedelta = timedelta(minutes=30)
    #: attempts without progress before a job is set aside
    attempts_max: int = 8
    #: how often an idle worker looks, in seconds
    look_every_s: float = 0.5


class Attendant:
    """Leases due jobs of the kinds it has handlers for, and attends them."""

    def __init__(
        self,
        units: UnitsOfWork,
        handlers: Mapping[str, JobHandler],
        *,
        rules: JobRules | None = None,
        retry_on: tuple[type[Exception], ...] = (Exception,),
    ) -> None:
        """`retry_on`: what a handler may raise and be tried again; all else stops the worker."""
        self._units = units
        self._handlers = dict(handlers)
        self._kinds = sorted(self._handlers)
        self._rules = rules or JobRules()
        self._retry_on = retry_on

    @property
    def look_every_s(self) -> float:
        """How often an idle worker looks, in seconds."""
        return self._rules.look_every_s

    # -- leases ---------------------------------------------------------------------------

    def anything(self) -> bool:
        """Look without the gate, so that an idle worker stands in nobody's way."""
        return self._anything(self._moment())

    def lease(self, limit: int) -> list[Lease]:
        """Hold up to `limit` jobs that are due and free, earliest due first."""
        moment = self._moment()
        if not self._anything(moment):
            return []
        until = moment.real_now + self._rules.lease
        with self._units.writing() as uow:
            taken = leases.take(uow.connection, self._kinds, moment, lease_until=until, limit=limit)
            uow.commit()
        return taken

    def take_over(self, job_id: int, fence: int) -> Lease | None:
        """Hold a job in the place of a holder that is gone; None when it is done or elsewhere."""
        until = self._units.clock.real_now() + self._rules.lease
        with self._units.writing() as uow:
            taken = leases.take_over(
                uow.connection, job_id, fence, kinds=self._kinds, lease_until=until
            )
            uow.commit()
        return taken

    @contextmanager
    def keeping(self, taken: Sequence[Lease]) -> Iterator[None]:
        """Renew the leases of these jobs, also of those that wait for their turn, in the block.

        Renewing is no writer in anybody's way: on PostgreSQL it passes rows that somebody has
        locked, on SQLite it stands in the line before the gate, where whoever would take the job
        stands as well. Nothing that holds the gate waits for it.
        """
        lease = self._rules.lease.total_seconds()
        with meanwhile(
            partial(self._keep, taken),
            every_s=lease / _RENEWALS,
            at_most_s=self._rules.work_max.total_seconds(),
        ):
            yield

    def _keep(self, taken: Sequence[Lease]) -> None:
        until = self._units.clock.real_now() + self._rules.lease
        with self._units.writing() as uow:
            leases.keep(uow.connection, taken, until)
            uow.commit()

    def _anything(self, moment: Moment) -> bool:
        with self._units.reading() as uow:
            return leases.anything(uow.connection, self._kinds, moment)

    def _moment(self) -> Moment:
        clock = self._units.clock
        return Moment(now=clock.now(), real_now=clock.real_now())

    # -- one job --------------------------------------------------------------------------

    def attend(self, lease: Lease, stop: threading.Event | None) -> None:
        """Run a job to its end, its failure, the loss of its lease, or a stop between chunks."""
        with references.under(lease.reference):
            try:
                self._attend(lease, stop)
            except LeaseLost as lost:
                log.warning("%s; what was done here is undone", lost)

    def _attend(self, lease: Lease, stop: threading.Event | None) -> None:
        if lease.attempts > self._rules.attempts_max:
            # it was leased so often and never came back: it kills its worker
            self._set_aside(lease, "no worker came back from it")
            return
        current: Lease | None = lease
        while current is not None:
            if stop is not None and stop.is_set():
                self._give_back(current)
                return
            current = self._chunk(current)

    def _chunk(self, lease: Lease) -> Lease | None:
        """Run the handler once with its arguments; the lease of what remains."""
        handler = self._handlers[lease.kind]
        try:
            args = lease.args
            if isinstance(handler, LongWork):
                args = handler.prepare(args, partial(self._renew, lease))
            with self._units.writing() as uow:
                rest = handler(uow, args)
                if rest is None:
                    leases.end(uow.connection, lease)
                else:
                    self._checkpoint(uow.connection, lease, rest)
                uow.commit()
        except LeaseLost:
            raise
        except self._retry_on as fault:
            log.warning("job %s %s failed", lease.kind, lease.key, exc_info=fault)
            self._failed(lease, fault)
            return None
        return None if rest is None else replace(lease, args=rest, attempts=1)

    def _checkpoint(self, connection: sa.Connection, lease: Lease, rest: Mapping[str, Any]) -> None:
        until = self._units.clock.real_now() + self._rules.lease
        leases.change(
            connection, lease, args=dict(rest), attempts=1, available_at=until, error=None
        )

    def _failed(self, lease: Lease, fault: Exception) -> None:
        told = f"{type(fault).__name__}: {fault}"[:_ERROR_CHARACTERS_MAX]
        if lease.attempts >= self._rules.attempts_max:
            self._set_aside(lease, told)
            return
        pause = min(self._rules.pause * 2 ** (lease.attempts - 1), self._rules.pause_max)
        self._let_go(lease, error=told, available_at=self._units.clock.real_now() + pause)

    def _set_aside(self, lease: Lease, told: str) -> None:
        log.error("job %s %s is set aside: %s", lease.kind, lease.key, told)
        handler = self._handlers[lease.kind]
        with self._units.writing() as uow:
            leases.change(uow.connection, lease, state="dead", error=told)
            if isinstance(handler, LongWork):
                handler.gave_up(uow, lease.args, told)
            uow.commit()

    def _renew(self, lease: Lease) -> None:
        """Hold the job for another while; `LeaseLost` when another worker has it."""
        until = self._units.clock.real_now() + self._rules.lease
        with self._units.writing() as uow:
            leases.change(uow.connection, lease, available_at=until)
            uow.commit()

    def _give_back(self, lease: Lease) -> None:
        self._let_go(lease, attempts=max(lease.attempts - 1, 0), available_at=AT_ONCE)

    def _let_go(self, lease: Lease, **values: Any) -> None:
        with self._units.writing() as uow:
            leases.let_go(uow.connection, lease, **values)
            uow.commit()
