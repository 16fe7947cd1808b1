"""A share that waits for a home's consent keeps its place through dispute and remainder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.domain.claims import ClaimState
from engine.domain.squads import Consent, Membership
from engine.usecases import squads
from engine.usecases.actor import system
from engine.usecases.disputes import RaiseDispute, raise_dispute
from engine.usecases.errors import InputRefused
from engine.usecases.proof import ledger_faults
from tests.usecases import acting, worked
from tests.usecases.acting import person

OUT_A = {"output_id": "out_a"}
ATTESTED = {"budi": 60, "sari": 16, "citra": 24}


@pytest.fixture
def waiting(sqlite_place):
    """Output A attested; Sari's and Citra's homes gave no answer, so POOL holds their shares."""
    worked.build(sqlite_place, consent=Consent.PENDING)
    sqlite_place.clock.at = datetime(2026, 5, 29, 3, 0, tzinfo=UTC)
    acting.accepted(sqlite_place, "out_a", "budi", "h_pusdatin", 96)
    for member, percent in ATTESTED.items():
        acting.claim(sqlite_place, "out_a", member, percent)
        by = "h_pusdatin" if member == "budi" else "budi"
        acting.attest(sqlite_place, "out_a", member, by)
    return sqlite_place


def balances(place):
    with place.house.reading() as uow:
        held = uow.contributions.balances("out_a")
        return {account: bp for account, bp in held.items() if bp}


def faults(place):
    with place.house.reading() as uow:
        return list(ledger_faults(uow))


def dispute(place, by="citra"):
    raise_dispute(place.house, person(by), RaiseDispute(output_id="out_a", ground="more"))


def decide(place, **shares):
    lines = [{"person_id": name, "share_percent": Decimal(share)} for name, share in shares.items()]
    form = {"lines": lines, "reason": "heard"}
    return place.do("regu.dispute.decide", person("kepala"), form, **OUT_A)


def consent(place, membership, by, answer=Consent.GIVEN):
    command = squads.GiveConsent(membership_id=membership, consent=answer, reason="x")
    return squads.give_home_consent(place.house, person(by), command)["posted_bp"]


def test_the_decider_is_proposed_the_attested_share(waiting):
    dispute(waiting)
    proposed = {
        row["person_id"]: row["share_percent"] for row in waiting.ask("share lines", "out_a")
    }
    assert proposed == {name: Decimal(share) for name, share in ATTESTED.items()}


def test_a_decision_that_changes_nothing_keeps_the_earmarks(waiting):
    dispute(waiting)
    decide(waiting, **ATTESTED)
    assert balances(waiting) == {"POOL": 4_000, "person:budi": 6_000}
    settled = waiting.do("regu.output.settle", system(), **OUT_A)
    assert (settled["pool_bp"], settled["earmarked_bp"]) == (0, 4_000)
    assert consent(waiting, "a2", "h_biro") == 1_600
    assert consent(waiting, "a3", "h_hukum") == 2_400
    expected = {"person:budi": 6_000, "person:sari": 1_600, "person:citra": 2_400}
    assert balances(waiting) == expected
    assert faults(waiting) == []


def test_the_decided_share_is_what_waits(waiting):
    dispute(waiting)
    decide(waiting, budi=55, sari=15, citra=30)
    assert balances(waiting) == {"POOL": 4_500, "person:budi": 5_500}
    assert consent(waiting, "a3", "h_hukum") == 3_000
    assert consent(waiting, "a2", "h_biro") == 1_500
    with waiting.house.reading() as uow:
        row = uow.contributions.ledger("out_a")[-1]
    assert (row.actor_id, row.code.value) == ("kepala", "resolve")
    assert faults(waiting) == []


def test_what_is_really_collective_keeps_its_cap(waiting):
    dispute(waiting)
    with pytest.raises(InputRefused) as refused:
        decide(waiting, budi=50, sari=10, citra=20)
    assert refused.value.faults[0].code == "collective_most"
    decide(waiting, budi=55, sari=15, citra=25)
    assert balances(waiting) == {"POOL": 4_000, "COLLECTIVE": 500, "person:budi": 5_500}


def test_a_disputed_share_is_no_remainder_and_is_posted_when_the_home_consents(waiting):
    dispute(waiting)
    settled = waiting.do("regu.output.settle", system(), **OUT_A)
    assert settled["pool_bp"] == 0
    assert consent(waiting, "a3", "h_hukum") == 2_400
    decide(waiting, **ATTESTED)
    with waiting.house.reading() as uow:
        states = {claim.state for claim in uow.contributions.claims("out_a")}
    assert states == {ClaimState.RESOLVED}
    assert balances(waiting)["person:citra"] == 2_400


def test_nothing_is_given_to_a_member_whose_home_refused(waiting):
    consent(waiting, "a3", "h_hukum", Consent.REFUSED)
    dispute(waiting, by="budi")
    with pytest.raises(InputRefused) as refused:
        decide(waiting, **ATTESTED)
    assert refused.value.faults[0].code == "I10"
    consent(waiting, "a2", "h_biro")
    decide(waiting, budi=70, sari=25, citra=0)
    assert balances(waiting) == {"person:budi": 7_000, "person:sari": 2_500, "COLLECTIVE": 500}


def test_a_remainder_is_neither_proposed_nor_given_to_who_has_no_consent(waiting):
    with waiting.house.writing() as uow:
        row = uow.contributions.get(Membership, "a3")
        uow.contributions.put(replace(row, consent=Consent.REFUSED))
        uow.commit()
    proposed = {
        row["person_id"]: row["share_percent"] for row in waiting.ask("empty lines", "out_a")
    }
    assert proposed == {"budi": Decimal(14), "sari": Decimal(0), "citra": Decimal(0)}
    form = {"collective_percent": Decimal(10), "reason": "x"}
    for who in ("citra", "sari"):
        lines = [{"person_id": who, "share_percent": Decimal(14)}]
        with pytest.raises(InputRefused) as refused:
            waiting.do(
                "regu.output.allocate", person("h_pusdatin"), {**form, "lines": lines}, **OUT_A
            )
        assert refused.value.faults[0].code == "I10"
    lines = [{"person_id": "budi", "share_percent": Decimal(14)}]
    waiting.do("regu.output.allocate", person("h_pusdatin"), {**form, "lines": lines}, **OUT_A)
    assert balances(waiting) == {"POOL": 1_600, "COLLECTIVE": 1_000, "person:budi": 7_400}
