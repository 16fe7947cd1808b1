"""Data of talent with its source, and referrals that are handed on and never decided."""

from __future__ import annotations

import pytest

from engine.domain.talent import FactKind, standing
from engine.usecases.errors import AccessRefused, Conflict, InputRefused
from tests.workflows.agency import GROUPS, PEOPLE
from tests.workflows.crediting import grant

POTENTIAL = {
    "kind": "potential",
    "potential": "tinggi",
    "on_day": "2026-01-12",
    "source": "Laporan asesmen 12/2026",
}
CASE = {
    "ground": "misconduct",
    "text": "Menggunakan kendaraan dinas untuk keperluan pribadi pada 9 Januari.",
    "source": "Laporan satpam 3/2026",
}


@pytest.fixture(autouse=True)
def hr(town, monkeypatch):
    """Lina looks after human resources."""
    grant(town, "lina", "hr")
    monkeypatch.setitem(GROUPS, "lina", (*GROUPS["lina"], "hr"))


def record(town, by, name, **values):
    return town.ask("talent_record", by=by, nip=PEOPLE[name][0], **{**POTENTIAL, **values})


def refer(town, by, name, **values):
    return town.ask("discipline_referral", by=by, nip=PEOPLE[name][0], **{**CASE, **values})


def facts(town, name):
    with town.house.reading() as uow:
        return uow.recognitions.facts(town.ids[name])


def test_hr_and_a_superior_record_and_the_employee_reads_it(town):
    key = record(town, "lina", "sari")
    assert "asesmen 12/2026" in town.begun(town.task("read_record", "sari"))["words"]
    town.do("read_record", "sari")
    assert town.status(key) == "completed"
    record(town, "budi", "sari", potential="menengah")
    town.pass_days(15)
    held = facts(town, "sari")
    assert [row.word for row in held] == ["tinggi", "menengah"]
    # the newest row of its kind stands
    assert standing(held)[FactKind.POTENTIAL].word == "menengah"


def test_education_and_discipline_are_recorded_by_human_resources_alone(town):
    for kind, word in (("education", "s2"), ("discipline", "light")):
        with pytest.raises(InputRefused):
            record(town, "budi", "sari", kind=kind, **{kind: word})
        record(town, "lina", "sari", kind=kind, **{kind: word})
    assert {row.kind for row in facts(town, "sari")} == {FactKind.EDUCATION, FactKind.DISCIPLINE}


def test_nobody_records_about_himself_or_about_strangers(town):
    with pytest.raises(AccessRefused):
        record(town, "lina", "lina")
    with pytest.raises(AccessRefused):
        record(town, "sari", "eko")
    with pytest.raises(AccessRefused):
        record(town, "wati", "sari")
    assert facts(town, "sari") == facts(town, "eko") == facts(town, "lina") == []


def test_a_fact_needs_its_document_and_a_day_that_came(town):
    for wrong in ({"source": ""}, {"on_day": "2026-09-01"}, {"potential": ""}):
        with pytest.raises(InputRefused):
            record(town, "lina", "sari", **wrong)


def test_a_case_is_referred_by_a_superior_and_handed_on_by_human_resources(town):
    key = refer(town, "budi", "dedi")
    [task] = town.open("hand_referral")
    assert "kendaraan dinas" in town.begun(task)["words"]
    town.do("hand_referral", by="lina", handed_to="Tim pemeriksa", letter_no="R-3/2026")
    assert town.status(key) == "completed"
    with town.house.reading() as uow:
        [seen] = uow.recognitions.referrals(town.ids["agency"])
    assert (seen.about, seen.by, seen.handed_to) == ("Dedi", "Budi", "Tim pemeriksa")


def test_only_those_above_refer_and_nobody_hands_on_his_own_case(town):
    for by in ("sari", "wati", "lina"):
        with pytest.raises(AccessRefused):
            refer(town, by, "dedi")
    refer(town, "ratna", "lina")
    with pytest.raises((AccessRefused, Conflict)):
        town.do("hand_referral", by="lina", handed_to="Tim pemeriksa")


def test_a_low_predikat_is_no_ground(town):
    with pytest.raises(InputRefused):
        refer(town, "budi", "dedi", ground="low_predikat")


def test_every_flow_of_both_is_walked(every_flow):
    every_flow("talent_record")
    every_flow("discipline_referral")
