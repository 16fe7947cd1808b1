"""A person's own claims in a cycle: state, what was credited, who must act and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.claims import Attestation, Claim
    from engine.domain.cycles import Cycle
    from engine.domain.outputs import Output
    from engine.usecases.actor import Actor
    from engine.usecases.ports.claim_views import OpenStep
    from engine.usecases.ports.contributions import CreditLine
    from engine.usecases.ports.work import House, UnitOfWork

#: tasks in which the member says that he claims nothing, or takes back what was claimed for him
WITHDRAWS: Final = frozenset({"claim", "claim_early", "acknowledge_claim"})
#: tasks of the whole output on which a claim waits, in the order of the drawing
_WHOLE: Final = (
    "deliver_output",
    "redeliver_output",
    "accept_output",
    "accept_for_sponsor",
    "decide_consent",
    "allocate_remainder",
    "decide_dispute",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MyClaim:
    """One output in which the person has an expected share."""

    line: CreditLine
    output: Output
    squad: str
    claim: Claim | None
    #: the newest decision about it
    attestation: Attestation | None
    #: what must happen next, None when nobody need act
    step: OpenStep | None

    @property
    def withdraws(self) -> bool:
        """Whether the drawing lets the member withdraw now."""
        return self.step is not None and self.step.element_id in WITHDRAWS


@dataclass(frozen=True, slots=True, kw_only=True)
class MyClaims:
    """All of them, those that wait for the person first."""

    cycle: Cycle
    rows: Sequence[MyClaim]
    #: names by person id of whoever must act or decided
    names: Mapping[str, str]


def my_claims(house: House, actor: Actor, wanted: str | None = None) -> MyClaims:
    """The actor's claims in a cycle (id or year; the newest begun one without).

    A constant number of statements; `NotFound` for who is no person.
    """
    if actor.person_id is None or actor.agency_id is None:
        raise NotFound("person", actor.name)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, wanted)
        lines = uow.contributions.credit_lines(cycle.id, person_id=actor.person_id)
        rows = _rows(uow, actor.person_id, lines)
        people = {row.step.assignee for row in rows if row.step is not None}
        people |= {row.attestation.attester_id for row in rows if row.attestation is not None}
        names = uow.agency.names(sorted(name for name in people if name))
    mine = actor.person_id
    return MyClaims(
        cycle=cycle,
        rows=sorted(rows, key=lambda row: (not _waits_for(row, mine), row.step is None)),
        names=names,
    )


def _rows(uow: UnitOfWork, person_id: str, lines: Sequence[CreditLine]) -> list[MyClaim]:
    store, ids = uow.contributions, {line.output_id for line in lines}
    if not ids:
        return []
    outputs = {row.id: row for row in store.outputs_in(ids)}
    claims = {row.output_id: row for row in store.claims_in(ids) if row.person_id == person_id}
    made = {row.claim_id: row for row in store.attestations_in(ids)}
    steps: dict[str, list[OpenStep]] = {}
    for step in store.open_steps(ids):
        if step.about_id in (None, person_id) or step.element_id in _WHOLE:
            steps.setdefault(step.output_id, []).append(step)
    squads = {row.id: row.name for row in store.squads_in({line.squad_id for line in lines})}
    return [
        MyClaim(
            line=line,
            output=outputs[line.output_id],
            squad=squads.get(line.squad_id, ""),
            claim=(claim := claims.get(line.output_id)),
            attestation=made.get(claim.id) if claim is not None else None,
            step=_next(steps.get(line.output_id, ()), person_id),
        )
        for line in lines
    ]


def _next(steps: Sequence[OpenStep], person_id: str) -> OpenStep | None:
    """The step on one's own line; else the one of the whole output that comes first."""
    own = [one for one in steps if one.about_id == person_id and one.element_id not in _WHOLE]
    whole = [one for one in steps if one.element_id in _WHOLE]
    whole.sort(key=lambda one: _WHOLE.index(one.element_id))
    return next(iter([*own, *whole]), None)


def _waits_for(row: MyClaim, person_id: str) -> bool:
    return row.step is not None and row.step.assignee == person_id
