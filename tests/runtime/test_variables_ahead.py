"""A condition that reads what nothing sets before its gateway is told when it is checked."""

from __future__ import annotations

import pytest

from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"


def script(variable, name="s", text="=1"):
    return (
        f'<scriptTask id="{name}" name="{name}"><extensionElements>'
        f"<zeebe:script expression='{text}' resultVariable='{variable}'/></extensionElements>"
        "</scriptTask>"
    )


def drawing(before="", after="", start="", extra=""):
    """start -> (before) -> gateway -> (after) -> end; one branch asks `nilai > 75`."""
    body = [f'<startEvent id="start">{start}</startEvent>', before]
    body += ['<exclusiveGateway id="g" name="Cukup?" default="no"/>', after, '<endEvent id="end"/>']
    body += ['<endEvent id="low"/>', extra]
    first = "b" if before else "g"
    ways = [("start", first), *([("b", "g")] if before else [])]
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(ways)
    )
    target = "a" if after else "end"
    flows += (
        f'<sequenceFlow id="yes" sourceRef="g" targetRef="{target}">'
        "<conditionExpression>=nilai &gt; 75</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="no" sourceRef="g" targetRef="low"/>'
    )
    if after:
        flows += '<sequenceFlow id="on" sourceRef="a" targetRef="end"/>'
    text = (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" targetNamespace="t" id="d">'
        f'<process id="p" name="p" isExecutable="true">{"".join(body)}{flows}</process>'
        "</definitions>"
    )
    return text.encode()


def told(data, **context):
    _read, findings = check_drawing(data, "p.bpmn", DeployContext(**context))
    return [(f.severity, f.code, f.message) for f in findings if "variable" in f.code]


def test_what_a_script_sets_before_is_there():
    assert told(drawing(script("nilai", "b"))) == []


def test_what_nothing_sets_must_come_with_the_start():
    ((severity, code, message),) = told(drawing())
    assert (severity, code) == ("note", "variable-from-start")
    assert message.startswith("'nilai' is set nowhere before 'Cukup?'")


def test_what_is_set_only_after_is_a_warning():
    ((severity, code, message),) = told(drawing(after=script("nilai", "a")))
    assert (severity, code) == ("warning", "variable-unset")
    assert message == "'nilai' is set only after, not before 'Cukup?'."


@pytest.mark.parametrize("fields", [frozenset({"nilai"}), frozenset({"lain"})])
def test_a_start_form_gives_its_fields_and_no_others(fields):
    form = '<extensionElements><zeebe:formDefinition formId="f"/></extensionElements>'
    found = told(drawing(start=form), forms=frozenset({"f"}), form_fields={"f": fields})
    assert [code for _severity, code, _message in found] == (
        [] if "nilai" in fields else ["variable-unset"]
    )


def test_an_operation_may_set_anything_unless_its_outputs_say_what():
    job = '<serviceTask id="b" name="b"><extensionElements><zeebe:taskDefinition type="x"/>{}'
    job += "</extensionElements></serviceTask>"
    assert told(drawing(job.format(""))) == []
    outputs = '<zeebe:ioMapping><zeebe:output source="=1" target="lain"/></zeebe:ioMapping>'
    assert [code for _s, code, _m in told(drawing(job.format(outputs)))] == ["variable-from-start"]
