"""What is mended after a paper of credit was issued flags it with its reason, and no more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.credit_papers import PaperKind, intact
from engine.domain.functional import rounded
from engine.domain.people import Person
from engine.domain.ratings import Predikat
from engine.usecases.errors import Conflict, InputRefused
from tests.workflows.leveling import (
    JANUARY,
    book,
    convert,
    final,
    issue,
    leveled,
    nip,
    paper,
)


@pytest.fixture
def january(town):
    """The town in January of the year after."""
    town.move(JANUARY)
    return town


def flags(town, *ids):
    """(reason, before, after) of each paper's flags, in order."""
    return [
        [(flag.reason.value, flag.before, flag.after) for flag in paper(town, one).flags]
        for one in ids
    ]


def papers(town):
    """Conversion, PAK and accumulation of a year, with what they say."""
    converted, issued = convert(town)["paper_id"], issue(town)["paper_id"]
    [sums] = [row.id for row in book(town).papers if row.kind is PaperKind.ACCUMULATION]
    return converted, issued, sums


def changed(town, **facts):
    values = {"nip": nip(town, "dedi"), "letter_no": "S-9", **facts}
    return town.ask("role_change", by="joko", **values)


def test_a_mended_level_flags_every_paper_that_rests_on_it_at_once(january):
    town = january
    leveled(town, level="ahli_madya", grade="IV/a")
    final(town)
    ids = papers(town)
    before = [paper(town, one).paper for one in ids]
    # a mistake is mended by a newer row of the same day
    leveled(town, level="ahli_muda", grade="III/d")
    level = ("level", "ahli_madya", "ahli_muda")
    assert flags(town, *ids) == [[level], [level], [level]]
    assert [paper(town, one).paper for one in ids] == before
    assert all(intact(one) for one in before)
    # asking again says nothing twice; mending it back and again says nothing old
    assert convert(town)["credit_state"] == "flagged"
    assert flags(town, *ids) == [[level], [level], [level]]


def test_a_level_recorded_anew_as_it_was_flags_nothing(january):
    town = january
    leveled(town)
    final(town)
    ids = papers(town)
    leveled(town, letter_no="SK-8/2026")
    assert flags(town, *ids) == [[], [], []]


def test_mended_points_and_grade_flag_the_sums_and_not_the_conversion(january):
    town = january
    leveled(town, brought="10")
    final(town)
    ids = papers(town)
    leveled(town, brought="12.5", grade="III/d")
    said = {("grade", "III/c", "III/d"), ("brought", "10.0000", "12.5000")}
    none, pak, sums = flags(town, *ids)
    assert none == []
    assert (set(pak), set(sums)) == (said, said)


def test_a_leave_recorded_late_flags_the_papers_with_their_months(january):
    town = january
    leveled(town)
    final(town)
    ids = papers(town)
    changed(
        town,
        kind="cuti",
        leave_kind="luar_tanggungan",
        starts_on="2026-03-01",
        ends_on="2026-05-31",
    )
    months = ("months", "1-12/2026", "1-2/2026, 6-12/2026")
    assert flags(town, *ids) == [[months], [months], [months]]


def test_an_exit_recorded_late_flags_the_papers_with_their_months(january):
    town = january
    leveled(town)
    final(town)
    ids = papers(town)
    changed(town, kind="berhenti", starts_on="2026-10-15")
    months = ("months", "1-12/2026", "1-10/2026")
    assert flags(town, *ids) == [[months], [months], [months]]


def test_the_database_keeps_a_flag_from_being_said_twice(january):
    town = january
    leveled(town, level="ahli_madya", grade="IV/a")
    final(town)
    converted = convert(town)["paper_id"]
    leveled(town, level="ahli_muda", grade="III/d")
    [flag] = paper(town, converted).flags
    twice = replace(flag, id=town.house.ids.uuid())
    with town.house.writing() as uow, pytest.raises(Conflict, match="paper_flag_news"):
        uow.functional.add([twice])


def test_the_accumulation_is_issued_with_its_pak_and_ends_with_it(january):
    town = january
    leveled(town)
    final(town)
    _, issued, sums = papers(town)
    pak, beside = paper(town, issued).paper, paper(town, sums).paper
    assert (beside.year, beside.month, beside.issued_by) == (2026, 12, pak.issued_by)
    assert beside.content["lines"] == pak.content["lines"]
    assert beside.content["units"] == pak.content["units"]
    assert "rank_target" not in beside.content
    assert intact(beside)
    with pytest.raises(InputRefused) as refused:
        town.ask("credit_cancel", by="joko", code=beside.code, reason="Salah")
    assert [fault.code for fault in refused.value.faults] == ["paper_beside"]
    town.ask("credit_cancel", by="joko", code=pak.code, reason="Salah")
    ended = [paper(town, one).paper for one in (issued, sums)]
    assert [(row.live, row.cancel_reason) for row in ended] == [(False, "Salah")] * 2


def test_a_pak_names_who_established_it_as_its_signer(january):
    town = january
    leveled(town)
    final(town)
    _, issued, _ = papers(town)
    with town.house.reading() as uow:
        lina = uow.agency.get(Person, town.ids["lina"])
    content = paper(town, issued).paper.content
    assert content["establisher"] == lina.name
    assert content["establisher_nip"] == lina.nip


def rated_part(town, **rate):
    """HR records a move of August late; the old rater rates the part before it."""
    changed(
        town,
        kind="mutasi",
        starts_on="2026-08-01",
        unit_id=town.ids["pusat"],
        post_title="Analis Ahli Muda",
    )
    town.do("rate_segment", "budi", note="Laporan lengkap", **rate)


def test_an_interim_predikat_given_late_flags_the_papers_without_a_new_rating(january):
    town = january
    leveled(town)
    final(town, predikat=Predikat.SANGAT_BAIK)
    ids = papers(town)
    rated_part(town, result_level="sesuai", behaviour_level="sesuai")
    predikat = ("predikat", "sangat_baik", "baik")
    assert flags(town, *ids) == [[predikat], [predikat], [predikat]]
    assert [flag.rating_id for flag in paper(town, ids[0]).flags] == [None]


def test_the_level_change_of_bkn_goes_from_two_predikats_into_its_paper(january):
    """Ahli Pertama Jan-Jul at Baik, Ahli Muda Aug-Dec at Sangat Baik (domain.md 6)."""
    town = january
    leveled(town, level="ahli_pertama", since="2026-01-01", grade="III/b")
    leveled(town, level="ahli_muda", since="2026-08-01", grade="III/c")
    final(town, predikat=Predikat.SANGAT_BAIK)
    rated_part(town, result_level="sesuai", behaviour_level="sesuai")
    converted = paper(town, convert(town)["paper_id"]).paper
    printed = [rounded(Decimal(line["units"]), 3) for line in converted.content["lines"]]
    assert printed == [Decimal("7.292"), Decimal("15.625")]
    # credit begins at 0 when the level rises: the PAK of the new level has its months alone
    pak = paper(town, issue(town)["paper_id"]).paper
    assert rounded(Decimal(pak.content["units"]), 3) == Decimal("15.625")
    assert (pak.content["level"], pak.content["since"]) == ("ahli_muda", "2026-08-01")
    assert flags(town, converted.id, pak.id) == [[], []]
