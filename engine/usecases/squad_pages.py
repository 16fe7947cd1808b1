"""One squad and one output, whole, for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.cycles import Cycle
from engine.domain.outputs import Output
from engine.domain.squads import Squad, SquadRole
from engine.domain.units import Agency, Unit
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.squad_room import Scope
from engine.usecases.rights import PERF_ADMIN, same_agency
from engine.usecases.squad_access import require_seen, steers, takes_over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.budgets import BudgetUse
    from engine.domain.claims import Attestation, Claim
    from engine.domain.disputes import Dispute
    from engine.domain.formation import Formation
    from engine.domain.joining import ConsentDecision, HeadSignature, Letter, Signature, SquadChange
    from engine.domain.ledger import Transfer
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import CreditLine
    from engine.usecases.ports.lessons import LessonRow, UseRow
    from engine.usecases.ports.squad_room import (
        Delivery,
        OpenStep,
        OutputRow,
        RosterRow,
        ShareVersion,
        Unclaimed,
        WaitingClaim,
    )
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadWhole:
    """Everything that one page tells of a squad."""

    squad: Squad
    cycle: Cycle
    today: date
    host_unit: str
    host_agency: str
    sponsor: str
    lead: RosterRow | None
    roster: Sequence[RosterRow]
    outputs: Sequence[OutputRow]
    budgets: Sequence[BudgetUse]
    #: names of the periods by id
    periods: Mapping[str, str]
    letters: Sequence[Letter]
    changes: Sequence[SquadChange]
    signed: Sequence[Signature]
    consents: Sequence[ConsentDecision]
    loads: Sequence[HeadSignature]
    formation: Formation | None
    steps: Sequence[OpenStep]
    deliveries: Sequence[Delivery]
    claims: Sequence[WaitingClaim]
    unclaimed: Sequence[Unclaimed]
    #: names by person id, of whoever acted
    names: Mapping[str, str]
    #: what the reader may do here
    steers: bool
    sponsors: bool
    takes_over: bool
    #: whether he may begin a change of members, and one of the lead (never about himself)
    changes_members: bool
    changes_lead: bool
    #: what it learnt, once its letter ended
    lesson: LessonRow | None
    #: lessons of others that it took up
    taken_up: Sequence[UseRow]

    @property
    def used_points(self) -> int:
        """V of the year's outputs together."""
        return sum(row.value_points for row in self.outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputWhole:
    """Everything that one page tells of an output and its shares."""

    output: Output
    squad: Squad
    cycle: Cycle
    host_unit: str
    sponsor: str
    roster: Sequence[RosterRow]
    lines: Sequence[CreditLine]
    pool_bp: int
    collective_bp: int
    versions: Sequence[ShareVersion]
    claims: Sequence[Claim]
    attestations: Sequence[Attestation]
    transfers: Sequence[Transfer]
    disputes: Sequence[Dispute]
    steps: Sequence[OpenStep]
    names: Mapping[str, str]
    is_member: bool
    steers: bool


def squad_whole(house: House, actor: Actor, squad_id: str, wanted: str | None = None) -> SquadWhole:
    """A squad in a cycle (its newest begun one); `NotFound` for who may not see it."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        squad = standing.squad(squad_id)
        cycle = cycle_of(uow, squad.host_agency_id, wanted)
        roster = uow.squad_room.roster(squad.id)
        members = [row.membership for row in roster]
        require_seen(standing, actor, squad, members, cycle)
        today = standing.today(squad.host_agency_id)
        scope = Scope(today=today, squad_id=squad.id)
        room, formation = uow.squad_room, uow.formation
        changes, consents = formation.changes(squad.id), room.consents(squad.id)
        letters, loads = formation.letters(squad.id), room.loads_signed(squad.id)
        steering = steers(standing, actor, squad, members)
        sponsors = actor.person_id == squad.sponsor_id
        looks_after = PERF_ADMIN in actor.groups and same_agency(actor, squad.host_agency_id)
        return SquadWhole(
            squad=squad,
            cycle=cycle,
            today=today,
            host_unit=_unit(uow, squad.host_unit_id),
            host_agency=_agency(uow, squad.host_agency_id),
            sponsor=_names(uow, [squad.sponsor_id]).get(squad.sponsor_id, ""),
            lead=_lead(roster, today),
            roster=roster,
            outputs=room.output_rows(squad.id, cycle.id),
            budgets=uow.credits.budget_use(squad.id, cycle.id),
            periods={row.id: row.name for row in uow.performance.periods(cycle.id)},
            letters=letters,
            changes=changes,
            signed=room.signed(squad.id),
            consents=consents,
            loads=loads,
            formation=formation.formation_of(squad.id),
            steps=room.open_steps(squad.id),
            deliveries=room.deliveries(scope),
            claims=room.claims_waiting(scope),
            unclaimed=room.unclaimed(scope),
            names=_names(uow, _actors(changes, consents, letters, loads)),
            steers=steering,
            sponsors=sponsors,
            changes_members=steering or looks_after,
            changes_lead=sponsors or looks_after,
            takes_over=steering or takes_over(standing, actor, squad, members),
            lesson=uow.lessons.of_squad(squad.id),
            taken_up=uow.lessons.uses(squad_id=squad.id),
        )


def output_whole(house: House, actor: Actor, output_id: str) -> OutputWhole:
    """An output with its shares, history and ledger; `NotFound` for who may not see it."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        output = uow.contributions.get(Output, output_id)
        if output is None:
            raise NotFound("output", output_id)
        squad, cycle = standing.squad(output.squad_id), _cycle(uow, output)
        roster = uow.squad_room.roster(squad.id)
        members = [row.membership for row in roster]
        require_seen(standing, actor, squad, members, cycle)
        store = uow.contributions
        lines = store.credit_lines(cycle.id, output_id=output.id)
        balances = store.balances(output.id)
        transfers, attestations = store.ledger(output.id), store.attestations(output.id)
        disputes = store.disputes(output.id)
        people = {row.person_id for row in members} | {squad.sponsor_id}
        people |= {one for row in attestations for one in (row.attester_id, row.cosigner_id) if one}
        people |= {row.actor_id for row in transfers} | {row.raised_by for row in disputes}
        people |= {one for one in (output.delivered_by, output.accepted_by) if one}
        return OutputWhole(
            output=output,
            squad=squad,
            cycle=cycle,
            host_unit=_unit(uow, squad.host_unit_id),
            sponsor=_names(uow, [squad.sponsor_id]).get(squad.sponsor_id, ""),
            roster=roster,
            lines=lines,
            pool_bp=balances.get("POOL", 0),
            collective_bp=balances.get("COLLECTIVE", 0),
            versions=uow.squad_room.share_versions(output.id),
            claims=store.claims(output.id),
            attestations=attestations,
            transfers=transfers,
            disputes=disputes,
            steps=[
                step for step in uow.squad_room.open_steps(squad.id) if step.output_id == output.id
            ],
            names=_names(uow, people),
            is_member=any(row.person_id == actor.person_id for row in lines),
            steers=steers(standing, actor, squad, members),
        )


def _lead(roster: Sequence[RosterRow], today: date) -> RosterRow | None:
    return next(
        (
            row
            for row in roster
            if row.membership.role is SquadRole.KETUA and row.membership.covers(today)
        ),
        None,
    )


def _cycle(uow: UnitOfWork, output: Output) -> Cycle:
    found = uow.performance.get(Cycle, output.cycle_id)
    if found is None:
        raise NotFound("cycle", output.cycle_id)
    return found


def _unit(uow: UnitOfWork, unit_id: str) -> str:
    found = uow.agency.get(Unit, unit_id)
    return found.name if found else ""


def _agency(uow: UnitOfWork, agency_id: str) -> str:
    found = uow.agency.get(Agency, agency_id)
    return found.name if found else ""


def _names(uow: UnitOfWork, people: Sequence[str] | set[str]) -> Mapping[str, str]:
    return uow.agency.names(sorted(set(people)))


def _actors(
    changes: Sequence[SquadChange],
    consents: Sequence[ConsentDecision],
    letters: Sequence[Letter],
    loads: Sequence[HeadSignature],
) -> set[str]:
    found = {one for row in changes for one in (row.person_id, row.proposed_by, row.second_by)}
    found |= {one for row in consents for one in (row.holder_id, row.decided_by)}
    found |= {row.recorded_by for row in letters} | {row.head_id for row in loads}
    return {one for one in found if one}
