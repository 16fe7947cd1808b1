"""What events catch and throw: messages, signals, errors, timers, conditions, links and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.runtime.drawing.kinds import EventKind, TimerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that events and receive tasks refer to."""

    id: str
    #: literal or FEEL
    name: str
    #: FEEL text of the zeebe subscription, None when there is none
    correlation_key: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal; its name is a literal or FEEL."""

    id: str
    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """A BPMN error; its code is a literal (FEEL allowed where thrown)."""

    id: str
    name: str
    code: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A BPMN escalation; its code is a literal (FEEL allowed where thrown)."""

    id: str
    name: str
    code: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """When a timer event fires."""

    kind: TimerKind
    #: ISO 8601 (cycles: R3/PT1H, also cron with six fields), or FEEL
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """The definition of an event (or of a receive task); references are resolved.

    `error` and `escalation` are None on a catch event that catches any code.
    """

    kind: EventKind
    line: int
    #: id of the definition element, empty when it has none
    id: str = ""
    message: Message | None = None
    #: operation of a message, of an interface outside the process
    operation: str | None = None
    signal: Signal | None = None
    error: Error | None = None
    escalation: Escalation | None = None
    timer: Timer | None = None
    #: FEEL of a conditional event
    condition: str | None = None
    #: name of a link, and ids of the partners it names
    link: str = ""
    partners: tuple[str, ...] = ()
    #: activity that a compensation throw undoes; None: all of its scope
    activity: str | None = None
    #: whether a compensation throw waits until everything is undone
    waits: bool = True
    #: the definitions of a multiple event, in document order
    parts: tuple[EventDefinition, ...] = ()
    #: all of them must happen, not any
    parallel: bool = False

    @property
    def code(self) -> str | None:
        """Error or escalation code; None catches any."""
        ref = self.error or self.escalation
        return ref.code if ref is not None and ref.code else None
