"""What one command does to rows: collected, netted, written once at its end.

Something opened and closed by the same command never reaches a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.ports.process import ClosedTask, ProcessChanges, TaskState

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.ports.process import (
        IncidentRow,
        InstanceRow,
        SubscriptionRow,
        UserTaskRow,
        WorkerJobRow,
    )


class Rows:
    """The changes of one command."""

    def __init__(self, now: datetime) -> None:
        self.changes = ProcessChanges()
        self._now = now

    def open_task(self, row: UserTaskRow) -> None:
        """A user task enters the work list."""
        self.changes.opened_tasks.append(row)

    def close_task(
        self, key: int, state: TaskState = TaskState.CANCELLED, by: str | None = None
    ) -> None:
        """A user task leaves the work list."""
        if any(c.key == key for c in self.changes.closed_tasks):
            return
        opened = [t for t in self.changes.opened_tasks if t.key != key]
        if len(opened) < len(self.changes.opened_tasks):
            self.changes.opened_tasks[:] = opened
            return
        self.changes.closed_tasks.append(ClosedTask(key=key, state=state, at=self._now, by=by))

    def open_subscription(self, row: SubscriptionRow) -> None:
        """Somebody waits."""
        self.changes.opened_subscriptions.append(row)

    def close_subscriptions(self, instance_key: int, token: int) -> None:
        """All subscriptions of a token end."""
        opened = self.changes.opened_subscriptions
        opened[:] = [s for s in opened if (s.instance_key, s.token) != (instance_key, token)]
        self.changes.closed_subscriptions.append((instance_key, token))

    def open_job(self, row: WorkerJobRow) -> None:
        """Work for an external worker."""
        self.changes.opened_worker_jobs.append(row)

    def close_job(self, instance_key: int, token: int) -> None:
        """It is done, failed or not needed any more."""
        opened = self.changes.opened_worker_jobs
        opened[:] = [j for j in opened if (j.instance_key, j.token) != (instance_key, token)]
        self.changes.closed_worker_jobs.append((instance_key, token))

    def open_incident(self, instance: InstanceRow, row: IncidentRow) -> None:
        """A token cannot go on."""
        instance.incidents += 1
        self.changes.opened_incidents.append(row)

    def close_incident(self, instance: InstanceRow, token: int) -> None:
        """It may go on, or is not needed any more."""
        instance.incidents = max(0, instance.incidents - 1)
        opened = self.changes.opened_incidents
        kept = [i for i in opened if (i.instance_key, i.token) != (instance.key, token)]
        if len(kept) < len(opened):
            opened[:] = kept
        else:
            self.changes.closed_incidents.append((instance.key, token))
