"""Scenarios travel with the drawing: what is deployed must still pass them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.usecases.errors import DrawingRefused, InputRefused
from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.usecases.conftest import MODELER

DRAWINGS = Path(__file__).parents[1] / "drawings"
LEAVE = (DRAWINGS / "leave.bpmn").read_bytes()
FORM = Resource(name="leave.form", content=(DRAWINGS / "leave.form").read_bytes())
STORY = b"""process: leave
scenarios:
  - name: whoever holds the office decides
    start: {who: sari}
    steps:
      - complete: ask
        form: {days: 2}
      - expect: {tasks: [decide]}
"""
BELL = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:message id="m" name="bell"/>
  <bpmn:process id="bell" isExecutable="true">
    <bpmn:startEvent id="rung"><bpmn:outgoing>f</bpmn:outgoing>
      <bpmn:messageEventDefinition id="md" messageRef="m"/></bpmn:startEvent>
    <bpmn:endEvent id="heard"><bpmn:incoming>f</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f" sourceRef="rung" targetRef="heard"/>
  </bpmn:process>
</bpmn:definitions>"""
RUNG = b"""process: bell
scenarios:
  - name: somebody rings
    steps:
      - message: bell
      - expect: {ended: true, path: [rung, heard]}
"""


def drawing(content=LEAVE):
    return Resource(name="leave.bpmn", content=content)


def story(content=STORY):
    return Resource(name="leave.scenarios.yaml", content=content)


def versions(case):
    with case.house.reading() as uow:
        return [row.version for row in uow.processes.definition_versions("leave")]


def kept(case):
    with case.house.reading() as uow:
        return [row.content for row in uow.scenarios.newest()]


def test_a_drawing_is_deployed_with_the_stories_it_passes(case):
    deploy(case.house, MODELER, (drawing(), FORM, story()))
    assert versions(case) == [1]
    assert kept(case) == [STORY]


def test_a_failing_story_refuses_everything_at_once(case):
    wrong = STORY.replace(b"[decide]", b"[ask]")
    with pytest.raises(DrawingRefused) as refused:
        deploy(case.house, MODELER, (drawing(), FORM, story(wrong)))
    (fault,) = (f for f in refused.value.findings if f.severity == "error")
    assert (fault.code, fault.resource, fault.line) == (
        "scenario-failed",
        "leave.scenarios.yaml",
        8,
    )
    assert versions(case) == []
    assert kept(case) == []


def test_a_later_drawing_is_held_to_the_stories_kept_before(case):
    deploy(case.house, MODELER, (drawing(), FORM, story()))
    with pytest.raises(DrawingRefused):
        deploy(case.house, MODELER, (drawing(LEAVE.replace(b'"decide"', b'"judge"')),))
    assert versions(case) == [1]


def test_a_form_that_breaks_a_story_is_refused_alone(case):
    deploy(case.house, MODELER, (drawing(), FORM, story()))
    stricter = FORM.content.replace(b'"min": 1', b'"min": 3')
    with pytest.raises(DrawingRefused):
        deploy(case.house, MODELER, (Resource(name="leave.form", content=stricter),))


def test_a_reason_passes_a_failing_story_over_and_is_audited(case):
    wrong = STORY.replace(b"[decide]", b"[ask]")
    reason = "The old story is rewritten on Monday."
    done = deploy(case.house, MODELER, (drawing(), FORM, story(wrong)), reason=reason)
    assert [f.code for f in done.warnings if f.code == "scenario-failed"] == ["scenario-failed"]
    assert versions(case) == [1]
    with case.house.reading() as uow:
        told = uow.connection.execute(sa.text("SELECT facts FROM audit")).scalars().all()
    assert any(reason in str(facts) for facts in told)


@pytest.mark.parametrize("reason", ["", "because", "x" * 501])
def test_a_reason_must_say_something(case, reason):
    with pytest.raises(InputRefused):
        deploy(case.house, MODELER, (drawing(), FORM), reason=reason)


def test_a_story_that_cannot_be_read_is_refused_whatever_the_reason(case):
    with pytest.raises(DrawingRefused) as refused:
        deploy(
            case.house,
            MODELER,
            (drawing(), FORM, story(b"process: leave\nscenarios: 3")),
            reason="It does not matter today.",
        )
    assert "scenario" in {f.code for f in refused.value.findings}


def test_stories_alone_are_played_on_what_stands(case):
    deploy(case.house, MODELER, (drawing(), FORM))
    deploy(case.house, MODELER, (story(),))
    with pytest.raises(DrawingRefused):
        deploy(case.house, MODELER, (story(STORY.replace(b"[decide]", b"[ask]")),))
    assert kept(case) == [STORY]


def test_what_a_message_starts_is_started_at_the_gate_too(case):
    bell = Resource(name="bell.bpmn", content=BELL)
    rung = Resource(name="bell.scenarios.yaml", content=RUNG)
    deploy(case.house, MODELER, (bell, rung))
    deploy(case.house, MODELER, (replace(bell, content=BELL + b"<!-- anew -->"),))
    with case.house.reading() as uow:
        assert [row.version for row in uow.processes.definition_versions("bell")] == [2, 1]
