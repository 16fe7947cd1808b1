"""What lies ahead where things are undone."""

from __future__ import annotations

from tests.runtime import drawn as d
from tests.runtime.play import Stage

_UNDOABLE = (
    d.user("A")
    + '<boundaryEvent id="undo" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'
    + d.user("H").replace('id="H"', 'id="H" isForCompensation="true"')
    + '<association id="a" associationDirection="One" sourceRef="undo" targetRef="H"/>'
)


def _ahead(stage, key):
    found = stage.look(lambda uow: stage.runner.outlook(uow, key))
    return {f.element_id: [step.element_id for step in f.following] for *_, f in found}


def test_a_compensation_handler_is_not_followed_by_itself():
    body = d.SE + _UNDOABLE + d.throw("T", "<compensateEventDefinition/>") + d.user("Z")
    stage = Stage()
    key = stage.played(d.drawing(body + d.chain("Start", "A", "T", "Z", "End")))
    stage.complete("A")
    assert _ahead(stage, key) == {"H": []}


def test_behind_a_cancel_end_event_lies_what_its_boundary_event_leads_to():
    inner = d.start("s") + d.user("A") + d.end("c", "<cancelEventDefinition/>")
    body = f'<transaction id="T">{inner}{d.chain("s", "A", "c")}</transaction>'
    body += d.boundary("b", "T", "<cancelEventDefinition/>") + d.user("Z") + d.end("E2")
    body += d.chain("Start", "T", "End") + d.chain("b", "Z", "E2")
    stage = Stage()
    key = stage.played(d.drawing(d.SE + body))
    assert _ahead(stage, key) == {"A": ["Z"]}
