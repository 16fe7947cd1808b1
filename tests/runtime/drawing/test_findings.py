"""Each fault of a drawing is a finding with element, name, line and a sentence."""

import pytest
from small_drawings import check, codes, drawing, ext, path

MESSAGE = '<b:message id="m" name="rated"/>'
KEYED = (
    '<b:message id="m" name="rated">'
    + ext('<z:subscription correlationKey="=k"/>')
    + "</b:message>"
)


def catch(inner):
    return path(("c", f'<b:intermediateCatchEvent id="c">{inner}</b:intermediateCatchEvent>'))


def timer(inner):
    return catch(f"<b:timerEventDefinition>{inner}</b:timerEventDefinition>")


def service(inner):
    return path(("t", f'<b:serviceTask id="t">{ext(inner)}</b:serviceTask>'))


def choice(first, second, default=""):
    return (
        f'<b:startEvent id="s"/><b:exclusiveGateway id="g" {default}/><b:endEvent id="e"/>'
        '<b:sequenceFlow id="f0" sourceRef="s" targetRef="g"/>'
        f'<b:sequenceFlow id="f1" sourceRef="g" targetRef="e">{first}</b:sequenceFlow>'
        f'<b:sequenceFlow id="f2" sourceRef="g" targetRef="e">{second}</b:sequenceFlow>'
    )


def condition(text):
    return f"<b:conditionExpression>{text}</b:conditionExpression>"


STRUCTURE = [
    ("flow-without-end", path() + '<b:sequenceFlow id="x" sourceRef="start"/>'),
    ("flow-without-end", path() + '<b:sequenceFlow id="x" sourceRef="start" targetRef="no"/>'),
    (
        "flow-crosses-scope",
        path(("t", '<b:subProcess id="t"><b:startEvent id="i"/></b:subProcess>'))
        + '<b:sequenceFlow sourceRef="i" targetRef="end"/>',
    ),
    (
        "flow-into-start",
        path(("t", '<b:task id="t"/>')) + '<b:sequenceFlow sourceRef="t" targetRef="start"/>',
    ),
    (
        "flow-out-of-end",
        path(("t", '<b:task id="t"/>')) + '<b:sequenceFlow sourceRef="end" targetRef="t"/>',
    ),
    ("start-missing", '<b:endEvent id="e"/>'),
    (
        "several-none-starts",
        path(
            (
                "t",
                '<b:subProcess id="t"><b:startEvent id="a"/><b:startEvent id="b"/></b:subProcess>',
            )
        ),
    ),
    ("unreachable", path() + '<b:task id="lonely"/>'),
    ("id-repeated", path(("t", '<b:task id="t"/><b:task id="t"/>'))),
    (
        "boundary-without-host",
        path() + '<b:boundaryEvent id="b"><b:timerEventDefinition/></b:boundaryEvent>',
    ),
    (
        "boundary-without-host",
        path() + '<b:boundaryEvent id="b" attachedToRef="end"><b:timerEventDefinition/>'
        "</b:boundaryEvent>",
    ),
    ("condition-missing", choice("", "")),
    ("condition-missing", choice(condition("=true"), "")),
    ("default-flow-missing", choice(condition("=true"), condition("=true"), 'default="nope"')),
    ("default-flow-conditional", choice(condition("=a"), condition("=b"), 'default="f1"')),
    ("not-feel", choice(condition("a &gt; 1"), "", 'default="f2"')),
    ("feel-syntax", choice(condition("=a &gt;"), "", 'default="f2"')),
    ("event-gateway-choice", path(("g", '<b:eventBasedGateway id="g"/>'))),
    ("event-gateway-target", path(("g", '<b:eventBasedGateway id="g"/>'))),
    ("start-missing", path(("t", '<b:subProcess id="t"/>'))),
]

DETAILS = [
    ("task-without-type", path(("t", '<b:serviceTask id="t"/>'))),
    ("task-without-type", path(("t", '<b:sendTask id="t"/>'))),
    ("operation-unknown", service('<z:taskDefinition type="regu.no.such"/>')),
    ("publish-without-name", service('<z:taskDefinition type="regu.message.publish"/>')),
    ("retries", service('<z:taskDefinition type="x" retries="many"/>')),
    ("script-missing", path(("t", '<b:scriptTask id="t" scriptFormat="python"/>'))),
    (
        "not-feel",
        path(
            (
                "t",
                '<b:scriptTask id="t">'
                + ext('<z:script expression="import os" resultVariable="r"/>')
                + "</b:scriptTask>",
            )
        ),
    ),
    (
        "variable-name",
        path(
            (
                "t",
                '<b:scriptTask id="t">' + ext('<z:script expression="=1"/>') + "</b:scriptTask>",
            )
        ),
    ),
    ("decision-missing", path(("t", '<b:businessRuleTask id="t"/>'))),
    ("called-process-missing", path(("t", '<b:callActivity id="t" calledElement="x"/>'))),
    (
        "binding",
        path(
            (
                "t",
                '<b:callActivity id="t">'
                + ext('<z:calledElement processId="x" bindingType="versionTag"/>')
                + "</b:callActivity>",
            )
        ),
    ),
    (
        "multi-instance-without-collection",
        path(("t", '<b:task id="t"><b:multiInstanceLoopCharacteristics/></b:task>')),
    ),
    (
        "operation-unknown",
        path(
            (
                "t",
                '<b:userTask id="t">'
                + ext('<z:properties><z:property name="regu:submit" value="x"/></z:properties>')
                + "</b:userTask>",
            )
        ),
    ),
    (
        "priority",
        path(
            (
                "t",
                '<b:userTask id="t">'
                + ext('<z:priorityDefinition priority="high"/>')
                + "</b:userTask>",
            )
        ),
    ),
    (
        "time-unreadable",
        path(
            (
                "t",
                '<b:userTask id="t">'
                + ext('<z:taskSchedule dueDate="2026-12-31T08:00:00"/>')
                + "</b:userTask>",
            )
        ),
    ),
    (
        "mapping-without-source",
        service('<z:taskDefinition type="x"/><z:ioMapping><z:input target="a"/></z:ioMapping>'),
    ),
    (
        "setting-repeated",
        service('<z:taskDefinition type="x"/><z:taskDefinition type="y"/>'),
    ),
    ("timer-missing", timer("")),
    (
        "timer-several",
        timer("<b:timeDuration>PT1H</b:timeDuration><b:timeCycle>R/PT1H</b:timeCycle>"),
    ),
    ("time-unreadable", timer("<b:timeDuration>1 hour</b:timeDuration>")),
    ("time-unreadable", timer("<b:timeDate>2026-12-31T00:00:00</b:timeDate>")),
    ("timer-kind", timer("<b:timeCycle>R3/PT1H</b:timeCycle>")),
    ("message-missing", catch("<b:messageEventDefinition/>")),
    ("signal-missing", catch("<b:signalEventDefinition/>")),
    ("reference-dangling", catch('<b:signalEventDefinition signalRef="no"/>')),
    (
        "code-missing",
        path().replace(
            '<b:endEvent id="end"/>',
            '<b:endEvent id="end"><b:errorEventDefinition/></b:endEvent>',
        ),
    ),
    (
        "task-without-type",
        path().replace(
            '<b:endEvent id="end"/>',
            '<b:endEvent id="end"><b:messageEventDefinition/></b:endEvent>',
        ),
    ),
]


@pytest.mark.parametrize(("code", "body"), STRUCTURE + DETAILS)
def test_a_fault_is_named_by_its_code(code, body):
    data = drawing(body)
    assert code in codes(data)
    assert check(data)[0] is None


@pytest.mark.parametrize(("code", "body"), STRUCTURE + DETAILS)
def test_every_finding_says_where_it_is(code, body):
    for finding in check(drawing(body))[1]:
        assert finding.element_id
        assert finding.line
        assert finding.resource == "test.bpmn"
        assert finding.message.endswith((".", ")")), finding.message


def test_all_findings_come_at_once():
    body = path(("a", '<b:serviceTask id="a"/>'), ("b", '<b:scriptTask id="b"/>'))
    body += '<b:task id="c"/>'
    assert codes(drawing(body)) == {"task-without-type", "script-missing", "unreachable"}


def test_a_message_caught_in_the_middle_needs_a_key_and_a_starting_one_does_not():
    caught = catch('<b:messageEventDefinition messageRef="m"/>')
    assert codes(drawing(caught, roots=MESSAGE)) == {"correlation-key-missing"}
    assert codes(drawing(caught, roots=KEYED)) == set()
    start = path().replace(
        '<b:startEvent id="start"/>',
        '<b:startEvent id="start"><b:messageEventDefinition messageRef="m"/></b:startEvent>',
    )
    assert codes(drawing(start, roots=MESSAGE)) == set()


@pytest.mark.parametrize(
    "given",
    [
        "<b:timeDuration>PT1H30M</b:timeDuration>",
        "<b:timeDuration>P14D</b:timeDuration>",
        "<b:timeDuration>=duration(&quot;P1D&quot;)</b:timeDuration>",
        "<b:timeDate>2026-12-31T00:00:00+07:00</b:timeDate>",
        "<b:timeDate>2026-12-31T00:00:00Z</b:timeDate>",
        "<b:timeDate>2026-12-31T00:00:00[Asia/Jakarta]</b:timeDate>",
    ],
)
def test_a_time_that_can_be_read_is_accepted(given):
    assert codes(drawing(timer(given))) == set()


@pytest.mark.parametrize("cycle", ["R3/PT1H", "R/P1D", "0 7 * * 1-5", "0 0 7 * * 1-5", "=c"])
def test_a_timer_start_takes_cycles_and_cron(cycle):
    start = (
        '<b:startEvent id="start"><b:timerEventDefinition><b:timeCycle>'
        f"{cycle}</b:timeCycle></b:timerEventDefinition></b:startEvent>"
    )
    assert codes(drawing(path().replace('<b:startEvent id="start"/>', start))) == set()


def test_functions_of_the_host_with_spaces_in_their_names_compile():
    user = '<b:userTask id="t">' + ext(
        '<z:assignmentDefinition assignee="=squad lead(squad_id)"'
        ' candidateUsers="=get or else(a, b)"/>'
    )
    assert codes(drawing(path(("t", user + "</b:userTask>")))) == set()


@pytest.mark.parametrize(
    ("code", "node"),
    [
        (
            "process-unknown",
            '<b:callActivity id="t">'
            + ext('<z:calledElement processId="nowhere"/>')
            + "</b:callActivity>",
        ),
        (
            "decision-unknown",
            '<b:businessRuleTask id="t">'
            + ext('<z:calledDecision decisionId="nowhere" resultVariable="r"/>')
            + "</b:businessRuleTask>",
        ),
        (
            "form-unknown",
            '<b:userTask id="t">' + ext('<z:formDefinition formId="nowhere"/>') + "</b:userTask>",
        ),
        ("nobody-assigned", '<b:userTask id="t"/>'),
    ],
)
def test_what_may_still_come_is_a_warning(code, node):
    data = drawing(path(("t", node)))
    assert check(data)[0] is not None
    assert code in codes(data, "warning")


def test_an_unknown_task_type_is_work_for_an_external_worker():
    assert check(drawing(service('<z:taskDefinition type="send-mail"/>')))[1] == ()


def test_settings_of_another_engine_are_named_once():
    task = '<b:task id="t" xmlns:c="http://camunda.org/schema/1.0/bpmn" c:asyncBefore="true"/>'
    found, findings = check(drawing(path(("t", task))))
    assert found is not None
    assert [f.code for f in findings] == ["foreign-setting"]


def test_the_same_message_cannot_wake_two_neighbours():
    gate = (
        '<b:startEvent id="s"/><b:eventBasedGateway id="g"/><b:endEvent id="e"/>'
        '<b:sequenceFlow sourceRef="s" targetRef="g"/>'
    )
    for key in ("a", "b"):
        gate += (
            f'<b:intermediateCatchEvent id="{key}"><b:messageEventDefinition messageRef="m"/>'
            f'</b:intermediateCatchEvent><b:sequenceFlow sourceRef="g" targetRef="{key}"/>'
            f'<b:sequenceFlow sourceRef="{key}" targetRef="e"/>'
        )
    assert codes(drawing(gate, roots=KEYED)) == {"same-event-twice"}


def test_a_message_flow_joins_two_pools():
    roots = (
        '<b:collaboration id="c"><b:participant id="one" processRef="p"/>'
        '<b:messageFlow id="mf" sourceRef="one" targetRef="start"/></b:collaboration>'
    )
    assert "message-flow-in-pool" in codes(drawing(path(), roots=roots))
