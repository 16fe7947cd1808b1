"""Simulation plays the real runtime, and queues behave as queueing theory says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.simulation.odds import NoSuchGateway

LEAVE = """
    process: leave
    begins: 2026-12-01T00:00:00+07:00
    arrivals: {per_day: 20, for: P10D}
    roles: {boss: 1, staff: 10}
    variables: {who: sari}
    work:
      ask: {role: staff, takes: {triangular: [PT5M, PT10M, PT30M]}, gives: {days: 2}}
      decide: {role: boss, takes: {between: [PT5M, PT20M]}}
"""
#: arrivals by chance, one server, service by chance
ONE_SERVER = """
    process: robot
    begins: 2026-06-01T00:00:00Z
    arrivals: {per_day: 500, for: P4DT12H}
    hours: {from: "00:00", to: "23:59:59.999999", zone: UTC}
    roles: {server: 1}
    work:
      work: {role: server, takes: {exponential: PT2M}}
"""


def test_the_same_seed_gives_the_same_figures_and_another_others(simulated):
    assert simulated(LEAVE, "leave") == simulated(LEAVE, "leave")
    assert simulated(LEAVE, "leave") != simulated(LEAVE, "leave", seed=2)


def test_every_instance_that_started_ended_and_walked_its_flows(simulated):
    found = simulated(LEAVE, "leave")
    assert found.started == found.ended > 100
    assert dict(found.flows) == dict.fromkeys("abc", found.started)
    assert found.incidents == found.refusals == ()


def test_work_that_was_done_is_work_that_was_spent_and_never_more_than_there_was(simulated):
    found = simulated(LEAVE, "leave")
    for role in ("boss", "staff"):
        weeks = [row for row in found.weeks if row.role == role]
        done = [one for one in found.elements if one.role == role]
        spent = sum((row.busy for row in weeks), timedelta())
        worked = sum((one.worked.mean * one.worked.count for one in done), timedelta())
        assert abs(spent - worked) < timedelta(seconds=1)
        assert all(row.busy <= row.available for row in weeks)


def test_one_server_waits_as_theory_says(simulated):
    """M/M/1 at load 0.694: mean wait in queue = load / (mu - lambda) = 4.5 min (Kleinrock)."""
    waits = [
        next(one for one in simulated(ONE_SERVER, "robot", seed=seed).elements).waited.mean
        for seed in range(1, 5)
    ]
    mean = sum(waits, timedelta()) / len(waits)
    assert timedelta(minutes=3) < mean < timedelta(minutes=6.5)


def test_more_people_wait_less(simulated):
    few = simulated(LEAVE.replace("boss: 1", "boss: 1").replace("20,", "60,"), "leave")
    many = simulated(LEAVE.replace("boss: 1", "boss: 3").replace("20,", "60,"), "leave")
    waits = [next(e for e in f.elements if e.element_id == "decide").waited for f in (few, many)]
    assert waits[1].mean < waits[0].mean / 2
    assert few.bottlenecks[0].element_id == "decide"


def test_gateways_choose_as_often_as_they_are_told(simulated):
    text = """
        process: breaks
        begins: 2026-06-01T00:00:00Z
        arrivals: {every: PT1M, for: PT20H}
        ways: {choose: {b4: 0.25}}
    """
    found = simulated(text, "waits")
    taken = dict(found.flows)
    assert taken["b4"] + taken["c4"] == found.started == 1200
    assert 250 < taken["b4"] < 350


def test_a_gateway_that_is_not_drawn_is_refused(simulated):
    text = LEAVE + "    ways: {chose: {b4: 1}}\n"
    with pytest.raises(NoSuchGateway):
        simulated(text, "leave")


def test_a_message_happens_when_the_plan_lets_it(simulated):
    text = """
        process: waits_letter
        begins: 2026-06-01T00:00:00Z
        arrivals: {every: PT1H, for: P5D}
        variables: {number: '7', who: sari}
        work: {mail: {takes: P1D, chance: 0.5}}
    """
    found = simulated(text, "waits")
    read = next(one for one in found.elements if one.element_id == "read")
    assert 0.3 < read.worked.count / found.started < 0.7
    assert found.ended == read.worked.count


def test_a_timer_rings_in_the_time_of_the_simulation(simulated):
    text = """
        process: waits_day
        begins: 2026-06-01T00:00:00Z
        arrivals: {every: PT1H, for: PT10H}
    """
    found = simulated(text, "waits")
    assert found.ended == 10
    assert found.lasted.median == found.lasted.most == timedelta(days=1)


def test_what_a_plan_gives_and_a_form_refuses_is_told(simulated):
    found = simulated(LEAVE.replace("days: 2", "days: 99"), "leave")
    assert found.ended == 0
    ((why, times),) = found.refusals
    assert "'ask': days" in why
    assert times == found.started


def test_an_instance_at_an_incident_is_counted_where_it_stands(simulated):
    text = """
        process: breaks
        begins: 2026-06-01T00:00:00Z
        arrivals: {every: PT1H, for: PT3H}
        variables: {way: {one_of: {nowhere: 1}}}
    """
    found = simulated(text, "waits")
    assert (found.failed, found.incidents) == (3, (("choose", 3),))
