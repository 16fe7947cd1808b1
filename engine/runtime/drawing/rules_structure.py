"""Flows, scopes and hosts: what must hold in any drawing, run or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.findings import error, error_in, with_article
from engine.runtime.drawing.model import ACTIVITIES, GATEWAYS, EventKind, Kind
from engine.runtime.drawing.source import children, everywhere, reference, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.model import Node, Process
    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding


def flow_ends(document: Document) -> Iterator[Finding]:
    """A sequence flow connects two flow nodes of the same process and scope (BPMN 7.6.1)."""
    for element, process in document.processes:
        for flow in everywhere(element, "sequenceFlow"):
            for name, word in (("sourceRef", "start"), ("targetRef", "end")):
                ref = reference(flow, name)
                if not ref:
                    text = f"The flow has no {name}: connect its {word} to an element."
                    yield error_in("flow-without-end", text, flow)
                elif ref not in process.nodes:
                    yield _unconnected(document, flow, name, ref)
            if document.ids[flow] not in process.flows:
                yield from _crossing(process, flow)


def _unconnected(document: Document, flow: Xml, name: str, ref: str) -> Finding:
    if any(ref in process.nodes for process in document.drawing.processes):
        text = f"The flow leaves its process to '{ref}': use a message between processes."
        return error_in("flow-crosses-process", text, flow)
    text = f"{name} '{ref}' is no flow node of this process: connect the flow to an element."
    return error_in("flow-without-end", text, flow)


def _crossing(process: Process, flow: Xml) -> Iterator[Finding]:
    source = process.nodes.get(reference(flow, "sourceRef") or "")
    target = process.nodes.get(reference(flow, "targetRef") or "")
    if source is not None and target is not None and source.parent != target.parent:
        text = (
            f"The flow from '{source.label}' to '{target.label}' crosses the border of a "
            "sub-process: end it at the sub-process itself."
        )
        yield error_in("flow-crosses-scope", text, flow)


def flow_directions(process: Process) -> Iterator[Finding]:
    """Nothing flows into a start or boundary event, nothing out of an end event."""
    for node in process.nodes.values():
        if node.incoming and node.kind in {Kind.START_EVENT, Kind.BOUNDARY_EVENT}:
            what = with_article(node.kind.value)
            text = f"A flow leads into '{node.label}': {what} has no incoming flow."
            yield error("flow-into-start", text, node)
        if node.outgoing and node.kind is Kind.END_EVENT:
            text = f"A flow leaves '{node.label}': an end event has no outgoing flow."
            yield error("flow-out-of-end", text, node)
        if node.triggered_by_event and (node.incoming or node.outgoing):
            text = f"Flows touch '{node.label}': an event sub-process is entered by its event only."
            yield error("flow-at-event-sub-process", text, node)


def hosts(process: Process) -> Iterator[Finding]:
    """A boundary event sits on an activity of its own scope."""
    for node in process.nodes.values():
        if node.kind is not Kind.BOUNDARY_EVENT:
            continue
        host = process.nodes.get(node.attached_to or "")
        if host is None:
            text = f"'{node.label}' is attached to nothing: attach it to an activity."
            yield error("boundary-without-host", text, node)
        elif host.kind not in ACTIVITIES or host.parent != node.parent:
            text = f"'{node.label}' cannot sit on '{host.label}': attach it to an activity beside."
            yield error("boundary-without-host", text, node)
        elif host.triggered_by_event:
            text = f"'{node.label}' sits on an event sub-process, which has no border."
            yield error("boundary-without-host", text, node)


def default_flows(process: Process) -> Iterator[Finding]:
    """A default flow leaves its element and carries no condition."""
    for node in process.nodes.values():
        if node.default is None:
            continue
        flow = next((f for f in node.outgoing if f.id == node.default), None)
        if flow is None:
            text = f"The default flow '{node.default}' does not leave '{node.label}'."
            yield error("default-flow-missing", text, node)
        elif flow.condition is not None:
            text = f"The default flow of '{node.label}' has a condition: remove it."
            yield error("default-flow-conditional", text, flow)


def event_gateways(process: Process) -> Iterator[Finding]:
    """An event-based gateway has two or more catching targets of its own (BPMN 10.6.6)."""
    for node in process.nodes.values():
        if node.kind is not Kind.EVENT_BASED_GATEWAY:
            continue
        if len(node.outgoing) < 2:  # noqa: PLR2004 - a choice needs two
            text = f"'{node.label}' waits for events: lead it to at least two of them."
            yield error("event-gateway-choice", text, node)
        for flow in node.outgoing:
            if flow.condition is not None:
                text = f"A flow out of '{node.label}' has a condition: the event decides there."
                yield error("event-gateway-condition", text, flow)
            yield from _event_target(node, process.nodes[flow.target])
        yield from _event_mix(node, process)


def _event_target(gateway: Node, target: Node) -> Iterator[Finding]:
    allowed = {EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL}
    catches = target.kind is Kind.CATCH_EVENT and (
        target.event is not None and target.event.kind in allowed | {EventKind.MULTIPLE}
    )
    if not catches and target.kind is not Kind.RECEIVE_TASK:
        text = (
            f"'{target.label}' follows the event-based gateway '{gateway.label}': only "
            "message, timer and signal catch events and receive tasks can."
        )
        yield error("event-gateway-target", text, target)
    if len(target.incoming) > 1:
        text = f"'{target.label}' follows an event-based gateway: no other flow may lead there."
        yield error("event-gateway-shared-target", text, target)
    if target.kind is Kind.RECEIVE_TASK and target.boundary:
        text = f"'{target.label}' follows an event-based gateway: remove its boundary events."
        yield error("event-gateway-target-boundary", text, target)


def _event_mix(gateway: Node, process: Process) -> Iterator[Finding]:
    targets = [process.nodes[flow.target] for flow in gateway.outgoing]
    receives = any(t.kind is Kind.RECEIVE_TASK for t in targets)
    messages = any(
        t.kind is Kind.CATCH_EVENT and t.event is not None and t.event.kind is EventKind.MESSAGE
        for t in targets
    )
    if receives and messages:
        text = f"'{gateway.label}' mixes receive tasks and message events: use one of the two."
        yield error("event-gateway-mix", text, gateway)


def gateway_directions(document: Document) -> Iterator[Finding]:
    """The drawn direction of a gateway agrees with its flows (BPMN table 10.57)."""
    for drawn, node, _ in document.nodes(*GATEWAYS):
        into, out = len(node.incoming), len(node.outgoing)
        wrong = {
            "Converging": into < 2 or out > 1,  # noqa: PLR2004 - several means two
            "Diverging": into > 1 or out < 2,  # noqa: PLR2004
            "Mixed": into < 2 or out < 2,  # noqa: PLR2004
        }.get(drawn.get("gatewayDirection", ""), False)
        if wrong:
            text = (
                f"'{node.label}' is drawn as {drawn.get('gatewayDirection')} with {into} "
                f"incoming and {out} outgoing flows: draw the flows or change the direction."
            )
            yield error("gateway-direction", text, node)


def listed_flows(document: Document) -> Iterator[Finding]:
    """The incoming and outgoing lists of a node, where a tool writes them, name its flows."""
    listing = {
        process.id
        for element, process in document.processes
        if next(everywhere(element, "incoming", "outgoing"), None) is not None
    }
    for drawn, node, process in document.nodes(*Kind):
        if process.id in listing:
            yield from _listed(drawn, node, "incoming", {f.id for f in node.incoming})
            yield from _listed(drawn, node, "outgoing", {f.id for f in node.outgoing})


def _listed(drawn: Xml, node: Node, name: str, real: set[str]) -> Iterator[Finding]:
    given = {text_of(item).rpartition(":")[2]: item for item in children(drawn, name)}
    for ref, item in given.items():
        if ref not in real:
            text = f"'{node.label}' lists '{ref}' as {name}, which does not touch it."
            yield error_in("flow-list-wrong", text, item)
    for ref in sorted(real - set(given)):
        text = f"'{node.label}' does not list '{ref}' as {name}, as other elements do."
        yield error_in("flow-list-incomplete", text, drawn)
