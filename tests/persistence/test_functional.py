"""Credit and its papers in the database, equal on both: what was issued stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.credit_doubts import DoubtReason
from engine.domain.credit_papers import (
    CreditPaper,
    PaperFlag,
    PaperKind,
    PaperSource,
    content_hash,
)
from engine.domain.functional import (
    CreditMonth,
    Employment,
    FunctionalLevel,
    FunctionalStanding,
)
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.persistence.migrate import migrate, migrate_down
from engine.usecases.errors import Conflict
from tests.workflows.agency import Ids, settle

AT = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)
#: what an accumulation does not have
BESIDE = {"number": "", "proposed_by": None}


class Town:
    def __init__(self, units):
        self.units = units
        self.ids = Ids(units.ids.uuid)
        with units.writing() as uow:
            settle(uow, self.ids)
            self.rating = Rating(
                id=units.ids.uuid(),
                person_id=self.ids["dedi"],
                cycle_id=self.ids["cycle"],
                ihk=Decimal("100.00"),
                proposed_level=Level.SESUAI,
                result_level=Level.SESUAI,
                behaviour_level=Level.SESUAI,
                predikat=Predikat.BAIK,
                rater_id=self.ids["budi"],
                status=RatingStatus.FINAL,
                at=AT,
            )
            uow.performance.add([self.rating])
            uow.commit()

    def write(self, *rows):
        with self.units.writing() as uow:
            for row in rows:
                uow.functional.add([row])
            uow.commit()

    def cancel(self, paper, reason="Salah"):
        with self.units.writing() as uow:
            uow.functional.cancel(paper.id, self.ids["joko"], reason, AT)
            uow.commit()

    def paper(self, kind=PaperKind.CONVERSION, **facts):
        conversion = kind is PaperKind.CONVERSION
        number = self.units.ids.uuid()
        made = CreditPaper(
            id=number,
            kind=kind,
            code=number[-12:],
            person_id=self.ids["dedi"],
            agency_id=self.ids["agency"],
            cycle_id=self.ids["cycle"] if conversion else None,
            rating_id=self.rating.id if conversion else None,
            year=2026,
            month=12,
            number="" if conversion else "PAK-1",
            content={"units": "30000"},
            proposed_by=None if conversion else self.ids["lina"],
            issued_by=self.ids["joko"],
            issued_at=AT,
        )
        made = replace(made, **facts)
        return replace(made, content_hash=content_hash(made))

    def month(self, paper, month=1, **facts):
        made = CreditMonth(
            id=self.units.ids.uuid(),
            paper_id=paper.id,
            person_id=self.ids["dedi"],
            year=2026,
            month=month,
            level=FunctionalLevel.PEMULA,
            coefficient=Decimal("3.7500"),
            percent=75,
            predikat=Predikat.BUTUH_PERBAIKAN,
        )
        return replace(made, **facts)

    def standing(self, **facts):
        made = FunctionalStanding(
            id=self.units.ids.uuid(),
            person_id=self.ids["dedi"],
            employment=Employment.PNS,
            level=FunctionalLevel.PEMULA,
            valid_from=date(2026, 1, 1),
            brought=Decimal("0.1250"),
            recorded_by=self.ids["joko"],
            at=AT,
        )
        return replace(made, **facts)


@pytest.fixture
def town(units):
    return Town(units)


def test_what_is_kept_comes_back_exactly(town):
    paper, level = town.paper(), town.standing()
    month = town.month(paper)
    town.write(level, paper, month)
    dedi = town.ids["dedi"]
    with town.units.reading() as uow:
        assert uow.functional.standings([dedi]) == {dedi: [level]}
        assert uow.functional.months([dedi]) == {dedi: [month]}
        assert uow.functional.papers([dedi]) == {dedi: [paper]}
        assert uow.functional.paper_coded(paper.code) == paper


def test_a_month_and_a_paper_stand_once_until_they_are_cancelled(town):
    first, second = town.paper(), town.paper()
    town.write(first, town.month(first))
    with pytest.raises(Conflict):
        town.write(second)
    other = town.paper(month=11)
    with pytest.raises(Conflict):
        town.write(other, town.month(other))
    town.cancel(first)
    town.write(second, town.month(second))
    with town.units.reading() as uow:
        live = uow.functional.months([town.ids["dedi"]])[town.ids["dedi"]]
        assert [row.paper_id for row in live] == [second.id]
        assert len(uow.functional.months_of(first.id)) == 1


def test_a_conversion_waits_for_the_pak_that_adds_it_up(town):
    conversion, pak = town.paper(), town.paper(PaperKind.PAK)
    town.write(conversion, town.month(conversion), pak)
    town.write(PaperSource(pak_id=pak.id, conversion_id=conversion.id))
    with pytest.raises(Conflict):
        town.cancel(conversion)
    town.cancel(pak)
    town.cancel(conversion)
    with pytest.raises(Conflict):
        town.cancel(pak)


def test_an_accumulation_begins_and_ends_with_its_pak(town):
    pak, sums = town.paper(PaperKind.PAK), town.paper(PaperKind.ACCUMULATION, **BESIDE)
    with pytest.raises(Conflict, match="credit_paper_beside_pak"):
        town.write(sums)
    town.write(pak, sums)
    with pytest.raises(Conflict, match="credit_paper_ends_with_pak"):
        town.cancel(sums)
    town.cancel(pak)
    town.cancel(sums)
    again = town.paper(PaperKind.PAK), town.paper(PaperKind.ACCUMULATION, **BESIDE)
    town.write(*again)


def test_the_newest_flag_of_a_reason_is_not_said_again(town):
    paper = town.paper()
    town.write(paper)
    flag = PaperFlag(
        id=town.units.ids.uuid(),
        paper_id=paper.id,
        reason=DoubtReason.LEVEL,
        before="pemula",
        after="mahir",
        at=AT,
    )
    town.write(flag)
    later = AT + timedelta(days=1)
    with pytest.raises(Conflict, match="paper_flag_news"):
        town.write(replace(flag, id=town.units.ids.uuid(), at=later))
    with pytest.raises(Conflict, match="rating_of_predikat"):
        town.write(replace(flag, id=town.units.ids.uuid(), after="x", rating_id=town.rating.id))
    other = replace(flag, id=town.units.ids.uuid(), after="terampil", at=later)
    town.write(other, replace(flag, id=town.units.ids.uuid(), at=later + timedelta(days=1)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credit_paper SET content = '{}'",
        "UPDATE credit_paper SET number = 'x', cancelled_at = issued_at, cancel_reason = 'b'",
        "UPDATE credit_month SET percent = 150",
        "UPDATE credit_month SET cancelled_at = '2027-02-01 03:00:00.000000'",
        "DELETE FROM credit_month",
        "DELETE FROM credit_paper",
        "UPDATE functional_standing SET grade = 'IV/e'",
        "DELETE FROM functional_standing",
        "DELETE FROM pak_source",
        "UPDATE credit_paper SET content = '{}' WHERE kind = 'accumulation'",
        "DELETE FROM credit_paper WHERE kind = 'accumulation'",
    ],
)
def test_nothing_that_was_issued_is_changed(town, statement):
    conversion, pak = town.paper(), town.paper(PaperKind.PAK)
    town.write(town.standing(), conversion, town.month(conversion), pak)
    town.write(PaperSource(pak_id=pak.id, conversion_id=conversion.id))
    town.write(town.paper(PaperKind.ACCUMULATION, **BESIDE))
    with pytest.raises(sa.exc.DBAPIError), town.units.writing() as uow:
        uow.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "facts",
    [
        {"recorded_by": "self"},
        {"brought": Decimal("-0.0001")},
        {"employment": Employment.PPPK, "brought": None},
        {"contract_until": date(2027, 1, 1)},
        {"level": None},
    ],
)
def test_a_standing_that_does_not_fit_together_is_refused(town, facts):
    if facts.get("recorded_by"):
        facts = {"recorded_by": town.ids["dedi"]}
    with pytest.raises(Conflict):
        town.write(town.standing(**facts))


def test_months_of_somebody_else_or_of_a_cancelled_paper_are_refused(town):
    paper = town.paper()
    town.write(paper)
    with pytest.raises(Conflict):
        town.write(town.month(paper, person_id=town.ids["sari"]))
    town.cancel(paper)
    with pytest.raises(Conflict):
        town.write(town.month(paper))


def test_a_list_of_officials_goes_on_behind_a_key(town):
    town.write(town.standing(), town.standing(person_id=town.ids["sari"]))
    agency, day = town.ids["agency"], date(2026, 6, 1)
    with town.units.reading() as uow:
        [first] = uow.functional.officials(agency, day, limit=1)
        [second] = uow.functional.officials(agency, day, after=(first.name, first.person_id))
        assert (first.name, second.name) == ("Dedi", "Sari")
        pusat = [town.ids["pusat"]]
        assert uow.functional.officials(agency, day, unit_ids=pusat) == []


def test_papers_and_flags_of_before_come_through_the_change_of_their_tables(town, database):
    conversion, pak = town.paper(), town.paper(PaperKind.PAK)
    flag = PaperFlag(
        id=town.units.ids.uuid(),
        paper_id=conversion.id,
        rating_id=town.rating.id,
        before="baik",
        after="kurang",
        at=AT,
    )
    town.write(conversion, town.month(conversion), pak, flag)
    town.write(PaperSource(pak_id=pak.id, conversion_id=conversion.id))
    migrate_down(database, "0059")
    migrate(database)
    with town.units.reading() as uow:
        assert uow.functional.flags([conversion.id]) == {conversion.id: [flag]}
        assert uow.functional.papers([town.ids["dedi"]])[town.ids["dedi"]] == [pak, conversion]
    # what guards them came along
    for statement in (
        "UPDATE paper_flag SET before = 'x'",
        "UPDATE credit_paper SET content = '{}'",
        "DELETE FROM credit_paper",
    ):
        with pytest.raises(sa.exc.DBAPIError), town.units.writing() as uow:
            uow.connection.exec_driver_sql(statement)
    with pytest.raises(Conflict):
        town.write(town.paper())
