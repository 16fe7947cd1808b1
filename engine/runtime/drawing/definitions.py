"""What the file defines for its processes: messages, signals, errors, escalations, events."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from engine.runtime.drawing.data_details import data_variables
from engine.runtime.drawing.model import (
    Error,
    Escalation,
    EventDefinition,
    EventKind,
    Kind,
    Message,
    Signal,
    Timer,
    TimerKind,
)
from engine.runtime.drawing.source import (
    child,
    children,
    flag,
    line_of,
    local,
    reference,
    text_of,
    zeebe,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Xml

_Named = TypeVar("_Named", Message, Signal, Error, Escalation)

SUFFIX = "EventDefinition"
#: tasks that stand outside a process, by the kind of task they are
GLOBAL_TASKS: Final = MappingProxyType(
    {
        "globalTask": Kind.TASK,
        "globalUserTask": Kind.USER_TASK,
        "globalManualTask": Kind.MANUAL_TASK,
        "globalScriptTask": Kind.SCRIPT_TASK,
        "globalBusinessRuleTask": Kind.BUSINESS_RULE_TASK,
    }
)
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
    #: event definitions beside the processes, to which events refer
    shared: Mapping[str, Xml]
    #: event definitions anywhere in the file, to which a multi-instance refers
    events: Mapping[str, Xml]
    #: global tasks, which call activities may call
    tasks: Mapping[str, Xml]
    #: variables for which data items stand
    data: Mapping[str, str]


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
        shared={e.get("id", ""): e for e in definition_elements(root) if e.get("id")},
        events=_elements(e for e in root.iter() if local(e).endswith(SUFFIX)),
        tasks=_elements(e for e in root if local(e) in GLOBAL_TASKS),
        data=data_variables(root),
    )


def _elements(found: Iterable[Xml]) -> Mapping[str, Xml]:
    """Elements by their ids, the first of each."""
    kept: dict[str, Xml] = {}
    for element in found:
        kept.setdefault(element.get("id", ""), element)
    kept.pop("", None)
    return MappingProxyType(kept)


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
    """The definition of an event: none, one, or several as parts of a multiple one."""
    parts = tuple(definition(element, known) for element in _defined(event, known))
    if len(parts) == 1 and not _dangling(event, known):
        return parts[0]
    return EventDefinition(
        kind=EventKind.MULTIPLE if parts or _dangling(event, known) else EventKind.NONE,
        line=line_of(event),
        parts=parts,
        parallel=flag(event, "parallelMultiple", default=False),
    )


def _defined(event: Xml, known: Definitions) -> list[Xml]:
    """Definitions drawn inside an event, then those it refers to, as the schema orders them."""
    named = [text_of(ref).rpartition(":")[2] for ref in children(event, "eventDefinitionRef")]
    return [*definition_elements(event), *(known.shared[n] for n in named if n in known.shared)]


def _dangling(event: Xml, known: Definitions) -> bool:
    """A reference leads nowhere: a finding of the rules."""
    refs = children(event, "eventDefinitionRef")
    return any(text_of(ref).rpartition(":")[2] not in known.shared for ref in refs)


def definition(element: Xml, known: Definitions) -> EventDefinition:
    """One event definition with what it refers to."""
    name = local(element).removesuffix(SUFFIX)
    kind = EventKind(name) if name in set(EventKind) else EventKind.MULTIPLE
    ends = (*children(element, "source"), *children(element, "target"))
    return EventDefinition(
        kind=kind,
        line=line_of(element),
        id=element.get("id", ""),
        message=known.messages.get(reference(element, "messageRef") or ""),
        operation=reference(element, "operationRef") or None,
        signal=known.signals.get(reference(element, "signalRef") or ""),
        error=known.errors.get(reference(element, "errorRef") or ""),
        escalation=known.escalations.get(reference(element, "escalationRef") or ""),
        timer=_timer(element) if kind is EventKind.TIMER else None,
        condition=text_of(child(element, "condition")) or None,
        link=element.get("name", "").strip(),
        partners=tuple(text_of(end).rpartition(":")[2] for end in ends),
        activity=reference(element, "activityRef") or None,
        waits=flag(element, "waitForCompletion", default=True),
    )


def _timer(element: Xml) -> Timer | None:
    for name, kind in _TIMERS.items():
        inner = child(element, name)
        if inner is not None:
            return Timer(kind=kind, expression=text_of(inner))
    return None
