"""Drawings that ship, what the checker knows about them, and edits drawn at random."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext
from engine.steplist.adding import ADDABLE, NEW_END, NEW_TASK, Adding
from engine.steplist.editing import AddStep, Join, Move, Remove, Say, SayWays
from engine.steplist.paper import Paper
from engine.steplist.writing import Saying, WaySaid, fields_of
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.operations import registry

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "workflows").glob("*/*.bpmn"))
NAMES = FUNCTION_NAMES | {"is defined", "get or else", "get or null", "assert"}
OPERATIONS = frozenset(registry._FIRST).union(*registry._ROOMS)
CONTEXT = DeployContext(operations=OPERATIONS, function_names=NAMES)


@cache
def shipped(path):
    return path.read_bytes()


def drawing(name):
    return (ROOT / "workflows" / name / f"{name}.bpmn").read_bytes()


def errors(content):
    return [one for one in check_drawing(content, "a.bpmn", CONTEXT)[1] if one.severity == "error"]


@cache
def _ids(path):
    paper = Paper.read(shipped(path))
    return tuple(node.get("id") for node in paper.nodes())


@st.composite
def edits(draw):
    """A drawing that ships and an edit of it; many are refused, and that is fine."""
    path = draw(st.sampled_from(SHIPPED))
    ids = _ids(path)
    step_id = draw(st.sampled_from(ids))
    paper = Paper.read(shipped(path))
    flows = [flow.get("id") for flow in paper.out_of(paper.node(step_id))]
    flow_id = draw(st.sampled_from([*flows, ""]))
    make = draw(st.sampled_from([_say, _ways, _add, _remove, _move, _join]))
    return path, make(draw, paper, step_id, (flow_id, flows, ids))


WORDS = st.text("abc <&>\"'é=\n", max_size=12)


def _say(draw, paper, step_id, _):
    known = [n for n in fields_of(paper.node(step_id)) if n in {"name", "about", "groups", "due"}]
    values = {"name": WORDS, "about": WORDS, "groups": st.just("hr"), "due": st.just("=now()")}
    given = {name: draw(values[name]) for name in known if draw(st.booleans())}
    return Say(step_id=step_id, said=Saying(**given))


def _ways(draw, paper, step_id, more):
    _, flows, _ = more
    default = draw(st.sampled_from([*flows, ""]))
    said = [WaySaid(flow_id=one, name=draw(WORDS), condition="1 = 1") for one in flows]
    return SayWays(step_id=step_id, ways=said, default=default)


def _add(draw, paper, step_id, more):
    flow_id, _, ids = more
    adding = Adding(
        kind=draw(st.sampled_from(ADDABLE)),
        name=draw(WORDS),
        flow_id=flow_id,
        operation="regu.notify.remind",
        decision="clocks",
        condition=draw(st.sampled_from(["true", "=1 < 2", "1 <"])),
        way_to=draw(st.sampled_from([NEW_TASK, NEW_END, *ids])),
        way_step=draw(WORDS),
    )
    return AddStep(step_id=step_id, adding=adding)


def _remove(draw, paper, step_id, more):
    return Remove(step_id=step_id)


def _move(draw, paper, step_id, more):
    return Move(step_id=step_id, up=draw(st.booleans()))


def _join(draw, paper, step_id, more):
    flow_id, _, ids = more
    return Join(
        step_id=step_id,
        target_id=draw(st.sampled_from(ids)),
        flow_id=flow_id,
        condition=draw(st.sampled_from(["", "true"])),
    )
