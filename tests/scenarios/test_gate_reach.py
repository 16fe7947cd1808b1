"""Stories are told again when anything changes that their process uses, near or far."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from engine.usecases.errors import DrawingRefused
from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.usecases.conftest import MODELER

BAND = (Path(__file__).parents[1] / "drawings" / "band.dmn").read_bytes()
#: nobody is very good any more
STRICTER = BAND.replace(b'"sangat_baik"', b'"baik"')
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">"""
RULE = "<zeebe:calledDecision decisionId={} resultVariable='band'/>"
CALL = "<zeebe:calledElement processId={} propagateAllChildVariables='true'/>"


def drawn(process_id, tag, extension):
    """A process of one activity between start and end."""
    text = f"""{HEAD}
  <bpmn:process id="{process_id}" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:{tag} id="step"><bpmn:extensionElements>{extension}</bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:{tag}>
    <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="step"/>
    <bpmn:sequenceFlow id="b" sourceRef="step" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>"""
    return Resource(name=f"{process_id}.bpmn", content=text.encode())


def counting(named):
    return drawn("counting", "businessRuleTask", RULE.format(named))


def calling(process_id, named):
    return drawn(process_id, "callActivity", CALL.format(named))


def story(process_id):
    text = f"""\
    process: {process_id}
    scenarios:
      - name: ninety is very good
        start: {{nilai: 90, rule: band, below: counting}}
        steps:
          - expect: {{ended: true, variables: {{band: sangat_baik}}}}
    """
    return Resource(name=f"{process_id}.scenarios.yaml", content=dedent(text).encode())


def table(content=BAND):
    return Resource(name="band.dmn", content=content)


@pytest.mark.parametrize("named", ['"band"', "'band'", "'&#98;and'", "'= rule'"])
def test_a_table_is_held_to_the_stories_of_who_names_it_however_it_is_written(case, named):
    deploy(case.house, MODELER, (counting(named), table(), story("counting")))
    with pytest.raises(DrawingRefused):
        deploy(case.house, MODELER, (table(STRICTER),))


@pytest.mark.parametrize("named", ["'counting'", "'= below'"])
def test_a_table_is_held_to_the_stories_of_who_calls_who_uses_it(case, named):
    files = (counting("'band'"), calling("asking", named), table())
    deploy(case.house, MODELER, (*files, calling("above", "'asking'"), story("above")))
    with pytest.raises(DrawingRefused):
        deploy(case.house, MODELER, (table(STRICTER),))


def test_a_called_drawing_is_held_to_the_stories_of_who_calls_it_from_afar(case):
    files = (counting("'band'"), calling("asking", "'counting'"), table())
    deploy(case.house, MODELER, (*files, calling("above", "'asking'"), story("above")))
    blind = drawn("counting", "manualTask", "")
    with pytest.raises(DrawingRefused):
        deploy(case.house, MODELER, (blind,))


def test_who_calls_himself_is_looked_at_once(case):
    deploy(case.house, MODELER, (counting("'band'"), table(), story("counting")))
    deploy(case.house, MODELER, (calling("round", "'round'"),))
    deploy(case.house, MODELER, (table(BAND + b"<!-- anew -->"),))


def test_stories_of_others_are_not_told_again(case):
    fine = story("counting")
    broken = Resource(
        name=fine.name, content=fine.content.replace(b"band: sangat_baik", b"band: baik")
    )
    files = (counting("'band'"), table(), broken)
    deploy(case.house, MODELER, files, reason="The story is wrong, mended later.")
    other = BAND.replace(b'id="band"', b'id="stripe"').replace(b'id="d"', b'id="e"')
    deploy(case.house, MODELER, (Resource(name="stripe.dmn", content=other),))
