"""What breaks a rule of BPMN names it; what only does not run here names none."""

import pytest
from small_drawings import check, drawing, ext, path

from engine.runtime.drawing.constraints import RULES, rule_of

FORMAL = 'xsi:type="bpmn:tFormalExpression"'
ITEMS = (
    '<bpmn:itemDefinition id="text" structureRef="xs:string"/>'
    '<bpmn:itemDefinition id="also" structureRef="xs:string"/>'
    '<bpmn:itemDefinition id="number" structureRef="xs:int"/>'
    '<bpmn:message id="in" name="in" itemRef="text"/>'
    '<bpmn:message id="out" name="out" itemRef="number"/>'
    '<bpmn:interface id="i" name="i"><bpmn:operation id="op" name="op">'
    "<bpmn:inMessageRef>in</bpmn:inMessageRef><bpmn:outMessageRef>out</bpmn:outMessageRef>"
    "</bpmn:operation></bpmn:interface>"
)


def data(ins=(), outs=()):
    """An ioSpecification with one set for each side; items by their definitions."""
    text = "".join(f'<b:dataInput id="i{n}" itemSubjectRef="{d}"/>' for n, d in enumerate(ins))
    text += "".join(f'<b:dataOutput id="o{n}" itemSubjectRef="{d}"/>' for n, d in enumerate(outs))
    refs = "".join(f"<b:dataInputRefs>i{n}</b:dataInputRefs>" for n in range(len(ins)))
    text += f"<b:inputSet>{refs}</b:inputSet>"
    refs = "".join(f"<b:dataOutputRefs>o{n}</b:dataOutputRefs>" for n in range(len(outs)))
    return f"<b:ioSpecification>{text}<b:outputSet>{refs}</b:outputSet></b:ioSpecification>"


def service(inner, more=""):
    return path(("t", f'<b:serviceTask id="t" operationRef="op">{more}{inner}</b:serviceTask>'))


def send(inner):
    return path(("t", f'<b:sendTask id="t" messageRef="in">{inner}</b:sendTask>'))


def catch(inner):
    return path(("c", f'<b:intermediateCatchEvent id="c">{inner}</b:intermediateCatchEvent>'))


def copy(source, target, inner=""):
    objects = (
        f'<b:dataObject id="O" itemSubjectRef="{source}"/>'
        '<b:dataObjectReference id="R" dataObjectRef="O"/>'
    )
    moved = (
        f"<b:dataInputAssociation><b:sourceRef>R</b:sourceRef><b:targetRef>i0</b:targetRef>{inner}"
        "</b:dataInputAssociation>"
    )
    return objects + path(("t", f'<b:task id="t">{data([target])}{moved}</b:task>'))


def loop(condition):
    marker = "multiInstanceLoopCharacteristics"
    ends = f"<b:completionCondition {FORMAL}>{condition}</b:completionCondition>"
    inner = f"<b:loopCardinality>3</b:loopCardinality>{ends}"
    return path(("t", f'<b:task id="t"><b:{marker}>{inner}</b:{marker}></b:task>'))


def linked(back):
    throw = '<b:linkEventDefinition id="L1" name="a"><b:target>L2</b:target>'
    caught = f'<b:linkEventDefinition id="L2" name="b"><b:source>{back}</b:source>'
    return (
        '<b:startEvent id="start"/><b:endEvent id="end"/>'
        f'<b:intermediateThrowEvent id="x">{throw}</b:linkEventDefinition>'
        "</b:intermediateThrowEvent>"
        f'<b:intermediateCatchEvent id="y">{caught}</b:linkEventDefinition>'
        "</b:intermediateCatchEvent>"
        '<b:sequenceFlow id="f0" sourceRef="start" targetRef="x"/>'
        '<b:sequenceFlow id="f1" sourceRef="y" targetRef="end"/>'
    )


def called(own, process_data, start=""):
    call = f'<b:callActivity id="t" calledElement="q">{own}</b:callActivity>'
    for side in ("i", "o"):
        process_data = process_data.replace(f'"{side}0"', f'"q{side}0"')
        process_data = process_data.replace(f">{side}0<", f">q{side}0<")
    inside = process_data + f'<b:startEvent id="qs">{start}</b:startEvent><b:endEvent id="qe"/>'
    inside += '<b:sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/>'
    more = f'<bpmn:process id="q" isExecutable="true">{inside}</bpmn:process>'
    return drawing(path(("t", call)), roots=ITEMS).replace(
        b"</bpmn:definitions>",
        more.replace("<b:", "<bpmn:").replace("</b:", "</bpmn:").encode() + b"</bpmn:definitions>",
    )


def items(body):
    return drawing(body, roots=ITEMS)


def event(definition, item):
    data_out = (
        f'<b:dataOutput id="eo" itemSubjectRef="{item}"/>'
        "<b:outputSet><b:dataOutputRefs>eo</b:dataOutputRefs></b:outputSet>"
    )
    return catch(data_out + definition)


CAUGHT = '<b:messageEventDefinition messageRef="in"/>'
WRONG = [
    ("operation-data", items(service(""))),
    ("operation-data", items(service(data(["number"], ["number"])))),
    ("operation-data", items(service(data(["text"])))),
    ("message-data", items(send(data(["number"])))),
    ("message-data", items(send(data(["text", "text"])))),
    ("data-association-items", items(copy("text", "number"))),
    ("event-data", items(event(CAUGHT, "number"))),
    ("called-data", called(data(["number"]), data(["text"]))),
    ("called-data", called("", data(["text"]))),
    ("called-start", called("", "", '<b:messageEventDefinition messageRef="in"/>')),
    ("expression-not-boolean", drawing(loop("23"))),
    ("expression-not-boolean", drawing(loop("=&quot;yes&quot;"))),
    (
        "expression-informal",
        drawing(
            path(
                (
                    "t",
                    (
                        '<b:task id="t"><b:standardLoopCharacteristics><b:loopCondition>as long as '
                        "needed</b:loopCondition></b:standardLoopCharacteristics></b:task>"
                    ),
                )
            )
        ),
    ),
    (
        "script-format-missing",
        drawing(path(("t", '<b:scriptTask id="t"><b:script>x</b:script></b:scriptTask>'))),
    ),
    ("link-partner-other", drawing(linked("L9"))),
    (
        "resource-role-mixed",
        drawing(
            path(
                (
                    "t",
                    (
                        '<b:task id="t"><b:performer id="pf"><b:resourceRef>r</b:resourceRef>'
                        "<b:resourceAssignmentExpression/></b:performer></b:task>"
                    ),
                )
            )
        ),
    ),
    (
        "global-conversation",
        drawing(
            path(),
            roots='<bpmn:globalConversation id="g"><bpmn:conversation id="c"/>'
            "</bpmn:globalConversation>",
        ),
    ),
    ("event-unconnected", drawing('<b:task id="a"/><b:intermediateThrowEvent id="x"/>')),
    ("start-missing", drawing('<b:endEvent id="e"/>')),
    ("unreachable", drawing(path() + '<b:task id="lonely"/>')),
    ("message-missing", drawing(catch("<b:messageEventDefinition/>"))),
]


@pytest.mark.parametrize(("code", "data"), WRONG)
def test_a_broken_rule_is_named_by_section_and_number(code, data):
    (finding, *_) = [f for f in check(data)[1] if f.code == code]
    assert finding.severity == "error"
    assert finding.rule.startswith("BPMN 2.0.2 §")
    assert finding.line
    assert finding.element_id


RIGHT = [
    items(service(data(["also"], ["number"]))),
    items(send(data(["also"]))),
    items(copy("text", "also")),
    items(copy("text", "number", "<b:transformation>=1</b:transformation>")),
    called(data(["also"]), data(["text"])),
    drawing(loop("=numberOfCompletedInstances &gt; 1")),
    drawing(linked("L1")),
    drawing(path(("t", '<b:serviceTask id="t"/>'))),
    drawing(path(("t", '<b:callActivity id="t" calledElement="x"/>'))),
    drawing('<b:task id="a"/>'),
    drawing(catch("<b:signalEventDefinition/>")),
]


@pytest.mark.parametrize("data", RIGHT)
def test_valid_bpmn_names_no_rule_whether_it_runs_here_or_not(data):
    assert [f for f in check(data)[1] if f.severity == "error" and f.rule] == []


def test_a_setting_of_this_dialect_stands_for_the_operation_of_another_engine():
    kept = service("", ext('<z:taskDefinition type="send"/>'))
    assert [f for f in check(items(kept))[1] if f.severity == "error"] == []


def test_a_process_that_starts_and_never_ends_is_worth_a_look_and_runs():
    found, findings = check(drawing('<b:startEvent id="s"/>'))
    assert found is not None
    assert [(f.severity, f.code) for f in findings] == [("warning", "end-missing")]


def test_each_rule_says_where_it_stands():
    for code, (section, _) in RULES.items():
        assert section[0].isdigit()
        assert rule_of(code).startswith(f"BPMN 2.0.2 §{section}")
    assert rule_of("task-without-type") == ""
