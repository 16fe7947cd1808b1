"""A change before and after: shapes, assumptions from history, values of scenarios, days moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.simulation.assuming import History, StepAssumption, history_of, plan_of, usual
from engine.simulation.casting import cast_of
from engine.simulation.chance import Observed
from engine.simulation.hours import WorkingHours
from engine.simulation.shape import shape_of
from engine.simulation.shifting import shifted
from engine.usecases.mining import Learned
from engine.usecases.ports.mining import ElementTimes
from engine.usecases.ports.process import Resource

WORKFLOWS = Path(__file__).parents[2] / "workflows"
BEGINS = date(2026, 12, 1)
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shape():
    return shape_of((WORKFLOWS / "contribution" / "contribution.bpmn").read_bytes(), "contribution")


@pytest.fixture(scope="module")
def cast():
    path = WORKFLOWS / "contribution" / "contribution.scenarios.yaml"
    return cast_of([Resource(name=path.name, content=path.read_bytes())], "contribution")


def learned(**facts):
    times = [
        ElementTimes(
            element_id="attest",
            element_type="userTask",
            ended=10,
            waiting=0,
            quantiles_s=(3600.0, 7200.0, 86400.0),
            incidents=0,
        )
    ]
    known = {"process_id": "contribution", "started": 30, "first": AT, "times": times}
    ways = [("accepted", '["a"]', 3), ("accepted", '["b"]', 1)]
    last = AT + timedelta(days=90)
    return Learned(**{**known, "last": last, "ways": ways, "hands": {"attest": 7}, **facts})


def test_people_do_what_stands_in_their_lane_and_events_come_beside_others(shape):
    steps = {one.id: one for one in shape.steps}
    assert steps["deliver_output"].role == "Ketua tim"
    assert steps["accept_output"].role == "Pemberi tugas"
    assert (steps["disputed"].kind, steps["disputed"].beside) == ("event", "window")
    assert "seal" not in steps  # an operation of the engine takes no time
    assert "accepted" in {one.id for one in shape.forks}


def test_a_process_that_is_not_there_has_no_shape():
    assert shape_of(b"<no/>", "nobody").steps == ()


def test_history_fills_arrivals_lengths_ways_and_people(shape):
    history = history_of(learned())
    assert history.per_month == Decimal("10.0")
    assert history.ways["accepted"] == {"a": 75, "b": 25}
    assert history.median("attest") == timedelta(hours=2)
    told = usual(shape, history, BEGINS)
    assert told.people["Ketua tim"] == 7
    assert told.steps["attest"].reply_hours is None  # as history shows
    assert told.steps["cosign"].reply_hours == 0
    assert told.steps["disputed"].percent == 0  # it never came


def test_the_plan_of_a_drawing_names_only_what_it_has(shape, cast):
    history = history_of(learned())
    told = replace(
        usual(shape, history, BEGINS),
        ways={"accepted": {"gone": 100}, "nowhere": {"x": 1}},
        steps={"attest": StepAssumption(role="Ketua tim", minutes=60)},
    )
    hours = WorkingHours()
    plan = plan_of(told, shape, history, cast, process_id="contribution", hours=hours)
    assert plan.ways == {}
    assert isinstance(plan.work["attest"].after, Observed)
    assert plan.work["attest"].role == "Ketua tim"
    assert plan.work["cosign"].role is None
    assert plan.begins == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_instances_go_about_with_the_values_of_the_scenarios(cast):
    assert cast.story.startswith("Delivered, claimed early")
    assert cast.variables["output_id"] == "o1"
    assert cast.gives["accept_output"] == {"decision": "accept", "attainment": 100}
    assert "decide_dispute" in cast.gives  # told by another scenario
    assert "regu.output.open" in cast.operations


def test_without_scenarios_there_are_no_values():
    assert cast_of([], "contribution").story == ""


def test_days_and_moments_move_and_all_else_stays():
    value = {"at": "2026-03-02T08:00:00+07:00", "day": "2026-03-02", "words": "2026-03", "n": 3}
    moved = shifted([value, "2026-13-40"], timedelta(days=30))
    assert moved == [
        {"at": "2026-04-01T08:00:00+07:00", "day": "2026-04-01", "words": "2026-03", "n": 3},
        "2026-13-40",
    ]


def test_habits_pass_before_somebody_works_and_an_instance_ends_once(simulated):
    plan = """
        process: leave
        begins: 2026-06-01T00:00:00+07:00
        arrivals: {every: PT6H, for: P5D}
        roles: {boss: 1}
        variables: {who: sari}
        work:
          ask: {takes: PT5M, gives: {days: 2, why: A wedding}}
          decide: {role: boss, takes: PT10M, after: %s}
    """
    slow, quick = (simulated(plan % after, "leave") for after in ("P2D", "PT0S"))
    assert slow.ended == slow.started == quick.ended
    decided = {one.element_id: one for one in slow.elements}["decide"]
    assert decided.waited.median >= timedelta(days=2)
    assert decided.worked.median == timedelta(minutes=10)
    assert decided.lasted.median >= decided.waited.median
    assert slow.lasted.median > quick.lasted.median


def test_no_history_is_nothing_learned():
    assert (
        history_of(learned(started=0, first=None, last=None, times=[], ways=[])).per_month is None
    )
    assert History().median("attest") is None
