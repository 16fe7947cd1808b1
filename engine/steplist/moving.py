"""A step that changes places with its neighbour in a straight run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.steplist.diagram import Diagram
from engine.steplist.faults import EditRefused
from engine.steplist.graph import Graph
from engine.steplist.paper import SCOPES, local, scope_of
from engine.steplist.runs import before, behind
from engine.steplist.wiring import draw_flow, lane_of, lead_from, lead_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Xml

    from engine.steplist.geometry import Box
    from engine.steplist.paper import Paper


def move(paper: Paper, step_id: str, *, up: bool) -> None:
    """One place up or down; `EditRefused` outside of a straight run."""
    graph = Graph(scope_of(paper.node(step_id)))
    other = before(graph, step_id) if up else behind(graph, step_id)
    if other is None:
        raise EditRefused("move_apart", named=step_id)
    first, second = (other, step_id) if up else (step_id, other)
    _swap(paper, paper.node(first), paper.node(second))


def _swap(paper: Paper, first: Xml, second: Xml) -> None:
    (ahead,), (between,) = paper.into(first), paper.out_of(first)
    (behind_them,) = paper.out_of(second)
    lead_to(paper, ahead, second)
    lead_from(paper, behind_them, first)
    lead_from(paper, between, second)
    lead_to(paper, between, first)
    _change_places(paper, first, second)
    for flow in (ahead, between, behind_them):
        draw_flow(paper, flow)


def _change_places(paper: Paper, first: Xml, second: Xml) -> None:
    """The shapes change places; in lanes of their own only sideways, since lanes say who."""
    diagram = Diagram(paper, first.get("id", ""))
    one, two = diagram.box(first.get("id", "")), diagram.box(second.get("id", ""))
    if one is None or two is None:
        return
    same = lane_of(paper, first.get("id", "")) == lane_of(paper, second.get("id", ""))
    if one.middle.x < two.middle.x:
        xs = two.right - one.right, one.x - two.x
    else:
        xs = two.x - one.x, one.right - two.right
    ys = two.middle.y - one.middle.y if same else Decimal(0)
    if one.middle.x == two.middle.x and not same:
        return
    if _crowded(paper, diagram, {first: one.moved(xs[0], ys), second: two.moved(xs[1], -ys)}):
        return
    _carry(paper, diagram, first, xs[0], ys)
    _carry(paper, diagram, second, xs[1], -ys)


def _crowded(paper: Paper, diagram: Diagram, wanted: Mapping[Xml, Box]) -> bool:
    """Whether a shape would come to lie on another; then both stay and only flows are redrawn."""
    mine = {one.get("id", "") for node in wanted for one in [*node.iter(), *paper.hosted(node)]}
    return any(
        box.touches(other, Decimal(0))
        for key, other in diagram.boxes()
        if key not in mine and not diagram.holds_others(key)
        for box in wanted.values()
    )


def _carry(paper: Paper, diagram: Diagram, node: Xml, dx: Decimal, dy: Decimal) -> None:
    """Move a shape with the events at its border, all that lies inside, and their flows."""
    going = {node.get("id", "")}
    going |= {one.get("id", "") for one in paper.hosted(node)}
    if local(node) in SCOPES:
        going |= {one.get("id", "") for one in node.iter() if one.get("id")}
    for key in going & set(diagram.shapes):
        diagram.move(key, dx, dy)
    for flow in paper.flows():
        key, ends = flow.get("id", ""), {flow.get("sourceRef"), flow.get("targetRef")}
        if ends <= going and flow.get("id") in going:
            diagram.draw(key, [type(p)(p.x + dx, p.y + dy) for p in diagram.points(key)])
        elif flow.get("sourceRef") in going - {node.get("id")}:
            draw_flow(paper, flow)
