"""Nobody decides his own matter, not even when a manager hands him the task."""

from __future__ import annotations

import pytest

from engine.usecases import tasks
from engine.usecases.errors import AccessRefused
from tests.workflows.contributing import CLAIM, accepted, attest, attested, begin, claim
from tests.workflows.contributing import dispute as raise_dispute
from tests.workflows.judging import organisation_rated, rated


def planned(town):
    town.begin("planning", "dedi")
    town.do("draft_plan", confirmed=True)


def monitored(town):
    town.begin("monitoring", "dedi", period_id=town.ids["period 1"])
    town.do("record_progress")


def delivered(town):
    begin(town)
    town.do("deliver_output", note="Lengkap")


def silent_sponsor(town):
    delivered(town)
    town.pass_days(5)


def claimed(town):
    accepted(town)
    claim(town, "sari")


def silent_lead(town):
    claimed(town)
    town.pass_days(4)


def adjusted(town):
    claimed(town)
    attest(town, "sari", decision="adjust", share_percent=10, reason_code="effort", reason="x")
    town.do("answer_adjustment", "sari", answer="disagree")


def disputed(town):
    accepted(town)
    attested(town, "citra", "sari", "eko")
    raise_dispute(town, "sari")
    town.pass_days(5)


def evaluated(town):
    town.begin("evaluation", "dedi")
    organisation_rated(town)
    town.do("self_evaluate", self_note="Target tercapai")


def objected(town):
    rated(town)
    town.do("receive_result", answer="object", ground="Belum dihitung")
    town.pass_days(8)


def weak(town):
    rated(town, result_level="di_bawah")
    town.do("receive_result", answer="accept")
    town.begin("follow_up", "dedi")


def improved(town):
    weak(town)
    town.do("plan_improvement", plan="Pendampingan")


def year_over(town):
    town.start("annual_cycle", cycle_id=town.ids["cycle"], agency_id=town.ids["agency"])
    town.pass_days(348)


ATTEST = {"decision": "attest", "commitment": "met"}
#: element -> how it comes about, whose matter it is, what he would like to say
OWN = {
    "clarify_expectation": (planned, "dedi", {"decision": "accept"}),
    "give_feedback": (monitored, "dedi", {"feedback": "Sempurna"}),
    "accept_output": (delivered, "citra", {"decision": "accept", "attainment": 120}),
    "accept_for_sponsor": (silent_sponsor, "citra", {"decision": "accept", "attainment": 120}),
    "attest": (claimed, "sari", ATTEST),
    "attest_for_lead": (silent_lead, "sari", ATTEST),
    "cosign": (adjusted, "sari", {"decision": "approve", "reason": "x"}),
    "decide_dispute": (disputed, "sari", {"reason": "x"}),
    "rate": (evaluated, "dedi", {"behaviour_level": "di_atas"}),
    "explain_rater": (
        lambda town: (rated(town), town.do("receive_result", answer="object", ground="x")),
        "citra",
        {"statement": "x"},
    ),
    "decide_objection": (objected, "dedi", {"outcome": "upheld", "reason": "x"}),
    "plan_improvement": (weak, "dedi", {"plan": "Tidak perlu"}),
    "confirm_follow_up": (improved, "dedi", {"decision": "confirm"}),
}


@pytest.mark.parametrize("element", OWN)
def test_a_task_handed_to_whom_it_is_about_is_refused(town, element):
    arrange, who, words = OWN[element]
    arrange(town)
    task = town.open(element)[0]
    hand_over(town, task, who)
    with pytest.raises(AccessRefused):
        town.do(element, who, **words)
    assert town.holder(town.task(element, who)) == who


def test_the_head_of_a_unit_does_not_set_its_level(town):
    year_over(town)
    units = {}
    with town.house.reading() as uow:
        for task in town.open("set_org_rating"):
            seen = town.house.runner.task_variables(uow, task.key)
            units[town.names[seen["unit"]["id"]]] = task
    hand_over(town, units["biro"], "budi")
    with pytest.raises(AccessRefused):
        town.answer(town.task("set_org_rating", "budi"), {"level": "istimewa"})


def test_who_attested_or_signed_a_line_does_not_decide_its_dispute(town):
    disputed(town)
    hand_over(town, town.task("decide_dispute", "ratna"), "wati")
    with pytest.raises(AccessRefused):
        town.do("decide_dispute", "wati", reason="x")


def test_who_rated_does_not_decide_the_objection(town):
    objected(town)
    hand_over(town, town.task("decide_objection", "ratna"), "budi")
    with pytest.raises(AccessRefused):
        town.do("decide_objection", "budi", outcome="upheld", reason="x")


def test_the_lead_who_claims_for_a_silent_member_does_not_attest_that_claim(town):
    accepted(town)
    attested(town, "citra", "sari")
    town.pass_days(14)
    town.do("claim_for_member", "citra", **CLAIM)
    town.do("acknowledge_claim", "eko", answer="accept")
    assert town.holder(town.task("attest_for_lead", about="eko")) == "wati"


def hand_over(town, task, who):
    command = tasks.AssignTask(task_key=task.key, assignee=town.ids[who])
    tasks.assign_task(town.house, town.actor("joko"), command)
