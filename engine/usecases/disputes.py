"""Raise a dispute about a share; the contribution's process hears of it by message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.claims import Claim, ClaimAct, ClaimState, Evidence, moved
from engine.domain.cycles import Cycle
from engine.domain.disputes import Dispute, DisputeState, DisputeSubject, check_raise
from engine.domain.evidence import link_fault
from engine.domain.outputs import Output, OutputStatus
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.means import means_of
from engine.usecases.once import recall, remember, repeated
from engine.usecases.operations.disputes import DISPUTE_RAISED
from engine.usecases.operations.step import refuse
from engine.usecases.organisation import Standing
from engine.usecases.relations import sees_credit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

_CONTESTABLE: Final = frozenset({ClaimState.ATTESTED, ClaimState.ADJUSTED, ClaimState.RESOLVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseDispute:
    """Contest a line of an output."""

    output_id: str
    #: whose line; None: the actor's own
    person_id: str | None = None
    ground: str
    evidence_link: str = ""
    #: what became of the remainder (kerja kolektif unit), not a line
    collective: bool = False
    idempotency_key: str | None = None


@repeated
def raise_dispute(house: House, actor: Actor, command: RaiseDispute) -> Mapping[str, Json]:
    """Any member of the output, or a member's home superior, contests a line with a ground.

    Returns dispute_id. `InputRefused` with every fault (fields ground, person_id, evidence_link),
    `Conflict` while another dispute of the output is open.
    """
    if actor.person_id is None:
        raise AccessRefused("dispute:raise", command.output_id)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        output = uow.contributions.lock_output(command.output_id)
        if output is None:
            raise NotFound("output", command.output_id)
        entitled = _entitled(uow, Standing(uow, house.clock.now()), actor, output)
        claim = _claim(
            uow, output, command.person_id or actor.person_id, collective=command.collective
        )
        _check(actor.person_id, entitled, (output, command))
        evidence = _evidence(house, uow, actor.person_id, (claim, command.evidence_link))
        dispute = Dispute(
            id=house.ids.uuid(),
            output_id=output.id,
            claim_id=claim.id,
            about=DisputeSubject.COLLECTIVE if command.collective else DisputeSubject.LINE,
            raised_by=actor.person_id,
            ground=command.ground.strip(),
            evidence_id=evidence,
            raised_at=house.clock.now(),
        )
        if not command.collective:
            uow.contributions.put(moved(claim, ClaimAct.DISPUTE))
        uow.contributions.add([dispute])
        means = means_of(house)
        means.announce(uow, actor, DISPUTE_RAISED, output.id, dispute_id=dispute.id)
        means.note(uow, actor, f"output:{output.id}", audit_tags.DISPUTE_RAISED, dispute=dispute.id)
        answer: dict[str, Json] = {"dispute_id": dispute.id}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _claim(uow: UnitOfWork, output: Output, person_id: str, *, collective: bool) -> Claim:
    claim = uow.contributions.claim_of(output.id, person_id)
    if claim is None:
        raise NotFound("claim", person_id)
    if any(d.state is not DisputeState.RESOLVED for d in uow.contributions.disputes(output.id)):
        raise Conflict("dispute_open", output=output.id)
    if not collective and claim.state not in _CONTESTABLE:
        raise Conflict("state", kind="claim", state=claim.state.value, act="dispute")
    return claim


def _entitled(uow: UnitOfWork, standing: Standing, actor: Actor, output: Output) -> frozenset[str]:
    """Members of the output and their raters; the actor is one of them.

    `AccessRefused` for who only reads a member's ledger lines, `NotFound` for everybody else.
    """
    members = {line.person_id for line in uow.contributions.share_lines(output.id)} or {
        row.person_id for row in uow.contributions.members(output.squad_id)
    }
    raters = {
        name
        for member in members
        if (official := standing.rater(member)) is not None
        for name in (official.person_id, official.on_behalf_of)
        if name is not None
    }
    if actor.person_id in members | raters:
        return frozenset(members | raters)
    cycle = uow.performance.get(Cycle, output.cycle_id)
    if cycle is not None and sees_credit(uow, standing, actor, sorted(members), cycle):
        raise AccessRefused("dispute:raise", output.id)
    raise NotFound("output", output.id)


def _check(person_id: str, entitled: frozenset[str], what: tuple[Output, RaiseDispute]) -> None:
    output, command = what
    refuse(
        check_raise(
            raised_by=person_id,
            ground=command.ground,
            entitled=entitled,
            window_open=output.status is OutputStatus.ACCEPTED,
        ),
        ground_missing="ground",
        not_party="person_id",
    )


def _evidence(house: House, uow: UnitOfWork, person_id: str, what: tuple[Claim, str]) -> str | None:
    claim, link = what[0], what[1].strip()
    if not link:
        return None
    if link_fault(link) is not None:
        raise InputRefused(
            FieldFault(
                field="evidence_link", code="not_a_link", message="a link begins with https://"
            )
        )
    row = Evidence(
        id=house.ids.uuid(),
        claim_id=claim.id,
        link=link,
        uploaded_by=person_id,
        at=house.clock.now(),
    )
    uow.contributions.add([row])
    return row.id
