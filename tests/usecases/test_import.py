"""A workbook as agencies really export them: every flaw by cell, and what is right comes in."""

from __future__ import annotations

import io
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import make_agency

from engine.domain.cycles import Cycle
from engine.domain.squads import Consent
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.agencies import ImportAgency, examine_workbook, import_agency
from engine.usecases.errors import AccessRefused, Conflict, InputRefused

EXAMPLE = Path(make_agency.__file__).with_name("agency.xlsx")
ADMIN = Actor(kind=ActorKind.CLIENT, name="admin", groups=frozenset({"admin"}))


def bring(place, content=None, **options):
    command = ImportAgency(content=content or EXAMPLE.read_bytes(), filename="a.xlsx", **options)
    return import_agency(place.house, ADMIN, command, lambda nip: f"hash of {nip}")


def changed(sheet, cell, value):
    book = load_workbook(io.BytesIO(EXAMPLE.read_bytes()))
    book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_example_is_made_anew_byte_for_byte():
    assert make_agency.workbook_bytes() == EXAMPLE.read_bytes()


def test_a_dry_run_names_every_flaw_by_sheet_and_cell_and_writes_nothing(sqlite_place):
    found = examine_workbook(sqlite_place.house, ADMIN, EXAMPLE.read_bytes())

    assert found.obstacle == ""
    named = {(flaw.sheet, flaw.cell): (flaw.severity.value, flaw.code) for flaw in found.flaws}
    assert named == {
        ("Jabatan", "C24"): ("error", "unit_unknown"),
        ("Pegawai", "A56"): ("error", "nip_number"),
        ("Pegawai", "A66"): ("error", "duplicate"),
        ("Pegawai", "A67"): ("error", "nip_length"),
        ("Penugasan", "F2"): ("warning", "rater_missing"),
        ("Penugasan", "F20"): ("warning", "rater_empty"),
        ("Penugasan", "A56"): ("error", "person_unknown"),
        ("Penugasan", "F60"): ("warning", "rater_unknown"),
        ("Hari Libur", "A16"): ("error", "not_a_date"),
        ("Anggota", "G8"): ("warning", "consent_missing"),
        ("Anggota", "F13"): ("error", "outside_squad"),
        ("SKP", "F92"): ("error", "weights_sum"),
        ("SKP", "F93"): ("error", "weights_sum"),
        ("SKP", "A110"): ("error", "person_unknown"),
        ("SKP", "A111"): ("error", "person_unknown"),
        ("Keluaran", "A14"): ("error", "squad_unknown"),
    }
    with sqlite_place.house.reading() as uow:
        assert list(uow.agency.agencies()) == []


def test_what_is_right_comes_in_and_nothing_of_a_wrong_row(place):
    answer = bring(place)

    assert answer["counts"] == {
        "Instansi": 1, "Unit": 10, "Jabatan": 22, "Pegawai": 63, "Penugasan": 63,
        "Hari Libur": 14, "Tim": 6, "Anggota": 22, "SKP": 124, "Keluaran": 12,
    }  # fmt: skip
    with place.house.reading() as uow:
        people = {row.name: row for row in uow.agency.people(answer["agency_id"])}
        squads = {row.code: row for row in uow.contributions.squads(answer["agency_id"])}
        gita = people["Gita Savitri"]
        member = next(
            row
            for row in uow.contributions.members(squads["TIM-02"].id)
            if row.person_id == gita.id
        )
        account = uow.accounts.account_of(gita.id)
        groups = uow.accounts.groups(people["Nurul Aini"].nip, date(2026, 5, 1))
        plan = uow.performance.plan_of(people["Sari Puspita"].id, answer["cycle_id"])
        weights = [item.weight_bp for item in uow.performance.items(plan.id)]
        cycle = uow.performance.get(Cycle, answer["cycle_id"])
        periods = uow.performance.periods(cycle.id)
        melati = uow.performance.plan_of(people["Melati Sukma"].id, answer["cycle_id"])
    assert len(people) == 63
    assert "Ferdinand Sinaga" not in people
    assert member.consent is Consent.PENDING
    assert account.login == gita.nip
    assert groups == {"perf_admin"}
    assert weights == [6000, 4000]
    firsts = [cycle.starts_on, *(one.ends_on + timedelta(days=1) for one in periods)]
    assert [one.starts_on for one in periods] == firsts[:-1]
    assert periods[-1].ends_on == cycle.ends_on
    assert melati is None
    assert len({row.host_unit_id for row in squads.values()}) >= 5


def test_an_import_happens_once(sqlite_place):
    first = bring(sqlite_place, idempotency_key="k")

    assert bring(sqlite_place, idempotency_key="k") == first
    with pytest.raises(Conflict, match="agency_known"):
        bring(sqlite_place)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code"),
    [
        ("Unit", "C3", "DIT-PGN-X", "parent_unknown"),
        ("Unit", "C2", "PUSDATIN", "parent_unknown"),
        ("Jabatan", "D2", "ESELON", "unknown_word"),
        ("Penugasan", "D2", "1 Januari 2026", "not_a_date"),
        ("Tim", "G2", date(2027, 6, 1), "squad_long"),
        ("Tim", "H2", 10, "budget"),
        ("Tim", "E2", None, "nip_empty"),
        ("Anggota", "D2", 120, "not_a_percent"),
        ("Anggota", "C3", "ketua", "two_leads"),
        ("SKP", "F2", 59, "weights_sum"),
        ("Keluaran", "I2", "198106082005041049=60", "share_unreadable"),
        ("Keluaran", "F2", 2.5, "not_whole"),
        ("Instansi", "C2", "Asia/Bandung", "zone_unknown"),
    ],
)
def test_each_kind_of_flaw_is_found_where_it_is(sqlite_place, sheet, cell, value, code):
    found = examine_workbook(sqlite_place.house, ADMIN, changed(sheet, cell, value))

    assert code in {flaw.code for flaw in found.flaws}


def test_a_missing_sheet_or_heading_is_one_flaw_of_the_sheet(sqlite_place):
    book = load_workbook(io.BytesIO(EXAMPLE.read_bytes()))
    del book["SKP"]
    book["Tim"]["A1"] = "Nama Tim"
    out = io.BytesIO()
    book.save(out)
    found = examine_workbook(sqlite_place.house, ADMIN, out.getvalue())

    whole = {(flaw.sheet, flaw.code) for flaw in found.flaws if flaw.row == 0}
    assert whole == {("SKP", "sheet_missing"), ("Tim", "heading_missing")}


def test_what_is_no_workbook_and_who_may_not_import_is_refused(sqlite_place):
    with pytest.raises(InputRefused):
        examine_workbook(sqlite_place.house, ADMIN, b"NIP;Nama")
    with pytest.raises(AccessRefused):
        examine_workbook(
            sqlite_place.house, Actor(kind=ActorKind.CLIENT, name="x"), EXAMPLE.read_bytes()
        )
