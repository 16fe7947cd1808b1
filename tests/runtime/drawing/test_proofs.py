"""Each row of the published table is proved: what runs by a test, the rest here."""

import ast
from functools import cache
from pathlib import Path

import proofs
import pytest
from small_drawings import codes, drawing, path

from engine.runtime.drawing.classes import ELEMENTS, TRAITS, Class, positions
from engine.runtime.drawing.model import Kind

RUNTIME = Path(__file__).parents[1]
#: elements that are looked at only inside one of another name
SILENT = {"script", "whileExecutingInputRefs", "whileExecutingOutputRefs"}
#: these are named where they stand, inside their owner
OWNED = {
    "resourceRef": "potentialOwner",
    "resourceAssignmentExpression": "potentialOwner",
    "resourceParameterBinding": "potentialOwner",
    "correlationPropertyBinding": "correlationSubscription",
    "dataPath": "correlationSubscription",
    "choreographyRef": "choreographyTask",
    "initiatingParticipantRef": "choreographyTask",
}
REFUSED = [row.element for row in ELEMENTS if row.given is Class.REFUSED]
KEPT = [row.element for row in ELEMENTS if row.given is Class.KEPT]


@cache
def sentences(module):
    tree = ast.parse((RUNTIME / f"test_{module}.py").read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_element_that_runs_has_its_test_and_nothing_else_has():
    assert set(proofs.ELEMENTS) == {row.element for row in ELEMENTS if row.given is Class.RUN}


def test_each_event_that_runs_has_its_test_and_nothing_else_has():
    cells = {(position, kind.value) for position, runs in positions() for kind in runs}
    assert set(proofs.EVENTS) == cells


@pytest.mark.parametrize(
    ("module", "sentence"), sorted({*proofs.ELEMENTS.values(), *proofs.EVENTS.values()})
)
def test_each_test_that_is_named_exists(module, sentence):
    assert f"test_{sentence}" in sentences(module)


@pytest.mark.parametrize("element", [e for e in REFUSED if e not in SILENT])
def test_each_refused_element_is_a_finding(element):
    inside = OWNED.get(element)
    xml = f'<b:{element} id="r"/>'
    if inside is not None:
        xml = f'<b:{inside} id="o">{xml}</b:{inside}>'
    refused = codes(drawing(path(("t", '<b:task id="t"/>')) + xml))
    assert f"refused-{inside or element}" in refused


def test_a_script_that_is_not_feel_is_a_finding():
    task = '<b:scriptTask id="t" scriptFormat="python"><b:script>1</b:script></b:scriptTask>'
    assert "script-missing" in codes(drawing(path(("t", task))))


@pytest.mark.parametrize("name", ["whileExecutingInputRefs", "whileExecutingOutputRefs"])
def test_data_while_an_activity_runs_is_a_finding(name):
    side = "input" if "Input" in name else "output"
    box = f'<b:{side}Set id="s"><b:{name}>x</b:{name}></b:{side}Set>'
    task = f'<b:task id="t"><b:ioSpecification id="io">{box}</b:ioSpecification></b:task>'
    assert codes(drawing(path(("t", task)))) & {f"refused-{name}", "data-set-part"}


@pytest.mark.parametrize("element", KEPT)
def test_each_kept_element_is_known_and_not_refused(element):
    found = codes(drawing(path() + f'<b:{element} id="k"/>'))
    assert not found & {"unknown-element", f"refused-{element}"}


EVENT_LOOP = (
    '<b:subProcess id="x" triggeredByEvent="true"><b:standardLoopCharacteristics loopMaximum="2"/>'
    '<b:startEvent id="xs"><b:signalEventDefinition/></b:startEvent></b:subProcess>'
)
CONDITION = "<b:conditionExpression>=true</b:conditionExpression>"
TWO_STARTS = '<b:subProcess id="t"><b:startEvent id="a"/><b:startEvent id="b"/></b:subProcess>'
MIXED = (
    '<b:intermediateThrowEvent id="t"><b:signalEventDefinition/><b:compensateEventDefinition/>'
    "</b:intermediateThrowEvent>"
)
IMPORT = (
    '<bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="x"'
    ' namespace="n"/>'
)
WAYS = {
    "event-sub-process-repeated": drawing(path() + EVENT_LOOP),
    "instantiating-gateway": drawing(
        path(("t", '<b:eventBasedGateway id="t" instantiate="true"/>'))
    ),
    "several-none-starts": drawing(path(("t", TWO_STARTS))),
    "conditional-flow-misplaced": drawing(
        path().replace('targetRef="end"/>', f'targetRef="end">{CONDITION}</b:sequenceFlow>')
    ),
    "default-flow-misplaced": drawing(path(("t", '<b:parallelGateway id="t" default="f1"/>'))),
    "multiple-mixed": drawing(path(("t", MIXED))),
    "import": drawing(path(), roots=IMPORT),
    "must-understand": drawing(
        path(), roots='<bpmn:extension mustUnderstand="true" definition="x"/>'
    ),
}


@pytest.mark.parametrize("code", [trait.code for trait in TRAITS])
def test_each_refused_way_of_drawing_is_a_finding(code):
    assert code in codes(WAYS[code])


def test_every_kind_of_flow_node_is_proved():
    assert {kind.value for kind in Kind} <= set(proofs.ELEMENTS)
