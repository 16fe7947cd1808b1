"""The store of definitions, instances and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.ports.process import (
        DecisionRow,
        DefinitionRow,
        FormRow,
        IncidentRow,
        InstanceRow,
        MessageRow,
        ProcessChanges,
        SubscriptionKind,
        SubscriptionRow,
        UserTaskRow,
        WorkerJobRow,
    )


class ProcessStore(Protocol):
    """Definitions, instances and what waits; part of the unit of work."""

    def add_definition(self, row: DefinitionRow) -> None:
        """Keep a new version."""
        ...

    def definition(self, key: int) -> DefinitionRow | None:
        """A version by key."""
        ...

    def latest_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version."""
        ...

    def standing_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version that the same content again would not follow."""
        ...

    def deployment_definition(self, process_id: str, deployment_key: int) -> DefinitionRow | None:
        """The version that came with that deployment (binding "deployment")."""
        ...

    def definitions(self) -> Sequence[DefinitionRow]:
        """The newest version of every process, by process id."""
        ...

    def definition_versions(self, process_id: str) -> Sequence[DefinitionRow]:
        """All versions of one process, newest first."""
        ...

    def add_decision(self, row: DecisionRow) -> None:
        """Keep a new version of a decision."""
        ...

    def decisions(self, decision_id: str) -> Sequence[DecisionRow]:
        """All versions of one decision, newest first."""
        ...

    def decision(self, key: int) -> DecisionRow | None:
        """One version of a decision."""
        ...

    def decision_ids(self) -> Sequence[str]:
        """Ids of all deployed decisions."""
        ...

    def add_form(self, row: FormRow) -> None:
        """Keep a new version of a form."""
        ...

    def form(self, key: int) -> FormRow | None:
        """A form version by key."""
        ...

    def latest_form(self, form_id: str) -> FormRow | None:
        """The newest version of a form."""
        ...

    def form_versions(self, form_id: str) -> Sequence[FormRow]:
        """All versions of one form, newest first."""
        ...

    def deployed_form(
        self, form_id: str, deployment_key: int, version_tag: str | None = None
    ) -> FormRow | None:
        """The newest version (with that tag) that stood when that deployment was done."""
        ...

    def replace_start_subscriptions(self, process_id: str, rows: Sequence[SubscriptionRow]) -> None:
        """The start events of the newest version take the place of those of older ones."""
        ...

    def lock(self, instance_key: int) -> InstanceRow | None:
        """Lock the root of that instance for this transaction; return the instance, fresh."""
        ...

    def instance(self, key: int) -> InstanceRow | None:
        """Read without locking."""
        ...

    def children(self, parent_key: int, parent_token: int | None = None) -> Sequence[InstanceRow]:
        """Live children of an instance (of one token)."""
        ...

    def finished_children(self, parent_key: int, parent_token: int) -> Sequence[InstanceRow]:
        """Completed children of one token, by item index.

        A multi-instance collects their outputs when the last one is done.
        """
        ...

    def flush(self, changes: ProcessChanges) -> None:
        """Write all changes in bulk; a stale version raises `Conflict`.

        Closings come before openings: a retried token may close an incident and open another.
        """
        ...

    def task(self, key: int) -> UserTaskRow | None:
        """A work-list row."""
        ...

    def task_with_lock(self, key: int) -> tuple[UserTaskRow, InstanceRow] | None:
        """A work-list row and its instance, root locked; one statement where it can be."""
        ...

    def open_tasks(self, instance_key: int) -> Sequence[UserTaskRow]:
        """Open work-list rows of one instance."""
        ...

    def subscriptions(
        self, kind: SubscriptionKind, name: str, correlation_key: str | None = None
    ) -> Sequence[SubscriptionRow]:
        """Who waits for that message or signal, oldest first, start events included."""
        ...

    def due_instances(self, now: datetime, limit: int) -> Sequence[int]:
        """Keys of active instances with a timer due, earliest first."""
        ...

    def due_starts(self, now: datetime, limit: int) -> Sequence[SubscriptionRow]:
        """Timer start events that are due."""
        ...

    def waiting_messages(
        self, name: str, correlation_key: str, now: datetime
    ) -> Sequence[MessageRow]:
        """Published messages not yet expired, oldest first."""
        ...

    def mark_delivered(self, message_key: int, process_id: str) -> bool:
        """Record that a message went to a process; False when it already had."""
        ...

    def incidents(self, root_key: int) -> Sequence[IncidentRow]:
        """Open incidents of an instance tree."""
        ...

    def worker_job(self, key: int) -> WorkerJobRow | None:
        """A job for external workers."""
        ...

    def live_start(self, process_id: str, business_key: str) -> int | None:
        """Key of the live instance started by a message with that key, if any."""
        ...
