"""Functional credit on the shipped drawings: from a final predikat to papers that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.credit_papers import PaperKind, intact
from engine.domain.functional import Employment, FunctionalLevel, FunctionalStanding, rounded
from engine.domain.ratings import Level, Predikat, RatingStatus
from engine.domain.signing import Signature, SignaturePart
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.functional_credit import (
    agency_officials,
    unit_officials,
)
from engine.usecases.means import Means
from engine.usecases.operations.registry import operations
from engine.usecases.ports.runner import OperationCall
from tests.workflows.judging import rated
from tests.workflows.leveling import (
    DECREE,
    JANUARY,
    book,
    convert,
    final,
    issue,
    leveled,
    nip,
    paper,
    propose,
)


@pytest.fixture
def january(town):
    """The town in January of the year after."""
    town.move(JANUARY)
    return town


def test_the_example_of_bkn_goes_from_two_years_into_a_paper(january):
    town = january
    leveled(town, level="ahli_pertama", since="2025-01-01", grade="III/a")
    final(town, predikat=Predikat.SANGAT_BAIK, year=2025)
    assert convert(town, year=2025)["credit_state"] == "converted"
    assert rounded(book(town).found.units, 2) == Decimal("18.75")
    final(town, predikat=Predikat.BAIK, year=2026)
    assert convert(town)["credit_state"] == "converted"
    told = issue(town, month=2)
    content = paper(town, told["paper_id"]).paper.content
    assert [line["units"] for line in content["lines"]] == ["22500.0000", "2500.0000"]
    assert rounded(Decimal(content["units"]), 2) == Decimal("20.83")
    assert content["rank_target"] == {
        "needed": "50",
        "missing_units": "35000.0000",
        "met": False,
    }


def test_a_level_that_rises_in_the_year_is_counted_by_the_first_of_each_month(january):
    town = january
    leveled(town, level="ahli_pertama", since="2024-03-01", grade="III/b")
    leveled(town, level="ahli_muda", since="2026-08-01", grade="III/c")
    final(town)
    convert(town)
    found = book(town)
    assert [row.level.value for row in found.months] == ["ahli_pertama"] * 7 + ["ahli_muda"] * 5
    assert rounded(sum(row.units for row in found.months[:7]), 3) == Decimal("7.292")
    # credit of the new level begins at 0
    assert rounded(found.found.units, 3) == Decimal("10.417")
    assert found.rank.needed == 100
    assert [str(rounded(years * 1200, 2)) for _, _, years in found.ahead[:2]] == ["2.39", "3.58"]


def test_the_follow_up_converts_by_its_operation(town):
    """What the drawing of the follow-up calls: with the references of its instance."""
    leveled(town)
    rated(town)
    town.do("receive_result", "dedi", answer="accept")
    with town.house.reading() as uow:
        assert uow.performance.rating_of(town.ids["dedi"], town.ids["cycle"]).predikat
    assert convert(town)["credit_state"] == "converted"
    assert convert(town)["credit_state"] == "unchanged"


def test_a_rating_that_becomes_final_later_flags_by_itself(town):
    """Nobody has to convert again: the evaluation's own end tells the papers."""
    leveled(town)
    final(town, predikat=Predikat.SANGAT_BAIK)
    converted = convert(town)["paper_id"]
    with town.house.writing() as uow:
        before = uow.performance.rating_of(town.ids["dedi"], town.ids["cycle"])
        anew = replace(
            before,
            id=town.house.ids.uuid(),
            version=before.version + 1,
            predikat=Predikat.BAIK,
            result_level=Level.SESUAI,
            behaviour_level=Level.SESUAI,
            status=RatingStatus.RATED,
        )
        uow.performance.add([anew])
        signed = Signature(
            id=town.house.ids.uuid(),
            rating_id=anew.id,
            part=SignaturePart.RATER,
            signer_id=town.ids["budi"],
            digest="0" * 64,
            at=town.house.clock.now(),
        )
        uow.judging.add([signed])
        means = Means(ids=town.house.ids, clock=town.house.clock, decide=town.house.runner.decide)
        call = OperationCall(
            uow=uow,
            actor=town.actor("budi"),
            now=town.house.clock.now(),
            instance_key=1,
            element_id="finalise",
            variables={"rating_id": anew.id},
            form={},
        )
        operations(means)["regu.rating.finalise"](call)
        uow.commit()
    [flag] = paper(town, converted).flags
    assert (flag.before, flag.after, flag.rating_id) == ("sangat_baik", "baik", anew.id)


def test_without_a_final_predikat_or_a_level_nothing_is_converted(january):
    town = january
    assert convert(town)["credit_state"] == "not_final"
    final(town)
    assert convert(town)["credit_state"] == "no_level"


def test_a_contract_gets_a_note_and_no_credit(january):
    town = january
    leveled(town, employment="pppk", contract_until="2027-12-31")
    final(town)
    told = convert(town)
    assert (told["credit_state"], told["renewal_note"]) == ("pppk", "dapat_dipertimbangkan")
    found = book(town)
    assert found.contract
    assert (found.found, found.months) == (None, ())
    assert found.renewals == [(2026, Predikat.BAIK, "dapat_dipertimbangkan")]
    with pytest.raises(InputRefused):
        issue(town)


def test_a_correction_flags_the_papers_and_changes_nothing_of_them(january):
    town = january
    leveled(town)
    final(town)
    converted = convert(town)["paper_id"]
    issued = issue(town)["paper_id"]
    before = [paper(town, one).paper for one in (converted, issued)]
    final(town, predikat=Predikat.SANGAT_BAIK)
    assert convert(town)["credit_state"] == "flagged"
    assert convert(town)["credit_state"] == "flagged"
    for old in before:
        now = paper(town, old.id)
        assert now.paper == old
        assert intact(now.paper)
        assert [(flag.before, flag.after) for flag in now.flags] == [("baik", "sangat_baik")]
    [row] = agency_officials(town.house, town.actor("joko")).rows
    assert row.flagged == 3
    # a flagged conversion goes into no new PAK
    with pytest.raises(InputRefused):
        issue(town, month=11)


def test_papers_are_cancelled_with_a_reason_and_issued_anew(january):
    town = january
    leveled(town)
    final(town)
    converted = paper(town, convert(town)["paper_id"]).paper
    issued = paper(town, issue(town)["paper_id"]).paper
    with pytest.raises(InputRefused):
        issue(town, number="PAK-2")
    final(town, predikat=Predikat.SANGAT_BAIK)
    convert(town)
    reason = "Predikat dikoreksi"
    with pytest.raises(InputRefused):
        town.ask("credit_cancel", by="joko", code=converted.code, reason=reason)
    for old in (issued, converted):
        town.ask("credit_cancel", by="joko", code=old.code, reason=reason)
    assert book(town).months == ()
    assert convert(town)["credit_state"] == "converted"
    again = paper(town, issue(town, number="PAK-2")["paper_id"]).paper
    assert rounded(Decimal(again.content["units"]), 2) == Decimal("37.50")
    gone = paper(town, issued.id).paper
    assert (gone.live, gone.cancel_reason, gone.content) == (False, reason, issued.content)
    assert intact(gone)
    kinds = [row.kind for row in book(town).papers]
    assert kinds == [PaperKind.ACCUMULATION, PaperKind.PAK, PaperKind.CONVERSION] * 2
    with pytest.raises(InputRefused):
        town.ask("credit_cancel", by="joko", code=issued.code, reason=reason)


def test_a_pak_is_established_by_another_than_who_proposed_it(january):
    town = january
    leveled(town)
    final(town)
    convert(town)
    propose(town)
    with pytest.raises(InputRefused) as refused:
        town.answer(town.task("establish"), {"decision": "establish"}, by="joko")
    assert [fault.code for fault in refused.value.faults] == ["one_hand"]
    town.answer(town.task("establish"), {"decision": "establish"}, by="lina")
    [row] = [row for row in book(town).papers if row.kind is PaperKind.PAK]
    assert (row.proposed_by, row.issued_by) == (town.ids["joko"], town.ids["lina"])
    assert intact(row)
    unproposed = replace(row, id=town.house.ids.uuid(), code="x", proposed_by=None)
    with town.house.writing() as uow, pytest.raises(Conflict, match="credit_paper_proposed"):
        uow.functional.add([unproposed])


def test_a_pak_that_is_returned_goes_back_with_its_reason(january, every_flow):
    town = january
    leveled(town)
    final(town)
    convert(town)
    propose(town)
    town.pass_days(9)
    with pytest.raises(InputRefused):
        town.answer(town.task("establish"), {"decision": "return"}, by="lina")
    town.answer(town.task("establish"), {"decision": "return", "reason": "Salah"}, by="lina")
    town.do("read_return", "joko", confirmed=True)
    propose(town)
    town.answer(town.task("establish"), {"decision": "return", "reason": "Salah"}, by="lina")
    town.pass_days(15)
    issue(town)
    town.note_walked()
    every_flow("credit_paper")


def test_nobody_records_converts_or_cancels_for_himself(january):
    town = january
    with pytest.raises(AccessRefused):
        leveled(town, "joko")
    final(town, "joko")
    with pytest.raises(AccessRefused):
        convert(town, "joko")
    with pytest.raises(NotFound):
        town.ask("functional_level", by="sari", nip=nip(town, "dedi"), **DECREE)


def test_the_month_is_read_by_himself_his_rater_and_hr_only(january):
    town = january
    leveled(town)
    for by in ("dedi", "budi", "ratna", "joko"):
        assert book(town, by=by).held.level is FunctionalLevel.AHLI_MUDA
    for by in ("sari", "citra", "wati"):
        with pytest.raises(NotFound):
            book(town, by=by)
    assert unit_officials(town.house, town.actor("budi"), town.ids["biro"]).rows
    with pytest.raises(NotFound):
        unit_officials(town.house, town.actor("wati"), town.ids["biro"])
    with pytest.raises(AccessRefused):
        agency_officials(town.house, town.actor("sari"))


def test_the_database_keeps_what_was_issued(january):
    town = january
    leveled(town)
    final(town)
    issued = convert(town)["paper_id"]
    with town.house.writing() as uow, pytest.raises(Conflict):
        uow.functional.add(
            [
                FunctionalStanding(
                    id=town.house.ids.uuid(),
                    person_id=town.ids["dedi"],
                    employment=Employment.PPPK,
                    valid_from=date(2026, 1, 1),
                    recorded_by=town.ids["joko"],
                    at=town.house.clock.now(),
                )
            ]
        )
    for statement in (
        "UPDATE credit_month SET percent = 150",
        "DELETE FROM credit_month",
        f"UPDATE credit_paper SET number = 'x' WHERE id = '{issued}'",  # noqa: S608 - a test
        "DELETE FROM credit_paper",
        "UPDATE functional_standing SET grade = 'IV/e'",
    ):
        with pytest.raises(Exception, match=r"credit_|append-only"), town.house.writing() as uow:
            uow.connection.exec_driver_sql(statement)


def test_every_flow_of_the_papers_is_walked(january, every_flow):
    leveled(january)
    final(january)
    convert(january)
    code = issue(january)["code"]
    january.ask("credit_cancel", by="joko", code=code, reason="Salah nomor")
    january.note_walked()
    for name in ("functional_level", "credit_conversion", "credit_cancel"):
        every_flow(name)
