"""The worker side of the job table.

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
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import sqlalchemy as sa

from engine.persistence.jobs import leases
from engine.persistence.jobs.leases import Lease, LeaseLost, Moment
from engine.persistence.jobs.queue import AT_ONCE
from engine.persistence.tables.work import background_job

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from engine.persistence.unit_of_work import UnitsOfWork
    from engine.usecases.ports.work import UnitOfWork

JobHandler = Callable[["UnitOfWork", Mapping[str, Any]], Mapping[str, Any] | None]


@runtime_checkable
class LongWork(Protocol):
    """A handler of work that somebody waits for: what takes long stands outside the transaction."""

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """The arguments of the next chunk, with what was worked out for it.

        `renew` keeps the lease; a worker that died meanwhile is followed by another, which
        prepares anew.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRules:
    """How long a lease lasts and how often a job is tried."""

    lease: timedelta = timedelta(minutes=2)
    #: pause after the first failure; doubled by each further one
    pause: timedelta = timedelta(seconds=2)
    pause_max: timedelta = timedelta(minutes=30)
    #: attempts without progress before a job is set aside
    attempts_max: int = 8
    #: how often an idle worker looks, in seconds
    look_every_s: float = 0.5


class Worker:
    """Runs due jobs of the kinds it has handlers for; several workers share the table."""

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
        self._rules = rules or JobRules()
        self._retry_on = retry_on

    def run_once(self, limit: int = 20, stop: threading.Event | None = None) -> int:
        """Lease up to `limit` due jobs and run them; how many were taken.

        A stop is noticed between chunks; jobs not begun are given back.
        """
        taken = self._lease(limit)
        for lease in taken:
            try:
                self._attend(lease, stop)
            except LeaseLost as lost:
                log.warning("%s; what was done here is undone", lost)
        return len(taken)

    def run_until_idle(self) -> int:
        """Run until no job is due and free; how many were run."""
        done = 0
        while taken := self.run_once():
            done += taken
        return done

    def run(self, stop: threading.Event) -> None:
        """Run due jobs until the event is set; a database that is gone ends it with its error."""
        while not stop.is_set():
            if self.run_once(stop=stop) == 0:
                stop.wait(self._rules.look_every_s)

    # -- one job --------------------------------------------------------------------------

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
        self._change(lease, error=told, available_at=self._units.clock.real_now() + pause)

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
        self._change(lease, available_at=self._units.clock.real_now() + self._rules.lease)

    def _give_back(self, lease: Lease) -> None:
        self._change(lease, attempts=max(lease.attempts - 1, 0), available_at=AT_ONCE)

    def _change(self, lease: Lease, **values: Any) -> None:
        with self._units.writing() as uow:
            leases.change(uow.connection, lease, **values)
            uow.commit()

    def _lease(self, limit: int) -> list[Lease]:
        clock = self._units.clock
        moment = Moment(now=clock.now(), real_now=clock.real_now())
        kinds = sorted(self._handlers)
        if not self._anything(kinds, moment):
            return []
        with self._units.writing() as uow:
            until = moment.real_now + self._rules.lease
            taken = leases.take(uow.connection, kinds, moment, lease_until=until, limit=limit)
            uow.commit()
        return taken

    def _anything(self, kinds: Sequence[str], moment: Moment) -> bool:
        """Look without the gate, so that an idle worker stands in nobody's way."""
        with self._units.reading() as uow:
            return leases.anything(uow.connection, kinds, moment)


def dead_jobs(connection: sa.Connection) -> list[Mapping[str, Any]]:
    """Jobs that were set aside, oldest first, for an administrator."""
    dead = sa.select(background_job).where(background_job.c.state == "dead")
    rows = connection.execute(dead.order_by(background_job.c.id))
    return [dict(row) for row in rows.mappings()]


def revive(connection: sa.Connection, job_id: int) -> bool:
    """Let a dead job wait again; False when it is not dead.

    A job of the same kind and key that waits already breaks the unique index.
    """
    again = (
        background_job.update()
        .where(background_job.c.id == job_id, background_job.c.state == "dead")
        .values(state="waiting", attempts=0, available_at=AT_ONCE)
        .returning(background_job.c.id)
    )
    return connection.execute(again).first() is not None
