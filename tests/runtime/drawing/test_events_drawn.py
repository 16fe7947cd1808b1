"""Findings about event sub-processes, compensation, transactions, links and multiple events."""

import pytest

from tests.runtime.drawing.small_drawings import codes, drawing, path

TIMER = "<b:timerEventDefinition><b:timeDuration>PT1H</b:timeDuration></b:timerEventDefinition>"
SIGNAL = '<b:signalEventDefinition signalRef="S"/>'
COMPENSATE = "<b:compensateEventDefinition/>"
CANCEL = "<b:cancelEventDefinition/>"
ROOTS = (
    '<bpmn:signal id="S" name="s"/><bpmn:signal id="S2" name="s2"/><bpmn:message id="M" name="m"/>'
    '<bpmn:error id="X" name="x" errorCode="x"/>'
)


def beside(definition, *, id_="ev", more="", interrupting="true", attributes=""):
    """An event sub-process with one start."""
    start = f'<b:startEvent id="{id_}s" isInterrupting="{interrupting}">{definition}</b:startEvent>'
    return (
        f'<b:subProcess id="{id_}" triggeredByEvent="true" {attributes}>{start}'
        f'<b:endEvent id="{id_}e"/><b:sequenceFlow id="{id_}f" sourceRef="{id_}s" '
        f'targetRef="{id_}e"/>{more}</b:subProcess>'
    )


def condition(text):
    return (
        f"<b:conditionalEventDefinition><b:condition>{text}</b:condition>"
        "</b:conditionalEventDefinition>"
    )


def undone(host="t", handler="h", attributes='isForCompensation="true"', event="cb"):
    return (
        f'<b:boundaryEvent id="{event}" attachedToRef="{host}">{COMPENSATE}</b:boundaryEvent>'
        f'<b:task id="{handler}" {attributes}/>'
        f'<b:association id="{event}a" sourceRef="{event}" targetRef="{handler}"/>'
    )


TASK = ("t", '<b:task id="t"/>')
THROW = ("c", f'<b:intermediateThrowEvent id="c">{COMPENSATE}</b:intermediateThrowEvent>')


def inner(body):
    return (
        '<b:startEvent id="is"/><b:endEvent id="ie"/>'
        f'<b:sequenceFlow id="if" sourceRef="is" targetRef="ie"/>{body}'
    )


def throws(attributes):
    given = f"<b:compensateEventDefinition {attributes}/>"
    return ("c", f'<b:intermediateThrowEvent id="c">{given}</b:intermediateThrowEvent>')


def link(kind, id_, name):
    tag = f"intermediate{kind}Event"
    return f'<b:{tag} id="{id_}"><b:linkEventDefinition name="{name}"/></b:{tag}>'


def several(parts, parallel="false", tag="intermediateCatchEvent"):
    return ("t", f'<b:{tag} id="t" parallelMultiple="{parallel}">{parts}</b:{tag}>')


def transaction(body, boundary=CANCEL):
    made = f'<b:transaction id="t">{inner(body)}</b:transaction>'
    if boundary:
        made += f'<b:boundaryEvent id="tb" attachedToRef="t">{boundary}</b:boundaryEvent>'
        made += '<b:sequenceFlow id="tbf" sourceRef="tb" targetRef="end"/>'
    return ("t", made)


STOP = (
    f'<b:endEvent id="stop">{CANCEL}</b:endEvent>'
    '<b:sequenceFlow id="sf" sourceRef="is" targetRef="stop"/>'
)


def box(body):
    return ("t", f'<b:subProcess id="t">{inner(body)}</b:subProcess>')


GOOD = [
    path() + beside(TIMER),
    path() + beside(SIGNAL, interrupting="false"),
    path() + beside(condition("=x &gt; 1")),
    path() + beside('<b:errorEventDefinition errorRef="X"/>'),
    path() + beside(SIGNAL + TIMER),
    path(("t", f'<b:subProcess id="t">{inner(beside(COMPENSATE))}</b:subProcess>'), THROW),
    path(TASK, THROW) + undone(),
    path(TASK, throws('activityRef="t"')) + undone(),
    path(transaction(STOP)),
    path(("t", link("Throw", "t", "a") + link("Catch", "u", "a"))).replace(
        '<b:sequenceFlow id="f1" sourceRef="t"', '<b:sequenceFlow id="f1" sourceRef="u"'
    ),
    path(several(SIGNAL + TIMER)),
    path(several(SIGNAL + condition("=x"), "true")),
    path(
        several(SIGNAL + '<b:signalEventDefinition signalRef="S2"/>', tag="intermediateThrowEvent")
    ),
    path() + '<b:startEvent id="s2"/><b:sequenceFlow id="x" sourceRef="s2" targetRef="end"/>',
    path() + '<b:receiveTask id="r" messageRef="M" instantiate="true"/>'
    '<b:sequenceFlow id="x" sourceRef="r" targetRef="end"/>',
]

CYCLE = TIMER.replace("timeDuration", "timeCycle").replace("PT1H", "R3/PT1H")
LEAD = '<b:sequenceFlow id="x" sourceRef="{}" targetRef="end"/>'
AGAIN = f'<b:boundaryEvent id="tc" attachedToRef="t">{CANCEL}</b:boundaryEvent>'
LINKS = link("Catch", "u", "a") + link("Catch", "v", "a")
ERROR = '<b:errorEventDefinition errorRef="X"/>'
MESSAGE = '<b:messageEventDefinition messageRef="M"/>'
MANY = "<b:multiInstanceLoopCharacteristics/>"
NOWHERE = "<b:eventDefinitionRef>nowhere</b:eventDefinitionRef>"


def starting(definition):
    return path().replace('id="start"/>', f'id="start">{definition}</b:startEvent>')


def ending(definition):
    return path().replace('id="end"/>', f'id="end">{definition}</b:endEvent>')


BAD = [
    ("refused-event", starting(condition("=x"))),
    ("multiple-mixed", starting(SIGNAL + condition("=x"))),
    ("event-without-definition", path() + beside("")),
    ("event-sub-process-start", path() + beside(TIMER, more='<b:startEvent id="s9"/>')),
    ("flow-at-event-sub-process", path(("ev", beside(TIMER)))),
    ("event-not-bpmn", path() + beside(ERROR, interrupting="false")),
    ("event-sub-process-repeated", path() + beside(TIMER, more=MANY)),
    ("same-event-twice", path() + beside(SIGNAL) + beside(SIGNAL, id_="other")),
    ("event-condition-missing", path() + beside("<b:conditionalEventDefinition/>")),
    ("not-feel", path() + beside(condition("x &gt; 1"))),
    ("feel-syntax", path() + beside(condition("=x &gt;"))),
    ("timer-kind", path() + beside(CYCLE)),
    ("correlation-key-missing", path() + beside(MESSAGE)),
    ("compensation-place", path() + beside(COMPENSATE)),
    ("same-event-twice", path(box(beside(COMPENSATE) + beside(COMPENSATE, id_="o")), THROW)),
    ("compensation-unassociated", path(TASK) + undone(attributes="")),
    ("compensation-unassociated", path(TASK) + '<b:task id="h" isForCompensation="true"/>'),
    ("compensation-flow", path(TASK) + undone() + LEAD.format("cb")),
    ("compensation-flow", path(TASK) + undone() + LEAD.format("h")),
    ("same-event-twice", path(TASK) + undone() + undone(handler="h2", event="cb2")),
    ("compensation-activity", path(TASK, throws('activityRef="end"')) + undone()),
    ("compensation-activity", path(box('<b:task id="in"/>'), throws('activityRef="in"'))),
    ("cancel-uncaught", path(transaction(STOP, ""))),
    ("same-event-twice", path(transaction(STOP)) + AGAIN + LEAD.format("tc")),
    ("event-not-bpmn", ending(CANCEL)),
    ("link-without-partner", path(("t", link("Throw", "t", "a")))),
    ("link-ambiguous", path(("t", link("Throw", "t", "a"))) + LINKS),
    ("multiple-mixed", path(several(SIGNAL + "<b:linkEventDefinition name='a'/>"))),
    ("multiple-mixed", path(several(SIGNAL + COMPENSATE, tag="intermediateThrowEvent"))),
    ("reference-wrong", path(several(NOWHERE))),
]


@pytest.mark.parametrize("body", GOOD, ids=range(len(GOOD)))
def test_what_runs_is_accepted(body):
    assert codes(drawing(body, roots=ROOTS)) == set()


@pytest.mark.parametrize(("code", "body"), BAD, ids=[f"{i}-{c}" for i, (c, _) in enumerate(BAD)])
def test_what_cannot_run_is_named_by_its_code(code, body):
    assert code in codes(drawing(body, roots=ROOTS))
