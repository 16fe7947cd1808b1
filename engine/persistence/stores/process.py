"""The process store: definitions, instances, user tasks and what waits, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.persistence.stores.definitions import DefinitionStore
from engine.persistence.stores.user_tasks import UserTaskStore
from engine.persistence.stores.waiting import WaitingStore

if TYPE_CHECKING:
    from engine.usecases.ports.process import ProcessChanges


class SqlProcessStore(DefinitionStore, UserTaskStore, WaitingStore):
    """`ProcessStore` on SQL; one statement per table and kind of change."""

    def flush(self, changes: ProcessChanges) -> None:
        """Write all changes in bulk, closings before openings.

        `StaleWrite` for a version that is not the stored one, `Conflict` for a task that is not
        open any more.
        """
        self.add_instances(changes.new_instances)
        self.change_instances(changes.changed_instances)
        self.close_tokens(
            subscriptions=changes.closed_subscriptions,
            worker_jobs=changes.closed_worker_jobs,
            incidents=changes.closed_incidents,
        )
        self.open_and_close(changes.opened_tasks, changes.closed_tasks)
        self.add_subscriptions(changes.opened_subscriptions)
        self.add_worker_jobs(changes.opened_worker_jobs)
        self.add_incidents(changes.opened_incidents)
        self.add_history(changes.history)
        self.add_messages(changes.messages)
