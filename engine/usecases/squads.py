"""Home consent, and the member's own answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.squads import (
    Acceptance,
    Consent,
    Membership,
)
from engine.usecases import audit_tags
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.means import means_of
from engine.usecases.once import recall, remember, repeated
from engine.usecases.operations.consents import answer_for_home
from engine.usecases.operations.step import Step
from engine.usecases.ports.runner import OperationCall
from engine.usecases.relations import sees_credit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.domain.joining import RefusalReason
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent:
    """The home superior's answer to lending a person."""

    membership_id: str
    consent: Consent
    #: words; needed for a refusal
    reason: str = ""
    #: kind of reason of a refusal; other when not said
    reason_code: RefusalReason | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMembership:
    """The member's own answer."""

    membership_id: str
    #: False: the load is too much
    accepts: bool
    idempotency_key: str | None = None


@repeated
def give_home_consent(house: House, actor: Actor, command: GiveConsent) -> Mapping[str, Json]:
    """The home superior, or the line above him, answers; never the member himself.

    Shares that were attested while the answer was missing are posted when it is given
    (crediting.md 0.5). Returns consent and posted_bp.
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        form = {"reason": command.reason}
        step = _step(house, uow, actor, "home_consent", form)
        row = _membership(uow, command.membership_id)
        with _hidden_from_others(step, row):
            posted = answer_for_home(step, row, command.consent, command.reason_code)
        answer = {"consent": command.consent.value, "posted_bp": posted}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def answer_membership(house: House, actor: Actor, command: AnswerMembership) -> Mapping[str, Json]:
    """The member accepts, or says the load is too much; returns load_bp and the load's flag."""
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        row = _membership(uow, command.membership_id)
        with _hidden_from_others(_step(house, uow, actor, "membership:answer"), row):
            if actor.person_id != row.person_id:
                raise AccessRefused("membership:answer", row.id)
        given = Acceptance.ACCEPTED if command.accepts else Acceptance.OVERLOAD
        uow.contributions.put(replace(row, acceptance=given, accepted_at=house.clock.now()))
        load = _load(house, uow, row)
        tables = Tables(means_of(house), uow, house.clock.now(), row.home_agency_id)
        answer: dict[str, Json] = {"load_bp": load, "flag": tables.load_flag(load)}
        means_of(house).note(
            uow,
            actor,
            f"squad:{row.squad_id}",
            audit_tags.MEMBERSHIP_ACCEPTED,
            membership=row.id,
            answer=given.value,
        )
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _membership(uow: UnitOfWork, membership_id: str) -> Membership:
    found = uow.contributions.get(Membership, membership_id)
    if found is None:
        raise NotFound("membership", membership_id)
    return found


@contextmanager
def _hidden_from_others(step: Step, row: Membership) -> Iterator[None]:
    """A refusal, for whoever may not read the member's ledger lines, is `NotFound`."""
    try:
        yield
    except AccessRefused:
        squad = step.standing.squad(row.squad_id)
        cycle = step.uow.performance.cycle_of(squad.host_agency_id, row.valid_from.year)
        people = (row.person_id,)
        if cycle and sees_credit(step.uow, step.standing, step.actor, people, cycle):
            raise
        raise NotFound("membership", row.id) from None


def _load(house: House, uow: UnitOfWork, row: Membership) -> int:
    """The person's efforts together on the first day of the membership, home included."""
    held = uow.contributions.memberships_of(row.person_id, row.valid_from, row.valid_from)
    squads = sum(member.effort_bp for member, _ in held)
    cycle = uow.performance.cycle_of(row.home_agency_id, row.valid_from.year)
    plan = uow.performance.plan_of(row.person_id, cycle.id) if cycle else None
    home = plan.home_effort_bp if plan and plan.home_effort_bp is not None else 10_000 - squads
    del house
    return squads + max(home, 0)


def _step(
    house: House, uow: UnitOfWork, actor: Actor, act: str, form: Mapping[str, Json] | None = None
) -> Step:
    call = OperationCall(
        uow=uow,
        actor=actor,
        now=house.clock.now(),
        instance_key=0,
        element_id=act,
        variables={},
        form=form or {},
    )
    return Step(means_of(house), call)
