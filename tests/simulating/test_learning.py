"""A plan learned from history plays on, as it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.simulation.learning import learned_plan, plan_text
from engine.simulation.reading import read_plan
from engine.simulation.shape import Shape, Step
from engine.usecases.mining import Learned
from engine.usecases.ports.mining import ElementTimes, Window
from engine.usecases.ports.process import Resource
from engine.usecases.processes import StartProcess, deploy, start_process
from engine.usecases.worker_jobs import complete_job, take_jobs
from tests.usecases.conftest import MODELER, Place
from tests.usecases.test_mining import LEAVE, told
from tests.usecases.test_worker_jobs import MACHINE

__all__ = ["told"]
ROBOT = Path(__file__).parents[1] / "drawings" / "robot.bpmn"

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)


def times(name, kind, most):
    return ElementTimes(
        element_id=name,
        element_type=kind,
        ended=4,
        waiting=0,
        quantiles_s=(0.0, most),
        incidents=0,
    )


def learned_from(*found, **facts):
    return Learned(
        process_id="p",
        started=10,
        first=BEGINS,
        last=BEGINS + timedelta(days=5),
        times=found,
        ways=(),
        **facts,
    )


def plan_after(learned, shape=None):
    return read_plan(plan_text(learned, BEGINS, timedelta(days=1), shape).encode())


def test_what_history_tells_is_a_plan_whose_instances_last_as_they_did(told, simulated):
    text = learned_plan(told.house, MODELER, LEAVE, BEGINS, timedelta(days=60))
    text += "variables: {who: sari}\n"
    text = text.replace("\n  ask: {takes", "\n  ask: {gives: {days: 2}, takes")
    found = simulated(text, "leave")
    decide = next(one for one in found.elements if one.element_id == "decide")
    assert found.ended == found.started > 100
    assert timedelta(hours=4) < decide.worked.median < timedelta(hours=7)
    assert decide.worked.most <= timedelta(hours=10)


def test_ways_are_shares_of_the_visits_and_other_elements_are_left_out():
    learned = Learned(
        process_id="p",
        started=10,
        first=BEGINS,
        last=BEGINS + timedelta(days=5),
        times=[
            times(name, kind, 0.0)
            for name, kind in (("g", "exclusiveGateway"), ("a", "serviceTask"))
        ],
        ways=[("g", json.dumps(["x"]), 3), ("g", json.dumps(["y"]), 1), ("a", '["z"]', 9)],
    )
    plan = read_plan(plan_text(learned, BEGINS, timedelta(days=1)).encode())
    assert plan.ways == {"g": {"x": 0.75, "y": 0.25}}
    assert plan.work == {}


def test_a_job_that_took_six_hours_outside_takes_six_hours_in_the_plan(database):
    place = Place(database)
    deploy(place.house, MACHINE, (Resource(name=ROBOT.name, content=ROBOT.read_bytes()),))
    start_process(place.house, MACHINE, StartProcess(process_id="robot", variables={}))
    (job,) = take_jobs(place.house, MACHINE, "weigh", "w", lease_ms=60_000, limit=1)
    place.clock.at += timedelta(hours=6)
    complete_job(place.house, MACHINE, job.row.key, {})
    window = Window(process_id="robot", agency_id=None)
    text = learned_plan(place.house, MACHINE, window, BEGINS, timedelta(days=1))
    assert set(read_plan(text.encode()).work["work"].takes.quantiles) == {timedelta(hours=6)}


def test_every_kind_of_outside_job_that_took_time_is_kept_and_what_holds_others_is_not():
    jobs = ("serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent")
    others = ("subProcess", "callActivity", "parallelGateway")
    found = [times(kind, kind, 9.0) for kind in (*jobs, *others)]
    assert set(plan_after(learned_from(*found)).work) == set(jobs)


def test_an_outside_job_done_at_once_is_not_given_the_time_of_what_is_unknown():
    shape = Shape(name="p", steps=(Step(id="quick", name="Quick", kind="job"),))
    found = (times("quick", "serviceTask", 0.0), times("own", "serviceTask", 0.0))
    assert set(plan_after(learned_from(*found), shape).work) == {"quick"}


def test_roles_are_those_of_the_drawing_with_as_many_as_ever_did_one_of_their_tasks():
    steps = [("a", "Lead: the first"), ("b", "Lead: the first"), ("c", ""), ("d", "unseen")]
    shape = Shape(name="p", steps=tuple(Step(id=i, name=i, kind="task", role=r) for i, r in steps))
    found = [times(name, "userTask", 60.0) for name in "abc"]
    plan = plan_after(learned_from(*found, hands={"a": 2, "b": 3, "c": 4}), shape)
    assert plan.roles == {"Lead: the first": 3, "c": 4}


def test_a_line_of_the_plan_gives_a_task_to_its_role_when_its_mark_is_taken_away(told, simulated):
    text = learned_plan(told.house, MODELER, LEAVE, BEGINS, timedelta(days=5))
    kept = [line for line in text.splitlines() if not line.startswith("  decide:")]
    text = "\n".join(kept).replace("  # decide:", "  decide:")
    text += "\nvariables: {who: sari}\n"
    text = text.replace("\n  ask: {takes", "\n  ask: {gives: {days: 2}, takes")
    plan = read_plan(text.encode())
    assert plan.roles[plan.work["decide"].role] == 1
    assert {row.role for row in simulated(text, "leave").weeks} >= {plan.work["decide"].role}
