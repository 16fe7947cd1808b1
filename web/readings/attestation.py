"""A squad's outputs with their claims, and what waits for the actor's attestation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.contribution_types import merged
from engine.domain.cycles import Cycle
from engine.domain.outputs import Output
from engine.domain.squads import Squad, SquadRole
from engine.domain.units import Unit
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import around, may_read
from web.readings.shapes import LineRow, OutputCard, SquadSheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.contribution_types import ContributionType
    from engine.domain.squads import Membership
    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import CreditLine
    from engine.usecases.ports.work import House, UnitOfWork

PROCESS = "contribution"
#: user tasks of the drawing in which a line is attested
ATTEST_ELEMENTS = ("attest", "attest_for_lead")


def my_squads(house: House, actor: Actor) -> list[tuple[Squad, str]]:
    """Squads of the current cycle that the actor leads, sponsors or works in."""
    if actor.person_id is None or actor.agency_id is None:
        return []
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, None)
        member = {
            squad.id: (squad, row.role.value)
            for row, squad in uow.contributions.memberships_of(
                actor.person_id, cycle.starts_on, cycle.ends_on
            )
        }
        for squad in uow.contributions.squads(actor.agency_id):
            if squad.sponsor_id == actor.person_id:
                member[squad.id] = (squad, "sponsor")
    return sorted(member.values(), key=lambda pair: pair[0].code)


def squad_sheet(house: House, actor: Actor, squad_id: str) -> SquadSheet:
    """Outputs of a squad in the current cycle; `NotFound` for who stands outside."""
    tasks = _my_attest_tasks(house, actor)
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
            outputs=[
                reader.card(output, members, names, tasks)
                for output in uow.contributions.outputs(cycle.id, squad.id)
            ],
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
        card = reader.card(output, members, names, {})
    person_id = member.get("person_id") if isinstance(member, dict) else None
    return card, next((line for line in card.lines if line.person_id == person_id), None)


class _Reader:
    """Builds the cards of one squad, showing evidence only to those who may see it."""

    def __init__(self, uow: UnitOfWork, standing: Standing, actor: Actor, cycle: Cycle) -> None:
        self.uow = uow
        self.standing = standing
        self.actor = actor
        self.cycle = cycle
        self._seen: dict[tuple[str, Resource], bool] = {}
        self._kinds: Mapping[str, ContributionType] | None = None

    def may(self, person_id: str, resource: Resource) -> bool:
        key = (person_id, resource)
        if key not in self._seen:
            near = around(self.uow, self.standing, person_id, self.cycle)
            self._seen[key] = may_read(near, self.actor, resource)
        return self._seen[key]

    def card(
        self,
        output: Output,
        members: Sequence[Membership],
        names: Mapping[str, str],
        tasks: Mapping[tuple[str, str], int],
    ) -> OutputCard:
        store = self.uow.contributions
        balances = store.balances(output.id)
        return OutputCard(
            output=output,
            lines=[
                self.line(credit, _member(members, credit), number, names, tasks)
                for number, credit in enumerate(
                    store.credit_lines(self.cycle.id, output_id=output.id)
                )
            ],
            pool_bp=balances.get("POOL", 0),
            collective_bp=balances.get("COLLECTIVE", 0),
            disputes=store.disputes(output.id),
        )

    def line(
        self,
        credit: CreditLine,
        member: Membership | None,
        number: int,
        names: Mapping[str, str],
        tasks: Mapping[tuple[str, str], int],
    ) -> LineRow:
        store = self.uow.contributions
        claim = store.claim_of(credit.output_id, credit.person_id)
        shows = claim is not None and self.may(credit.person_id, Resource.EVIDENCE)
        acts = [
            act
            for act in store.attestations(credit.output_id)
            if claim is not None and act.claim_id == claim.id
        ]
        unit = self.uow.agency.get(Unit, member.home_unit_id) if member else None
        return LineRow(
            person_id=credit.person_id,
            name=names.get(credit.person_id, credit.person_id),
            home_unit=unit.name if unit else "",
            role=member.role.value if member else "",
            position=number,
            expected_bp=credit.expected_bp,
            credited_bp=credit.credited_bp,
            claim=claim,
            evidence=store.evidence(claim_id=claim.id) if claim is not None and shows else (),
            attestation=acts[-1] if acts else None,
            task_key=tasks.get((credit.output_id, credit.person_id)),
            kind=self.kinds().get(claim.contribution_type) if claim is not None else None,
        )

    def kinds(self) -> Mapping[str, ContributionType]:
        """Kinds of contribution of the cycle's agency, by code."""
        if self._kinds is None:
            rows = merged(self.uow.credits.types(self.cycle.agency_id))
            self._kinds = {row.code: row for row in rows}
        return self._kinds


def _member(members: Sequence[Membership], credit: CreditLine) -> Membership | None:
    return next((row for row in members if row.id == credit.membership_id), None)


def _my_attest_tasks(house: House, actor: Actor) -> dict[tuple[str, str], int]:
    """The actor's open attest tasks by (output, member)."""
    found: dict[tuple[str, str], int] = {}
    with house.reading() as uow:
        for element in ATTEST_ELEMENTS:
            rows = uow.work_list.mine(
                actor, now=house.clock.now(), process_id=PROCESS, element_id=element, limit=200
            )
            for task in rows:
                values = house.runner.task_variables(uow, task.key)
                member = values.get("member")
                person = member.get("person_id") if isinstance(member, dict) else None
                if isinstance(person, str):
                    found[str(values.get("output_id")), person] = task.key
    return found
