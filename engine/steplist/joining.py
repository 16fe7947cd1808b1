"""A step led on to another one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.steplist.faults import EditRefused
from engine.steplist.paper import GATEWAYS, child, local, scope_of, unset
from engine.steplist.soundness import Sound, awaits, goes_on, may_lead
from engine.steplist.wiring import add_flow, draw_flow, lead_to, set_condition
from engine.steplist.writing import CHOOSING, feel

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper


def join(
    paper: Paper,
    step_id: str,
    target_id: str,
    names: frozenset[str],
    *,
    flow_id: str = "",
    condition: str = "",
) -> None:
    """Lead a way to another step: the named one, the only one, or a new one of a gateway.

    `EditRefused`, also when a step would be reached no more or come to no end.
    """
    source, target = paper.node(step_id), paper.node(target_id)
    sound = Sound(scope_of(source))
    _check(paper, source, target)
    flows = paper.out_of(source)
    if flow_id:
        flow = _own(paper, source, flow_id)
    elif local(source) in GATEWAYS:
        flow = _new_way(paper, source, target, condition, names)
    elif len(flows) > 1:
        raise EditRefused("way_unclear", field="flow_id", named=step_id)
    else:
        flow = flows[0] if flows else add_flow(paper, source, target)
    if flow.get("targetRef") != target_id:
        unset(paper.node(flow.get("targetRef", "")), "gatewayDirection")
        lead_to(paper, flow, target)
    for gateway in (source, target):
        unset(gateway, "gatewayDirection")
    sound.check()
    draw_flow(paper, flow)


def _own(paper: Paper, source: Xml, flow_id: str) -> Xml:
    flow = paper.flow(flow_id)
    if flow.get("sourceRef") != source.get("id"):
        raise EditRefused("way_gone", named=flow_id)
    return flow


def _new_way(paper: Paper, source: Xml, target: Xml, condition: str, names: frozenset[str]) -> Xml:
    text = ""
    others = paper.out_of(source)
    if local(source) in CHOOSING and others:
        text = feel(condition, names, "condition")
        if len(others) == 1 and child(others[0], "conditionExpression") is None:
            source.set("default", others[0].get("id", ""))
    elif condition.strip():
        raise EditRefused("condition_needless", field="condition")
    flow = add_flow(paper, source, target)
    set_condition(flow, text)
    return flow


def _check(paper: Paper, source: Xml, target: Xml) -> None:
    key = target.get("id", "")
    if source is target:
        raise EditRefused("target_same", field="target", named=key)
    if awaits(source):
        raise EditRefused("awaited", named=source.get("id", ""))
    if not goes_on(source):
        raise EditRefused("follows_end", named=source.get("id", ""))
    may_lead(paper, source, target, "target")
    if any(flow.get("targetRef") == key for flow in paper.out_of(source)):
        raise EditRefused("no_change", field="target", named=key)
