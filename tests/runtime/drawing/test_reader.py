"""Bytes become a model with ids, lines and everything the dialect says."""

from small_drawings import check, drawing, ext, path

from engine.runtime.drawing.model import Binding, EventKind, Kind, TimerKind


def read(body, roots=""):
    found, findings = check(drawing(body, roots=roots))
    assert found is not None, [f.message for f in findings]
    return found.processes[0]


def test_a_flow_without_id_runs_like_any_other():
    body = '<b:startEvent id="s"/><b:endEvent id="e"/>'
    process = read(body + '<b:sequenceFlow sourceRef="s" targetRef="e"/>')
    (flow,) = process.flows.values()
    assert flow.id == "p.sequenceFlow.1"
    assert process.nodes["s"].outgoing == (flow,)
    assert process.nodes["e"].incoming == (flow,)


def test_a_node_without_id_gets_a_stable_one():
    data = drawing('<b:startEvent id="s"/><b:task/>', executable=False)
    first, second = (list(check(data)[0].processes[0].nodes) for _ in range(2))
    assert first == second == ["s", "p.task.1"]


def test_a_made_id_never_meets_a_drawn_one():
    data = drawing('<b:task id="p.task.1"/><b:task/>', executable=False)
    assert list(check(data)[0].processes[0].nodes) == ["p.task.1", "p.task.2"]


def test_any_prefix_is_read():
    text = drawing(path()).decode().replace("bpmn:", "").replace("xmlns:bpmn", "xmlns")
    text = text.replace('xmlns:="', 'xmlns="').replace("xmlns:bpmn", "xmlns")
    drawn, _ = check(text.replace("xmlns:=", "xmlns=").encode())
    assert drawn is not None
    assert set(drawn.processes[0].nodes) == {"start", "end"}


def test_lines_are_those_of_the_file():
    process = read(path(("t", '<b:task id="t" name="Work"/>')))
    assert process.nodes["start"].line == 2
    assert process.nodes["t"].line == 3
    assert process.flows["f0"].line == 5


def test_flows_keep_the_order_of_the_drawing():
    body = (
        '<b:startEvent id="s"/><b:exclusiveGateway id="g" default="z"/><b:endEvent id="e"/>'
        '<b:sequenceFlow id="a" sourceRef="s" targetRef="g"/>'
        '<b:sequenceFlow id="z" sourceRef="g" targetRef="e"/>'
        '<b:sequenceFlow id="m" sourceRef="g" targetRef="e"><b:conditionExpression>'
        "= 1 &gt; 0 </b:conditionExpression></b:sequenceFlow>"
    )
    gateway = read(body).nodes["g"]
    assert [f.id for f in gateway.outgoing] == ["z", "m"]
    assert gateway.default == "z"
    assert gateway.outgoing[1].condition == "= 1 > 0"


USER = (
    '<b:userTask id="u" name="Draft">'
    + ext(
        '<z:userTask/><z:assignmentDefinition assignee="=rater(person_id)"'
        ' candidateGroups="hr, perf_admin"/>'
        '<z:taskSchedule dueDate="=deadline" followUpDate="2026-12-31T08:00:00+07:00"/>'
        '<z:priorityDefinition priority="70"/>'
        '<z:formDefinition formId="plan_draft" bindingType="deployment"/>'
        '<z:ioMapping><z:input source="=1" target="a"/><z:input source="=a" target="b"/>'
        '<z:output source="=decision" target="decision"/></z:ioMapping>'
        '<z:properties><z:property name="regu:submit" value="regu.plan.draft"/>'
        '<z:property name="regu:subject" value="=title"/></z:properties>'
    )
    + "</b:userTask>"
)


def test_a_user_task_says_who_when_and_what():
    node = read(path(("u", USER))).nodes["u"]
    task = node.user_task
    assert node.kind is Kind.USER_TASK
    assert task.assignee == "=rater(person_id)"
    assert task.candidate_groups == "hr, perf_admin"
    assert task.due_date == "=deadline"
    assert task.priority == "70"
    assert (task.form.form_id, task.form.binding) == ("plan_draft", Binding.DEPLOYMENT)
    assert [m.target for m in node.inputs] == ["a", "b"]
    assert [m.target for m in node.outputs] == ["decision"]
    assert (node.submit, node.subject) == ("regu.plan.draft", "=title")


def test_events_know_what_they_wait_for():
    roots = (
        '<b:message id="m" name="rated">'
        + ext('<z:subscription correlationKey="=cycle_id"/>')
        + '</b:message><b:error id="e" errorCode="late"/>'
    )
    sub = (
        '<b:subProcess id="sub"><b:startEvent id="i"/><b:endEvent id="o">'
        '<b:errorEventDefinition errorRef="e"/></b:endEvent>'
        '<b:sequenceFlow sourceRef="i" targetRef="o"/></b:subProcess>'
        '<b:boundaryEvent id="b1" attachedToRef="sub"><b:errorEventDefinition errorRef="e"/>'
        '</b:boundaryEvent><b:boundaryEvent id="b2" attachedToRef="sub" cancelActivity="false">'
        "<b:timerEventDefinition><b:timeCycle>R3/PT1H</b:timeCycle></b:timerEventDefinition>"
        '</b:boundaryEvent><b:endEvent id="x"/><b:sequenceFlow sourceRef="b1" targetRef="x"/>'
        '<b:sequenceFlow sourceRef="b2" targetRef="x"/>'
    )
    catch = (
        '<b:intermediateCatchEvent id="c"><b:messageEventDefinition messageRef="m"/>'
        "</b:intermediateCatchEvent>"
    )
    nodes = read(path(("sub", sub), ("c", catch)), roots).nodes
    assert nodes["sub"].boundary == ("b1", "b2")
    assert nodes["sub"].entry == "i"
    assert nodes["i"].parent == "sub"
    assert nodes["b1"].event.code == "late"
    assert nodes["b1"].interrupting
    assert not nodes["b2"].interrupting
    assert nodes["b2"].event.timer.kind is TimerKind.CYCLE
    assert nodes["c"].event.kind is EventKind.MESSAGE
    assert nodes["c"].event.message.correlation_key == "=cycle_id"


def test_the_innermost_lane_gives_the_group():
    lanes = (
        '<b:laneSet id="ls"><b:lane id="l1" name="hr"><b:flowNodeRef>t</b:flowNodeRef>'
        '<b:flowNodeRef>start</b:flowNodeRef><b:childLaneSet><b:lane id="l2" name="Atasan">'
        + ext('<z:properties><z:property name="regu:group" value="raters"/></z:properties>')
        + "<b:flowNodeRef>t</b:flowNodeRef></b:lane></b:childLaneSet></b:lane></b:laneSet>"
    )
    nodes = read(lanes + path(("t", '<b:userTask id="t"/>'))).nodes
    assert (nodes["t"].lane, nodes["t"].group) == ("l2", "raters")
    assert nodes["start"].group == "hr"
    assert nodes["end"].group is None


def test_a_multi_instance_and_a_call_are_typed():
    call = (
        '<b:callActivity id="c">'
        + ext('<z:calledElement processId="clarification" propagateAllChildVariables="false"/>')
        + '<b:multiInstanceLoopCharacteristics isSequential="true">'
        + ext(
            '<z:loopCharacteristics inputCollection="=leads" inputElement="lead"'
            ' outputCollection="answers" outputElement="=answer"/>'
        )
        + "<b:completionCondition>=numberOfCompletedInstances &gt; 1</b:completionCondition>"
        "</b:multiInstanceLoopCharacteristics></b:callActivity>"
    )
    node = read(path(("c", call))).nodes["c"]
    assert node.multi_instance.sequential
    assert node.multi_instance.collection == "=leads"
    assert node.multi_instance.completion_condition.startswith("=number")
    assert node.called.process_id == "clarification"
    assert node.called.propagate_all_parent_variables
    assert not node.called.propagate_all_child_variables


def test_extensions_of_others_are_kept_without_effect():
    task = '<b:task id="t"><b:extensionElements><x:y xmlns:x="urn:x" a="1"/>'
    found, findings = check(drawing(path(("t", task + "</b:extensionElements></b:task>"))))
    assert found is not None
    assert findings == ()


def test_several_processes_of_one_file_are_read_apart():
    text = drawing(path()).decode()
    other = '<bpmn:process id="q"><bpmn:startEvent id="qs"/></bpmn:process></bpmn:definitions>'
    found, _ = check(text.replace("</bpmn:definitions>", other).encode())
    assert [p.id for p in found.processes] == ["p", "q"]
    assert [p.id for p in found.executable] == ["p"]
