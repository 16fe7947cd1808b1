"""Nobody attests, rates or decides for himself, at no door (design.md 2.4, crediting.md 0.8)."""

from __future__ import annotations

import pytest

from engine.domain.people import Appointment
from tests.access import acts
from tests.access.ways import assert_barred

#: what is tried -> (the matter, the form, who tries it: all of them parties)
MATTERS = {
    "attest one's own claim": (lambda c: c.task(c.ids["work"], "attest"), acts.ATTEST, ["sari"]),
    "attest as ketua one's own": (lambda c: acts.claimed(c, "budi"), acts.ATTEST, ["budi"]),
    "accept what one delivered": (acts.delivered, acts.ACCEPT, ["budi"]),
    "co-sign one's own line or attestation": (acts.cosigned, acts.COSIGN, ["sari", "budi"]),
    "agree with one's own plan": (acts.drafted, {"decision": "accept"}, ["sari"]),
    "rate oneself": (acts.evaluated, acts.RATE, ["sari"]),
    "decide one's objection, or as its rater": (acts.objected, acts.OUTCOME, ["sari", "tri"]),
    "confirm what follows from one's own rating": (
        acts.rated_final, {"decision": "confirm"}, ["nurul"],
    ),
    "decide one's dispute, or as its attester": (
        acts.disputed, acts.decision, ["citra", "sari", "budi", "rahmat"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MATTERS)
def test_no_door_and_no_group_opens_one_s_own_matter(city, name):
    matter, form, parties = MATTERS[name]
    task = matter(city)
    given = form(city, task) if callable(form) else form
    for who in parties:
        assert city.short(task.assignee) != who
        assert_barred(city, who, task, given)


@pytest.mark.parametrize(
    ("matter", "absent", "by", "to"),
    [
        (lambda c: c.task(c.ids["work"], "attest"), "budi", "sari", "budi"),
        (lambda c: acts.claimed(c, "budi"), "rahmat", "budi", "agus"),
        (acts.evaluated, "tri", "sari", "tri"),
        (acts.drafted, "tri", "sari", "tri"),
        (acts.objected, "hendra", "sari", "retno"),
        (acts.objected, "hendra", "tri", "retno"),
        (acts.disputed, "agus", "citra", "retno"),
        (acts.disputed, "agus", "budi", "retno"),
        (acts.disputed, "agus", "rahmat", "retno"),
    ],
)
def test_a_party_who_stands_in_does_not_come_to_decide(city, matter, absent, by, to):
    """A task goes past a substitute whose own matter it is; one given before stays shut to him."""
    city.stand_in(absent, by)
    task = matter(city)
    assert city.short(task.assignee) == to
    forms = {
        "attest": acts.ATTEST,
        "rate": acts.RATE,
        "clarify_expectation": {"decision": "accept"},
        "decide_objection": acts.OUTCOME,
    }
    given = forms.get(task.element_id) or acts.decision(city, task)
    assert_barred(city, by, task, given)


def test_the_sponsor_who_is_the_rater_too_does_not_decide_about_his_attestation(city):
    """Rahmat sponsors the squad, rates Budi and attested his line: the dispute goes to Agus."""
    task = acts.disputed(city, by="budi")
    assert city.short(task.assignee) == "agus"
    assert_barred(city, "rahmat", task, acts.decision(city, task))


def test_the_ketua_who_is_the_rater_too_decides_neither_dispute_nor_objection(city):
    """Budi leads the squad and rates Sari."""
    _rated_by(city, "sari", "budi")
    dispute = acts.disputed(city, by="sari")
    assert city.short(dispute.assignee) == "agus"
    objection = acts.objected(city)
    # above Budi, Rahmat and Agus recommended or signed the rating as the second
    assert city.short(objection.assignee) == "retno"
    for name in ("budi", "rahmat", "agus"):
        assert_barred(city, name, objection, acts.OUTCOME)
    assert_barred(city, "budi", dispute, acts.decision(city, dispute))


def test_a_ketua_does_not_attest_who_rates_him(city):
    """Citra rates Budi, who leads her squad: her line goes to the sponsor."""
    _rated_by(city, "budi", "citra")
    task = acts.claimed(city, "citra", "TIM-01/2")
    assert city.short(task.assignee) == "rahmat"
    assert_barred(city, "budi", task, acts.ATTEST)


def test_who_changed_a_rating_does_not_decide_the_objection_to_it(city):
    """Hendra rates in Tri's place and both names stay: neither of them decides."""
    city.stand_in("tri", "hendra")
    task = acts.objected(city)
    assert city.short(task.assignee) == "retno"
    assert_barred(city, "hendra", task, acts.OUTCOME)
    assert_barred(city, "tri", task, acts.OUTCOME)


def _rated_by(city, person, rater):
    with city.house.reading() as uow:
        seats = uow.agency.frame(city.ids["agency BLDN"], [city.ids[person]]).appointments
        [seat] = [row for row in seats if row.person_id == city.ids[person]]
    city.put(Appointment, seat.id, rater_id=city.ids[rater])
