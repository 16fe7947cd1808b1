"""The contribution ledger page by page: of a person, of a unit as home or as host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.units import Unit
from engine.usecases.books import cycle_of, readable
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.claim_views import LedgerQuestion
from engine.usecases.relations import require_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.closing import PeriodSeal
    from engine.domain.cycles import Cycle, Period
    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.ports.claim_views import LedgerEntry, LedgerSum
    from engine.usecases.ports.contributions import RollUp
    from engine.usecases.ports.work import House, UnitOfWork

#: rows that a file holds at most
FILE_ROWS_MAX = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What of a ledger is asked for; every part may be left out."""

    #: cycle by id or year; the newest begun one without
    cycle: str | None = None
    #: work period
    period_id: str = ""
    output_id: str = ""
    #: number of the last row seen
    before: int | None = None
    #: rows of one page, one more than is shown; None: as many as a file holds
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFrame:
    """Around the rows: the cycles to choose from, the periods with their seals."""

    cycle: Cycle
    cycles: Sequence[Cycle]
    periods: Sequence[Period]
    #: seal by period id
    seals: Mapping[str, PeriodSeal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """A page of a person's ledger."""

    person: Person
    frame: LedgerFrame
    rows: Sequence[LedgerEntry]
    sums: Sequence[LedgerSum]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage:
    """A page of a unit's ledger as "home" or "host", with the sums that reconcile the two."""

    unit: Unit
    side: str
    frame: LedgerFrame
    rows: Sequence[LedgerEntry]
    sums: Sequence[LedgerSum]
    home: RollUp | None
    host: RollUp | None
    #: of the unit's own squads, not allocated yet; scaled by 10,000
    pool_e4: int


def person_page(house: House, actor: Actor, person_id: str, asked: Narrowed) -> PersonPage:
    """Rows of a person, newest first; `NotFound` for whom the access matrix closes them."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.LEDGER_LINE, asked.cycle)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        question = LedgerQuestion(
            cycle_id=cycle.id,
            person_id=person_id,
            period_id=asked.period_id,
            output_id=asked.output_id,
        )
        return PersonPage(
            person=person,
            frame=_frame(uow, cycle),
            rows=_rows(uow, question, asked),
            sums=uow.contributions.ledger_sums(question),
        )


def unit_page(
    house: House, actor: Actor, unit_id: str, asked: Narrowed, *, side: str = "home"
) -> UnitPage:
    """Rows of a unit from one side, newest first; `NotFound` for who may not read the unit's."""
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        require_unit(Standing(uow, house.clock.now()), actor, unit)
        cycle = cycle_of(uow, unit.agency_id, asked.cycle)
        store = uow.contributions
        question = LedgerQuestion(
            cycle_id=cycle.id,
            unit_id=unit_id,
            side=side,
            period_id=asked.period_id,
            output_id=asked.output_id,
        )
        return UnitPage(
            unit=unit,
            side=side,
            frame=_frame(uow, cycle),
            rows=_rows(uow, question, asked),
            sums=store.ledger_sums(question),
            home=next(iter(store.home_view(cycle.id, unit_id)), None),
            host=next(iter(store.host_view(cycle.id, unit_id)), None),
            pool_e4=sum(row.pool_e4 for row in store.pools(cycle.id, unit_id)),
        )


def _rows(uow: UnitOfWork, question: LedgerQuestion, asked: Narrowed) -> Sequence[LedgerEntry]:
    limit = FILE_ROWS_MAX if asked.limit is None else asked.limit
    return uow.contributions.entries(question, before=asked.before, limit=limit)


def _frame(uow: UnitOfWork, cycle: Cycle) -> LedgerFrame:
    periods = uow.performance.periods(cycle.id)
    known = {row.id for row in periods}
    return LedgerFrame(
        cycle=cycle,
        cycles=uow.performance.cycles(cycle.agency_id),
        periods=periods,
        seals={row.period_id: row for row in uow.credits.seals() if row.period_id in known},
    )
