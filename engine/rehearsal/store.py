"""`ProcessStore` in memory, over a real one whose definitions it may read."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from engine.rehearsal.shelves import Shelf, Undo
from engine.usecases.errors import Conflict
from engine.usecases.ports.process import InstanceStatus, TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import (
        DecisionRow,
        DefinitionRow,
        FormRow,
        HistoryRow,
        IncidentRow,
        InstanceRow,
        Json,
        MessageRow,
        ProcessChanges,
        SubscriptionKind,
        SubscriptionRow,
        UserTaskRow,
        WorkerJobRow,
    )
    from engine.usecases.ports.process_store import ProcessStore


_Waiting = TypeVar("_Waiting", "SubscriptionRow", "WorkerJobRow")


class Tables:
    """All rows of one rehearsal."""

    def __init__(self) -> None:
        self.undo = Undo()
        self.definitions: Shelf[int, DefinitionRow] = Shelf(self.undo)
        self.decisions: Shelf[int, DecisionRow] = Shelf(self.undo)
        self.forms: Shelf[int, FormRow] = Shelf(self.undo)
        self.instances: Shelf[int, InstanceRow] = Shelf(self.undo)
        self.tasks: Shelf[int, UserTaskRow] = Shelf(self.undo)
        self.subscriptions: Shelf[int, SubscriptionRow] = Shelf(self.undo)
        self.worker_jobs: Shelf[int, WorkerJobRow] = Shelf(self.undo)
        self.incidents: Shelf[int, IncidentRow] = Shelf(self.undo)
        self.history: Shelf[int, HistoryRow] = Shelf(self.undo)
        self.messages: Shelf[int, MessageRow] = Shelf(self.undo)
        self.delivered: Shelf[tuple[int, str], bool] = Shelf(self.undo)
        #: background work by (kind, key)
        self.enqueued: Shelf[tuple[str, str], Mapping[str, Json]] = Shelf(self.undo)

    def another(self) -> Tables:
        """No instances, and the same definitions, decisions and forms."""
        tables = Tables()
        tables.definitions = self.definitions
        tables.decisions = self.decisions
        tables.forms = self.forms
        return tables


class RehearsalStore:
    """Definitions, instances and what waits, in memory.

    `behind` answers for definitions, decisions and forms that are not here; it is only read.
    """

    def __init__(self, tables: Tables, behind: ProcessStore | None = None) -> None:
        self.t = tables
        self._behind = behind

    # ---- definitions

    def add_definition(self, row: DefinitionRow) -> None:
        """Keep a new version."""
        self.t.definitions[row.key] = row

    def definition(self, key: int) -> DefinitionRow | None:
        """A version by key."""
        found = self.t.definitions.take(key)
        return found if found or not self._behind else self._behind.definition(key)

    def latest_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version."""
        return next(iter(self.definition_versions(process_id)), None)

    def standing_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version deployed here.

        The same drawing as one behind becomes a version of its own, whose start events wait here.
        """
        found = [row for row in self.t.definitions.values() if row.process_id == process_id]
        return max(found, key=lambda row: row.version, default=None)

    def deployment_definition(self, process_id: str, deployment_key: int) -> DefinitionRow | None:
        """The version that came with that deployment."""
        found = self.definition_versions(process_id)
        return next((row for row in found if row.deployment_key == deployment_key), None)

    def definitions(self) -> Sequence[DefinitionRow]:
        """The newest version of every process, by process id."""
        rows = {row.process_id: row for row in self._behind.definitions()} if self._behind else {}
        for row in sorted(self.t.definitions.values(), key=lambda row: row.version):
            rows[row.process_id] = row
        return [rows[process_id] for process_id in sorted(rows)]

    def definition_versions(self, process_id: str) -> Sequence[DefinitionRow]:
        """All versions of one process, newest first."""
        rows = [row for row in self.t.definitions.values() if row.process_id == process_id]
        rows += self._behind.definition_versions(process_id) if self._behind else ()
        return sorted(rows, key=lambda row: -row.version)

    def add_decision(self, row: DecisionRow) -> None:
        """Keep a new version of a decision."""
        self.t.decisions[row.key] = row

    def decisions(self, decision_id: str) -> Sequence[DecisionRow]:
        """All versions of one decision, newest first."""
        rows = [row for row in self.t.decisions.values() if row.decision_id == decision_id]
        rows += self._behind.decisions(decision_id) if self._behind else ()
        return sorted(rows, key=lambda row: -row.version)

    def decision(self, key: int) -> DecisionRow | None:
        """One version of a decision."""
        found = self.t.decisions.take(key)
        return found if found or not self._behind else self._behind.decision(key)

    def decision_ids(self) -> Sequence[str]:
        """Ids of all deployed decisions."""
        here = {row.decision_id for row in self.t.decisions.values()}
        return sorted(here | set(self._behind.decision_ids() if self._behind else ()))

    def add_form(self, row: FormRow) -> None:
        """Keep a new version of a form."""
        self.t.forms[row.key] = row

    def form(self, key: int) -> FormRow | None:
        """A form version by key."""
        found = self.t.forms.take(key)
        return found if found or not self._behind else self._behind.form(key)

    def latest_form(self, form_id: str) -> FormRow | None:
        """The newest version of a form."""
        rows = [row for row in self.t.forms.values() if row.form_id == form_id]
        newest = max(rows, key=lambda row: row.version, default=None)
        return newest if newest or not self._behind else self._behind.latest_form(form_id)

    def form_versions(self, form_id: str) -> Sequence[FormRow]:
        """All versions of one form, newest first."""
        rows = [row for row in self.t.forms.values() if row.form_id == form_id]
        rows += self._behind.form_versions(form_id) if self._behind else ()
        return sorted(rows, key=lambda row: -row.version)

    def deployed_form(
        self, form_id: str, deployment_key: int, version_tag: str | None = None
    ) -> FormRow | None:
        """The newest version (with that tag) that stood when that deployment was done."""
        rows = [
            row
            for row in self.t.forms.values()
            if row.form_id == form_id
            and version_tag in (None, row.version_tag)
            and row.deployment_key <= deployment_key
        ]
        newest = max(rows, key=lambda row: row.version, default=None)
        if newest is not None or self._behind is None:
            return newest
        known = self._behind.latest_form(form_id)
        if known is None or version_tag is None:
            return known
        return self._behind.deployed_form(form_id, known.deployment_key, version_tag)

    def replace_start_subscriptions(self, process_id: str, rows: Sequence[SubscriptionRow]) -> None:
        """The start events of the newest version take the place of those of older ones."""
        for key, row in list(self.t.subscriptions.items()):
            if row.instance_key is None and row.process_id == process_id:
                del self.t.subscriptions[key]
        for row in rows:
            self.t.subscriptions[row.key] = row

    # ---- instances

    def lock(self, instance_key: int) -> InstanceRow | None:
        """Nobody else is here."""
        return self.instance(instance_key)

    def instance(self, key: int) -> InstanceRow | None:
        """One instance."""
        return self.t.instances.take(key)

    def children(self, parent_key: int, parent_token: int | None = None) -> Sequence[InstanceRow]:
        """Live children of an instance (of one token)."""
        return [
            copy.copy(row)
            for row in self.t.instances.values()
            if row.parent_key == parent_key
            and parent_token in (None, row.parent_token)
            and row.status.lives
        ]

    def finished_children(self, parent_key: int, parent_token: int) -> Sequence[InstanceRow]:
        """Completed children of one token, by item index."""
        found = [
            copy.copy(row)
            for row in self.t.instances.values()
            if (row.parent_key, row.parent_token) == (parent_key, parent_token)
            and row.status is InstanceStatus.COMPLETED
        ]
        return sorted(found, key=lambda row: row.item_index or 0)

    def flush(self, changes: ProcessChanges) -> None:
        """Write all changes; a stale version raises `Conflict`."""
        for row in changes.new_instances:
            self.t.instances[row.key] = row
        for row in changes.changed_instances:
            if self.t.instances[row.key].version != row.version - 1:
                raise Conflict("the instance changed meanwhile", instance=row.key)
            self.t.instances[row.key] = row
        self._close(changes)
        for task in changes.opened_tasks:
            self.t.tasks[task.key] = task
        for subscription in changes.opened_subscriptions:
            self.t.subscriptions[subscription.key] = subscription
        for job in changes.opened_worker_jobs:
            self.t.worker_jobs[job.key] = job
        for incident in changes.opened_incidents:
            self.t.incidents[incident.key] = incident
        for event in changes.history:
            self.t.history[event.key] = event
        for message in changes.messages:
            self.t.messages[message.key] = message

    def _close(self, changes: ProcessChanges) -> None:
        for closed in changes.closed_tasks:
            task = self.t.tasks[closed.key]
            self.t.tasks[closed.key] = replace(
                task,
                state=closed.state,
                completed_at=closed.at,
                completed_by=closed.by,
                version=task.version + 1,
            )
        _drop(self.t.subscriptions, set(changes.closed_subscriptions))
        _drop(self.t.worker_jobs, set(changes.closed_worker_jobs))
        gone = set(changes.closed_incidents)
        for key, row in list(self.t.incidents.items()):
            if (row.instance_key, row.token) in gone and row.resolved_at is None:
                self.t.incidents[key] = replace(row, resolved_at=row.created_at)

    # ---- what waits

    def task(self, key: int) -> UserTaskRow | None:
        """A work-list row."""
        return self.t.tasks.take(key)

    def task_with_lock(self, key: int) -> tuple[UserTaskRow, InstanceRow] | None:
        """A work-list row and its instance."""
        task = self.task(key)
        row = self.instance(task.instance_key) if task is not None else None
        return None if task is None or row is None else (task, row)

    def open_tasks(self, instance_key: int) -> Sequence[UserTaskRow]:
        """Open work-list rows of one instance."""
        return [
            row
            for row in self.t.tasks.values()
            if row.instance_key == instance_key and row.state is TaskState.CREATED
        ]

    def subscriptions(
        self, kind: SubscriptionKind, name: str, correlation_key: str | None = None
    ) -> Sequence[SubscriptionRow]:
        """Who waits for that message or signal, oldest first, start events included."""
        return [
            row
            for row in sorted(self.t.subscriptions.values(), key=lambda row: row.key)
            if row.kind is kind
            and row.name == name
            and (row.instance_key is None or correlation_key in (None, row.correlation_key))
        ]

    def due_instances(self, now: datetime, limit: int) -> Sequence[int]:
        """Keys of active instances with a timer due, earliest first."""
        due = [
            (row.due_at, row.key)
            for row in self.t.instances.values()
            if row.status is InstanceStatus.ACTIVE and row.due_at is not None and row.due_at <= now
        ]
        return [key for _, key in sorted(due)[:limit]]

    def due_starts(self, now: datetime, limit: int) -> Sequence[SubscriptionRow]:
        """Timer start events that are due."""
        due = [
            (row.due_at, row.key, row)
            for row in self.t.subscriptions.values()
            if row.due_at is not None and row.due_at <= now
        ]
        return [row for _, _, row in sorted(due, key=lambda one: one[:2])[:limit]]

    def waiting_messages(
        self, name: str, correlation_key: str, now: datetime
    ) -> Sequence[MessageRow]:
        """Published messages not yet expired, oldest first."""
        return [
            row
            for row in sorted(self.t.messages.values(), key=lambda row: row.key)
            if (row.name, row.correlation_key) == (name, correlation_key) and row.expires_at > now
        ]

    def mark_delivered(self, message_key: int, process_id: str) -> bool:
        """Record that a message went to a process; False when it already had."""
        if (message_key, process_id) in self.t.delivered:
            return False
        self.t.delivered[message_key, process_id] = True
        return True

    def incidents(self, root_key: int) -> Sequence[IncidentRow]:
        """Open incidents of an instance tree."""
        return [
            row
            for row in self.t.incidents.values()
            if row.root_key == root_key and row.resolved_at is None
        ]

    def worker_job(self, key: int) -> WorkerJobRow | None:
        """A job for external workers."""
        return self.t.worker_jobs.take(key)

    def live_start(self, process_id: str, business_key: str) -> int | None:
        """Key of the live instance started by a message with that key, if any."""
        for row in self.t.instances.values():
            if (
                (row.process_id, row.business_key) == (process_id, business_key)
                and row.parent_key is None
                and row.status.lives
            ):
                return row.key
        return None


def _drop(shelf: Shelf[int, _Waiting], gone: set[tuple[int, int]]) -> None:
    if not gone:
        return
    for key, row in list(shelf.items()):
        if (row.instance_key, row.token) in gone:
            del shelf[key]
