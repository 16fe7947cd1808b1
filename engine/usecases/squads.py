"""Form a squad; home consent; the member's own answer; who stands in for whom."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.domain.formation import check_efforts
from engine.domain.joining import first_letter
from engine.domain.people import Substitution
from engine.domain.squads import (
    Acceptance,
    Consent,
    Membership,
    Squad,
    SquadRole,
    check_members,
    check_squad,
)
from engine.usecases import audit_tags
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, FieldFault, InputRefused, NotFound
from engine.usecases.means import Means
from engine.usecases.once import recall, remember, repeated
from engine.usecases.operations.consents import answer_for_home
from engine.usecases.operations.step import Step, refuse
from engine.usecases.organisation import Standing
from engine.usecases.ports.runner import OperationCall
from engine.usecases.relations import sees_credit
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.domain.joining import RefusalReason
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """One member of a squad that is formed; asked from home unless his home hosts it."""

    person_id: str
    role: SquadRole
    effort_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSquad:
    """A squad by letter (PermenPANRB 7/2022)."""

    host_unit_id: str
    code: str
    name: str
    letter_no: str
    sponsor_id: str
    starts_on: date
    ends_on: date
    budget_points: int
    members: tuple[NewMember, ...]
    idempotency_key: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSubstitution:
    """Somebody stands in for an absent person, by letter; both days counted."""

    absent_id: str
    substitute_id: str
    first_day: date
    last_day: date
    letter_no: str
    idempotency_key: str | None = None


@repeated
def form_squad(house: House, actor: Actor, command: FormSquad) -> Mapping[str, Json]:
    """Keep a squad with its members; returns squad_id. `InputRefused` with every fault."""
    require(actor, "squad:form", command.code)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        standing = Standing(uow, house.clock.now())
        if actor.agency_id is None:
            raise AccessRefused("squad:form", command.code)
        squad = Squad(
            id=house.ids.uuid(),
            host_agency_id=actor.agency_id,
            host_unit_id=command.host_unit_id,
            code=command.code,
            name=command.name,
            letter_no=command.letter_no,
            sponsor_id=command.sponsor_id,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            budget_points=command.budget_points,
        )
        members = [_member(house, standing, squad, row) for row in command.members]
        limits = Tables(_means(house), uow, standing.now, actor.agency_id).squad_limits()
        refuse(
            (
                *check_squad(squad, limits.rules),
                *check_members(squad, members),
                *check_efforts(members, limits),
            ),
            letter_missing="letter_no",
            squad_days="ends_on",
            squad_long="ends_on",
            squad_budget="budget_points",
            other="members",
        )
        uow.contributions.add([squad])
        uow.contributions.add(members)
        uow.formation.add([first_letter(house.ids.uuid(), squad, actor.name, standing.now)])
        means = _means(house)
        means.note(uow, actor, f"agency:{actor.agency_id}", audit_tags.SQUAD_FORMED, squad=squad.id)
        answer: dict[str, Json] = {"squad_id": squad.id}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


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
        tables = Tables(_means(house), uow, house.clock.now(), row.home_agency_id)
        answer: dict[str, Json] = {"load_bp": load, "flag": tables.load_flag(load)}
        _means(house).note(
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


@repeated
def record_substitution(
    house: House, actor: Actor, command: RecordSubstitution
) -> Mapping[str, Json]:
    """Keep who stands in for whom; returns substitution_id. Nobody records his own."""
    require(actor, "substitution:record", command.absent_id)
    if actor.person_id == command.substitute_id:
        raise AccessRefused("substitution:record", "own substitution")
    if command.last_day < command.first_day:
        raise _fault("last_day", "ends_before", "ends before it starts")
    if command.absent_id == command.substitute_id:
        raise _fault("substitute_id", "same_person", "another person is needed")
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        standing = Standing(uow, house.clock.now())
        for person_id in (command.absent_id, command.substitute_id):
            known = standing.person(person_id)
            if known is None or known.agency_id != actor.agency_id:
                raise NotFound("person", person_id)
        row = Substitution(
            id=house.ids.uuid(),
            absent_id=command.absent_id,
            substitute_id=command.substitute_id,
            valid_from=command.first_day,
            valid_to=command.last_day + timedelta(days=1),
            letter_no=command.letter_no,
        )
        uow.agency.add([row])
        _means(house).note(
            uow,
            actor,
            f"agency:{actor.agency_id}",
            audit_tags.SUBSTITUTION_RECORDED,
            substitution=row.id,
        )
        answer: dict[str, Json] = {"substitution_id": row.id}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _member(house: House, standing: Standing, squad: Squad, row: NewMember) -> Membership:
    person = standing.person(row.person_id)
    home = standing.home_unit(row.person_id, squad.starts_on) if person else None
    if person is None or home is None:
        raise _fault("members", "person_unknown", f"{row.person_id} holds no post that day")
    own = home == squad.host_unit_id
    return Membership(
        id=house.ids.uuid(),
        squad_id=squad.id,
        person_id=row.person_id,
        home_agency_id=person.agency_id,
        home_unit_id=home,
        role=row.role,
        effort_bp=row.effort_bp,
        valid_from=squad.starts_on,
        consent=Consent.GIVEN if own else Consent.PENDING,
    )


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


def _means(house: House) -> Means:
    return Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)


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
    return Step(_means(house), call)


def _fault(field: str, code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field=field, code=code, message=message))
