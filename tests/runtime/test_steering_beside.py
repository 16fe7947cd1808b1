"""Steering where events run beside the flow and where activities repeat."""

from __future__ import annotations

import pytest

from engine.usecases.errors import InputRefused
from engine.usecases.ports.steering import Shift, Where
from tests.runtime import drawn as d
from tests.runtime.play import ANI
from tests.runtime.test_steering import shift

_KEPT = d.message("M", "m", '="k"')
_LOOP = '<standardLoopCharacteristics loopMaximum="3"/>'


def _beside(trigger):
    inner = f'<startEvent id="s" isInterrupting="false">{trigger}</startEvent>'
    inner += d.user("X") + d.end("e") + d.chain("s", "X", "e")
    body = d.SE + d.user("A") + d.chain("Start", "A", "End")
    return d.drawing(
        body + f'<subProcess id="B" triggeredByEvent="true">{inner}</subProcess>', extra=_KEPT
    )


def _restarted(stage, xml):
    key = stage.played(xml)
    stage.cancel(key)
    return stage.do(lambda uow: stage.runner.restart(uow, key, (Shift(begins="A"),), ANI))


def test_an_instance_begun_anew_hears_messages_beside_its_flow(stage):
    key = _restarted(stage, _beside(d.refer("message", "M")))
    assert stage.publish("m", "k")
    assert sorted(stage.names(key)) == ["A", "X"]
    stage.complete("A")
    stage.complete("X")
    assert stage.done(key)


def test_an_instance_begun_anew_sets_the_timers_beside_its_flow(stage):
    key = _restarted(stage, _beside(d.timer("Duration", "PT1H")))
    stage.pass_time(hours=2)
    assert sorted(stage.names(key)) == ["A", "X"]


_TURNS = d.drawing(d.SE + d.user("A", body=_LOOP) + d.user("B") + d.chain("Start", "A", "B", "End"))


@pytest.mark.parametrize(
    "one",
    [Shift(ends_element="A", begins="B"), Shift(ends_element="A", begins="A", where=Where.AFTER)],
)
def test_a_token_that_leaves_a_loop_for_another_element_is_one(stage, one):
    key = stage.played(_TURNS)
    stage.complete("A")
    shift(stage, key, one)
    assert stage.names(key) == ["B"]
    stage.complete("B")
    assert stage.done(key)


def test_a_turn_without_its_loop_cannot_begin(memory_stage):
    key = memory_stage.played(_TURNS)
    with pytest.raises(InputRefused, match="no element"):
        shift(memory_stage, key, ends_element="A", begins="A#loop")


def _box(marker):
    inner = d.start("s") + d.user("T1") + d.user("T2") + d.end("e") + d.chain("s", "T1", "T2", "e")
    body = d.SE + d.user("A") + f'<subProcess id="S">{marker}{inner}</subProcess>'
    return d.drawing(body + d.chain("Start", "A", "S", "End"))


def test_a_token_moves_inside_the_turn_that_is_under_way(stage):
    key = stage.played(_box(_LOOP))
    stage.complete("A")
    shift(stage, key, ends_element="T1", begins="T2")
    stage.complete("T2")
    assert stage.names(key) == ["T1"]
    for name in ("T1", "T2", "T1", "T2"):
        stage.complete(name)
    assert stage.done(key)


def test_a_loop_that_is_not_under_way_is_not_opened_from_inside(memory_stage):
    key = memory_stage.played(_box(_LOOP))
    with pytest.raises(InputRefused, match="not under way"):
        shift(memory_stage, key, ends_element="A", begins="T2")
