"""Our own model of a BPMN file: what runs, with ids and lines; immutable once read.

Texts keep the dialect's rule: a text that begins with "=" is FEEL, any other is a literal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.runtime.drawing.event_model import (
    Error,
    Escalation,
    EventDefinition,
    Message,
    Signal,
    Timer,
)
from engine.runtime.drawing.kinds import (
    ACTIVITIES,
    CATCHING,
    EVENTS,
    GATEWAYS,
    SCOPES,
    TASKS,
    THROWING,
    Binding,
    EventKind,
    Kind,
    TimerKind,
)
from engine.runtime.drawing.repeats import AdHoc, Loop, MultiInstance

if TYPE_CHECKING:
    from collections.abc import Mapping


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


__all__ = [
    "ACTIVITIES",
    "CATCHING",
    "EVENTS",
    "FALLBACK",
    "GATEWAYS",
    "GROUP",
    "KEEP_DAYS",
    "SCOPES",
    "SUBJECT",
    "SUBMIT",
    "TASKS",
    "THROWING",
    "AdHoc",
    "Binding",
    "CalledDecision",
    "CalledElement",
    "Drawing",
    "Error",
    "Escalation",
    "EventDefinition",
    "EventKind",
    "Flow",
    "FormRef",
    "IoMapping",
    "Kind",
    "Lane",
    "Loop",
    "Message",
    "MultiInstance",
    "Node",
    "Process",
    "Script",
    "Signal",
    "TaskDefinition",
    "Timer",
    "TimerKind",
    "UserTask",
]

#: zeebe properties that mean something to Regu
SUBMIT = "regu:submit"
SUBJECT = "regu:subject"
FALLBACK = "regu:fallback"
GROUP = "regu:group"
STARTERS = "regu:starters"
KEEP_DAYS = "regu:keepDays"


@dataclass(frozen=True, slots=True, kw_only=True)
class IoMapping:
    """One input or output of an ioMapping."""

    #: literal or FEEL
    source: str
    #: variable name, dots build contexts
    target: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRef:
    """The form of a user task or none start event."""

    form_id: str | None
    #: custom or external form reference
    form_key: str | None
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTask:
    """Who does a user task, by when, and with which form; texts are literals or FEEL."""

    assignee: str | None = None
    #: literal: comma separated; FEEL: a list
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    form: FormRef | None = None
    #: `zeebe:userTask` was present; without it the drawing meant a job worker, and is treated alike
    declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """The operation ("regu.…") or external worker's job of a task or throw event."""

    #: literal or FEEL
    type: str
    #: literal number or FEEL, None: the default
    retries: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """FEEL of a script task and the variable it is written to."""

    expression: str
    result_variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledDecision:
    """The decision of a business rule task."""

    #: literal or FEEL
    decision_id: str
    result_variable: str
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledElement:
    """The process of a call activity."""

    #: literal or FEEL
    process_id: str
    propagate_all_parent_variables: bool = True
    propagate_all_child_variables: bool = True
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow."""

    id: str
    name: str
    source: str
    target: str
    #: FEEL text with its "=", None: unconditional
    condition: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node; flows and boundary events stand in document order."""

    id: str
    kind: Kind
    #: as drawn, empty when unnamed
    name: str
    line: int
    #: enclosing sub-process, None: the process itself
    parent: str | None
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    #: id of the default flow
    default: str | None = None
    #: boundary events attached to this activity
    boundary: tuple[str, ...] = ()
    #: host of a boundary event
    attached_to: str | None = None
    #: events and receive tasks; None on all others
    event: EventDefinition | None = None
    #: cancelActivity of a boundary event, isInterrupting of a start event
    interrupting: bool = True
    #: event sub-process
    triggered_by_event: bool = False
    #: a receive task that starts the process
    instantiate: bool = False
    #: catch event at which a token that leaves this link goes on
    link: str | None = None
    #: an activity that only undoes another one
    for_compensation: bool = False
    #: activity that undoes this one, from its compensation boundary event
    handler: str | None = None
    #: start event of a sub-process
    entry: str | None = None
    #: id of the innermost lane
    lane: str | None = None
    #: default candidate group, from the lane
    group: str | None = None
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    multi_instance: MultiInstance | None = None
    loop: Loop | None = None
    ad_hoc: AdHoc | None = None
    #: FEEL by which a complex gateway begins
    activation: str | None = None
    #: tokens that an activity needs to begin, and leaves on each flow it takes
    start_quantity: int = 1
    completion_quantity: int = 1
    #: the inside of a standard loop, made by the compiler: one token of it is one turn
    turn: bool = False
    user_task: UserTask | None = None
    #: form of a none start event
    form: FormRef | None = None
    task: TaskDefinition | None = None
    headers: Mapping[str, str] = field(default_factory=_nothing)
    script: Script | None = None
    decision: CalledDecision | None = None
    called: CalledElement | None = None
    properties: Mapping[str, str] = field(default_factory=_nothing)

    @property
    def key(self) -> str:
        """Name of its spec: stored tokens stand on it."""
        return f"{self.id}#loop" if self.turn else self.id

    @property
    def begins(self) -> bool:
        """Whether nothing leads to it, so that a scope without start event begins here."""
        apart = self.triggered_by_event or self.for_compensation or self.attached_to is not None
        caught = self.event is not None and self.event.kind is EventKind.LINK
        return not (self.incoming or apart or (caught and self.kind is Kind.CATCH_EVENT))

    @property
    def label(self) -> str:
        """Name, or the id when it has none."""
        return self.name or self.id

    @property
    def submit(self) -> str | None:
        """Operation run when the user task is completed, or when somebody starts by a form."""
        return self.properties.get(SUBMIT)

    @property
    def subject(self) -> str | None:
        """What the card shows beside the name; literal or FEEL."""
        return self.properties.get(SUBJECT)

    @property
    def starters(self) -> frozenset[str]:
        """Groups that may start by this event, and `person` for everybody who is one."""
        given = self.properties.get(STARTERS, "").split(",")
        return frozenset(word.strip() for word in given if word.strip())

    @property
    def fallback(self) -> str | None:
        """Group that gets the task when nobody is found."""
        return self.properties.get(FALLBACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane; `group` is its zeebe property "regu:group", else its name."""

    id: str
    name: str
    line: int
    group: str
    #: nodes of this lane itself, not of lanes inside it
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process: all its nodes, those of embedded sub-processes included, by id."""

    id: str
    name: str
    line: int
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    #: start events of the process itself, in document order
    starts: tuple[str, ...]
    #: ids of the nodes directly in each sub-process, and under None in the process
    contents: Mapping[str | None, tuple[str, ...]]
    lanes: tuple[Lane, ...] = ()
    executable: bool = True
    version_tag: str | None = None
    properties: Mapping[str, str] = field(default_factory=_nothing)
    #: its documentation
    about: str = ""

    @property
    def keep_days(self) -> int | None:
        """Days for which history is kept after the end; None: for ever."""
        text = self.properties.get(KEEP_DAYS)
        return int(text) if text is not None and text.isdecimal() else None

    @property
    def none_start(self) -> Node | None:
        """The start event by which a person or a call starts this process."""
        for key in self.starts:
            event = self.nodes[key].event
            if event is not None and event.kind is EventKind.NONE:
                return self.nodes[key]
        return None

    def inside(self, parent: str | None) -> tuple[Node, ...]:
        """Nodes directly in that sub-process (None: in the process), in document order."""
        return tuple(self.nodes[key] for key in self.contents.get(parent, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One BPMN file."""

    #: file name
    source: str
    processes: tuple[Process, ...]
    messages: Mapping[str, Message]
    signals: Mapping[str, Signal]
    errors: Mapping[str, Error]
    escalations: Mapping[str, Escalation]

    @property
    def executable(self) -> tuple[Process, ...]:
        """The processes that run."""
        return tuple(p for p in self.processes if p.executable)
