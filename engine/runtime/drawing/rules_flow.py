"""What an executable process needs so that each token knows its way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.runtime.drawing import constraints
from engine.runtime.drawing.findings import error, ruled, warning
from engine.runtime.drawing.model import SCOPES, EventKind, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.runtime.drawing.model import EventDefinition, Node, Process
    from engine.usecases.errors import Finding

#: flow nodes of one process; the performance promises hold up to here
MAX_NODES = 5_000


def size(process: Process) -> Iterator[Finding]:
    """A process stays within the cap on nodes."""
    if len(process.nodes) > MAX_NODES:
        text = f"The process has {len(process.nodes)} elements; at most {MAX_NODES} run."
        yield error("too-many-nodes", text, process)


def starts(process: Process) -> Iterator[Finding]:
    """Every scope begins at start events; a sub-process at exactly one without trigger."""
    yield from _process_starts(process)
    for node in process.nodes.values():
        if node.kind not in SCOPES or node.triggered_by_event or node.ad_hoc is not None:
            continue
        inner = [n for n in process.inside(node.id) if n.kind is Kind.START_EVENT]
        if not inner:
            text = f"The sub-process '{node.label}' has no start event: draw one."
            yield ruled(error("start-missing", text, node), _unbegun(process, node.id))
        for extra in inner[1:]:
            text = f"The sub-process '{node.label}' has several start events: keep one."
            yield error("several-none-starts", text, extra)
        for start in inner:
            if start.event is not None and start.event.kind is not EventKind.NONE:
                text = f"'{start.label}' starts a sub-process: it cannot wait for an event."
                yield error("sub-process-start-event", text, start)


def _process_starts(process: Process) -> Iterator[Finding]:
    found = [process.nodes[key] for key in process.starts]
    if not found:
        text = f"The process '{process.name or process.id}' has no start event: draw one."
        yield ruled(error("start-missing", text, process), _unbegun(process, None))


def _unbegun(process: Process, scope: str | None) -> tuple[str, str] | None:
    """The rule that is broken by a scope that ends and does not start."""
    ends = any(n.kind is Kind.END_EVENT for n in process.inside(scope))
    return constraints.NO_START if ends else None


def reachable(process: Process) -> Iterator[Finding]:
    """Each node can be reached from the start of its scope."""
    reached = _reached(process)
    for node in process.nodes.values():
        around = process.nodes.get(node.parent or "")
        if node.id in reached or (around is not None and around.id not in reached):
            continue
        if not node.incoming and node.kind is not Kind.BOUNDARY_EVENT:
            text = f"Nothing leads to '{node.label}': connect it or remove it."
            starts = any(n.kind is Kind.START_EVENT for n in process.inside(node.parent))
            rule = constraints.NO_INCOMING if starts else None
        else:
            text = f"'{node.label}' cannot be reached from a start event: connect it or remove it."
            rule = None
        yield ruled(error("unreachable", text, node), rule)


def _reached(process: Process) -> set[str]:
    reached: set[str] = set()
    waiting = [*process.starts, *(n.id for n in process.inside(None) if n.triggered_by_event)]
    while waiting:
        key = waiting.pop()
        if key in reached or key not in process.nodes:
            continue
        reached.add(key)
        node = process.nodes[key]
        waiting += [flow.target for flow in node.outgoing]
        waiting += node.boundary
        waiting += [key for key in (node.link, node.handler) if key is not None]
        if node.kind in SCOPES:
            waiting += _entries(process, node)
    return reached


def _entries(process: Process, scope: Node) -> list[str]:
    inside = process.inside(scope.id)
    if scope.kind is Kind.AD_HOC_SUB_PROCESS:
        return [n.id for n in inside if not n.incoming]
    return [n.id for n in inside if n.kind is Kind.START_EVENT or n.triggered_by_event]


def dead_ends(process: Process) -> Iterator[Finding]:
    """Where a scope has end events, every path ends at one (BPMN 10.5.3); it runs without."""
    yield from _endless(process)
    ends = {n.parent for n in process.nodes.values() if n.kind is Kind.END_EVENT}
    for node in process.nodes.values():
        apart = node.triggered_by_event or node.for_compensation or node.link is not None
        undoes = node.event is not None and node.event.kind is EventKind.COMPENSATE
        silent = node.outgoing or node.kind is Kind.END_EVENT or apart
        lonely = not node.incoming and node.kind not in {Kind.START_EVENT, Kind.BOUNDARY_EVENT}
        if lonely or (node.kind is Kind.BOUNDARY_EVENT and undoes):
            continue
        if not silent and node.parent in ends:
            text = f"The path ends at '{node.label}' without an end event."
            yield warning("dead-end", text, node)


def _endless(process: Process) -> Iterator[Finding]:
    """What starts at a start event ends at an end event; it runs all the same without."""
    for scope, inside in process.contents.items():
        kinds = {process.nodes[key].kind for key in inside}
        if Kind.START_EVENT in kinds and Kind.END_EVENT not in kinds:
            around = process if scope is None else process.nodes[scope]
            text = f"'{around.name or around.id}' has a start event and no end event: draw one."
            yield warning("end-missing", text, around)


def conditions(process: Process) -> Iterator[Finding]:
    """A choosing gateway has a condition on each flow but the default one."""
    for node in process.nodes.values():
        choosing = node.kind in {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY}
        if not choosing or len(node.outgoing) < 2:  # noqa: PLR2004 - one way is no choice
            continue
        for flow in node.outgoing:
            if flow.condition is None and flow.id != node.default:
                target = process.nodes[flow.target].label
                text = (
                    f"The flow from '{node.label}' to '{target}' has no condition: "
                    "give it one or make it the default flow."
                )
                yield error("condition-missing", text, flow)


def unique_events(process: Process) -> Iterator[Finding]:
    """Of events that wait side by side no two wait for the same thing."""
    groups: list[list[Node]] = [[process.nodes[key] for key in process.starts]]
    for inside in process.contents.values():
        beside = [process.nodes[key] for key in inside]
        groups.append(
            [process.nodes[n.entry] for n in beside if n.triggered_by_event and n.entry is not None]
        )
    for node in process.nodes.values():
        if node.boundary:
            groups.append([process.nodes[key] for key in node.boundary])
        if node.kind is Kind.EVENT_BASED_GATEWAY:
            groups.append([process.nodes[flow.target] for flow in node.outgoing])
    for group in groups:
        yield from _repeated(group)


def _repeated(group: Iterable[Node]) -> Iterator[Finding]:
    seen: Counter[tuple[EventKind, str]] = Counter()
    for node in group:
        event = node.event
        for part in () if event is None else event.parts or (event,):
            what = _awaited(part)
            if what is None:
                continue
            seen[what] += 1
            if seen[what] > 1:
                shown = f" '{what[1]}'" if what[1] else ""
                text = f"'{node.label}' waits for the same {what[0].value}{shown} as its neighbour."
                yield error("same-event-twice", text, node)


def _awaited(event: EventDefinition) -> tuple[EventKind, str] | None:
    if event.message is not None:
        return event.kind, event.message.name
    if event.signal is not None:
        return event.kind, event.signal.name
    if event.kind in {EventKind.ERROR, EventKind.ESCALATION}:
        return event.kind, event.code or ""
    return None


def boundaries(process: Process) -> Iterator[Finding]:
    """An error interrupts; and it is caught where something inside can throw it."""
    hosts = {Kind.TASK, Kind.MANUAL_TASK, Kind.RECEIVE_TASK}
    for node in process.nodes.values():
        if node.kind is not Kind.BOUNDARY_EVENT or node.event is None:
            continue
        if node.event.kind is EventKind.ERROR and not node.interrupting:
            text = f"'{node.label}' catches an error: it always interrupts."
            yield error("error-not-interrupting", text, node)
        host = process.nodes.get(node.attached_to or "")
        if host is None:
            continue
        if node.event.kind is EventKind.ERROR and host.kind in hosts:
            text = f"'{node.label}' waits for an error that '{host.label}' cannot throw."
            yield error("error-never-thrown", text, node)
        tells = host.multi_instance is not None and host.multi_instance.told
        inner = host.kind in SCOPES or host.kind is Kind.CALL_ACTIVITY or tells
        if node.event.kind is EventKind.ESCALATION and not inner:
            text = f"'{node.label}' waits for an escalation that '{host.label}' cannot throw."
            yield error("escalation-never-thrown", text, node)
