"""Risks: registered, weighed, reviewed, and what happens when one comes true."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.domain.risks import RiskLevel, RiskStatus
from engine.persistence.tables.waiting import message
from engine.usecases.errors import InputRefused, NotFound
from tests.workflows.test_goal_tree import fixed_plan, objectives, published

RISK = {
    "title": "Server pusat data padam",
    "likelihood": "1",
    "impact": "3",
    "mitigation": "Cadangan harian",
}


def register(town, who, subject, **change):
    return town.ask("risk_registration", by=who, **{**RISK, "subject": subject, **change})


def held(town):
    with town.house.reading() as uow:
        return list(uow.goals.risks(town.ids["cycle"]))


def review(town, **change):
    begun = town.begun(town.task("review_risks"))["risks"]
    shown = ("risk_id", "title", "mitigation")
    rows = [{**row, **change} for row in begun]
    return [{k: v for k, v in row.items() if k not in shown[1:]} for row in rows]


def announced(town, name):
    with town.wired.database.reading.connect() as connection:
        query = sa.select(message.c.correlation_key).where(message.c.name == name)
        return list(connection.scalars(query))


def test_a_small_risk_is_registered_by_the_owner_of_the_result(town):
    (item,) = fixed_plan(town, "dedi")
    key = register(town, "dedi", f"item:{item.id}")
    assert town.status(key) == "completed"
    (risk,) = held(town)
    assert (risk.level, risk.owner_id, risk.item_id) == (
        RiskLevel.LOW,
        town.ids["dedi"],
        item.id,
    )
    with town.house.reading() as uow:
        assert [one.id for one in uow.goals.risks_on([item.id])] == [risk.id]


def test_a_heavy_risk_is_discussed_with_the_rater(town):
    (item,) = fixed_plan(town, "dedi")
    key = register(town, "dedi", f"item:{item.id}", likelihood="4", impact="5")
    assert town.waiting() == [("agree_mitigation", "budi")]
    begun = town.begun(town.task("agree_mitigation"))
    assert begun["mitigation"] == "Cadangan harian"
    town.do("agree_mitigation", "budi", mitigation="Cadangan di dua tempat")
    assert town.status(key) == "completed"
    assert [one.mitigation for one in held(town)] == ["Cadangan di dua tempat"]


def test_a_silent_rater_does_not_keep_a_risk_out_of_the_register(town):
    (item,) = fixed_plan(town, "dedi")
    key = register(town, "dedi", f"item:{item.id}", likelihood="5", impact="5")
    town.pass_days(16)
    assert town.status(key) == "completed"
    assert [one.level for one in held(town)] == [RiskLevel.EXTREME]


def test_risks_are_on_own_fixed_results_and_objectives_one_heads_only(town):
    (item,) = fixed_plan(town, "dedi")
    goals = published(town)
    for who, subject in (("sari", f"item:{item.id}"), ("dedi", goals["B1"]), ("wati", goals["B1"])):
        with pytest.raises(InputRefused):
            register(town, who, subject)
    register(town, "budi", goals["B1"])
    assert [one.objective_id for one in held(town)] == [objectives(town)["B1"].id]


def test_risks_on_an_objective_are_seen_on_every_result_that_reaches_it(town):
    (item,) = fixed_plan(town, "dedi")
    goals = published(town)
    town.ask("result_linking", by="dedi", item_id=item.id, serves=goals["B1"], method="direct")
    town.do("confirm_link", "budi", decision="accept")
    register(town, "ratna", goals["S1"])
    with town.house.reading() as uow:
        assert [one.title for one in uow.goals.risks_on([item.id])] == [RISK["title"]]
        assert uow.goals.risks_on(["else"]) == []


def quarter(town):
    return town.start("risk_review", cycle_id=town.ids["cycle"], agency_id=town.ids["agency"])


def test_the_quarter_asks_every_owner_and_keeps_each_look_with_its_day(town):
    (item,) = fixed_plan(town, "dedi")
    register(town, "dedi", f"item:{item.id}")
    key = quarter(town)
    assert town.waiting() == [("review_risks", "dedi")]
    town.do("review_risks", "dedi", risks=review(town, likelihood="4", impact="4", note="Naik"))
    assert town.status(key) == "completed"
    (risk,) = held(town)
    assert (risk.likelihood, risk.level) == (4, RiskLevel.HIGH)
    with town.house.reading() as uow:
        (seen,) = uow.goals.reviews([risk.id])
    assert (seen.note, seen.reviewed_by) == ("Naik", town.ids["dedi"])
    assert seen.reviewed_on == town.house.clock.now().date()


def test_a_risk_that_came_true_asks_the_rater_whether_the_target_is_reopened(town):
    (item,) = fixed_plan(town, "dedi")
    register(town, "dedi", f"item:{item.id}")
    town.ask("risk_review", by="dedi")
    with pytest.raises(InputRefused):
        town.do("review_risks", "dedi", risks=review(town, status="realised"))
    rows = review(town, status="realised", note="Padam sebulan")
    town.do("review_risks", "dedi", risks=rows)
    assert town.waiting() == [("decide_reopening", "budi")]
    with pytest.raises(InputRefused):
        town.do("decide_reopening", "budi", decision="reopen", reason=" ")
    town.do("decide_reopening", "budi", decision="reopen", reason="Di luar kendali pegawai")
    assert announced(town, "target_reopened") == [f"{town.ids['dedi']}:{town.ids['cycle']}"]
    with town.house.reading() as uow:
        (row,) = uow.goals.reopenings([item.id])
    assert (row.reopened, row.decided_by, row.reason) == (
        True,
        town.ids["budi"],
        "Di luar kendali pegawai",
    )
    assert not town.incidents()
    assert not town.audit_faults()


def test_a_target_that_stays_is_told_to_nobody(town):
    (item,) = fixed_plan(town, "dedi")
    goals = published(town)
    town.ask("result_linking", by="dedi", item_id=item.id, serves=goals["B1"], method="direct")
    town.do("confirm_link", "budi", decision="accept")
    register(town, "budi", goals["B1"])
    town.ask("risk_review", by="budi")
    town.do("review_risks", "budi", risks=review(town, status="realised", note="Terjadi"))
    town.do("decide_reopening", "budi", decision="keep", reason="Masih dapat dicapai")
    assert announced(town, "target_reopened") == []
    assert [one.status for one in held(town)] == [RiskStatus.REALISED]


def test_a_closed_risk_is_asked_about_no_more_and_who_owns_none_starts_nothing(town):
    (item,) = fixed_plan(town, "dedi")
    register(town, "dedi", f"item:{item.id}")
    quarter(town)
    town.do("review_risks", "dedi", risks=review(town, status="closed"))
    key = quarter(town)
    assert town.status(key) == "completed"
    with pytest.raises(InputRefused):
        town.ask("risk_review", by="dedi")


def test_a_silent_owner_is_noted_and_the_register_stays(town):
    (item,) = fixed_plan(town, "dedi")
    register(town, "dedi", f"item:{item.id}")
    key = quarter(town)
    town.pass_days(24)
    assert town.status(key) == "completed"
    assert [one.status for one in held(town)] == [RiskStatus.OPEN]


def test_nobody_decides_about_his_own_target(town):
    (item,) = fixed_plan(town, "dedi")
    register(town, "dedi", f"item:{item.id}")
    quarter(town)
    town.do("review_risks", "dedi", risks=review(town, status="realised", note="Terjadi"))
    with pytest.raises(NotFound):
        town.do("decide_reopening", "budi", by="dedi", decision="reopen", reason="Saya minta")


def test_every_flow_of_registration_is_walked(every_flow):
    every_flow("risk_registration")


def test_every_flow_of_the_review_is_walked(every_flow):
    every_flow("risk_review")
