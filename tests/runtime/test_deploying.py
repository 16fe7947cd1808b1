"""Deploy is compile: all findings, all or nothing, identical bytes make no new version."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.usecases.errors import Conflict, DrawingRefused, NotFound
from engine.usecases.ports.process import Resource
from tests.runtime.drawn import SE, chain, drawing, ext, script, user
from tests.runtime.play import ANI


def table(value, valid=None, decision="grade"):
    extension = ""
    if valid:
        inner = "".join(
            f'<zeebe:property name="{n}" value="{v}"/>'
            for n, v in zip(("validFrom", "validTo"), valid, strict=False)
            if v
        )
        extension = (
            "<extensionElements><zeebe:properties>"
            + inner
            + "</zeebe:properties></extensionElements>"
        )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" name="d" namespace="n">'
        f'<decision id="{decision}" name="Grade">{extension}'
        '<decisionTable id="t" hitPolicy="UNIQUE">'
        '<input id="i"><inputExpression id="e" typeRef="number"><text>score</text>'
        "</inputExpression></input>"
        '<output id="o" name="grade" typeRef="string"/>'
        f'<rule id="r"><inputEntry id="a"><text>&gt; 0</text></inputEntry>'
        f'<outputEntry id="b"><text>"{value}"</text></outputEntry></rule>'
        "</decisionTable></decision></definitions>"
    ).encode()


LINE = SE + user("u") + chain("Start", "u", "End")


def test_identical_bytes_make_no_new_version(stage):
    first = stage.deploy(drawing(LINE)).processes[0]
    assert (first[1], first[3]) == (1, True)
    again = stage.deploy(drawing(LINE)).processes[0]
    assert (again[1], again[3]) == (1, False)
    assert stage.deploy(drawing(LINE + " ")).processes[0][1] == 2


def test_running_instances_stay_on_their_version(stage):
    key = stage.played(drawing(LINE))
    stage.deploy(drawing(SE + user("v") + chain("Start", "v", "End")))
    second = stage.start()
    assert stage.names(key) == ["u"]
    assert stage.names(second) == ["v"]


def test_one_bad_file_refuses_all_and_every_finding_is_told(stage):
    bad = drawing(
        SE + script("c", "x", "1 +") + '<serviceTask id="s"/>' + chain("Start", "c", "s", "End")
    )
    with pytest.raises(DrawingRefused) as caught:
        stage.deploy(("good.bpmn", drawing(LINE, pid="G")), ("bad.bpmn", bad), ("x.txt", b""))
    errors = {(f.resource, f.element_id) for f in caught.value.findings if f.severity == "error"}
    assert {("bad.bpmn", "c"), ("bad.bpmn", "s"), ("x.txt", "")} <= errors
    assert stage.tables.definitions == {}


def test_the_same_process_in_two_files_is_refused(stage):
    with pytest.raises(DrawingRefused):
        stage.deploy(("a.bpmn", drawing(LINE)), ("b.bpmn", drawing(LINE + " ")))


def test_a_form_is_checked_by_the_host_and_versioned(stage):
    assert stage.deploy(("f.form", b'{"id": "x"}')).forms[0][:2] == ("x", 1)
    assert stage.deploy(("f.form", b'{"id": "x"}')).forms[0][3] is False
    assert stage.deploy(("f.json", b'{"id": "x" }')).forms[0][1] == 2


def test_starting_what_is_not_there(stage):
    with pytest.raises(NotFound):
        stage.start("nothing")
    xml = drawing(
        '<startEvent id="s"><timerEventDefinition><timeCycle>R/P1D</timeCycle>'
        "</timerEventDefinition></startEvent>" + user("u") + chain("s", "u")
    )
    stage.deploy(xml)
    with pytest.raises(Conflict):
        stage.start()


def bound(inner):
    binding = '<zeebe:calledElement processId="Q" bindingType="deployment"/>'
    return drawing(
        SE
        + f'<callActivity id="c">{ext(binding)}</callActivity>'
        + inner
        + chain("Start", "c", "End")
    )


def test_binding_deployment_means_what_stood_when_the_caller_was_deployed(stage):
    first = drawing(SE + user("one") + chain("Start", "one", "End"), pid="Q")
    stage.deploy(("p.bpmn", bound("")), ("q.bpmn", first))
    stage.deploy(("q.bpmn", drawing(SE + user("two") + chain("Start", "two", "End"), pid="Q")))
    stage.start()
    assert stage.names() == ["one"]
    stage.deploy(("p.bpmn", bound("<textAnnotation/>")))
    stage.start()
    assert stage.names() == ["one", "two"]


def test_a_form_bound_to_the_deployment_stays_when_a_newer_one_comes(stage):
    inner = '<zeebe:formDefinition formId="f" bindingType="deployment"/>'
    body = drawing(SE + user("u", inner) + chain("Start", "u", "End"))
    stage.deploy(("f.form", b'{"id": "f"}'), ("p.bpmn", body))
    stage.deploy(("f.form", b'{"id": "f", "n": 2}'))
    stage.start()
    assert stage.tables.forms[stage.open_tasks()[0].form_key].version == 1


TAGGED = 'bindingType="versionTag" versionTag="v1"'


def tagged(pid, task, tag):
    inner = ext(f'<zeebe:versionTag value="{tag}"/>') if tag else ""
    return drawing(inner + SE + user(task) + chain("Start", task, "End"), pid=pid)


def test_a_version_tag_means_the_version_that_bore_it_when_the_caller_was_deployed(stage):
    call = ext(f'<zeebe:calledElement processId="Q" {TAGGED}/>')
    caller = drawing(
        SE + f'<callActivity id="c">{call}</callActivity>' + chain("Start", "c", "End")
    )
    stage.deploy(("q.bpmn", tagged("Q", "one", "v1")))
    stage.deploy(("q.bpmn", tagged("Q", "two", "v2")))
    stage.deploy(("p.bpmn", caller))
    stage.deploy(("q.bpmn", tagged("Q", "three", "v1")))
    stage.start()
    assert stage.names() == ["one"]


def test_a_version_tag_that_was_missing_at_deploy_is_an_incident(stage):
    call = ext(f'<zeebe:calledElement processId="Q" {TAGGED}/>')
    caller = drawing(
        SE + f'<callActivity id="c">{call}</callActivity>' + chain("Start", "c", "End")
    )
    stage.deploy(("p.bpmn", caller))
    stage.deploy(("q.bpmn", tagged("Q", "one", "v1")))
    stage.start()
    assert stage.names() == []
    assert [row.element_id for row in stage.tables.incidents.values()] == ["c"]


def test_a_form_is_bound_by_its_version_tag(stage):
    inner = f'<zeebe:formDefinition formId="f" {TAGGED}/>'
    body = drawing(SE + user("u", inner) + chain("Start", "u", "End"))
    stage.deploy(("f.form", b'{"id": "f", "versionTag": "v1"}'))
    stage.deploy(("f.form", b'{"id": "f", "versionTag": "v2"}'), ("p.bpmn", body))
    stage.start()
    assert stage.tables.forms[stage.open_tasks()[0].form_key].version == 1


def test_a_decision_is_bound_by_its_version_tag(stage):
    rule = f'<zeebe:calledDecision decisionId="grade" resultVariable="got" {TAGGED}/>'
    body = drawing(
        SE
        + f'<businessRuleTask id="r">{ext(rule)}</businessRuleTask>'
        + user("u")
        + chain("Start", "r", "u", "End")
    )
    old = table("old").replace(
        b'name="Grade">', b'name="Grade">' + ext('<zeebe:versionTag value="v1"/>').encode()
    )
    stage.deploy(("t.dmn", old))
    stage.deploy(("t.dmn", table("new")), ("p.bpmn", body))
    stage.start(score=1)
    assert stage.names() == ["u"]
    assert (
        stage.look(lambda uow: stage.runner.task_variables(uow, stage.open_tasks()[0].key)["got"])
        == "old"
    )


# ---- decisions


def decided(stage, day, score=1):
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return stage.look(lambda uow: stage.runner.decide(uow, "grade", {"score": score}, as_of=at))


def test_a_decision_is_evaluated_by_its_validity(stage):
    stage.deploy(("t.dmn", table("old")))
    assert decided(stage, "2026-06-01") == "old"
    stage.deploy(("t.dmn", table("new", ("2027-01-01", None))))
    assert decided(stage, "2026-06-01") == "old"
    assert decided(stage, "2027-06-01") == "new"
    stage.deploy(("t.dmn", table("newer", ("2027-01-01", None))))
    assert decided(stage, "2027-06-01") == "newer"


def test_valid_to_is_the_first_day_after_in_the_agencys_zone(stage):
    stage.deploy(("t.dmn", table("a", ("2026-01-01", "2026-07-01"))))
    assert decided(stage, "2026-06-30T16:00:00") == "a"
    with pytest.raises(NotFound):
        decided(stage, "2026-06-30T17:00:00")


def test_validities_that_overlap_are_refused(stage):
    stage.deploy(("t.dmn", table("a", ("2026-01-01", "2026-07-01"))))
    with pytest.raises(DrawingRefused) as caught:
        stage.deploy(("t.dmn", table("b", ("2026-06-01", None))))
    assert [f.code for f in caught.value.findings] == ["validity-overlap"]
    stage.deploy(("t.dmn", table("b", ("2026-07-01", None))))
    assert [d.version for d in stage.tables.decisions.values()] == [1, 2]
    with pytest.raises(DrawingRefused):
        stage.deploy(("t.dmn", table("c", ("2020-31-01", None))))


def test_a_business_rule_task_writes_its_result_and_keeps_it_in_history(stage):
    task = '<businessRuleTask id="b">' + ext(
        '<zeebe:calledDecision decisionId="grade" resultVariable="g"/>'
        '<zeebe:properties><zeebe:property name="regu:asOf" value="=day"/></zeebe:properties>'
    )
    body = SE + task + "</businessRuleTask>" + chain("Start", "b", "End")
    stage.deploy(("t.dmn", table("yes", ("2026-01-01", None))), ("p.bpmn", drawing(body)))
    key = stage.start(score=3, day="2026-03-01")
    assert stage.variables(key)["g"] == "yes"
    (row,) = [h for h in stage.tables.told if h.event == "decision"]
    assert '"version":1' in row.detail
    early = stage.start(score=3, day="2025-03-01")
    assert [(i.kind, i.element_id) for i in stage.incidents(early)] == [("decision", "b")]


def test_history_says_when_a_row_from_memory_would_have_counted(stage):
    remembered = table("yes").replace(b'<rule id="r">', b'<annotation name="status"/><rule id="r">')
    remembered = remembered.replace(
        b"</outputEntry></rule>",
        b"</outputEntry><annotationEntry><text>memory</text></annotationEntry></rule>",
    )
    rule = '<zeebe:calledDecision decisionId="grade" resultVariable="got"/>'
    task = f'<businessRuleTask id="b">{ext(rule)}</businessRuleTask>'
    body = drawing(SE + task + chain("Start", "b", "End"))
    stage.deploy(("t.dmn", remembered), ("p.bpmn", body))
    key = stage.start(score=3)
    assert stage.variables(key)["got"] is None
    (row,) = [h for h in stage.tables.told if h.event == "decision"]
    assert '"unconfirmed":["r"]' in row.detail


def test_a_table_is_deployed_with_the_model_that_it_imports(stage):
    space = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    base = (
        f'<definitions xmlns="{space}" id="b" name="b" namespace="urn:base">'
        '<businessKnowledgeModel id="k" name="twice"><encapsulatedLogic>'
        '<formalParameter name="n"/><literalExpression><text>n * 2</text></literalExpression>'
        "</encapsulatedLogic></businessKnowledgeModel></definitions>"
    ).encode()
    grade = (
        f'<definitions xmlns="{space}" id="g" name="g" namespace="urn:grade">'
        f'<import name="base" namespace="urn:base" importType="{space}"/>'
        '<decision id="grade" name="Grade"><knowledgeRequirement>'
        '<requiredKnowledge href="urn:base#k"/></knowledgeRequirement>'
        "<literalExpression><text>base.twice(score)</text></literalExpression></decision>"
        "</definitions>"
    ).encode()
    (finding,) = stage.runner.check([Resource(name="g.dmn", content=grade)])
    assert finding.message == "the imported model 'urn:base' is not among the files."
    stage.deploy(("g.dmn", grade), ("b.dmn", base))
    assert decided(stage, "2026-06-01", score=4) == 8
    stage.deploy(("g.dmn", grade), ("b.dmn", base.replace(b"n * 2", b"n * 3")))
    assert decided(stage, "2026-06-01", score=4) == 12


def test_a_broken_table_is_refused_with_its_findings(stage):
    broken = table("x").replace(b"&gt; 0", b"&gt; &gt;")
    findings = stage.runner.check([Resource(name="t.dmn", content=broken)])
    assert [f.severity for f in findings] == ["error"]
    assert findings[0].resource == "t.dmn"
    with pytest.raises(DrawingRefused):
        stage.do(
            lambda uow: stage.runner.deploy(uow, [Resource(name="t.dmn", content=b"<x/>")], ANI)
        )
