"""One act over many instances: the operation, its items, and the rows that such acts rewrite."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import (
        IncidentRow,
        InstanceRow,
        InstanceStatus,
        Json,
        SubscriptionRow,
        UserTaskRow,
        WorkerJobRow,
    )


class BatchKind(StrEnum):
    """What is done to each instance."""

    MIGRATE = "migrate"
    #: a dry run: who would move, who cannot and why
    MIGRATION_CHECK = "migration_check"
    MIGRATION_UNDO = "migration_undo"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    #: incidents of the instance and below it are tried again
    RETRY = "retry"
    MODIFY = "modify"


class BatchState(StrEnum):
    """Life of a batch operation."""

    CREATED = "created"
    ACTIVE = "active"
    #: held by a person; what is done stays
    SUSPENDED = "suspended"
    #: every item was tried; some may have failed
    COMPLETED = "completed"
    #: ended by a person; items not yet tried stay as they were
    CANCELLED = "cancelled"
    #: its worker gave up
    FAILED = "failed"


class ItemState(StrEnum):
    """What became of one instance."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    #: done, then undone
    UNDONE = "undone"
    #: the operation was cancelled before its turn
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceFilter:
    """Which process instances an act means; None or empty asks nothing, but of `agency_id`."""

    #: None: those of no agency
    agency_id: str | None
    keys: tuple[int, ...] = ()
    process_id: str | None = None
    definition_key: int | None = None
    #: empty: active and suspended ones
    statuses: tuple[str, ...] = ()
    business_key: str | None = None
    #: called instances: those of this one
    parent_key: int | None = None
    #: only those that no other instance called
    roots_only: bool = False
    has_incident: bool | None = None
    #: with an open user task, subscription, job or incident on this element
    element_id: str | None = None
    started_from: datetime | None = None
    started_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch operation."""

    key: int
    kind: BatchKind
    state: BatchState
    agency_id: str | None
    #: the account that asked for it, and its groups then: items are done with no more rights
    actor: str
    person_id: str | None
    groups: tuple[str, ...]
    reason: str
    #: the plan, the shifts, or the batch to be undone
    args: Mapping[str, Json] = field(default_factory=dict)
    total: int = 0
    done: int = 0
    failed: int = 0
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: the long work on /kemajuan
    undertaking_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One instance of a batch operation."""

    batch_key: int
    instance_key: int
    state: ItemState
    #: code of the refusal, "" when it was done
    code: str = ""
    element_id: str = ""
    #: English sentence
    message: str = ""
    at: datetime | None = None
    #: what an undo needs
    before: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """All that waits outside the state of some execution roots."""

    tasks: Sequence[UserTaskRow] = ()
    subscriptions: Sequence[SubscriptionRow] = ()
    jobs: Sequence[WorkerJobRow] = ()
    incidents: Sequence[IncidentRow] = ()


class BatchStore(Protocol):
    """Batch operations and their items; part of the unit of work."""

    def add(self, row: BatchRow, wanted: InstanceFilter) -> int:
        """Keep an operation with one item for each instance that is meant; how many."""
        ...

    def add_undo(self, row: BatchRow, of: int) -> int:
        """Keep an operation over the items of another that were done and can go back."""
        ...

    def batch(self, key: int, *, lock: bool = False) -> BatchRow | None:
        """An operation by key."""
        ...

    def put(self, row: BatchRow) -> None:
        """Write state, counts and times."""
        ...

    def batches(
        self,
        agency_id: str | None,
        *,
        kinds: Collection[str] = (),
        states: Collection[str] = (),
        before: int | None = None,
        limit: int = 50,
    ) -> Sequence[BatchRow]:
        """An agency's operations, newest first, keyset paged by key."""
        ...

    def items(
        self,
        batch_key: int,
        *,
        states: Collection[str] = (),
        after: int | None = None,
        limit: int = 50,
    ) -> Sequence[BatchItem]:
        """Items by ascending instance key, without what an undo needs."""
        ...

    def item(self, batch_key: int, instance_key: int) -> BatchItem | None:
        """One item with what an undo needs."""
        ...

    def put_items(self, rows: Sequence[BatchItem]) -> None:
        """Write what became of items."""
        ...

    def skip_waiting(self, batch_key: int) -> int:
        """Items that wait will not be done; how many."""
        ...

    def failures(self, batch_key: int) -> Sequence[tuple[str, str, str, int]]:
        """Refusals summed up as (code, element id, message of one, how many), most first."""
        ...

    def instances(
        self, wanted: InstanceFilter, *, after: int | None = None, limit: int = 50
    ) -> Sequence[int]:
        """Keys of the instances that are meant, ascending."""
        ...

    def found(
        self, wanted: InstanceFilter, *, after: int | None = None, limit: int = 50
    ) -> Sequence[InstanceRow]:
        """The instances that are meant, by ascending key; one statement."""
        ...

    def count_instances(self, wanted: InstanceFilter) -> int:
        """How many are meant."""
        ...

    def standing_on(self, wanted: InstanceFilter) -> Mapping[str, int]:
        """Where they wait outside their state: element id -> open tasks, jobs and incidents."""
        ...


class UpkeepStore(Protocol):
    """Rows of the runtime rewritten from outside a step; part of the unit of work."""

    def tree(self, root_key: int) -> Sequence[InstanceRow]:
        """Live rows of a tree, parents before children, without locking (its root is locked)."""
        ...

    def waits(self, instance_keys: Collection[int], *, only: Collection[str] = ()) -> Waits:
        """What is open at these execution roots, by key; open incidents only.

        `only`: names of the fields of `Waits` that are asked for.
        """
        ...

    def rewrite(self, waits: Waits) -> None:
        """Write process, version, element, name and form of rows that are there already."""
        ...

    def drop_subscriptions(self, keys: Collection[int]) -> None:
        """End single subscriptions."""
        ...

    def set_status(self, root_key: int, old: InstanceStatus, new: InstanceStatus) -> int:
        """Change the status of all rows of a tree that have the old one; how many."""
        ...

    def put_standing(
        self,
        definition_key: int,
        *,
        suspended_at: datetime | None,
        pilot_units: tuple[str, ...] | None,
    ) -> None:
        """Say whether a version may be started, and in which units only."""
        ...
