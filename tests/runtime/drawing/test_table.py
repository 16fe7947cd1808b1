"""The published table is what the check applies."""

from pathlib import Path

import proofs
import pytest
from small_drawings import check, codes, drawing, ext, path

from engine.runtime.drawing.classes import ELEMENTS, EVENTS_RUN, TRAITS, Class, render
from engine.runtime.drawing.model import EventKind, Kind

DOCS = Path(__file__).parents[3] / "docs" / "bpmn.md"


def test_the_published_table_is_up_to_date():
    made = render(proofs.ELEMENTS, proofs.EVENTS)
    assert DOCS.read_text(encoding="utf-8") == made, "write render() to docs/bpmn.md"


def test_every_element_stands_in_the_table_once():
    names = [row.element for row in ELEMENTS]
    assert len(names) == len(set(names))


def test_every_refusal_says_what_to_draw_instead():
    assert all(row.note for row in ELEMENTS if row.given is Class.REFUSED)
    assert all(trait.instead for trait in TRAITS)


def test_every_flow_node_kind_is_classed():
    assert {kind.value for kind in Kind} <= {row.element for row in ELEMENTS}


@pytest.mark.parametrize(
    ("position", "kind"),
    [(p, k) for p, runs in EVENTS_RUN.items() for k in EventKind if k not in runs],
)
def test_an_event_outside_the_table_is_refused(position, kind):
    inner = "" if kind is EventKind.NONE else f"<b:{kind.value}EventDefinition/>"
    if kind is EventKind.MULTIPLE:
        inner = "<b:signalEventDefinition/><b:timerEventDefinition/>"
    event = f'<b:{position.value} id="x" attachedToRef="t">{inner}</b:{position.value}>'
    body = path(("t", '<b:task id="t"/>')) + event
    assert "refused-event" in codes(drawing(body))


@pytest.mark.parametrize(
    ("code", "node"),
    [
        ("instantiating-gateway", '<b:eventBasedGateway id="t" instantiate="true"/>'),
        (
            "refused-ioBinding",
            '<b:task id="t"><b:ioBinding operationRef="o"/></b:task>',
        ),
        (
            "refused-potentialOwner",
            '<b:userTask id="t"><b:potentialOwner id="o"/></b:userTask>',
        ),
        (
            "refused-extension",
            '<b:task id="t">' + ext("<z:executionListeners/>") + "</b:task>",
        ),
        ("unknown-element", '<b:task id="t"><b:surprise/></b:task>'),
    ],
)
def test_a_refused_way_of_drawing_is_named(code, node):
    assert code in codes(drawing(path(("t", node))))


def test_a_condition_on_the_only_flow_out_of_a_task_is_refused():
    body = path(("t", '<b:task id="t"/>')).replace(
        'targetRef="end"/>',
        'targetRef="end"><b:conditionExpression>=true</b:conditionExpression></b:sequenceFlow>',
    )
    assert codes(drawing(body)) == {"conditional-flow-alone"}


def test_a_condition_out_of_an_event_is_refused():
    body = path(("t", '<b:task id="t"/>')).replace(
        'targetRef="t"/>',
        'targetRef="t"><b:conditionExpression>=true</b:conditionExpression></b:sequenceFlow>',
    )
    assert codes(drawing(body)) == {"conditional-flow-misplaced"}


def test_a_condition_out_of_a_parallel_gateway_is_told_to_mean_nothing():
    body = path(("t", '<b:parallelGateway id="t"/>')).replace(
        'targetRef="end"/>',
        'targetRef="end"><b:conditionExpression>=true</b:conditionExpression></b:sequenceFlow>',
    )
    assert codes(drawing(body)) == set()
    assert "condition-no-effect" in codes(drawing(body), "warning")


def test_an_implicit_split_is_accepted():
    body = path(("t", '<b:task id="t"/>')) + '<b:sequenceFlow sourceRef="t" targetRef="end"/>'
    assert codes(drawing(body)) == set()


def test_what_is_drawn_only_stays_without_effect():
    task = (
        '<b:task id="t"><b:documentation>why</b:documentation>'
        '<b:property id="pr" name="__targetRef_placeholder"/>'
        '<b:dataInputAssociation id="da"><b:sourceRef>dr</b:sourceRef>'
        "<b:targetRef>pr</b:targetRef></b:dataInputAssociation></b:task>"
    )
    body = path(("t", task))
    body += (
        '<b:dataObject id="do"/><b:dataObjectReference id="dr" dataObjectRef="do"/>'
        '<b:textAnnotation id="ta"><b:text>note</b:text></b:textAnnotation>'
        '<b:association id="as" sourceRef="t" targetRef="ta"/><b:group id="gr"/>'
    )
    found, findings = check(drawing(body))
    assert found is not None
    assert findings == ()


def test_a_process_that_is_not_executable_is_documentation():
    body = '<b:startEvent id="s"/><b:complexGateway id="g"/><b:serviceTask id="t"/>'
    found, findings = check(drawing(body, executable=False))
    assert found is not None
    assert not found.executable
    assert [f.code for f in findings] == ["not-executable"]
