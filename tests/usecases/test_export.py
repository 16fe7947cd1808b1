"""An agency's year leaves as a workbook that brings the same agency into another house."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from engine.persistence.tables.agency import person
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.agencies import examine_workbook
from engine.usecases.errors import AccessRefused
from engine.usecases.exports import export_agency
from tests.usecases.conftest import Place
from tests.usecases.test_import import ADMIN, EXAMPLE, bring


def manager(agency_id):
    return Actor(kind=ActorKind.CLIENT, name="hr", groups=frozenset({"hr"}), agency_id=agency_id)


def sheets(content):
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [[c.value for c in row] for row in sheet] for sheet in book}


@pytest.fixture
def other_place(copy_of, database):
    made = Place(copy_of(database))
    made.deploy("workflows/*/*.dmn")
    return made


def test_what_was_exported_is_imported_without_an_error_and_exported_the_same(place, other_place):
    first = export_agency(place.house, manager(bring(place)["agency_id"]))

    examined = examine_workbook(other_place.house, ADMIN, first)
    assert [flaw for flaw in examined.flaws if flaw.severity.value == "error"] == []
    again = bring(other_place, first)["agency_id"]

    assert sheets(export_agency(other_place.house, manager(again))) == sheets(first)


def richer():
    """The example with a rank, a range and objectives."""
    book = load_workbook(io.BytesIO(EXAMPLE.read_bytes()))
    people, plans = book["Pegawai"], book["SKP"]
    people.cell(1, people.max_column + 1, "Pangkat")
    people.cell(2, people.max_column, "Pembina Utama (IV/e)")
    levels = {
        "Kepegawaian": ("PNS", "PPPK"),
        "Jenjang": ("Ahli Utama", "Terampil"),
        "Golongan": ("IV/e", None),
        "TMT Jenjang": (date(2024, 4, 1), date(2025, 1, 1)),
        "Angka Kredit": (112.5, None),
        "Kontrak Sampai": (None, date(2029, 12, 31)),
    }
    for heading, cells in levels.items():
        place = people.max_column + 1
        for row, value in enumerate((heading, *cells), start=1):
            people.cell(row, place, value)
    heads = {cell.value: cell.column for cell in plans[1]}
    plans.cell(2, heads["Arah"], "rentang")
    plans.cell(2, heads["Target"], 10)
    plans.cell(1, plans.max_column + 1, "Batas Atas")
    plans.cell(2, plans.max_column, 20)
    goals = book.create_sheet("Sasaran")
    top = "BLDN"
    goals.append(["Kode", "Judul", "Kode Unit", "Perspektif", "Kode Induk"])
    goals.append(["S1", "Layanan makin mudah", top, "Penerima Layanan", None])
    goals.append(["S1.1", "Perizinan terpadu", top, None, "S1"])
    goals.append(["S2", "Menggantung", top, None, "S9"])
    tasks = book.create_sheet("Uraian Tugas")
    tasks.append(["Kode Jabatan", "Tugas", "Volume Setahun", "Jam per Tugas"])
    post = book["Jabatan"].cell(2, 1).value
    tasks.append([post, "Telaah", 400, 1.5])
    tasks.append([post, "Rapat", 0, 4])
    tasks.append([post, "Telaah", 1, 1])
    tasks.append(["TIADA", "Laporan", 12, 10])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_ranks_ranges_and_objectives_make_the_round(place, other_place):
    content = richer()
    examined = examine_workbook(place.house, ADMIN, content)
    assert ("Sasaran", "E4") in {(flaw.sheet, flaw.cell) for flaw in examined.flaws}
    assert examined.counts["Sasaran"] == 2
    flaws = {(flaw.cell, flaw.code) for flaw in examined.flaws if flaw.sheet == "Uraian Tugas"}
    assert flaws == {("C3", "task_volume"), ("B4", "duplicate"), ("A5", "post_unknown")}
    assert examined.counts["Uraian Tugas"] == 1

    first = export_agency(place.house, manager(bring(place, content)["agency_id"]))
    found = sheets(first)
    assert "Pembina Utama (IV/e)" in {row[4] for row in found["Pegawai"]}
    assert ["PNS", "Ahli Utama", "IV/e"] in [row[5:8] for row in found["Pegawai"]]
    assert ["PPPK", "Terampil", None] in [row[5:8] for row in found["Pegawai"]]
    assert [row[-1] for row in found["SKP"][1:] if row[-1] is not None] == [20]
    assert found["Sasaran"][1:] == [
        ["S1", "Layanan makin mudah", "BLDN", "penerima layanan", None, "outcome"],
        ["S1.1", "Perizinan terpadu", "BLDN", None, "S1", "antara"],
    ]
    assert [row[1:] for row in found["Uraian Tugas"][1:]] == [["Telaah", 400, 1.5]]
    again = bring(other_place, first)["agency_id"]
    assert sheets(export_agency(other_place.house, manager(again))) == found


def test_no_text_becomes_a_formula(sqlite_place):
    agency_id = bring(sqlite_place)["agency_id"]
    with sqlite_place.house.writing() as uow:
        uow.connection.execute(person.update().values(name='=HYPERLINK("https://x")'))
        uow.commit()
    book = load_workbook(io.BytesIO(export_agency(sqlite_place.house, manager(agency_id))))
    assert {cell.data_type for cell in book["Pegawai"]["B"]} == {"s"}


def test_only_who_may_takes_it_out_and_only_his_own_agency(sqlite_place):
    bring(sqlite_place)
    employee = Actor(kind=ActorKind.PERSON, name="x", person_id="x", agency_id="a")
    with pytest.raises(AccessRefused):
        export_agency(sqlite_place.house, employee)
