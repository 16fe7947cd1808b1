"""Evidence is checked by somebody else, and what was rejected can be replaced."""

from __future__ import annotations

import pytest

from engine.domain.claims import Evidence, EvidenceStatus
from engine.domain.evidence import CheckOutcome
from engine.domain.people import Substitution
from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from engine.usecases.evidence import unverified_results
from tests.workflows.agency import FIRST, PEOPLE
from tests.workflows.contributing import accepted, claim


@pytest.fixture
def claimed(town):
    """Sari and Citra, who leads the squad, handed in a claim with one link each."""
    accepted(town)
    for who in ("sari", "citra"):
        claim(town, who)
    return town


def nip(who):
    return PEOPLE[who][0]


def asked(town, by="budi", about="sari", **values):
    return town.ask("evidence_verification", by=by, employee_nip=nip(about), **values)


def proofs(town, who="sari"):
    with town.house.reading() as uow:
        return uow.assurance.proofs(town.ids[who], town.ids["cycle"])


def statuses(town, who="sari"):
    return [proof.evidence.status for proof in proofs(town, who)]


def check_of(town, who="sari"):
    with town.house.reading() as uow:
        return uow.assurance.checks([proofs(town, who)[0].evidence.id]).popitem()[1]


def verifying(town):
    return [holder for element, holder in town.waiting() if element == "verify"]


def test_who_attests_the_work_verifies_its_evidence(claimed):
    asked(claimed)
    assert verifying(claimed) == ["citra"]
    begun = claimed.begun(claimed.task("verify"))
    assert begun["proves"] == "Portal data"
    assert begun["place"] == "https://bukti.example/klaim"
    claimed.do("verify", outcome="verified")
    assert statuses(claimed) == [EvidenceStatus.VERIFIED]
    assert check_of(claimed).verifier_id == claimed.ids["citra"]
    with claimed.house.reading() as uow:
        assert unverified_results(uow, claimed.ids["sari"], claimed.ids["cycle"]) == ()


def test_a_rejection_says_why_and_the_owner_brings_something_else(claimed):
    asked(claimed)
    with pytest.raises(InputRefused):
        claimed.do("verify", outcome="rejected")
    claimed.do("verify", outcome="rejected", reason="Halaman tidak ada")
    assert "evidence_rejected" in claimed.told()
    task = claimed.task("replace", "sari")
    assert claimed.begun(task)["why"] == "Halaman tidak ada"
    for wrong in (
        {},
        {"evidence_link": "javascript:alert(1)"},
        {"evidence_link": "http://nama:sandi@contoh.id/a"},
        {"evidence_link": "https://contoh.id/ab c"},
    ):
        with pytest.raises(InputRefused):
            claimed.answer(task, {"answer": "replace", **wrong})
    claimed.answer(task, {"answer": "replace", "evidence_link": "https://contoh.id/laporan"})
    assert statuses(claimed) == [EvidenceStatus.REJECTED, EvidenceStatus.UNVERIFIED]
    claimed.do("verify", "citra", outcome="verified")
    assert statuses(claimed) == [EvidenceStatus.REJECTED, EvidenceStatus.VERIFIED]
    first, second = proofs(claimed)
    with claimed.house.reading() as uow:
        assert uow.assurance.replacements([first.evidence.id]) == {
            first.evidence.id: second.evidence.id
        }


def brought(town, who, **fields):
    """A piece of evidence that somebody put in; its id."""
    row = Evidence(
        id=town.house.ids.uuid(),
        uploaded_by=town.ids[who],
        at=town.house.clock.now(),
        **fields,
    )
    with town.house.writing() as uow:
        uow.contributions.add([row])
        uow.commit()
    return row.id


def test_of_two_verifications_beside_each_other_the_first_word_counts(claimed):
    keys = [asked(claimed), asked(claimed, by="joko")]
    first, second = claimed.open("verify")
    claimed.answer(first, {"outcome": "verified"})
    claimed.answer(second, {"outcome": "rejected", "reason": "Terlambat dibaca"})
    assert statuses(claimed) == [EvidenceStatus.VERIFIED]
    assert [claimed.status(key) for key in keys] == ["completed", "completed"]


def test_a_file_can_stand_in_for_a_rejected_link(claimed):
    asked(claimed)
    claimed.do("verify", outcome="rejected", reason="Tautan mati")
    facts = {"sha256": "a" * 64, "filename": "laporan.pdf", "media_type": "application/pdf"}
    mine, theirs = (brought(claimed, who, size_bytes=1, **facts) for who in ("sari", "eko"))
    task = claimed.task("replace")

    def replaced(by):
        form = {"id": by, "size_bytes": 1, **facts}
        claimed.answer(task, {"answer": "replace", "evidence_files": [form]})

    with pytest.raises(InputRefused):
        replaced(theirs)
    replaced(mine)
    assert proofs(claimed)[-1].evidence.id == mine
    assert claimed.begun(claimed.task("verify", "citra"))["name"] == "laporan.pdf"


def test_what_its_owner_leaves_stays_rejected(claimed):
    key = asked(claimed)
    claimed.do("verify", outcome="rejected", reason="Bukan milik Anda")
    claimed.do("replace", answer="leave")
    assert claimed.status(key) == "completed"
    assert statuses(claimed) == [EvidenceStatus.REJECTED]


def test_silence_of_the_owner_leaves_it_rejected(claimed):
    key = asked(claimed)
    claimed.do("verify", outcome="rejected", reason="Tidak terbaca")
    claimed.pass_days(40)
    assert claimed.status(key) == "completed"
    assert statuses(claimed) == [EvidenceStatus.REJECTED]


def test_silence_verifies_nothing(claimed):
    key = asked(claimed)
    claimed.pass_days(60)
    assert claimed.status(key) == "completed"
    assert "verification_due" in claimed.told()
    assert statuses(claimed) == [EvidenceStatus.UNVERIFIED]


def test_nobody_is_asked_when_everything_was_checked(claimed):
    asked(claimed)
    claimed.do("verify", outcome="verified")
    key = asked(claimed)
    assert claimed.status(key) == "completed"
    assert verifying(claimed) == []


def test_a_period_takes_only_its_own_evidence(claimed):
    key = asked(claimed, period_id=claimed.ids["period 2"])
    assert claimed.status(key) == "completed"
    asked(claimed, period_id=claimed.ids["period 1"])
    assert verifying(claimed) == ["citra"]


def test_the_leads_evidence_goes_past_himself(claimed):
    asked(claimed, by="wati", about="citra")
    assert verifying(claimed) == ["wati"]


def test_who_brought_it_is_passed_over(claimed):
    with claimed.house.reading() as uow:
        claim_id = uow.contributions.claim_of(claimed.ids["output"], claimed.ids["sari"]).id
    brought(claimed, "citra", link="https://bukti.example/ketua", claim_id=claim_id)
    asked(claimed)
    assert verifying(claimed) == ["citra", "wati"]


def test_a_named_verifier_checks_unless_the_line_is_partly_his(claimed):
    asked(claimed, verifier_nip=nip("dedi"))
    assert verifying(claimed) == ["dedi"]
    claimed.do("verify", outcome="verified")
    assert check_of(claimed).outcome is CheckOutcome.VERIFIED
    asked(claimed, by="wati", about="citra", verifier_nip=nip("eko"))
    assert verifying(claimed) == ["wati"]


def test_a_substitute_verifies_in_his_name_and_never_his_own(claimed):
    asked(claimed)
    with claimed.house.writing() as uow:
        row = Substitution(
            id=claimed.house.ids.uuid(), absent_id=claimed.ids["citra"],
            substitute_id=claimed.ids["sari"], valid_from=FIRST, letter_no="1",
        )  # fmt: skip
        uow.agency.add([row])
        uow.commit()
    with pytest.raises(AccessRefused):
        claimed.do("verify", by="sari", outcome="verified")
    assert statuses(claimed) == [EvidenceStatus.UNVERIFIED]


def test_others_neither_ask_nor_verify(claimed):
    with pytest.raises(AccessRefused):
        asked(claimed, by="eko")
    with pytest.raises(InputRefused):
        asked(claimed, by="sari", verifier_nip=nip("dedi"))
    asked(claimed, by="sari")
    for by in ("sari", "eko", "budi"):
        with pytest.raises((AccessRefused, NotFound)):
            claimed.do("verify", by=by, outcome="verified")


def test_every_flow_is_walked(every_flow):
    every_flow("evidence_verification")
