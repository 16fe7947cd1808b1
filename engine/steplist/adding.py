"""A step put behind another one, or into one of its ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.steplist.diagram import Diagram
from engine.steplist.extensions import declare
from engine.steplist.faults import EditRefused
from engine.steplist.geometry import GAP, Box, Point
from engine.steplist.paper import GATEWAYS, local
from engine.steplist.room import place_below, place_right, widen_around
from engine.steplist.soundness import awaits, goes_on, may_lead
from engine.steplist.wiring import (
    add_flow,
    add_node,
    draw_flow,
    lane_of,
    lead_to,
    set_condition,
)
from engine.steplist.writing import feel, write

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper

#: what may be added, as BPMN element names
ADDABLE: Final = (
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "exclusiveGateway",
    "endEvent",
)
#: where the second way of a new choice leads, beside an existing step
NEW_TASK: Final = "+task"
NEW_END: Final = "+end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adding:
    """A new step."""

    kind: str
    name: str = ""
    #: the way into which it is put; "": the only way out, or behind a step with none
    flow_id: str = ""
    operation: str = ""
    decision: str = ""
    #: of the second way of a choice
    condition: str = ""
    way_name: str = ""
    #: `NEW_TASK`, `NEW_END` or the id of a step
    way_to: str = NEW_TASK
    #: name of the new step on the second way
    way_step: str = ""


def add(paper: Paper, step_id: str, adding: Adding, names: frozenset[str]) -> str:
    """Put a step behind another one; its id.

    The way goes on behind it as it went before. `EditRefused`.
    """
    before = paper.node(step_id)
    flow = _way(paper, before, adding)
    _check(paper, before, flow, adding, names)
    made = add_node(paper, before, adding.kind, adding.name.strip())
    _equip(made, adding, names)
    target = None if flow is None else paper.node(flow.get("targetRef", ""))
    _room_for(paper, before, made, target)
    if flow is None:
        draw_flow(paper, add_flow(paper, before, made))
    else:
        _insert(paper, flow, made)
    if adding.kind == "exclusiveGateway" and target is not None:
        _second_way(paper, made, target, adding, names)
    return made.get("id", "")


def _way(paper: Paper, before: Xml, adding: Adding) -> Xml | None:
    flows = paper.out_of(before)
    if adding.flow_id:
        flow = paper.flow(adding.flow_id)
        if flow.get("sourceRef") != before.get("id"):
            raise EditRefused("way_gone", named=adding.flow_id)
        return flow
    if len(flows) > 1:
        raise EditRefused("way_unclear", field="flow_id", named=before.get("id", ""))
    return flows[0] if flows else None


def _check(
    paper: Paper, before: Xml, flow: Xml | None, adding: Adding, names: frozenset[str]
) -> None:
    if adding.kind not in ADDABLE:
        raise EditRefused("not_here", field="kind")
    if not goes_on(before):
        raise EditRefused("follows_end", named=before.get("id", ""))
    if awaits(before):
        raise EditRefused("awaited", named=before.get("id", ""))
    if adding.kind == "endEvent" and flow is not None:
        raise EditRefused("end_inside", field="kind", named=flow.get("targetRef", ""))
    if adding.kind == "exclusiveGateway":
        if flow is None:
            raise EditRefused("end_inside", field="kind", named=before.get("id", ""))
        feel(adding.condition, names, "condition")
        if adding.way_to not in {NEW_TASK, NEW_END}:
            target = paper.node(adding.way_to)
            may_lead(paper, before, target, "way_to")
            if target.get("id") == flow.get("targetRef"):
                raise EditRefused("no_change", field="way_to", named=adding.way_to)
    for field, kind in (("operation", "serviceTask"), ("decision", "businessRuleTask")):
        if adding.kind == kind and not getattr(adding, field).strip():
            raise EditRefused("nothing_given", field=field)
    if adding.kind in {"userTask", "serviceTask", "businessRuleTask"} and not adding.name.strip():
        raise EditRefused("nothing_given", field="name")


def _equip(made: Xml, adding: Adding, names: frozenset[str]) -> None:
    """What the dialect wants of a new step."""
    if adding.kind == "userTask":
        declare(made, "userTask")
    elif adding.kind == "serviceTask":
        write(made, "operation", adding.operation.strip(), names)
    elif adding.kind == "businessRuleTask":
        decision = adding.decision.strip()
        write(made, "decision", decision, names)
        write(made, "result", re.sub(r"\W+", "_", decision).strip("_") or "hasil", names)


def _insert(paper: Paper, flow: Xml, made: Xml) -> None:
    """Into a flow: it keeps its name and condition, and leads to the new step now."""
    target = paper.node(flow.get("targetRef", ""))
    second = _flow_behind(paper, made, target, flow)
    lead_to(paper, flow, made)
    draw_flow(paper, flow)
    draw_flow(paper, second)


def _flow_behind(paper: Paper, source: Xml, target: Xml, flow: Xml) -> Xml:
    """A flow that takes over the end of another one."""
    made = add_flow(paper, source, target)
    lists = [one for one in target if local(one) == "incoming" and one.text == flow.get("id")]
    mine = [one for one in target if local(one) == "incoming" and one.text == made.get("id")]
    if lists and mine:
        lists[0].text, mine[0].text = mine[0].text, lists[0].text
    return made


def _second_way(
    paper: Paper, gateway: Xml, target: Xml, adding: Adding, names: frozenset[str]
) -> None:
    """The way that is taken under a condition; the other one goes on by default."""
    gateway.set("default", paper.out_of(gateway)[0].get("id", ""))
    if adding.way_to in {NEW_TASK, NEW_END}:
        kind = "userTask" if adding.way_to == NEW_TASK else "endEvent"
        other = add_node(paper, gateway, kind, adding.way_step.strip())
        if kind == "userTask":
            declare(other, "userTask")
        _room_below(paper, gateway, other)
    else:
        other = paper.node(adding.way_to)
    way = add_flow(paper, gateway, other)
    if adding.way_name.strip():
        way.set("name", adding.way_name.strip())
    set_condition(way, feel(adding.condition, names, "condition"))
    draw_flow(paper, way)
    if adding.way_to == NEW_TASK:
        draw_flow(paper, add_flow(paper, other, target))


def _room_for(paper: Paper, before: Xml, made: Xml, target: Xml | None) -> None:
    """Right of the step before; of a gateway or an event, in the row of the step behind."""
    key = made.get("id", "")
    diagram = Diagram(paper, before.get("id", ""))
    first = diagram.box(before.get("id", ""))
    if first is None:
        return
    second = None if target is None else diagram.box(target.get("id", ""))
    line, row = first.right, first.middle.y
    branching = local(before) in GATEWAYS | {"boundaryEvent"}
    if second is not None and branching and second.x >= first.right:
        row = second.middle.y
    size = diagram.size(local(made))
    box = place_right(diagram, size, line, row)
    diagram.place(key, box)
    widen_around(diagram, box, diagram.around(made, lane_of(paper, key)))


def _room_below(paper: Paper, gateway: Xml, made: Xml) -> None:
    key = made.get("id", "")
    diagram = Diagram(paper, gateway.get("id", ""))
    first = diagram.box(gateway.get("id", ""))
    if first is None:
        return
    around = diagram.around(made, lane_of(paper, gateway.get("id", "")))
    size = diagram.size(local(made))
    corner = Point(first.right + GAP, first.middle.y + size[1] / 2 + GAP)
    box: Box = place_below(diagram, size, corner, around)
    diagram.place(key, box)
    widen_around(diagram, box, around)
