"""What the file defines for its processes: messages, signals, errors, escalations, events."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from engine.runtime.drawing.model import (
    Error,
    Escalation,
    EventDefinition,
    EventKind,
    Message,
    Signal,
    Timer,
    TimerKind,
)
from engine.runtime.drawing.source import child, children, line_of, local, reference, text_of, zeebe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Xml

_Named = TypeVar("_Named", Message, Signal, Error, Escalation)

SUFFIX = "EventDefinition"
_TIMERS = {
    "timeDate": TimerKind.DATE,
    "timeDuration": TimerKind.DURATION,
    "timeCycle": TimerKind.CYCLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Root elements that flow nodes refer to, by id."""

    messages: Mapping[str, Message]
    signals: Mapping[str, Signal]
    errors: Mapping[str, Error]
    escalations: Mapping[str, Escalation]


def read_definitions(root: Xml) -> Definitions:
    """Messages, signals, errors and escalations; those without id cannot be referred to."""
    return Definitions(
        messages=_by_id(_message(e) for e in children(root, "message") if e.get("id")),
        signals=_by_id(
            Signal(id=e.get("id", ""), name=e.get("name", "").strip(), line=line_of(e))
            for e in children(root, "signal")
            if e.get("id")
        ),
        errors=_by_id(
            Error(
                id=e.get("id", ""),
                name=e.get("name", ""),
                code=e.get("errorCode", "").strip(),
                line=line_of(e),
            )
            for e in children(root, "error")
            if e.get("id")
        ),
        escalations=_by_id(
            Escalation(
                id=e.get("id", ""),
                name=e.get("name", ""),
                code=e.get("escalationCode", "").strip(),
                line=line_of(e),
            )
            for e in children(root, "escalation")
            if e.get("id")
        ),
    )


def _by_id(found: Iterable[_Named]) -> Mapping[str, _Named]:
    """The first of each id; a repeated id is a finding of the rules."""
    kept: dict[str, _Named] = {}
    for item in found:
        kept.setdefault(item.id, item)
    return MappingProxyType(kept)


def _message(element: Xml) -> Message:
    subscription = zeebe(element, "subscription")
    key = None if subscription is None else subscription.get("correlationKey", "").strip()
    return Message(
        id=element.get("id", ""),
        name=element.get("name", "").strip(),
        correlation_key=key or None,
        line=line_of(element),
    )


def definition_elements(event: Xml) -> list[Xml]:
    """The event definitions drawn inside an event."""
    return [e for e in event if local(e).endswith(SUFFIX)]


def read_event(event: Xml, known: Definitions) -> EventDefinition:
    """The definition of an event; none or several are kinds of their own."""
    drawn = definition_elements(event)
    count = len(drawn) + len(children(event, "eventDefinitionRef"))
    if count != 1 or not drawn:
        kind = EventKind.NONE if count == 0 else EventKind.MULTIPLE
        return EventDefinition(kind=kind, line=line_of(event))
    element = drawn[0]
    name = local(element).removesuffix(SUFFIX)
    kind = EventKind(name) if name in set(EventKind) else EventKind.MULTIPLE
    return EventDefinition(
        kind=kind,
        line=line_of(element),
        id=element.get("id", ""),
        message=known.messages.get(reference(element, "messageRef") or ""),
        signal=known.signals.get(reference(element, "signalRef") or ""),
        error=known.errors.get(reference(element, "errorRef") or ""),
        escalation=known.escalations.get(reference(element, "escalationRef") or ""),
        timer=_timer(element) if kind is EventKind.TIMER else None,
    )


def _timer(element: Xml) -> Timer | None:
    for name, kind in _TIMERS.items():
        inner = child(element, name)
        if inner is not None:
            return Timer(kind=kind, expression=text_of(inner))
    return None
