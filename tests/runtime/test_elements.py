"""Elements that no other test of this folder runs."""

from __future__ import annotations

import pytest

from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    chain,
    drawing,
    end,
    escalation,
    ext,
    message,
    refer,
    service,
    signal,
    start,
    sub,
    throw,
    user,
)
from tests.runtime.play import ANI

WORK = '<zeebe:taskDefinition type="send"/>'


def _work_off(stage):
    """What an external worker does with the one job that is open."""
    (key,) = stage.tables.jobs
    assert stage.tables.jobs[key].type == "send"
    stage.do(lambda uow: stage.runner.complete_worker_job(uow, key, {"sent": True}, ANI))


@pytest.mark.parametrize(
    "element",
    [
        service("x", "send", tag="sendTask"),
        throw("x", refer("message", "M"), WORK),
    ],
)
def test_sending_is_a_job_and_goes_on_when_it_is_done(stage, element):
    body = SE + element + user("u") + chain("Start", "x", "u", "End")
    key = stage.played(drawing(body, extra=message("M", "m", key=None)))
    assert stage.names() == []
    _work_off(stage)
    assert stage.names() == ["u"]
    assert stage.variables(key)["sent"] is True


def test_a_message_end_is_a_job_that_ends_the_path(stage):
    body = start("s") + end("x", refer("message", "M"), WORK) + chain("s", "x")
    key = stage.played(drawing(body, extra=message("M", "m", key=None)))
    assert not stage.done(key)
    _work_off(stage)
    assert stage.done(key)


def test_plain_and_manual_tasks_pass_through(stage):
    body = SE + '<task id="p"/><manualTask id="m"/>' + chain("Start", "p", "m", "End")
    key = stage.played(drawing(body))
    assert stage.done(key)


def test_a_throw_event_without_definition_passes(stage):
    body = SE + throw("x", "") + user("u") + chain("Start", "x", "u", "End")
    stage.played(drawing(body))
    assert stage.names() == ["u"]


def test_a_multiple_end_throws_all_its_parts(stage):
    inner = start("is") + end("x", refer("signal", "S") + refer("escalation", "C"))
    body = SE + sub("box", inner + chain("is", "x")) + user("s") + user("e") + end("ee")
    body += boundary("bs", "box", refer("signal", "S"), interrupting=False)
    body += boundary("be", "box", refer("escalation", "C"), interrupting=False)
    body += chain("Start", "box", "End") + chain("bs", "s", "ee") + chain("be", "e", "ee")
    stage.played(drawing(body, extra=signal("S", "s") + escalation("C", "c")))
    assert sorted(stage.names()) == ["e", "s"]


def test_any_part_starts_an_event_sub_process(stage):
    extra = signal("S", "s") + message("M", "m", key='="k"')
    inner = start("is", refer("signal", "S") + refer("message", "M")) + user("h") + end("ie")
    body = SE + user("u") + chain("Start", "u", "End")
    body += f'<subProcess id="ev" triggeredByEvent="true">{inner}{chain("is", "h", "ie")}'
    body = body.replace('<startEvent id="is"', '<startEvent isInterrupting="false" id="is"')
    stage.played(drawing(body + "</subProcess>", extra=extra))
    stage.publish("m", "k")
    stage.broadcast("s")
    assert sorted(stage.names()) == ["h", "h", "u"]


def test_lists_of_flows_that_a_tool_writes_change_nothing(stage):
    task = "<userTask id='u'><incoming>a</incoming><outgoing>b</outgoing></userTask>"
    body = "<startEvent id='s'><outgoing>a</outgoing></startEvent>" + task
    body += "<endEvent id='e'><incoming>b</incoming></endEvent>"
    body += "<sequenceFlow id='a' sourceRef='s' targetRef='u'/>"
    body += "<sequenceFlow id='b' sourceRef='u' targetRef='e'/>"
    key = stage.played(drawing(body))
    stage.complete("u")
    assert stage.done(key)


def test_the_innermost_lane_gives_the_candidate_group(stage):
    lanes = (
        '<laneSet id="ls"><lane id="l" name="outer"><flowNodeRef>u</flowNodeRef>'
        '<childLaneSet id="cs"><lane id="c" name="inner"><flowNodeRef>u</flowNodeRef></lane>'
        "</childLaneSet></lane></laneSet>"
    )
    stage.played(drawing(lanes + SE + user("u") + chain("Start", "u", "End")))
    assert stage.task("u").candidates == (("group", "inner"),)


TABLE = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
    b' namespace="urn:d"><decision id="grade" name="Grade"><variable name="Grade"/>'
    b"<literalExpression><text>score * 2</text></literalExpression></decision></definitions>"
)


def test_a_call_of_a_global_business_rule_is_that_decision(stage):
    rule = '<zeebe:calledDecision decisionId="grade" resultVariable="g"/>'
    glob = f'<globalBusinessRuleTask id="G">{ext(rule)}</globalBusinessRuleTask>'
    body = SE + call("c", "G") + chain("Start", "c", "End")
    stage.deploy(("d.dmn", TABLE), ("p.bpmn", drawing(body, extra=glob)))
    key = stage.start(score=3)
    assert stage.variables(key)["g"] == 6
