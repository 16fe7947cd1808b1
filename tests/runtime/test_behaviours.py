"""Numbers of instances, and what a multi-instance tells while they complete."""

from __future__ import annotations

import pytest

from engine.runtime.limits import MAX_CARDINALITY
from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import (
    SE,
    boundary,
    catch,
    chain,
    drawing,
    escalation,
    multi,
    refer,
    script,
    signal,
    start,
    sub,
    user,
)
from tests.runtime.play import Stage


def _refused(body, **more):
    with pytest.raises(DrawingRefused) as refused:
        Stage().deploy(drawing(body, **more))
    return {f.code for f in refused.value.findings if f.severity == "error"}


# ---- numbers of instances


def instances(count, *, sequential=True, behaviour="", inner=""):
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" {behaviour}>'
        f"<loopCardinality>{count}</loopCardinality>{inner}</multiInstanceLoopCharacteristics>"
    )


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize(("count", "n"), [("3", 3), ("=x + 1", 3), ("0", 0)])
def test_a_number_makes_so_many_instances(stage, sequential, count, n):
    body = SE + user("u", body=instances(count, sequential=sequential)) + chain("Start", "u", "End")
    key = stage.played(drawing(body), x=2)
    for _ in range(n):
        assert len(stage.names(key)) in {1, 2, 3}
        stage.complete("u")
    assert stage.done(key)


@pytest.mark.parametrize("count", ["=-1", "=1.5", '="many"', "=null", f"={MAX_CARDINALITY + 1}"])
def test_a_number_that_is_none_is_an_incident(stage, count):
    body = SE + user("u", body=instances(count)) + chain("Start", "u", "End")
    key = stage.played(drawing(body))
    assert [i.element_id for i in stage.incidents(key)] == ["u"]


def test_a_collection_of_bpmn_alone_is_read_and_written(stage):
    data = (
        '<ioSpecification><dataInput id="di"/><dataOutput id="do"/>'
        "<inputSet><dataInputRefs>di</dataInputRefs></inputSet>"
        "<outputSet><dataOutputRefs>do</dataOutputRefs></outputSet></ioSpecification>"
        "<dataInputAssociation><sourceRef>names</sourceRef><targetRef>di</targetRef>"
        "</dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>do</sourceRef><targetRef>found</targetRef>"
        "</dataOutputAssociation>"
        "<multiInstanceLoopCharacteristics><loopDataInputRef>di</loopDataInputRef>"
        '<loopDataOutputRef>do</loopDataOutputRef><inputDataItem id="name"/>'
        '<outputDataItem id="length"/></multiInstanceLoopCharacteristics>'
    )
    body = SE + '<dataObject id="names"/><dataObject id="found"/>'
    body += script("s", "length", "string length(name)", data) + chain("Start", "s", "End")
    key = stage.played(drawing(body), names=["a", "bcd"])
    assert stage.variables(key) == {"names": ["a", "bcd"], "found": [1, 3]}


# ---- what a multi-instance tells

_ROOTS = signal("G", "told") + '<signalEventDefinition id="D" signalRef="G"/>'


def _telling(behaviour, inner="", sequential="true"):
    marker = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}" {behaviour}>'
        f"<loopCardinality>3</loopCardinality>{inner}</multiInstanceLoopCharacteristics>"
    )
    body = SE + user("u", body=marker) + boundary("b", "u", refer("signal", "G"))
    body += script("n", "n", "n + 1") + chain("Start", "u", "End") + chain("b", "n", "End")
    return drawing(body, extra=_ROOTS)


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        ('behavior="All"', [0, 0, 0]),
        ('behavior="None" noneBehaviorEventRef="D"', [1, 2, 3]),
        ('behavior="One" oneBehaviorEventRef="D"', [1, 1, 1]),
    ],
)
@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_behaviour_tells_its_edge_as_often_as_it_says_and_goes_on(
    stage, behaviour, told, sequential
):
    key = stage.played(_telling(behaviour, sequential=sequential), n=0)
    for count in told:
        stage.complete("u")
        stage.deliver_jobs()
        assert stage.variables(key)["n"] == count
    assert stage.done(key)


def _complex(condition):
    return (
        f"<complexBehaviorDefinition><condition>{condition}</condition>"
        '<event><signalEventDefinition signalRef="G"/></event></complexBehaviorDefinition>'
    )


def test_a_complex_behaviour_tells_when_its_condition_holds(stage):
    inner = _complex("=numberOfCompletedInstances = 2")
    key = stage.played(_telling('behavior="Complex"', inner), n=0)
    for count in (0, 1, 1):
        stage.complete("u")
        assert stage.variables(key)["n"] == count
    assert stage.done(key)


def test_a_complex_behaviour_and_a_completion_condition_go_together(stage):
    inner = _complex("=true") + "<completionCondition>=true</completionCondition>"
    key = stage.played(_telling('behavior="Complex"', inner), n=0)
    stage.complete("u")
    assert stage.done(key)
    assert stage.variables(key) == {"n": 1}


def test_a_condition_of_a_behaviour_that_is_null_is_an_incident_of_the_instance(stage):
    key = stage.played(_telling('behavior="Complex"', _complex("=nothing")), n=0)
    stage.complete("u")
    assert [i.kind for i in stage.incidents(key)] == ["condition"]
    stage.set(key, nothing=False)
    stage.retry(key)
    assert stage.incidents(key) == []
    stage.complete("u")
    assert stage.incidents(key) == []


def test_what_nobody_on_the_edge_catches_is_a_signal_to_all(stage):
    marker = (
        '<multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="D">'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    other = start("S2") + catch("c", refer("signal", "G")) + user("heard")
    body = SE + user("u", body=marker) + chain("Start", "u", "End")
    more = f"<process id='Q' isExecutable='true'>{other}{chain('S2', 'c', 'heard')}</process>"
    stage.deploy(drawing(body, extra=_ROOTS, more=more))
    stage.start("Q")
    stage.start("P")
    stage.complete("u")
    stage.deliver_jobs()
    assert sorted(stage.names()) == ["heard", "u"]


def test_an_escalation_of_a_behaviour_is_told_on_the_edge_or_beyond(stage):
    roots = escalation("E", "few") + '<escalationEventDefinition id="D" escalationRef="E"/>'
    marker = multi("=[1, 2]").replace(
        "isSequential", 'behavior="None" noneBehaviorEventRef="D" isSequential'
    )
    inner = start("is") + user("u", body=marker) + chain("is", "u")
    body = (
        SE + sub("box", inner) + boundary("b", "box", refer("escalation", "E"), interrupting=False)
    )
    body += script("n", "n", "n + 1") + chain("Start", "box", "End") + chain("b", "n", "End")
    key = stage.played(drawing(body, extra=roots), n=0)
    stage.complete("u")
    stage.complete("u")
    assert stage.done(key)
    assert stage.variables(key)["n"] == 2


def test_an_escalation_of_a_behaviour_is_caught_on_its_own_edge(stage):
    roots = escalation("E", "few") + '<escalationEventDefinition id="D" escalationRef="E"/>'
    marker = instances(2, behaviour='behavior="None" noneBehaviorEventRef="D"')
    body = SE + user("u", body=marker) + boundary("b", "u", refer("escalation", "E"))
    body += script("n", "n", "n + 1") + chain("Start", "u", "End") + chain("b", "n", "End")
    key = stage.played(drawing(body, extra=roots), n=0)
    stage.complete("u")
    stage.complete("u")
    assert stage.done(key)
    assert stage.variables(key)["n"] == 2


@pytest.mark.parametrize(
    ("code", "marker"),
    [
        ("behaviour", instances(2, behaviour='behavior="Some"')),
        ("behaviour-event", instances(2, behaviour='behavior="Complex"')),
        ("behaviour-event", instances(2, behaviour='behavior="One" oneBehaviorEventRef="M"')),
        ("multi-instance-without-collection", "<multiInstanceLoopCharacteristics/>"),
        ("loop-cardinality", instances("-1")),
        ("loop-cardinality", instances("some")),
        (
            "behaviour-condition",
            instances(
                2,
                behaviour='behavior="Complex"',
                inner='<complexBehaviorDefinition><event><signalEventDefinition signalRef="G"/>'
                "</event></complexBehaviorDefinition>",
            ),
        ),
    ],
)
def test_a_multi_instance_that_cannot_run_is_refused(code, marker):
    roots = _ROOTS + '<messageEventDefinition id="M"/>'
    assert code in _refused(SE + user("u", body=marker) + chain("Start", "u", "End"), extra=roots)
