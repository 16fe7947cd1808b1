"""Rows of the process engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

#: a JSON value: None, bool, int, Decimal, str, list, dict with text keys
Json = Any


class InstanceStatus(StrEnum):
    """Life of an execution root."""

    ACTIVE = "active"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self in {InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED}


class TaskState(StrEnum):
    """Life of a user task."""

    CREATED = "created"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class SubscriptionKind(StrEnum):
    """What a subscription waits for."""

    MESSAGE = "message"
    SIGNAL = "signal"
    #: timer start events only; timers of instances live in the instance's due_at
    TIMER = "timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One file of a deployment."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow:
    """One version of one process."""

    key: int
    deployment_key: int
    process_id: str
    version: int
    version_tag: str | None
    name: str
    resource_name: str
    #: the drawing exactly as it was deployed
    xml: bytes
    sha256: str
    deployed_at: datetime
    deployed_by: str
    #: since when nobody may start it
    suspended_at: datetime | None = None
    #: a pilot: only undertakings of these units take it; None: everybody's
    pilot_units: tuple[str, ...] | None = None
    #: days for which history is kept after the end; None: for ever
    keep_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One version of one decision; several decisions of one file share `xml`."""

    key: int
    deployment_key: int
    decision_id: str
    name: str
    version: int
    version_tag: str | None
    resource_name: str
    xml: bytes
    sha256: str
    agency_id: str | None
    valid_from: date
    valid_to: date | None
    deployed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One version of one form (form-js JSON)."""

    key: int
    deployment_key: int
    form_id: str
    version: int
    version_tag: str | None
    resource_name: str
    schema: bytes
    sha256: str
    deployed_at: datetime


@dataclass(slots=True, kw_only=True)
class InstanceRow:
    """One execution root: a process instance, a called process or a multi-instance child."""

    key: int
    #: the instance whose row is locked for every command on this one
    root_key: int
    parent_key: int | None
    #: token id in the parent that waits for this one
    parent_token: int | None
    #: 0-based position in a multi-instance
    item_index: int | None
    process_id: str
    definition_key: int
    #: element id of the multi-instance activity whose body this is; None: a whole process
    body: str | None
    status: InstanceStatus
    business_key: str | None
    state: bytes
    #: grows by one with each write; a write checks it
    version: int
    #: when the earliest timer of this root is due
    due_at: datetime | None
    #: open incidents of this root
    incidents: int
    started_at: datetime
    ended_at: datetime | None
    started_by: str
    agency_id: str | None
    #: head of the audit chain of this root (only kept on root rows)
    audit_seq: int = 0
    audit_head: bytes = b""


@dataclass(slots=True, kw_only=True)
class UserTaskRow:
    """One user task in the work list."""

    key: int
    instance_key: int
    root_key: int
    #: token id inside the instance
    token: int
    process_id: str
    definition_key: int
    element_id: str
    name: str
    assignee: str | None
    #: groups and users that may take it; ("group", "perf_admin") or ("user", person id)
    candidates: tuple[tuple[str, str], ...] = ()
    form_key: int | None = None
    form_id: str | None = None
    priority: int = 50
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    state: TaskState = TaskState.CREATED
    created_at: datetime | None = None
    completed_at: datetime | None = None
    completed_by: str | None = None
    #: grows with each change of the row; a stale page is recognised by it
    version: int = 1
    #: nobody could be found: the fallback group got it and an administrator must look
    orphaned: bool = False
    agency_id: str | None = None
    #: what the card shows beside the name, evaluated at creation: zeebe property "regu:subject"
    subject: str | None = None
    #: person, squad and output that the task concerned when it began; lists name them
    about_id: str | None = None
    squad_id: str | None = None
    output_id: str | None = None
    #: whose task it is while its assignee works on it for him; None: the assignee's own
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """Something waits for a message or signal, or a process starts by one or by a timer."""

    key: int
    kind: SubscriptionKind
    name: str
    correlation_key: str | None
    process_id: str
    definition_key: int
    element_id: str
    #: None: a start event of the definition
    instance_key: int | None = None
    token: int | None = None
    due_at: datetime | None = None
    #: remaining firings and interval of a timer start cycle, FEEL/ISO text
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerJobRow:
    """Work for an external worker (zeebe task type without the prefix "regu.")."""

    key: int
    instance_key: int
    root_key: int
    token: int
    process_id: str
    definition_key: int
    element_id: str
    type: str
    headers: Mapping[str, str]
    retries: int
    state: str = "created"
    worker: str | None = None
    deadline_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """A token that could not go on."""

    key: int
    instance_key: int
    root_key: int
    token: int
    process_id: str
    definition_key: int
    element_id: str
    #: "expression", "operation", "condition", "decision", "form", "limit", "job",
    #: "stall", "uncaught-error" or "state"
    kind: str
    message: str
    cause: str
    created_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One thing that happened to a token; append-only."""

    key: int
    instance_key: int
    root_key: int
    process_id: str
    definition_key: int
    element_id: str
    element_type: str
    token: int
    #: "activated", "completed", "cancelled", "incident", "resolved", "escalation",
    #: "decision" or "lookup"
    event: str
    at: datetime
    recorded_at: datetime
    actor: str
    #: decision results, organisation answers, called instance, ids of the flows taken where
    #: there were several: JSON text; never form data
    detail: str | None = None
    #: the absent official in whose name the actor did it ("B for A")
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A published message that waits for a receiver until it expires."""

    key: int
    name: str
    correlation_key: str
    message_id: str | None
    variables: Mapping[str, Json]
    published_at: datetime
    expires_at: datetime
    #: in which it was sent: an instance that it starts belongs to it
    agency_id: str | None
    #: a drawing or an act of the domain sent it: instances of other agencies get it too
    everywhere: bool

    def reaches(self, instance: InstanceRow) -> bool:
        """Whether an instance may get it: what a person or client sends stays in the agency."""
        return self.everywhere or instance.agency_id == self.agency_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedTask:
    """A work-list row that ends."""

    key: int
    state: TaskState
    at: datetime
    by: str | None


@dataclass(slots=True)
class ProcessChanges:
    """Everything one command changes in the process tables; written once, in bulk."""

    new_instances: list[InstanceRow] = field(default_factory=list)
    #: `version` is already the new one; the write requires the stored one to be version - 1
    changed_instances: list[InstanceRow] = field(default_factory=list)
    opened_tasks: list[UserTaskRow] = field(default_factory=list)
    closed_tasks: list[ClosedTask] = field(default_factory=list)
    opened_subscriptions: list[SubscriptionRow] = field(default_factory=list)
    #: (instance key, token): all subscriptions of that token end
    closed_subscriptions: list[tuple[int, int]] = field(default_factory=list)
    opened_worker_jobs: list[WorkerJobRow] = field(default_factory=list)
    #: (instance key, token)
    closed_worker_jobs: list[tuple[int, int]] = field(default_factory=list)
    opened_incidents: list[IncidentRow] = field(default_factory=list)
    #: (instance key, token)
    closed_incidents: list[tuple[int, int]] = field(default_factory=list)
    history: list[HistoryRow] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceView:
    """What a page shows of an instance."""

    row: InstanceRow
    definition: DefinitionRow
    #: element id -> number of live tokens on it
    tokens: Mapping[str, int]
    #: element ids with an open incident
    incidents: tuple[IncidentRow, ...]
    #: variables of the root scope
    variables: Mapping[str, Json]
