"""A squad's outputs with their claims, and what waits for the actor's attestation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.contribution_types import merged
from engine.domain.cycles import Cycle
from engine.domain.outputs import Output
from engine.domain.squads import Squad, SquadRole
from engine.domain.units import Unit
from engine.usecases.attesting import waiting_in
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read, note_shown
from web.readings.shapes import LineRow, OutputCard, SquadSheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.claims import Evidence
    from engine.domain.contribution_types import ContributionType
    from engine.domain.disputes import Dispute
    from engine.domain.squads import Membership
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import CreditLine
    from engine.usecases.ports.work import House, UnitOfWork


def squad_sheet(house: House, actor: Actor, squad_id: str) -> SquadSheet:
    """Outputs of a squad in the current cycle; `NotFound` for who stands outside."""
    waiting = waiting_in(house, actor, squad_id)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        squad = uow.contributions.get(Squad, squad_id)
        if squad is None:
            raise NotFound("squad", squad_id)
        cycle = cycle_of(uow, squad.host_agency_id, None)
        reader = _Reader(uow, standing, actor, cycle)
        members = uow.contributions.members(squad.id)
        if not any(reader.may(row.person_id, Resource.LEDGER_LINE) for row in members):
            raise NotFound("squad", squad_id)
        unit = uow.agency.get(Unit, squad.host_unit_id)
        lead = next((row for row in members if row.role is SquadRole.KETUA), None)
        names = uow.agency.names([squad.sponsor_id, *(row.person_id for row in members)])
        return SquadSheet(
            squad=squad,
            host_unit=unit.name if unit else "",
            sponsor=names.get(squad.sponsor_id, ""),
            lead=names.get(lead.person_id, "") if lead else "",
            cycle=cycle,
            outputs=reader.cards(
                uow.contributions.outputs(cycle.id, squad.id),
                uow.contributions.credit_lines(cycle.id, squad_id=squad.id),
                (members, names),
                {(one.row.output.id, one.row.claim.person_id): one.task.key for one in waiting},
            ),
            waiting=waiting,
        )


def beside(
    house: House, actor: Actor, variables: Mapping[str, object]
) -> tuple[OutputCard | None, LineRow | None]:
    """The output that a task is about, and the member's line in it; None where there is none.

    The task is the actor's already; what the matrix keeps from him stays away all the same.
    """
    output_id, member = variables.get("output_id"), variables.get("member")
    if not isinstance(output_id, str):
        return None, None
    with house.reading() as uow:
        output = uow.contributions.get(Output, output_id)
        cycle = uow.performance.get(Cycle, output.cycle_id) if output else None
        if output is None or cycle is None:
            return None, None
        reader = _Reader(uow, Standing(uow, house.clock.now()), actor, cycle)
        members = uow.contributions.members(output.squad_id)
        if not any(reader.may(row.person_id, Resource.LEDGER_LINE) for row in members):
            return None, None
        names = uow.agency.names([row.person_id for row in members])
        lines = uow.contributions.credit_lines(cycle.id, output_id=output.id)
        [card] = reader.cards([output], lines, (members, names), {})
    person_id = member.get("person_id") if isinstance(member, dict) else None
    return card, next((line for line in card.lines if line.person_id == person_id), None)


class _Reader:
    """Builds the cards of one squad, showing evidence only to those who may see it.

    What stands around all outputs is asked once, whatever their number.
    """

    def __init__(self, uow: UnitOfWork, standing: Standing, actor: Actor, cycle: Cycle) -> None:
        self.uow = uow
        self.standing = standing
        self.actor = actor
        self.cycle = cycle
        self._seen: dict[tuple[str, Resource], bool] = {}

    def may(self, person_id: str, resource: Resource) -> bool:
        key = (person_id, resource)
        if key not in self._seen:
            near = around(self.uow, self.standing, person_id, self.cycle)
            self._seen[key] = may_read(near, self.actor, resource)
        return self._seen[key]

    def cards(
        self,
        outputs: Sequence[Output],
        lines: Sequence[CreditLine],
        people: tuple[Sequence[Membership], Mapping[str, str]],
        tasks: Mapping[tuple[str, str], int],
    ) -> list[OutputCard]:
        """Outputs with their lines; `people`: the members and everybody's names."""
        around_them = _Around(self.uow, self.cycle, [row.id for row in outputs], people)
        return [
            self._card(
                output, [one for one in lines if one.output_id == output.id], around_them, tasks
            )
            for output in outputs
        ]

    def _card(
        self,
        output: Output,
        lines: Sequence[CreditLine],
        around_them: _Around,
        tasks: Mapping[tuple[str, str], int],
    ) -> OutputCard:
        return OutputCard(
            output=output,
            lines=[
                self._line(line, number, around_them, tasks.get((output.id, line.person_id)))
                for number, line in enumerate(lines)
            ],
            pool_bp=lines[0].pool_bp if lines else 0,
            collective_bp=lines[0].collective_bp if lines else 0,
            disputes=around_them.disputes.get(output.id, ()),
        )

    def _line(
        self, credit: CreditLine, number: int, around_them: _Around, task_key: int | None
    ) -> LineRow:
        claim = around_them.claims.get((credit.output_id, credit.person_id))
        member = around_them.members.get(credit.membership_id)
        proofs = around_them.evidence.get(claim.id, ()) if claim is not None else ()
        shows = bool(proofs) and self.may(credit.person_id, Resource.EVIDENCE)
        shown = {Resource.LEDGER_LINE: claim, Resource.EVIDENCE: shows}
        note_shown(self.uow, self.actor, credit.person_id, shown)
        return LineRow(
            person_id=credit.person_id,
            name=around_them.names.get(credit.person_id, credit.person_id),
            home_unit=around_them.units.get(member.home_unit_id, "") if member else "",
            role=member.role.value if member else "",
            position=number,
            expected_bp=credit.expected_bp,
            credited_bp=credit.credited_bp,
            claim=claim,
            evidence=proofs if shows else (),
            attestation=around_them.newest.get(claim.id) if claim is not None else None,
            task_key=task_key,
            kind=around_them.kinds.get(claim.contribution_type) if claim is not None else None,
        )


class _Around:
    """Claims, evidence, attestations and disputes of some outputs: one statement each."""

    def __init__(
        self,
        uow: UnitOfWork,
        cycle: Cycle,
        ids: Sequence[str],
        people: tuple[Sequence[Membership], Mapping[str, str]],
    ) -> None:
        store = uow.contributions
        members, self.names = people
        self.members = {row.id: row for row in members}
        self.claims = {(row.output_id, row.person_id): row for row in store.claims_in(ids)}
        self.newest = {row.claim_id: row for row in store.attestations_in(ids)}
        self.evidence: dict[str, list[Evidence]] = {}
        for proof in store.evidence_in([row.id for row in self.claims.values()]):
            self.evidence.setdefault(proof.claim_id or "", []).append(proof)
        self.disputes: dict[str, list[Dispute]] = {}
        for dispute in store.disputes_in(ids):
            self.disputes.setdefault(dispute.output_id, []).append(dispute)
        self.kinds: Mapping[str, ContributionType] = {
            row.code: row for row in merged(uow.credits.types(cycle.agency_id))
        }
        agencies = sorted({row.home_agency_id for row in members})
        self.units = {row.id: row.name for one in agencies for row in uow.agency.units(one)}
