"""The annual cycle: one agency's whole year, with all it starts."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal

import pytest

from engine.domain.cycles import Cycle, CycleStatus, PeriodStatus
from engine.domain.outputs import OutputStatus
from engine.domain.ratings import Predikat, RatingStatus
from engine.usecases.cycles import OpenCycle, open_cycle
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from tests.workflows.agency import MEMBERS, PEOPLE, UNITS
from tests.workflows.rehearsal import BEGINS


def at(text):
    return datetime.fromisoformat(f"{text}T09:00:00+07:00")


def opened(town):
    answer = open_cycle(town.house, town.actor("joko"), OpenCycle(cycle_id=town.ids["cycle"]))
    town.worker.drain()
    return int(answer["instanceKey"])


def running(town):
    """Live process instances by process id."""
    with town.house.reading() as uow:
        rows = uow.work_list.instances(status="active", limit=1000)
    return Counter(row["process_id"] for row in rows)


def cycle(town):
    with town.house.reading() as uow:
        return uow.performance.get(Cycle, town.ids["cycle"])


def plan_everybody(town):
    """Everybody drafts, leads explain, raters agree."""
    while found := [t for t in town.open() if t.process_id in ("planning", "clarification")]:
        for task in found:
            answer(town, task)


def answer(town, task):
    """What people say when there is nothing to argue about."""
    said = {
        "draft_plan": {"confirmed": True},
        "clarify_role": {"expectation": "Tepat waktu"},
        "clarify_expectation": {"decision": "accept"},
        "record_progress": {"results": [{**row, "actual": 100} for row in progress(town, task)]},
        "give_feedback": {"feedback": "Maju"},
        "self_evaluate": {"self_note": "Target tercapai"},
        "rate": {"behaviour_level": "sesuai", "evidence_reason": "Dilihat langsung"},
        "recommend": {"level": "sesuai", "words": "Selesai"},
        "give_input": {"words": "Baik"},
        "sign_rating": {
            "read": True,
            "code": town.begun(task).get("document_code"),
            "override_reason": "Unit kecil",
        },
        "receive_result": {"answer": "accept"},
        "plan_improvement": {"plan": "Pendampingan"},
        "confirm_follow_up": {"decision": "confirm"},
        "deliver_output": {"note": "Lengkap"},
        "accept_output": {"decision": "accept", "attainment": 96},
        "claim": {
            "contribution_type": "analysis",
            "degree": "equal",
            "evidence_link": "https://bukti.example/klaim",
        },
        "attest": {"decision": "attest", "commitment": "met"},
    }
    town.answer(task, said[task.element_id])


def progress(town, task):
    """Rows of the form of a task that documents a period."""
    return town.begun(task).get("results", []) if task.element_id == "record_progress" else []


def work_off(town, *elements):
    """Everybody does what lies there, and what comes of it, of those elements."""
    while found := [t for t in town.open() if t.element_id in elements]:
        for task in found:
            answer(town, task)


def test_the_whole_year(town):
    key = opened(town)
    people = len(PEOPLE)
    assert cycle(town).status is CycleStatus.PLANNING
    assert running(town) == {"annual_cycle": 1, "planning": people, "contribution": 1}
    plan_everybody(town)
    town.move(at("2026-02-02"))
    # everybody has a fixed plan: nobody has to be looked after
    assert town.open("review_missing") == []
    assert cycle(town).status is CycleStatus.RUNNING
    work_off(town, "deliver_output", "accept_output", "claim", "attest")
    town.move(at("2026-07-01"))
    assert running(town) == {"annual_cycle": 1, "monitoring": people}
    with town.house.reading() as uow:
        assert uow.contributions.outputs(town.ids["cycle"])[0].status is OutputStatus.SEALED
    work_off(town, "record_progress", "give_feedback")
    assert running(town) == {"annual_cycle": 1}
    town.move(at("2027-01-01"))
    assert running(town) == {"annual_cycle": 1, "monitoring": people, "evaluation": people}
    work_off(town, "record_progress", "give_feedback")
    assert town.waiting() == sorted(
        ("set_org_rating", who) for who in ("perf_admin", "ratna", "ratna")
    )
    rate_units(town)
    work_off(town, "self_evaluate", "recommend", "give_input", "rate", "sign_rating")
    work_off(town, "receive_result")
    assert running(town) == {"annual_cycle": 1}
    with town.house.reading() as uow:
        ratings = uow.performance.ratings(town.ids["cycle"])
    assert [row.status for row in ratings] == [RatingStatus.FINAL] * people
    # home 100 at weight 0.8 and the squad's 96 at 0.2 (crediting.md 2.6)
    members = {town.ids[name] for name in MEMBERS}
    wanted = {True: Decimal("99.20"), False: Decimal("100.00")}
    assert [row.ihk for row in ratings] == [wanted[row.person_id in members] for row in ratings]
    assert {row.predikat for row in ratings} == {Predikat.BAIK}
    town.move(at("2027-03-02"))
    assert running(town) == {"annual_cycle": 1, "follow_up": people}
    work_off(town, "plan_improvement")
    for task in town.open("confirm_follow_up"):
        answer(town, task)
    assert town.waiting() == [("close_cycle", "perf_admin")]
    town.do("close_cycle", note="Berita acara 1/2027")
    assert town.status(key) == "completed"
    assert running(town) == {}
    assert cycle(town).status is CycleStatus.CLOSED
    with town.house.reading() as uow:
        states = [row.status for row in uow.performance.periods(town.ids["cycle"])]
    assert states == [PeriodStatus.SEALED, PeriodStatus.SEALED]


def rate_units(town, level="baik"):
    while found := town.open("set_org_rating"):
        town.answer(found[0], {"level": level})


def test_a_cycle_is_opened_once_and_by_those_who_run_it(town):
    with pytest.raises(AccessRefused):
        open_cycle(town.house, town.actor("dedi"), OpenCycle(cycle_id=town.ids["cycle"]))
    opened(town)
    with pytest.raises(Conflict):
        opened(town)


def test_missing_plans_are_looked_after_when_planning_is_over(town):
    opened(town)
    work_off(town, "draft_plan", "clarify_role")
    town.move(at("2026-02-02"))
    assert town.task("review_missing", "perf_admin")
    with pytest.raises(NotFound):
        town.do("review_missing", by="dedi", note="x")
    town.do("review_missing", note="Kepala unit dihubungi")
    assert town.open("review_missing") == []


def test_whoever_is_silent_all_year_does_not_stop_it(town):
    """Only the level of the organisation, the ratings and the closing need a human."""
    key = opened(town)
    town.move(at("2027-01-20"))
    assert town.open("review_missing") == []
    assert "org_rating_due" in town.told()
    rate_units(town)
    town.move(at("2027-03-02"))
    assert running(town)["follow_up"] == len(PEOPLE)
    assert {t.element_id for t in town.open()} >= {"rate", "close_cycle"}
    town.do("close_cycle", note="Berita acara 1/2027")
    assert town.status(key) == "completed"
    # whom nobody rated in time is rated late, and followed up then
    answer(town, town.open("rate")[0])
    work_off(town, "sign_rating", "receive_result")
    assert town.open("plan_improvement") + town.open("confirm_follow_up")


def test_each_person_of_a_unit_is_told_when_it_is_rated(town):
    opened(town)
    town.move(at("2027-01-01"))
    with town.house.reading() as uow:
        units = {}
        for task in town.open("set_org_rating"):
            seen = town.house.runner.task_variables(uow, task.key)
            units[town.names[seen["unit"]["id"]]] = task
    assert {name: town.holder(task) for name, task in units.items()} == {
        "badan": "perf_admin",
        "biro": "ratna",
        "pusat": "ratna",
    }
    for by in ("budi", "dedi"):
        with pytest.raises(NotFound):
            town.answer(units["biro"], {"level": "istimewa"}, by=by)
    town.answer(units["biro"], {"level": "baik"})
    told = {town.holder(task) for task in town.open("self_evaluate")}
    assert told == {name for name, (_, unit, _) in PEOPLE.items() if unit == "biro"}


def test_a_late_rating_of_a_unit_is_reported_and_still_taken(town):
    opened(town)
    town.move(at("2027-01-01"))
    assert len(town.open("set_org_rating")) == len(UNITS)
    town.move(at("2027-01-25"))
    assert town.told().count("org_rating_due") == 1
    rate_units(town)
    assert town.open("set_org_rating") == []


def test_the_rehearsal_begins_before_the_drafts_are_due(town):
    opened(town)
    assert all(task.due_at > BEGINS for task in town.open())


def test_every_flow_of_the_annual_cycle_is_walked(every_flow):
    every_flow("annual_cycle")
