"""Flows and nodes put into a drawing and taken out of it, with the lists that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.steplist.diagram import Diagram
from engine.steplist.geometry import path
from engine.steplist.paper import (
    BPMN,
    GATEWAYS,
    XSI,
    child,
    drop,
    local,
    make,
    put,
    put_in_order,
    scope_of,
    tag,
    text_of,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper

_INTO: Final = ("incoming",)
_OUT: Final = ("incoming", "outgoing")


def add_node(paper: Paper, beside: Xml, kind: str, name: str) -> Xml:
    """A new node in the scope and the lane of another one, written behind it."""
    scope = scope_of(beside)
    made = make(scope, kind, id=paper.fresh_id(name or kind))
    if name:
        made.set("name", name)
    put(scope, made, _behind(scope, beside))
    join_lane(paper, beside.get("id", ""), made.get("id", ""))
    return made


def _behind(scope: Xml, beside: Xml) -> int:
    """The place behind a node and the events at its border."""
    at = scope.index(beside) + 1
    while at < len(scope) and scope[at].get("attachedToRef") == beside.get("id"):
        at += 1
    return at


def join_lane(paper: Paper, of: str, step_id: str) -> None:
    """Name a step in the lane in which another one is named."""
    for process in paper.processes():
        for ref in process.iter(tag("flowNodeRef")):
            lane = ref.getparent()
            if lane is not None and text_of(ref) == of:
                made = make(lane, "flowNodeRef")
                made.text = step_id
                put(lane, made, lane.index(ref) + 1)
                return


def lane_of(paper: Paper, step_id: str) -> str:
    """Id of the lane that names a step; "" without one."""
    for process in paper.processes():
        for ref in process.iter(tag("flowNodeRef")):
            lane = ref.getparent()
            if lane is not None and text_of(ref) == step_id:
                return lane.get("id", "")
    return ""


def add_flow(paper: Paper, source: Xml, target: Xml) -> Xml:
    """A new flow between two nodes of one scope."""
    scope = scope_of(source)
    made = make(
        scope,
        "sequenceFlow",
        id=paper.fresh_id(f"{source.get('id')}_to_{target.get('id')}"),
        sourceRef=source.get("id", ""),
        targetRef=target.get("id", ""),
    )
    flows = scope.findall(tag("sequenceFlow"))
    put(scope, made, scope.index(flows[-1]) + 1 if flows else _behind(scope, target))
    if _lists(source):
        _list(source, "outgoing", made.get("id", ""), _OUT)
        _list(target, "incoming", made.get("id", ""), _INTO)
    return made


def lead_to(paper: Paper, flow: Xml, target: Xml) -> None:
    """Let a flow lead to another node."""
    old = paper.node(flow.get("targetRef", ""))
    flow.set("targetRef", target.get("id", ""))
    if _unlist(old, "incoming", flow.get("id", "")) or _lists(target):
        _list(target, "incoming", flow.get("id", ""), _INTO)


def lead_from(paper: Paper, flow: Xml, source: Xml) -> None:
    """Let a flow begin at another node."""
    old = paper.node(flow.get("sourceRef", ""))
    flow.set("sourceRef", source.get("id", ""))
    if _unlist(old, "outgoing", flow.get("id", "")) or _lists(source):
        _list(source, "outgoing", flow.get("id", ""), _OUT)
    if old.get("default") == flow.get("id"):
        del old.attrib["default"]


def drop_flow(paper: Paper, flow: Xml) -> None:
    """Take a flow out."""
    key = flow.get("id", "")
    for node in paper.nodes():
        if node.get("id") == flow.get("sourceRef"):
            _unlist(node, "outgoing", key)
            if node.get("default") == key:
                del node.attrib["default"]
        if node.get("id") == flow.get("targetRef"):
            _unlist(node, "incoming", key)
    _drop_notes(paper, {key})
    Diagram(paper, flow.get("sourceRef", "")).erase(key)
    drop(flow)


def drop_node(paper: Paper, node: Xml) -> int:
    """Take a node out with all that it holds, its layout and its place in a lane; how many steps.

    Its flows must be gone.
    """
    gone = {one.get("id", "") for one in node.iter() if one.get("id")}
    count = sum(1 for one in paper.nodes() if one.get("id") in gone)
    for process in paper.processes():
        for ref in list(process.iter(tag("flowNodeRef"))):
            if text_of(ref) in gone:
                drop(ref)
    _drop_notes(paper, gone)
    drop(node)
    for shown in list(paper.root.iter()):
        if shown.get("bpmnElement") in gone and not str(shown.tag).startswith(f"{{{BPMN}}}"):
            _drop_drawn(shown)
    return count


def _drop_drawn(shown: Xml) -> None:
    around = shown.getparent()
    if str(shown.tag).endswith("}BPMNPlane") and around is not None:
        drop(around)
    else:
        drop(shown)


def _drop_notes(paper: Paper, gone: set[str]) -> None:
    """Associations of what goes; the notes themselves stay."""
    for one in list(paper.root.iter(tag("association"))):
        if {one.get("sourceRef"), one.get("targetRef")} & gone:
            for drawn in list(paper.root.iter("{*}BPMNEdge")):
                if drawn.get("bpmnElement") == one.get("id"):
                    drop(drawn)
            drop(one)


def set_condition(flow: Xml, text: str) -> None:
    """Write the condition of a flow; "" takes it away."""
    found = child(flow, "conditionExpression")
    if found is not None and text_of(found) == text:
        return
    if not text:
        if found is not None:
            drop(found)
        return
    if found is None:
        found = make(flow, "conditionExpression")
        prefix = next((k for k, v in flow.nsmap.items() if v == BPMN and k), None)
        kind = f"{prefix}:tFormalExpression" if prefix else "tFormalExpression"
        found.set(f"{{{XSI}}}type", kind)
        put_in_order(flow, found, after=())
    for inner in list(found):
        found.remove(inner)
    found.text = text


def draw_flow(paper: Paper, flow: Xml) -> None:
    """Draw a flow between its two shapes, as far as these are drawn."""
    diagram = Diagram(paper, flow.get("sourceRef", ""))
    source = diagram.box(flow.get("sourceRef", ""))
    target = diagram.box(flow.get("targetRef", ""))
    if source is not None and target is not None:
        drops = local(paper.node(flow.get("sourceRef", ""))) in GATEWAYS | {"boundaryEvent"}
        diagram.draw(flow.get("id", ""), path(source, target, drops=drops))


def _lists(node: Xml) -> bool:
    """Whether nodes of this process list their flows."""
    process: Xml | None = node
    while process is not None and local(process) != "process":
        process = process.getparent()
    if process is None:
        return False
    listed = next(process.iter(tag("incoming"), tag("outgoing")), None) is not None
    return listed or len(list(process.iter(tag("sequenceFlow")))) <= 1


def _list(node: Xml, name: str, key: str, after: tuple[str, ...]) -> None:
    made = make(node, name)
    made.text = key
    put_in_order(node, made, after=after)


def _unlist(node: Xml, name: str, key: str) -> bool:
    """Take a flow off a list; whether it stood there."""
    for one in node.findall(tag(name)):
        if text_of(one) == key:
            drop(one)
            return True
    return False
