"""Which events BPMN allows where, run or not (BPMN 2.0.2 tables 10.85 to 10.92)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing import constraints
from engine.runtime.drawing.definitions import SUFFIX, definition_elements
from engine.runtime.drawing.findings import error, error_in, ruled, warning, with_article
from engine.runtime.drawing.model import CATCHING, EVENTS, SCOPES, EventKind, Kind
from engine.runtime.drawing.source import children, everywhere, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.model import Node, Process
    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_TRIGGERS: Final = frozenset({"message", "timer", "conditional", "signal"})
_INSIDE: Final = _TRIGGERS | {"escalation", "error", "compensate"}
_THROWN: Final = frozenset({"message", "escalation", "compensate", "signal"})
ALLOWED: Final[dict[Kind, frozenset[str]]] = {
    Kind.START_EVENT: _TRIGGERS,
    Kind.CATCH_EVENT: _TRIGGERS | {"link"},
    Kind.THROW_EVENT: _THROWN | {"link"},
    Kind.BOUNDARY_EVENT: _INSIDE | {"cancel"},
    Kind.END_EVENT: _THROWN | {"error", "cancel", "terminate"},
}
#: these always end what they sit on
_INTERRUPTING: Final = frozenset({"error", "cancel", "compensate"})


def allowed(document: Document) -> Iterator[Finding]:
    """The definitions of an event fit its position."""
    shared = {
        e.get("id", ""): local(e).removesuffix(SUFFIX)
        for e in document.root
        if local(e).endswith(SUFFIX)
    }
    for drawn, node, process in document.nodes(*EVENTS):
        kinds = [local(e).removesuffix(SUFFIX) for e in definition_elements(drawn)]
        for ref in children(drawn, "eventDefinitionRef"):
            key = text_of(ref).rpartition(":")[2]
            kinds += [shared[key]] if key in shared else []
            if key not in shared:
                text = f"'{key}' is no event definition beside the processes."
                yield error_in("reference-wrong", text, ref)
        yield from _fitting(node, kinds, process)


def _fitting(node: Node, kinds: list[str], process: Process) -> Iterator[Finding]:
    around = process.nodes.get(node.parent or "")
    legal = ALLOWED[node.kind]
    place = node.kind.value
    if node.kind is Kind.START_EVENT and around is not None:
        legal = _INSIDE if around.triggered_by_event else frozenset()
        place += " of an event sub-process" if around.triggered_by_event else " of a sub-process"
    where, rule = with_article(place), constraints.EVENTS[place]
    for kind in kinds:
        if kind not in legal:
            text = f"'{node.label}': {where} cannot be of kind {kind}."
            yield ruled(error("event-not-bpmn", text, node), rule)
        elif kind in _INTERRUPTING and node.kind in CATCHING and not node.interrupting:
            text = f"'{node.label}' is of kind {kind}: it always interrupts."
            yield ruled(error("event-not-bpmn", text, node), rule)
    needs = node.kind in {Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT} or (
        node.kind is Kind.START_EVENT and around is not None and around.triggered_by_event
    )
    if needs and not kinds:
        text = f"'{node.label}': {where} needs a definition, such as a message or a timer."
        finding = error if process.executable else warning
        yield finding("event-without-definition", text, node)
    if "cancel" in kinds:
        yield from _cancelling(node, process)


def _cancelling(node: Node, process: Process) -> Iterator[Finding]:
    owner = node.attached_to if node.kind is Kind.BOUNDARY_EVENT else node.parent
    host = process.nodes.get(owner or "")
    if host is None or host.kind is not Kind.TRANSACTION:
        text = f"'{node.label}' is of kind cancel, which only a transaction knows."
        yield ruled(error("event-not-bpmn", text, node), constraints.CANCEL)


def event_sub_processes(process: Process) -> Iterator[Finding]:
    """An event sub-process begins at exactly one start event."""
    for node in process.nodes.values():
        if node.triggered_by_event and node.kind in SCOPES:
            count = sum(n.kind is Kind.START_EVENT for n in process.inside(node.id))
            if count != 1:
                text = f"The event sub-process '{node.label}' has {count} start events: draw one."
                yield error("event-sub-process-start", text, node)


def connected(process: Process) -> Iterator[Finding]:
    """Intermediate events stand in the flow; boundary events lead somewhere."""
    kinds = {
        parent: {process.nodes[key].kind for key in inside}
        for parent, inside in process.contents.items()
    }
    for inside in kinds.values() if process.executable else ():
        if Kind.START_EVENT not in inside:  # refused anyway: say all that is wrong
            inside.update({Kind.START_EVENT, Kind.END_EVENT})
    for node in process.nodes.values():
        kind = None if node.event is None else node.event.kind
        if node.kind is Kind.BOUNDARY_EVENT and kind is not EventKind.COMPENSATE:
            if not node.outgoing:
                text = f"'{node.label}' leads nowhere: draw a flow from it."
                yield error("event-unconnected", text, node)
        elif node.kind in {Kind.CATCH_EVENT, Kind.THROW_EVENT}:
            yield from _in_the_flow(node, kind, kinds[node.parent])


def _in_the_flow(node: Node, kind: EventKind | None, beside: set[Kind]) -> Iterator[Finding]:
    link = kind is EventKind.LINK
    into = not (link and node.kind is Kind.CATCH_EVENT)
    out = not (link and node.kind is Kind.THROW_EVENT)
    if into and not node.incoming and Kind.START_EVENT in beside:
        text = f"Nothing leads to '{node.label}': draw a flow into it."
        yield error("event-unconnected", text, node)
    if out and not node.outgoing and Kind.END_EVENT in beside:
        text = f"'{node.label}' leads nowhere: draw a flow from it, or use an end event."
        yield error("event-unconnected", text, node)
    if (not into and node.incoming) or (not out and node.outgoing):
        side = "into" if node.incoming and not into else "from"
        text = f"'{node.label}' is a link: its partner stands for the flow {side} it."
        yield error("link-with-flow", text, node)


def links(document: Document) -> Iterator[Finding]:
    """A link has its partner in the same scope: of the same name, or named by reference."""
    for element, process in document.processes:
        ends: list[tuple[Node, Xml]] = []
        for drawn in everywhere(element, "linkEventDefinition"):
            holder = drawn.getparent()
            node = process.nodes.get("" if holder is None else document.ids.get(holder, ""))
            if node is not None:
                ends.append((node, drawn))
        for node, drawn in ends:
            others = [d for n, d in ends if n.parent == node.parent and n.kind is not node.kind]
            if not any(_partners(drawn, other) for other in others):
                text = f"The link '{node.label}' has no partner in its scope: draw its other end."
                yield error_in("link-without-partner", text, drawn)
            elif any(_contradicts(drawn, other) for other in others):
                text = f"The link '{node.label}' and its partner name each other differently."
                yield error_in("link-partner-other", text, drawn)
        yield from _ambiguous(ends)


def _ambiguous(ends: list[tuple[Node, Xml]]) -> Iterator[Finding]:
    """A link leads to one place: names of catching links are unique in their scope."""
    seen: set[tuple[str | None, str]] = set()
    for node, drawn in ends:
        name = drawn.get("name", "").strip()
        if node.kind is not Kind.CATCH_EVENT or not name:
            continue
        if (node.parent, name) in seen:
            text = f"Another catching link is named '{name}' too: give '{node.label}' another name."
            yield error_in("link-ambiguous", text, drawn)
        seen.add((node.parent, name))


def _partners(one: Xml, other: Xml) -> bool:
    name = one.get("name", "").strip()
    return (
        (bool(name) and name == other.get("name", "").strip())
        or other.get("id", "") in _known(one)
        or one.get("id", "") in _known(other)
    )


def _contradicts(one: Xml, other: Xml) -> bool:
    """Whether one names the other as its partner, which names only others."""
    named, back = _known(one), _known(other)
    return other.get("id", "") in named and bool(back) and one.get("id", "") not in back


def _known(link: Xml) -> set[str]:
    """Ids of the partners a link names."""
    named = (*children(link, "source"), *children(link, "target"))
    return {text_of(e).rpartition(":")[2] for e in named}
