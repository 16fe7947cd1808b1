"""The worker side of the job table: it leases what is due and attends it, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.jobs.attending import Attendant, JobHandler, JobRules, LongWork
from engine.persistence.jobs.queue import AT_ONCE
from engine.persistence.tables.work import background_job

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping
    from datetime import timedelta

    from engine.persistence.unit_of_work import UnitsOfWork

__all__ = ["JobHandler", "JobRules", "LongWork", "Worker", "dead_jobs", "revive"]


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
        self._attendant = Attendant(units, handlers, rules=rules, retry_on=retry_on)

    def begin(self) -> None:
        """Nothing to make ready."""

    def sweep(self, _keep: timedelta, _stop: threading.Event) -> int:
        """Nothing to delete: a job that is done leaves no row."""
        return 0

    def adopt(self, _stop: threading.Event) -> int:
        """Nothing to adopt: the leases of who is gone end by themselves."""
        return 0

    def run_once(self, limit: int = 20, stop: threading.Event | None = None) -> int:
        """Lease up to `limit` due jobs and run them; how many were taken.

        A stop is noticed between chunks; jobs not begun are given back.
        """
        taken = self._attendant.lease(limit)
        if taken:
            with self._attendant.keeping(taken):
                for lease in taken:
                    self._attendant.attend(lease, stop)
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
                stop.wait(self._attendant.look_every_s)


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
