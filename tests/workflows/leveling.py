"""A town with functional levels, final ratings and papers of credit, as the drawings make them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from engine.domain.cycles import Cycle
from engine.domain.people import Person
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.usecases.functional_credit import credit_book, paper_of

DECREE = {"employment": "pns", "grade": "III/c", "letter_no": "SK-7/2025"}
LEVELS = {Predikat.BAIK: Level.SESUAI, Predikat.SANGAT_BAIK: Level.DI_ATAS}
JANUARY = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)


def nip(town, name):
    with town.house.reading() as uow:
        return uow.agency.get(Person, town.ids[name]).nip


def leveled(town, name="dedi", level="ahli_muda", since="2025-01-01", **facts):
    values = {**DECREE, "level": level, "valid_from": since, **facts}
    return town.ask("functional_level", by="joko", nip=nip(town, name), **values)


def final(town, name="dedi", predikat=Predikat.BAIK, year=2026):
    """A final rating of a year, as the evaluation leaves it."""
    with town.house.writing() as uow:
        cycle = uow.performance.cycle_of(town.ids["agency"], year)
        if cycle is None:
            cycle = Cycle(
                id=town.house.ids.uuid(),
                agency_id=town.ids["agency"],
                year=year,
                name=f"Siklus {year}",
                starts_on=date(year, 1, 1),
                ends_on=date(year, 12, 31),
            )
            uow.performance.add([cycle])
        before = uow.performance.rating_of(town.ids[name], cycle.id)
        row = Rating(
            id=town.house.ids.uuid(),
            person_id=town.ids[name],
            cycle_id=cycle.id,
            version=before.version + 1 if before else 1,
            ihk=Decimal("100.00"),
            proposed_level=Level.SESUAI,
            result_level=LEVELS[predikat],
            behaviour_level=LEVELS[predikat],
            predikat=predikat,
            rater_id=town.ids["budi"],
            status=RatingStatus.FINAL,
            at=town.house.clock.now(),
        )
        uow.performance.add([row])
        uow.commit()


def convert(town, name="dedi", year=2026, by="joko"):
    key = town.ask("credit_conversion", by=by, nip=nip(town, name), year=year)
    return town.variables(key)


def propose(town, name="dedi", year=2026, month=12, number="PAK-1"):
    facts = {"year": year, "month": month, "number": number}
    return town.ask("credit_paper", by="joko", nip=nip(town, name), **facts)


def issue(town, name="dedi", **facts):
    """Proposed by one, established by another."""
    key = propose(town, name, **facts)
    town.answer(town.task("establish"), {"decision": "establish"}, by="lina")
    return town.variables(key)


def book(town, name="dedi", by="joko"):
    return credit_book(town.house, town.actor(by), town.ids[name])


def paper(town, paper_id, name="dedi"):
    return paper_of(town.house, town.actor("joko"), town.ids[name], paper_id)
