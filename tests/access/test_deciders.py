"""Who decides about a claim reads its evidence, while he decides, and no other's."""

from __future__ import annotations

import pytest

from engine.usecases.actor import Actor, ActorKind
from engine.usecases.tasks import AssignTask, assign_task
from tests.access import acts

DONE = {"decision": "attest", "commitment": "met"}


def seen(city, who, evidence="sari"):
    return city.page(who).get(f"/bukti/{city.ids[f'evidence {evidence}']}").status_code


def attest_task(city):
    return city.task(city.ids["work"], "attest")


def give(city, who):
    keeper = Actor(
        kind=ActorKind.PERSON,
        name=city.ids["nurul"],
        person_id=city.ids["nurul"],
        groups=frozenset({"perf_admin"}),
        agency_id=city.ids["agency BLDN"],
    )
    wanted = AssignTask(task_key=attest_task(city).key, assignee=city.ids[who])
    assign_task(city.house, keeper, wanted)


def test_who_is_given_the_attestation_reads_its_evidence_while_it_is_open(city):
    assert seen(city, "rizky") == 404
    give(city, "rizky")
    assert seen(city, "rizky") == 200
    give(city, "budi")
    assert seen(city, "rizky") == 404


def test_who_stands_in_for_the_attester_reads_it_too_until_the_claim_is_decided(city):
    city.stand_in("budi", "rizky")
    assert seen(city, "rizky") == 200
    city.do(city.ids["work"], "attest", about="sari", by="rizky", **DONE)
    assert seen(city, "rizky") == 404


@pytest.mark.parametrize("who", ["xenia", "johannes", "citra"])
def test_nobody_else_of_the_squad_or_agency_does(city, who):
    assert attest_task(city) is not None
    assert seen(city, who) == 404


def test_who_decides_a_dispute_reads_the_evidence_of_its_output(city):
    assert seen(city, "rizky") == 404
    city.stand_in("agus", "rizky")
    task = acts.disputed(city)
    assert city.short(task.assignee) == "rizky"
    assert seen(city, "rizky") == 200
