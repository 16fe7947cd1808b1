"""Joining a squad: the member signs with his home results, heads sign a load above full time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.joining import HeadAnswer, HeadSignature, HomeResult, Signature
from engine.domain.organisation import Official
from engine.domain.plans import RoleKind
from engine.domain.squads import Acceptance, Consent, last_day
from engine.domain.workload import ResultChange, check_home_results
from engine.usecases import audit_tags
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.load import load_with
from engine.usecases.operations.consents import member_of
from engine.usecases.operations.formation import require_owner_of
from engine.usecases.operations.step import as_bp, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.plans import PlanItem
    from engine.domain.squads import Membership
    from engine.usecases.decisions import Tables
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork


class LoadDecision(StrEnum):
    """What the sponsor does about a member who says it is too much, or says nothing."""

    #: a smaller part of full time; the member is asked again
    LOWER = "lower"
    #: it stays; both unit heads sign a month above full time
    KEEP = "keep"
    #: he does not join
    RELEASE = "release"


def home_items(standing: Standing, row: Membership) -> Sequence[PlanItem]:
    """Home results of a member's plan in the year he joins; none before there is a plan."""
    cycle = _cycle(standing.uow, row)
    plan = standing.uow.performance.plan_of(row.person_id, cycle.id) if cycle else None
    items = standing.uow.performance.items(plan.id) if plan else ()
    return [item for item in items if item.role_kind is RoleKind.HOME]


def heaviest(standing: Standing, row: Membership) -> int:
    """Load of the heaviest month of a membership, with the home time its member signed."""
    cycle = _cycle(standing.uow, row)
    if cycle is None:
        return row.effort_bp
    signed = standing.uow.formation.signatures(row.id)
    home = signed[-1].home_effort_bp if signed else None
    return max(load_with(standing, row, cycle, home).values(), default=0)


def heads_to_sign(standing: Standing, tables: Tables, row: Membership) -> list[str]:
    """Unit heads who sign a load above full time and have not yet: the home's, then the host's.

    For a head who joins himself his rater signs.
    """
    needed = tables.load_approvals(heaviest(standing, row))
    squad = standing.squad(row.squad_id)
    found: dict[str, None] = {}
    for unit_id in (row.home_unit_id, squad.host_unit_id)[:needed]:
        head = standing.head(unit_id)
        if head is not None and row.person_id in (head.person_id, head.on_behalf_of):
            head = next(iter(standing.superiors(row.person_id)), None)
        if head is not None and head.person_id != row.person_id:
            found.setdefault(head.person_id)
    said = {
        one.head_id
        for one in standing.uow.formation.head_signatures(row.id)
        if one.effort_bp == row.effort_bp
    }
    return [head for head in found if head not in said]


def head_refused(uow: UnitOfWork, row: Membership) -> bool:
    """Whether a unit head refused this effort."""
    return any(
        one.answer is HeadAnswer.REFUSE and one.effort_bp == row.effort_bp
        for one in uow.formation.head_signatures(row.id)
    )


def sign(step: Step) -> Mapping[str, Json]:
    """`regu.membership.sign`: the member accepts, or says that the load is too much.

    Form: answer accepted|overload, home_percent, results[item_id, change, reason]. For each home
    result: reduced, dropped, or kept with a reason (crediting.md 0.9).
    """
    row = member_of(step)
    step.require_person(row.person_id)
    answer = step.word("answer", Acceptance)
    home = as_bp(step.call.form.get("home_percent"), "home_percent")
    if home is None:
        raise fault("home_percent", "required", "how much of full time stays for home?")
    results = _results(step, row) if answer is Acceptance.ACCEPTED else {}
    earlier = step.uow.formation.signatures(row.id)
    signed = Signature(
        id=step.means.ids.uuid(),
        membership_id=row.id,
        round=len(earlier) + 1,
        answer=answer,
        home_effort_bp=home,
        at=step.now,
    )
    step.uow.formation.add([signed])
    step.uow.formation.add(
        [
            HomeResult(signature_id=signed.id, plan_item_id=item, change=change, reason=reason)
            for item, (change, reason) in results.items()
        ]
    )
    step.uow.contributions.put(replace(row, acceptance=answer, accepted_at=step.now))
    step.note(
        f"squad:{row.squad_id}",
        audit_tags.MEMBERSHIP_ACCEPTED,
        membership=row.id,
        answer=answer.value,
    )
    return {"acceptance": answer.value}


def weigh_load(step: Step) -> Mapping[str, Json]:
    """`regu.membership.weigh`: which unit heads sign a month above full time."""
    row = member_of(step)
    tables = step.tables(row.home_agency_id)
    return {"heads": list(heads_to_sign(step.standing, tables, row))}


def settle_load(step: Step) -> Mapping[str, Json]:
    """`regu.membership.settle` (form: decision lower|keep|release, effort_percent, reason).

    By the sponsor, after the member flagged the load or said nothing, or a head refused it.
    """
    row = member_of(step)
    squad = step.standing.squad(row.squad_id)
    require_owner_of(step, squad.sponsor_id, squad.host_agency_id)
    step.require_not_own(row.person_id)
    decision, reason = step.word("decision", LoadDecision), step.text("reason")
    if not reason:
        raise fault("reason", "required", "a decision gives its reasons")
    if decision is LoadDecision.KEEP and head_refused(step.uow, row):
        raise fault("decision", "head_refused", "a unit head refused this load: lower or release")
    if decision is LoadDecision.LOWER:
        _lower(step, row)
    step.note(
        f"squad:{row.squad_id}",
        audit_tags.MEMBERSHIP_SETTLED,
        membership=row.id,
        decision=decision.value,
    )
    return {"load_decision": decision.value}


def sign_load(step: Step) -> Mapping[str, Json]:
    """`regu.membership.sign_load` (form: answer approve|refuse, reason): by the head asked."""
    row = member_of(step)
    head_id = step.ref("head_id")
    office = step.require_office(Official(person_id=head_id), subject_id=row.person_id)
    answer, reason = step.word("answer", HeadAnswer), step.text("reason")
    if answer is HeadAnswer.REFUSE and not reason:
        raise fault("reason", "required", "a refusal gives its reason")
    made = HeadSignature(
        id=step.means.ids.uuid(),
        membership_id=row.id,
        head_id=head_id,
        effort_bp=row.effort_bp,
        load_bp=heaviest(step.standing, row),
        answer=answer,
        reason=reason,
        at=step.now,
    )
    step.uow.formation.add([made])
    step.note(
        f"squad:{row.squad_id}",
        audit_tags.MEMBERSHIP_LOAD_SIGNED,
        membership=row.id,
        answer=answer.value,
        by=office.person_id,
    )
    return {}


def release(step: Step) -> Mapping[str, Json]:
    """`regu.membership.release`: he does not join, or no longer; days worked stay on record."""
    row = member_of(step)
    squad = step.standing.squad(row.squad_id)
    first_free = max(row.valid_from, step.standing.today(squad.host_agency_id)) + timedelta(days=1)
    if first_free <= last_day(row, squad):
        row = replace(row, valid_to=first_free)
    if row.consent is Consent.PENDING:
        row = replace(row, consent=Consent.REFUSED, consent_at=step.now)
    step.uow.contributions.put(row)
    step.note(f"squad:{row.squad_id}", audit_tags.MEMBERSHIP_RELEASED, membership=row.id)
    return {}


def _lower(step: Step, row: Membership) -> None:
    effort = as_bp(step.call.form.get("effort_percent"), "effort_percent")
    limits = step.tables(row.home_agency_id).squad_limits()
    if effort is None or not limits.least_effort_bp <= effort < row.effort_bp:
        raise fault("effort_percent", "not_lower", "a smaller part of full time than before")
    asked = replace(row, effort_bp=effort, acceptance=Acceptance.PENDING, accepted_at=None)
    # an accepted effort is kept by the database: what was accepted is withdrawn first
    step.uow.contributions.put(replace(row, acceptance=Acceptance.OVERLOAD))
    step.uow.contributions.put(asked)


def _results(step: Step, row: Membership) -> dict[str, tuple[ResultChange, str]]:
    words = {word.value: word for word in ResultChange}
    given: dict[str, tuple[ResultChange, str]] = {}
    lines = [str(line.get("item_id")) for line in step.rows("results")]
    for line in step.rows("results"):
        change = words.get(str(line.get("change")))
        if change is not None:
            given[str(line.get("item_id"))] = change, str(line.get("reason") or "").strip()
    items = [item.id for item in home_items(step.standing, row)]
    faults = [
        FieldFault(
            field=f"results.{lines.index(one.subject)}.{_COLUMNS[one.code]}"
            if one.subject in lines
            else "results",
            code=one.code,
            message=one.message,
        )
        for one in check_home_results(items, given)
    ]
    if faults:
        raise InputRefused(*faults)
    return {item: given[item] for item in items}


_COLUMNS: Final = {"result_unanswered": "change", "reason_missing": "reason"}


def _cycle(uow: UnitOfWork, row: Membership) -> Cycle | None:
    return uow.performance.cycle_of(row.home_agency_id, row.valid_from.year)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.membership.sign": sign,
    "regu.membership.weigh": weigh_load,
    "regu.membership.settle": settle_load,
    "regu.membership.sign_load": sign_load,
    "regu.membership.release": release,
}
