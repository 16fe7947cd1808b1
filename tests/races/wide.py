"""A drawing as wide as the crowd: as many branches as clients, one join."""

from __future__ import annotations

from engine.usecases.ports.process import Resource

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://regu/tests">
"""
_USER = (
    '<userTask id="{id}" name="{id}"><extensionElements><zeebe:userTask />'
    '<zeebe:assignmentDefinition candidateGroups="perf_admin" />{more}</extensionElements>'
    "{body}</userTask>"
)
_EACH = (
    "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics "
    'inputCollection="=numbers" inputElement="number" '
    'outputCollection="squares" outputElement="=square" />'
    "</extensionElements></multiInstanceLoopCharacteristics>"
)


def _user(name, more="", body=""):
    return _USER.format(id=name, more=more, body=body)


def _process(name, body):
    ends = f'<startEvent id="{name}_start" /><endEvent id="{name}_end" />'
    return f'<process id="{name}" isExecutable="true">{ends}{body}</process>'


def _flows(*pairs):
    return "".join(
        f'<sequenceFlow id="{a}_to_{b}" sourceRef="{a}" targetRef="{b}" />' for a, b in pairs
    )


def _pick():
    return _process("pick", _user("one") + _flows(("pick_start", "one"), ("one", "pick_end")))


def _wide(branches):
    names = [f"branch_{number}" for number in range(branches)]
    flows = [("wide_start", "fork"), ("join", "after"), ("after", "wide_end")]
    flows += [("fork", name) for name in names] + [(name, "join") for name in names]
    gateways = '<parallelGateway id="fork" /><parallelGateway id="join" />'
    body = gateways + "".join(map(_user, names)) + _user("after") + _flows(*flows)
    return _process("wide", body)


def _many():
    flows = _flows(("many_start", "each"), ("each", "then"), ("then", "many_end"))
    return _process("many", _user("each", body=_EACH) + _user("then") + flows)


def drawings(branches):
    """`pick` (one task), `wide` (that many branches) and `many` (a multi-instance)."""
    text = _HEAD + _pick() + _wide(branches) + _many() + "</definitions>"
    return Resource(name="wide.bpmn", content=text.encode())
