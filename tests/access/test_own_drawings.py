"""What a process owner draws, starts, steers and sends does not help him in his own matter."""

from __future__ import annotations

from io import BytesIO

import pytest

from engine.domain.plans import PlanStatus
from tests.access import acts
from tests.access.ways import GROUPS, doors

DRAWING = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="own_defs" targetNamespace="own">
  <bpmn:process id="own" name="Own" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    {task}
    <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="act"/>
    <bpmn:sequenceFlow id="b" sourceRef="act" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>"""
BY_HAND = """<bpmn:userTask id="act" name="Act"><bpmn:extensionElements><zeebe:userTask/>
  <zeebe:assignmentDefinition assignee="=me"/>
  <zeebe:properties><zeebe:property name="regu:submit" value="{operation}"/></zeebe:properties>
  </bpmn:extensionElements><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
  </bpmn:userTask>"""
BY_ENGINE = """<bpmn:serviceTask id="act" name="Act"><bpmn:extensionElements>
  <zeebe:taskDefinition type="{operation}"/></bpmn:extensionElements>
  <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:serviceTask>"""
RESTATED = {"lines": [], "reason": "x"}

#: operations that decide about somebody -> (who draws, what the form says)
DECIDING = {
    "regu.claim.attest": ("sari", acts.ATTEST),
    "regu.claim.cosign": ("sari", acts.COSIGN),
    "regu.output.allocate": ("sari", {"collective_percent": 10, "reason": "x"}),
    "regu.dispute.decide": ("sari", RESTATED),
    "regu.membership.decide_consent": ("sari", {"decision": "given", "reason": "x"}),
    "regu.plan.clarify": ("sari", {"decision": "accept"}),
    "regu.plan.clarify_role": ("sari", {"expectation": "x"}),
    "regu.plan.give_feedback": ("sari", {"feedback": "x", "behaviour_feedback": "x"}),
    "regu.rating.rate": ("sari", acts.RATE),
    "regu.objection.decide": ("sari", acts.OUTCOME),
    "regu.followup.plan": ("sari", {"plan": "x"}),
    "regu.followup.confirm": ("sari", {"decision": "confirm"}),
    "regu.org_rating.set": ("johannes", {"level": "istimewa"}),
}


def drawn(city, who, task, **variables):
    """Somebody with every group publishes a drawing of his own and starts it."""
    city.grant(who, *GROUPS)
    file = {"resources": (BytesIO(DRAWING.format(task=task).encode()), "own.bpmn")}
    answer = city.api(who).ask(
        "POST", "/v2/deployments", data=file, content_type="multipart/form-data"
    )
    assert answer.status_code == 200, answer.text
    return city.start("own", by=who, me=city.ids[who], **variables)


def references(city, who):
    """Everything that an operation could ask for, all of it about him."""
    ids = city.ids
    with city.house.reading() as uow:
        rating = uow.performance.rating_of(ids[who], ids["cycle BLDN"])
        plan = uow.performance.plan_of(ids[who], ids["cycle BLDN"])
        claim = uow.contributions.claim_of(ids["TIM-01/1"], ids[who])
        periods = uow.performance.periods(ids["cycle BLDN"])
    return {
        "person_id": ids[who],
        "lead_id": ids[who],
        "clarified_by": ids["tri"],
        "confirmed_by": ids["tri"],
        "cycle_id": ids["cycle BLDN"],
        "period_id": periods[0].id,
        "unit_id": ids["unit DIT-INF"],
        "output_id": ids["TIM-01/1"],
        "membership_id": ids.get(f"TIM-01 {who}"),
        "rating_id": rating.id,
        "plan_id": plan.id,
        "claim_id": claim.id if claim else None,
        "predikat": "sangat_baik",
        "proposal": {"kinds": ["award"]},
    }


@pytest.mark.parametrize("operation", DECIDING)
def test_a_task_that_he_draws_for_himself_decides_nothing_about_him(city, operation):
    who, form = DECIDING[operation]
    if operation == "regu.objection.decide":
        acts.objected(city)
    if operation == "regu.dispute.decide":
        form = acts.decision(city, acts.disputed(city, by="sari"))
    if operation == "regu.claim.cosign":
        acts.cosigned(city)
    task = city.task(
        drawn(city, who, BY_HAND.format(operation=operation), **references(city, who)), "act"
    )
    city.page(who)
    before = city.stored()
    found = doors(city, who, task, form)
    assert set(found.values()) == {403}, found
    assert city.stored() == before


#: operations without a human hand, run on behalf of whoever started them
AUTOMATIC = ("regu.rating.record", "regu.plan.fix", "regu.followup.record", "regu.plan.impose")


@pytest.mark.parametrize("operation", AUTOMATIC)
def test_a_step_that_he_draws_writes_nothing_about_him(city, operation):
    watched = ("rating", "plan", "plan_item", "follow_up")
    before = {name: city.stored()[name] for name in watched}
    key = drawn(city, "sari", BY_ENGINE.format(operation=operation), **references(city, "sari"))
    assert {name: city.stored()[name] for name in watched} == before
    found = city.api("admin").post("/v2/incidents/search", {}).json["items"]
    assert str(key) in {row["processInstanceKey"] for row in found}


def test_nobody_steers_an_instance_about_himself(city):
    """Variables, cancelling and repair of one's own evaluation are somebody else's to touch."""
    task = acts.evaluated(city)
    key = city.ids["evaluation"]
    city.grant("sari", *GROUPS)
    before = city.stored()
    why = {"reason": "So that it goes on"}
    api, change = city.api("sari"), {"variables": {"result_level": "di_atas"}} | why
    for method, path, body in (
        ("PATCH", f"/api/instances/{key}/variables", change),
        ("POST", f"/api/instances/{key}/cancel", why),
        ("POST", f"/v2/process-instances/{key}/cancellation", {}),
    ):
        assert api.ask(method, path, json=body).status_code == 403, path
    assert city.stored() == before
    city.grant("rizky", *GROUPS)
    answer = city.api("rizky").ask("PATCH", f"/api/instances/{key}/variables", json=change)
    assert answer.status_code == 204
    del task


def test_a_member_steers_no_contribution_of_his_own(city):
    city.grant("citra", *GROUPS)
    key = city.ids["work"]
    answer = city.api("citra").post(f"/api/instances/{key}/cancel", {"reason": "No need"})
    assert answer.status_code == 403
    assert city.task(key, "attest").assignee == city.ids["budi"]


def test_a_message_of_his_own_moves_no_decision(city):
    """The messages of the drawings carry no decision: what was decided stands in its own table."""
    acts.evaluated(city)
    key = city.ids["evaluation"]
    low = {"result_level": "di_bawah", "behaviour_level": "sesuai", "reason": "Terlambat"}
    city.do(key, "rate", **{**acts.RATE, **low})
    city.grant("sari", *GROUPS)
    ids = city.ids
    for name in ("org_rating_set", "rating_final", "dispute_raised"):
        for correlation in (f"{ids['sari']}:{ids['cycle BLDN']}", ids["TIM-01/1"]):
            message = {
                "name": name,
                "correlationKey": correlation,
                "variables": {"result_level": "di_atas", "predikat": "sangat_baik"},
            }
            assert city.api("sari").post("/v2/messages/publication", message).status_code == 200
    city.settle()
    with city.house.reading() as uow:
        rating = uow.performance.rating_of(ids["sari"], ids["cycle BLDN"])
        plan = uow.performance.plan_of(ids["sari"], ids["cycle BLDN"])
    assert rating.predikat.value == "butuh_perbaikan"
    assert plan.status is PlanStatus.DRAFT
