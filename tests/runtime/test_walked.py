"""History says which sequence flows were taken, also where activities repeat."""

from __future__ import annotations

import pytest

from engine.runtime.walked import nodes_of, walked_by
from tests.runtime.drawn import (
    SE,
    boundary,
    drawing,
    end,
    flow,
    gateway,
    message,
    multi,
    refer,
    throw,
    user,
)
from tests.runtime.play import Stage

_LOOP = '<standardLoopCharacteristics loopMaximum="3"/>'
_KEPT = message("M", "m", '="k"')


def walked(stage):
    """Ids of the flows that history tells of, as often as they were taken."""
    (definition,) = stage.tables.definitions.values()
    nodes = nodes_of(definition.xml, "P")
    rows = stage.tables.told
    return sorted(
        flow for row in rows for flow in walked_by(nodes, row.element_id, row.event, row.detail)
    )


def _repeated(marker):
    body = SE + user("u", body=marker) + boundary("b", "u", refer("message", "M")) + end("Late")
    body += flow("Start", "u", id_="in") + flow("u", "End", id_="out")
    return drawing(body + flow("b", "Late", id_="late"), extra=_KEPT)


@pytest.mark.parametrize(
    "marker", [_LOOP, multi("=[1, 2, 3]"), multi("=[1, 2, 3]", sequential=True)]
)
def test_the_flow_behind_an_activity_that_repeats_is_taken_once(marker):
    stage = Stage()
    key = stage.played(_repeated(marker))
    for _ in range(3):
        stage.complete("u")
    assert stage.done(key)
    assert walked(stage) == ["in", "out"]


@pytest.mark.parametrize("marker", [_LOOP, multi("=[1, 2, 3]")])
def test_an_activity_interrupted_after_its_first_time_leaves_by_its_edge_alone(marker):
    stage = Stage()
    key = stage.played(_repeated(marker))
    stage.complete("u")
    stage.publish("m", "k")
    assert stage.done(key)
    assert walked(stage) == ["in", "late"]


def test_an_implicit_split_tells_the_flows_it_chose():
    body = SE + user("u") + end("Never") + end("Too") + flow("Start", "u", id_="in")
    body += flow("u", "End", id_="always") + flow("u", "Never", "=false", id_="no")
    stage = Stage()
    stage.played(drawing(body + flow("u", "Too", "=true", id_="yes")))
    stage.complete("u")
    assert walked(stage) == ["always", "in", "yes"]


def test_a_compensation_that_nobody_waits_for_took_its_flows_all_the_same():
    body = SE + end("Too") + user("a")
    body += '<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
    body += user("h").replace('id="h"', 'id="h" isForCompensation="true"')
    body += '<association id="as" associationDirection="One" sourceRef="cb" targetRef="h"/>'
    body += throw("ct", '<compensateEventDefinition waitForCompletion="false"/>')
    body += flow("Start", "a", id_="one") + flow("a", "ct", id_="two")
    stage = Stage()
    key = stage.played(
        drawing(body + flow("ct", "End", id_="three") + flow("ct", "Too", id_="four"))
    )
    stage.complete("a")
    stage.complete("h")
    assert stage.done(key)
    assert walked(stage) == ["four", "one", "three", "two"]


def test_an_event_sub_process_walks_its_own_flows_as_often_as_it_runs():
    inner = '<startEvent id="s" isInterrupting="false">' + refer("message", "M") + "</startEvent>"
    inner += gateway("g", "parallel") + end("e1") + end("e2") + flow("s", "g", id_="a")
    inner += flow("g", "e1", id_="b") + flow("g", "e2", id_="c")
    body = SE + user("u") + flow("Start", "u", id_="in") + flow("u", "End", id_="out")
    body += f'<subProcess id="X" triggeredByEvent="true">{inner}</subProcess>'
    stage = Stage()
    key = stage.played(drawing(body, extra=_KEPT))
    stage.publish("m", "k")
    stage.publish("m", "k")
    stage.complete("u")
    assert stage.done(key)
    assert walked(stage) == ["a", "a", "b", "b", "c", "c", "in", "out"]
