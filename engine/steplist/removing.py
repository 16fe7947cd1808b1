"""A step taken out; the steps before and behind it are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.steplist.diagram import Diagram
from engine.steplist.faults import EditRefused
from engine.steplist.geometry import joined
from engine.steplist.paper import BPMN, GATEWAYS, child, drop, local, scope_of, unset
from engine.steplist.soundness import Sound, awaits
from engine.steplist.wiring import draw_flow, drop_flow, drop_node

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper

#: what names a step and goes or changes with it
_WITH_IT: Final = frozenset({"sequenceFlow", "flowNodeRef", "incoming", "outgoing"})


def remove(paper: Paper, step_id: str) -> int:
    """Take a step out with all that it holds; how many steps that were. `EditRefused`."""
    node = paper.node(step_id)
    into, out = paper.into(node), paper.out_of(node)
    sound = Sound(scope_of(node))
    _check(paper, node)
    if local(node) == "boundaryEvent":
        gone = _remove_event(paper, node, out)
    elif local(node) == "startEvent" or not into:
        raise EditRefused("remove_start", named=step_id)
    elif len(into) == 1 and not out:
        gone = _remove_last(paper, node, into[0])
    elif len(into) == 1 and len(out) == 1:
        gone = _bridge(paper, node, into[0], out[0])
    else:
        raise EditRefused("remove_several", named=step_id)
    sound.check()
    return gone


def _check(paper: Paper, node: Xml) -> None:
    step_id = node.get("id", "")
    if paper.hosted(node):
        raise EditRefused("remove_boundary", named=step_id)
    named = {one.get("id", "") for one in node.iter() if one.get("id")}
    inside = set(node.iter())
    for one in paper.root.iter(f"{{{BPMN}}}*"):
        if one in inside or local(one) in _WITH_IT:
            continue
        if local(one) == "association":
            if _joins_steps(paper, one, named):
                raise EditRefused("remove_named", named=step_id)
            continue
        if any(str(name).endswith("Ref") and value in named for name, value in one.attrib.items()):
            raise EditRefused("remove_named", named=step_id)


def _joins_steps(paper: Paper, association: Xml, named: set[str]) -> bool:
    ends = {association.get("sourceRef", ""), association.get("targetRef", "")}
    if not ends & named:
        return False
    return any(one.get("id") in ends - named for one in paper.nodes())


def _remove_event(paper: Paper, node: Xml, out: list[Xml]) -> int:
    """An event at a border, with the end that only it leads to."""
    alone: list[Xml] = []
    for flow in out:
        target = paper.node(flow.get("targetRef", ""))
        if local(target) == "endEvent" and len(paper.into(target)) == 1:
            alone.append(target)
    for flow in out:
        drop_flow(paper, flow)
    return drop_node(paper, node) + sum(drop_node(paper, one) for one in alone)


def _remove_last(paper: Paper, node: Xml, flow: Xml) -> int:
    """The last step of one way of several; the way goes with it."""
    source = paper.node(flow.get("sourceRef", ""))
    rest = [one for one in paper.out_of(source) if one is not flow]
    if not rest or local(source) not in GATEWAYS:
        raise EditRefused("remove_last", named=node.get("id", ""))
    if awaits(source) and len(rest) == 1:
        raise EditRefused("remove_awaited", named=source.get("id", ""))
    chooses = local(source) not in {"parallelGateway", "eventBasedGateway"}
    only = child(rest[0], "conditionExpression") is not None and len(rest) == 1
    if chooses and (source.get("default") == flow.get("id") or only):
        raise EditRefused("remove_default", named=source.get("id", ""))
    drop_flow(paper, flow)
    unset(source, "gatewayDirection")
    return drop_node(paper, node)


def _bridge(paper: Paper, node: Xml, first: Xml, second: Xml) -> int:
    """The flow that led to the step leads on; the one that left it goes."""
    source = paper.node(first.get("sourceRef", ""))
    target = paper.node(second.get("targetRef", ""))
    if source is target or node is target:
        raise EditRefused("remove_loop", named=source.get("id", ""))
    if awaits(source):
        raise EditRefused("remove_awaited", named=source.get("id", ""))
    diagram = Diagram(paper, node.get("id", ""))
    points = joined(diagram.points(first.get("id", "")), diagram.points(second.get("id", "")))
    _take_over(paper, second, first, target)
    gone = drop_node(paper, node)
    if points:
        Diagram(paper, source.get("id", "")).draw(first.get("id", ""), points)
    else:
        draw_flow(paper, first)
    return gone


def _take_over(paper: Paper, gone: Xml, stays: Xml, target: Xml) -> None:
    """A flow takes over the end of another one, also its place in the target's list."""
    for one in target:
        if local(one) == "incoming" and (one.text or "").strip() == gone.get("id"):
            one.text = stays.get("id")
            break
    key = stays.get("id", "")
    old = paper.node(stays.get("targetRef", ""))
    for one in list(old):
        if local(one) == "incoming" and (one.text or "").strip() == key and old is not target:
            drop(one)
    stays.set("targetRef", target.get("id", ""))
    drop_flow(paper, gone)
