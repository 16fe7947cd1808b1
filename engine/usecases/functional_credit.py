"""Reading functional credit: a person's months, sums and papers, and the officials of a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from engine.domain.functional import (
    Employment,
    accumulate,
    in_force,
    level_target,
    rank_target,
    standing_on,
    years_to,
)
from engine.domain.ratings import Predikat, RatingStatus
from engine.domain.units import Unit, ancestors
from engine.usecases.books import readable
from engine.usecases.credit_tables import level_rule, percent_of, print_decimals, renewal_note
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.relations import require_unit
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from engine.domain.credit_papers import CreditPaper, PaperFlag
    from engine.domain.functional import (
        Accumulation,
        CreditMonth,
        FunctionalStanding,
        LevelRule,
        Target,
    )
    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.ports.functional import Official
    from engine.usecases.ports.work import House, UnitOfWork

READING: Final = "report:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditBook:
    """A person's functional credit."""

    person: Person
    today: date
    #: what holds, one row a first day, oldest first
    standings: Sequence[FunctionalStanding]
    held: FunctionalStanding | None
    #: live months in order
    months: Sequence[CreditMonth]
    found: Accumulation | None
    rule: LevelRule | None
    rank: Target | None
    next_level: Target | None
    #: years that the next rank takes at each predikat
    ahead: Sequence[tuple[Predikat, int, Fraction | None]]
    #: newest first, cancelled ones too
    papers: Sequence[CreditPaper]
    flags: Mapping[str, Sequence[PaperFlag]]
    decimals: int
    #: PPPK: (year, predikat, word of `contract_renewal`) of final ratings, newest first
    renewals: Sequence[tuple[int, Predikat, str]]

    @property
    def contract(self) -> bool:
        """Whether the person serves by contract, without credit."""
        return self.held is not None and self.held.employment is Employment.PPPK


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialCredit:
    """One line of a list."""

    official: Official
    held: FunctionalStanding | None
    found: Accumulation | None
    rank: Target | None
    next_level: Target | None
    #: how many live papers are flagged
    flagged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Officials:
    """A page of people with a level or contract."""

    unit: Unit | None
    rows: Sequence[OfficialCredit]
    decimals: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list: behind this (name, id), so many rows."""

    after: tuple[str, str] | None = None
    limit: int = 50


FIRST_PAGE: Final = Page()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper as it was issued, with what was flagged since."""

    paper: CreditPaper
    flags: Sequence[PaperFlag]


def credit_book(house: House, actor: Actor, person_id: str) -> CreditBook:
    """A person's functional credit; `NotFound` for whom the matrix closes his rating."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        readable(standing, actor, person_id, Resource.RATING, None)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        tables = _tables(house, uow, person.agency_id)
        today = standing.today(person.agency_id)
        rows = uow.functional.standings([person_id]).get(person_id, ())
        months = uow.functional.months([person_id]).get(person_id, ())
        papers = uow.functional.papers([person_id]).get(person_id, ())
        found = accumulate(rows, months, today)
        rule = level_rule(tables, found.level) if found else None
        rank = rank_target(found, rule) if found and rule else None
        held = standing_on(rows, today)
        return CreditBook(
            person=person,
            today=today,
            standings=in_force(rows),
            held=held,
            months=months,
            found=found,
            rule=rule,
            rank=rank,
            next_level=level_target(found, rule) if found and rule else None,
            ahead=_ahead(tables, rank, rule),
            papers=papers,
            flags=uow.functional.flags([row.id for row in papers]),
            decimals=print_decimals(tables, today.year),
            renewals=_renewals(uow, tables, person, held),
        )


def paper_of(house: House, actor: Actor, person_id: str, paper_id: str) -> PaperView:
    """A paper of a person; `NotFound` for whom the matrix closes his rating."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        readable(standing, actor, person_id, Resource.RATING, None)
        found = uow.functional.paper(paper_id)
        if found is None or found.person_id != person_id:
            raise NotFound("credit_paper", paper_id)
        return PaperView(paper=found, flags=uow.functional.flags([paper_id]).get(paper_id, ()))


def unit_officials(house: House, actor: Actor, unit_id: str, page: Page = FIRST_PAGE) -> Officials:
    """People with a level or contract in a unit and below it; `NotFound` for who may not see."""
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        standing = Standing(uow, house.clock.now())
        require_unit(standing, actor, unit)
        units = {row.id: row for row in uow.agency.units(unit.agency_id)}
        below = [one for one in units if one == unit_id or unit_id in ancestors(one, units)]
        return _officials(house, standing, unit.agency_id, (unit, below), page)


def agency_officials(house: House, actor: Actor, page: Page = FIRST_PAGE) -> Officials:
    """The same of the actor's whole agency; for the groups of `report:read`."""
    require(actor, READING)
    if actor.agency_id is None:
        raise NotFound("agency", "")
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        return _officials(house, standing, actor.agency_id, (None, None), page)


def _officials(
    house: House,
    standing: Standing,
    agency_id: str,
    where: tuple[Unit | None, Sequence[str] | None],
    page: Page,
) -> Officials:
    uow, store = standing.uow, standing.uow.functional
    today = standing.today(agency_id)
    tables = _tables(house, uow, agency_id)
    people = store.officials(
        agency_id, today, unit_ids=where[1], after=page.after, limit=page.limit
    )
    ids = [row.person_id for row in people]
    standings, months, papers = store.standings(ids), store.months(ids), store.papers(ids)
    live = [row for rows in papers.values() for row in rows if row.live]
    flags = store.flags([row.id for row in live])
    rules: dict[str, LevelRule] = {}
    found: list[OfficialCredit] = []
    for one in people:
        rows = standings.get(one.person_id, ())
        sums = accumulate(rows, months.get(one.person_id, ()), today)
        if sums and sums.level not in rules:
            rules[sums.level] = level_rule(tables, sums.level)
        rule = rules[sums.level] if sums else None
        found.append(
            OfficialCredit(
                official=one,
                held=standing_on(rows, today),
                found=sums,
                rank=rank_target(sums, rule) if sums and rule else None,
                next_level=level_target(sums, rule) if sums and rule else None,
                flagged=sum(row.id in flags for row in papers.get(one.person_id, ()) if row.live),
            )
        )
    units = {row.id: row.name for row in uow.agency.units(agency_id)}
    return Officials(
        unit=where[0], rows=found, decimals=print_decimals(tables, today.year), names=units
    )


def _tables(house: House, uow: UnitOfWork, agency_id: str) -> Tables:
    means = means_of(house)
    return Tables(means, uow, house.clock.now(), agency_id)


def _ahead(
    tables: Tables, rank: Target | None, rule: LevelRule | None
) -> list[tuple[Predikat, int, Fraction | None]]:
    if rank is None or rule is None or rank.met:
        return []
    percents = [(word, percent_of(tables, word)) for word in Predikat]
    return [
        (word, percent, years_to(rank.missing_units, rule.coefficient, percent))
        for word, percent in percents
    ]


def _renewals(
    uow: UnitOfWork, tables: Tables, person: Person, held: FunctionalStanding | None
) -> list[tuple[int, Predikat, str]]:
    if held is None or held.employment is not Employment.PPPK:
        return []
    found = []
    for cycle in uow.performance.cycles(person.agency_id):
        rating = uow.performance.rating_of(person.id, cycle.id)
        if rating and rating.status is RatingStatus.FINAL and rating.predikat:
            word = renewal_note(tables, rating.predikat)
            found.append((cycle.year, rating.predikat, word))
    return found
