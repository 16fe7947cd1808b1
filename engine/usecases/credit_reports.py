"""Reading credit by period: two periods of a person, views of a period, matrix, budgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.cycles import Cycle
from engine.domain.squads import Squad
from engine.usecases.books import cycle_of, readable
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import sees_credit
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.budgets import BudgetUse
    from engine.domain.closing import PeriodSeal
    from engine.domain.corrections import SnapshotFlag
    from engine.domain.cycles import Period
    from engine.domain.overlays import OverlayCredit
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import PoolRest, RollUp
    from engine.usecases.ports.credits import MatrixCell, PeriodCredit
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCredit:
    """A person's credit by work and posting period, with what stands beside the shares."""

    cycle: Cycle
    periods: Sequence[Period]
    rows: Sequence[PeriodCredit]
    overlays: Sequence[OverlayCredit]
    #: what was decided on numbers that a correction changed
    flags: Sequence[SnapshotFlag]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """A period from home, from host and its pool."""

    period: Period
    by: str
    home: Sequence[RollUp]
    host: Sequence[RollUp]
    pools: Sequence[PoolRest]
    seal: PeriodSeal | None

    @property
    def balanced(self) -> bool:
        """Whether home and host agree to the basis point (I5)."""
        home = sum(row.points_e4 for row in self.home)
        return home == sum(row.points_e4 for row in self.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadBudget:
    """A squad's points by period."""

    squad: Squad
    cycle: Cycle
    uses: Sequence[BudgetUse]
    names: Mapping[str, str]


def person_credit(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PersonCredit:
    """A person's credit in a cycle; `NotFound` for who may not read his ledger."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.LEDGER_LINE, wanted)
        return PersonCredit(
            cycle=cycle,
            periods=uow.performance.periods(cycle.id),
            rows=uow.credits.by_period(person_id, cycle.id),
            overlays=uow.credits.accepted_overlays(person_id, cycle.id),
            flags=uow.credits.flags(person_id=person_id, cycle_id=cycle.id),
        )


def period_reports(house: House, actor: Actor, cycle_id: str, by: str) -> Sequence[PeriodReport]:
    """Every period of a cycle of the actor's agency; `AccessRefused` without `report:read`.

    `by` "work": where the index replays; "posting": where the rows are booked.
    """
    with house.reading() as uow:
        cycle = _cycle(uow, actor, cycle_id)
        return [
            PeriodReport(
                period=period,
                by=by,
                home=uow.credits.view(period.id, by=by, side="home"),
                host=uow.credits.view(period.id, by=by, side="host"),
                pools=uow.credits.pools(period.id),
                seal=uow.credits.seal_of(period.id),
            )
            for period in uow.performance.periods(cycle.id)
        ]


def flow_matrix(house: House, actor: Actor, cycle_id: str, *, units: bool) -> Sequence[MatrixCell]:
    """Credit that the actor's agency gave, got or made in a year, by unit or by agency (I5)."""
    with house.reading() as uow:
        cycle = _cycle(uow, actor, cycle_id)
        return uow.credits.matrix(cycle.year, units=units, agency_id=cycle.agency_id)


def squad_budget(house: House, actor: Actor, squad_id: str) -> SquadBudget:
    """A squad's points by period; `NotFound` for who may not read a member's ledger lines."""
    with house.reading() as uow:
        squad = uow.contributions.get(Squad, squad_id)
        if squad is None:
            raise NotFound("squad", squad_id)
        cycle = cycle_of(uow, squad.host_agency_id, None)
        members = [row.person_id for row in uow.contributions.members(squad.id)]
        if not sees_credit(uow, Standing(uow, house.clock.now()), actor, members, cycle):
            raise NotFound("squad", squad_id)
        return SquadBudget(
            squad=squad,
            cycle=cycle,
            uses=uow.credits.budget_use(squad.id, cycle.id),
            names={row.id: row.name for row in uow.performance.periods(cycle.id)},
        )


def _cycle(uow: UnitOfWork, actor: Actor, cycle_id: str) -> Cycle:
    require(actor, "report:read", cycle_id)
    found = uow.performance.get(Cycle, cycle_id)
    if found is None or not same_agency(actor, found.agency_id):
        raise NotFound("cycle", cycle_id)
    return found
