"""Consent never erases work (crediting.md 0.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.squads import Consent, Membership
from tests.acceptance.unfair.acting import BARRED
from tests.acceptance.unfair.squads import (
    accepted,
    attested,
    balances,
    line,
    rows,
    sealed,
)


@pytest.fixture
def lent(town):
    """Budi has not answered for Sari; she worked, and every line is attested."""
    with town.house.writing() as uow:
        row = uow.contributions.get(Membership, town.ids["T1 sari"])
        uow.contributions.put(replace(row, consent=Consent.PENDING))
        uow.commit()
    accepted(town)
    attested(town, "citra", "sari", "eko")
    return town


def path(town):
    return f"/api/memberships/{town.ids['T1 sari']}/consent"


def test_silence_goes_up_and_the_share_waits_in_the_pool(lent):
    town = lent
    assert balances(town) == {"POOL": 1600, "citra": 6000, "eko": 2400}
    assert line(town, "sari") == ("96.00", "sesuai", True)
    assert town.waiting() == [("decide_consent", "ratna")]
    shown = town.begun(town.task("decide_consent"), "ratna")
    assert shown["person_id"] == town.ids["sari"]
    town.barred("decide_consent", "budi", "wati", "sari", "citra", "joko", decision="given")
    # the output does not seal before, however long that takes
    sealed(town)
    assert balances(town)["POOL"] == 1600
    assert line(town, "sari")[2]
    town.do("decide_consent", "ratna", decision="given")
    assert balances(town) == {"citra": 6000, "sari": 1600, "eko": 2400}
    sealed(town)
    assert line(town, "sari") == ("96.00", "sesuai", False)


def test_a_refusal_needs_its_reason_and_does_not_have_the_last_word(lent):
    town = lent
    for who in ("sari", "citra", "wati", "joko", "hana"):
        said = town.api(who).post(path(town), {"consent": "refused", "reason": "x"})
        assert said.status_code in BARRED, who
    assert (
        town.api("budi").post(path(town), {"consent": "refused", "reason": ""}).status_code == 422
    )
    said = town.api("budi").post(path(town), {"consent": "refused", "reason": "Beban unit"})
    assert said.status_code == 200, said.text
    town.worker.drain()
    assert balances(town)["POOL"] == 1600
    town.do("decide_consent", "ratna", decision="given", reason="Sudah bekerja")
    assert balances(town)["sari"] == 1600


def test_a_final_refusal_erases_nobodys_work_without_a_trace(lent):
    town = lent
    assert "reason" in town.turned_down("decide_consent", "ratna", decision="refused")
    town.do("decide_consent", "ratna", decision="refused", reason="Tidak pernah dilepas")
    # what she did stands in the pool; its sponsor says with a reason whose it is
    assert balances(town)["POOL"] == 1600
    town.do("allocate_remainder", "wati", reason="Dikerjakan bersama")
    assert "POOL" not in balances(town)
    said = [row["reason"] for row in rows(town)]
    assert "Dikerjakan bersama" in said


def formed(town):
    """A letter lends Sari for 30 %."""
    form = {
        "host_unit_id": town.ids["pusat"], "way": "letter", "name": "Tim Portal",
        "starts_on": "2026-02-02", "ends_on": "2026-06-30", "person_days": 40,
        "letter_no": "ST-7/2026",
        "members": "\n".join(f"{town.nip(who)} {role} 20 %" for who, role in PAIR),
    }  # fmt: skip
    town.ask("squad_formation", by="wati", **form)
    out = {
        "title": "Laporan", "indicator": "Diterima", "target": "1", "person_days": 20,
        "due_on": "2026-06-30",
    }  # fmt: skip
    town.do("confirm_squad", "wati", outputs=[out])
    for who, _ in PAIR:
        town.do("sign_membership", who, answer="accepted")


PAIR = (("citra", "ketua"), ("sari", "anggota"))


def test_silences_and_refusals_are_counted_per_unit_head(town):
    formed(town)
    shown = town.begun(town.task("give_consent", "budi"))
    assert shown["person_id"] == town.ids["sari"]
    assert town.turned_down("give_consent", "budi", decision="refused", reason="Beban") == {
        "reason_code": "unknown_word"
    }
    town.pass_days(8)
    assert town.waiting("give_consent", "decide_consent") == [("decide_consent", "ratna")]
    town.do("decide_consent", "ratna", decision="given")
    cycle = town.ids["cycle BC"]
    [row] = town.read("joko", f"/api/cycles/{cycle}/refusals")["items"]
    assert (row["holderId"], row["silent"], row["overruled"]) == (town.ids["budi"], 1, 1)
    [seen] = town.read("agus", f"/api/audit/cycles/{cycle}/consents")["items"]
    assert (seen["headId"], seen["refused"], seen["silent"]) == (town.ids["budi"], 0, 1)
    town.hidden(f"/api/audit/cycles/{cycle}/consents", "budi", "wati", "sari", "joko", "xena")
    town.hidden(f"/api/cycles/{cycle}/refusals", "budi", "sari", "xena")


def test_a_substitute_for_consent_alone_finds_the_task_in_his_list(town):
    """Budi is away; Dedi holds a letter that covers nothing but consent."""
    town.write_substitute("budi", "dedi", scope="consent")
    formed(town)
    assert [one["elementId"] for one in town.mine("dedi", "give_consent")] == ["give_consent"]
    town.do("give_consent", by="dedi", decision="given")
    assert town.waiting("decide_consent") == []
