"""Compensation and cancellation: what undoes what, and where it is asked for (BPMN 10.7)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.runtime.drawing.findings import error, warning
from engine.runtime.drawing.model import ACTIVITIES, THROWING, EventKind, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.drawing.model import Node, Process
    from engine.usecases.errors import Finding


def handlers(process: Process) -> Iterator[Finding]:
    """A compensation boundary event is associated with one activity that only undoes."""
    undoing = {n.handler for n in process.nodes.values() if n.handler is not None}
    hosts: Counter[str | None] = Counter()
    for node in process.nodes.values():
        if node.kind is Kind.BOUNDARY_EVENT and _is(node, EventKind.COMPENSATE):
            hosts[node.attached_to] += 1
            yield from _boundary(process, node, hosts[node.attached_to])
        if not node.for_compensation or node.triggered_by_event:
            continue
        if node.incoming or node.outgoing:
            text = f"'{node.label}' undoes another activity: no flow leads to it or from it."
            yield error("compensation-flow", text, node)
        if node.id not in undoing:
            text = (
                f"'{node.label}' is for compensation: associate it with the compensation "
                "boundary event of the activity that it undoes."
            )
            yield error("compensation-unassociated", text, node)


def _boundary(process: Process, event: Node, count: int) -> Iterator[Finding]:
    host = process.nodes.get(event.attached_to or "")
    if event.outgoing:
        text = f"'{event.label}': an association leads from it, not a flow."
        yield error("compensation-flow", text, event)
    if count > 1:
        text = f"'{event.label}': its activity is undone by one compensation event only."
        yield error("same-event-twice", text, event)
    handler = process.nodes.get((host.handler if host else None) or "")
    if handler is None:
        text = f"'{event.label}': associate it with an activity marked for compensation."
        yield error("compensation-unassociated", text, event)
    elif handler.parent != event.parent:
        text = f"'{event.label}': '{handler.label}' must stand in the same scope."
        yield error("compensation-unassociated", text, event)


def throws(process: Process) -> Iterator[Finding]:
    """A compensation throw names an activity that is completed beside it."""
    for node in process.nodes.values():
        event = node.event
        if event is None or node.kind not in THROWING or event.kind is not EventKind.COMPENSATE:
            continue
        if event.activity is None:
            continue
        target = process.nodes.get(event.activity)
        if target is None or target.kind not in ACTIVITIES:
            text = f"'{node.label}': '{event.activity}' is no activity that can be undone."
            yield error("compensation-activity", text, node)
        elif target.parent not in _seen_from(process, node):
            text = f"'{node.label}': '{target.label}' stands in another scope, not beside it."
            yield error("compensation-activity", text, node)
        elif target.handler is None and not process.contents.get(target.id):
            text = f"'{target.label}' has no compensation boundary event: nothing is undone."
            yield warning("compensation-activity", text, node)


def _seen_from(process: Process, node: Node) -> set[str | None]:
    """Its scope; out of event sub-processes, those around too."""
    found: set[str | None] = {node.parent}
    around = process.nodes.get(node.parent or "")
    while around is not None and around.triggered_by_event:
        found.add(around.parent)
        around = process.nodes.get(around.parent or "")
    return found


def inside(process: Process) -> Iterator[Finding]:
    """A compensation event sub-process stands in a sub-process, once."""
    seen: Counter[str | None] = Counter()
    for node in process.nodes.values():
        start = process.nodes.get(node.entry or "")
        if not node.triggered_by_event or start is None or not _is(start, EventKind.COMPENSATE):
            continue
        seen[node.parent] += 1
        if node.parent is None:
            text = f"'{node.label}': nobody undoes a process. Put it into a sub-process."
            yield error("compensation-place", text, node)
        elif seen[node.parent] > 1:
            text = f"'{node.label}': its sub-process is undone in another way already."
            yield error("same-event-twice", text, node)


def cancels(process: Process) -> Iterator[Finding]:
    """A transaction that is cancelled inside has one cancel boundary event."""
    for node in process.nodes.values():
        if node.kind is not Kind.TRANSACTION:
            continue
        caught = [process.nodes[key] for key in node.boundary]
        boundary = [event for event in caught if _is(event, EventKind.CANCEL)]
        for extra in boundary[1:]:
            text = f"'{extra.label}': the transaction has a cancel boundary event already."
            yield error("same-event-twice", text, extra)
        ends = [end for end in process.inside(node.id) if _is(end, EventKind.CANCEL)]
        for end in ends if not boundary else ():
            text = f"'{end.label}' cancels '{node.label}': draw its cancel boundary event."
            yield error("cancel-uncaught", text, end)


def _is(node: Node, kind: EventKind) -> bool:
    return node.event is not None and node.event.kind is kind
