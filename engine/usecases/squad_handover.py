"""What a lead hands over to the next one: everything open in a squad, on one paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.dialogue import CommitmentState
from engine.domain.joining import ChangeKind, ChangeStatus
from engine.domain.outputs import OutputStatus
from engine.domain.risks import RiskStatus
from engine.domain.squads import SquadRole
from engine.domain.units import Unit
from engine.usecases.organisation import Standing
from engine.usecases.ports.squad_room import Scope
from engine.usecases.squad_access import require_steering, steers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.cycles import Cycle
    from engine.domain.dialogue import Commitment
    from engine.domain.disputes import Dispute
    from engine.domain.joining import Letter, SquadChange
    from engine.domain.risks import Risk
    from engine.domain.squads import Squad
    from engine.usecases.actor import Actor
    from engine.usecases.ports.squad_room import (
        Document,
        OpenStep,
        OutputRow,
        RosterRow,
        ShareVersion,
        SquadResult,
        Unclaimed,
        WaitingClaim,
    )
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPack:
    """Everything open in a squad on a day."""

    squad: Squad
    cycle: Cycle
    today: date
    host_unit: str
    sponsor: str
    #: everybody who leads, led or will lead, by day
    leads: Sequence[RosterRow]
    members: Sequence[RosterRow]
    #: the newest change of lead that was not refused, with the old lead's note
    change: SquadChange | None
    #: outputs that are not sealed
    outputs: Sequence[OutputRow]
    #: the newest expected shares of those, by output
    shares: Mapping[str, ShareVersion]
    claims: Sequence[WaitingClaim]
    unclaimed: Sequence[Unclaimed]
    steps: Sequence[OpenStep]
    disputes: Sequence[Dispute]
    #: titles of the year's outputs by id
    titles: Mapping[str, str]
    results: Sequence[SquadResult]
    risks: Sequence[Risk]
    #: what the reader promised members or they him, not counselling; nobody else's
    promises: Sequence[Commitment]
    letters: Sequence[Letter]
    #: None: they open to the next lead on his first day
    documents: Sequence[Document] | None
    budget_points: int
    used_points: int
    #: names by person id
    names: Mapping[str, str]

    @property
    def left_points(self) -> int:
        """What may still be planned."""
        return self.budget_points - self.used_points


def handover_pack(house: House, actor: Actor, squad_id: str) -> HandoverPack:
    """The pack, for who leads, led or is to lead the squad, and for its sponsor.

    `NotFound` for who may not see the squad, `AccessRefused` for who only sees it. Evidence is
    the lead's and the sponsor's to read; promises are read by the two who made them alone.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        squad, members, cycle = require_steering(
            standing, actor, squad_id, "squad:hand_over", handing_over=True
        )
        room, today = uow.squad_room, standing.today(squad.host_agency_id)
        roster, outputs = room.roster(squad.id), room.output_rows(squad.id, cycle.id)
        open_ids = {row.output_id for row in outputs if row.status is not OutputStatus.SEALED}
        scope, results = Scope(today=today, squad_id=squad.id), room.results(squad.id, cycle.id)
        people = {row.membership.person_id for row in roster} | {squad.sponsor_id}
        shares = room.newest_shares(squad.id, cycle.id)
        unit = uow.agency.get(Unit, squad.host_unit_id)
        names = uow.agency.names(sorted(people))
        seen = steers(standing, actor, squad, members)
        return HandoverPack(
            squad=squad,
            cycle=cycle,
            today=today,
            host_unit=unit.name if unit else "",
            sponsor=names.get(squad.sponsor_id, ""),
            leads=[row for row in roster if row.membership.role is SquadRole.KETUA],
            members=[row for row in roster if row.membership.covers(today)],
            change=_change(uow.formation.changes(squad.id)),
            outputs=[row for row in outputs if row.output_id in open_ids],
            shares={key: one for key, one in shares.items() if key in open_ids},
            claims=room.claims_waiting(scope),
            unclaimed=room.unclaimed(scope),
            steps=room.open_steps(squad.id),
            disputes=room.open_disputes(squad.id),
            titles={row.output_id: row.title for row in outputs},
            results=results,
            risks=_risks(uow, results),
            promises=_promises(uow, actor, cycle, people),
            letters=uow.formation.letters(squad.id),
            documents=room.documents(squad.id, cycle.id) if seen else None,
            budget_points=squad.budget_points,
            used_points=sum(row.value_points for row in outputs),
            names=names,
        )


def _change(rows: Sequence[SquadChange]) -> SquadChange | None:
    leads = [
        row
        for row in rows
        if row.kind is ChangeKind.LEAD and row.status is not ChangeStatus.REFUSED
    ]
    return max(leads, key=lambda row: (row.effective_on, row.id), default=None)


def _risks(uow: UnitOfWork, results: Sequence[SquadResult]) -> Sequence[Risk]:
    found = uow.goals.risks_on([row.item_id for row in results])
    return [risk for risk in found if risk.status is not RiskStatus.CLOSED]


def _promises(
    uow: UnitOfWork, actor: Actor, cycle: Cycle, people: set[str]
) -> Sequence[Commitment]:
    if actor.person_id is None:
        return ()
    return [
        row
        for row in uow.dialogues.promises_of(actor.person_id, cycle.id)
        if row.state is CommitmentState.OPEN
        and not row.confidential
        and {row.owner_id, row.counterpart_id} <= people
    ]
