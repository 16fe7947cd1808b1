"""Operations of planning and clarification: open, draft, impose, clarify, fix."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.calendar import end_of_day
from engine.domain.errors import RuleBroken
from engine.domain.organisation import Official
from engine.domain.planning_dates import planning_dates
from engine.domain.plans import (
    Approach,
    Feedback,
    FeedbackRole,
    Indicator,
    Plan,
    PlanItem,
    PlanStatus,
    RoleKind,
    advance,
    fix,
)
from engine.domain.scales import WHOLE_BP, split_whole
from engine.usecases import audit_tags
from engine.usecases.cascading import take
from engine.usecases.decisions import Tables
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.offering import offers, suggestions
from engine.usecases.operations.agreements import keep_agreements
from engine.usecases.operations.plan_rows import (
    Roles,
    held,
    read_content,
    refuse_content,
    refuse_leaving,
)
from engine.usecases.operations.step import fault, refused
from engine.usecases.operations.superiors import announce_fixed, superior_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.cycles import Cycle
    from engine.domain.planning_dates import PlanningDates
    from engine.domain.squads import Membership, Squad
    from engine.usecases.cascading import Offer
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def open_plan(step: Step) -> Mapping[str, Json]:
    """`regu.plan.open`: the plan with all roles; what is missing is proposed, never decided."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    plan, roles = prepared(step, person_id, cycle)
    rater = step.standing.rater(person_id)
    step.note(f"plan:{plan.id}", audit_tags.PLAN_OPENED, plan=plan.id)
    return {
        "plan_id": plan.id,
        "cycle_name": cycle.name,
        "unit_id": step.standing.home_unit(person_id),
        "rater_id": rater.person_id if rater else None,
        "leads": _leads(step, person_id, roles),
        **superior_state(step, person_id, cycle),
        **_draft_dates(step, cycle),
    }


def prepared(
    step: Step, person_id: str, cycle: Cycle
) -> tuple[Plan, Sequence[tuple[Membership, Squad]]]:
    """The plan of a person, made if there is none, with something proposed for each role."""
    plan = step.uow.performance.plan_of(person_id, cycle.id)
    if plan is None:
        plan = Plan(id=step.means.ids.uuid(), person_id=person_id, cycle_id=cycle.id)
        step.uow.performance.add([plan])
    roles = memberships(step, person_id, cycle)
    if plan.status is PlanStatus.DRAFT:
        complete(step, plan, roles)
    return plan, roles


def draft_plan(step: Step) -> Mapping[str, Json]:
    """`regu.plan.draft`: the employee's own home results; squad results stay.

    Form: approach, results[item_id, take, offer, title, kind, weight_percent and a first
    indicator], more_indicators[result_number and an indicator], note: his word in the dialogue.
    """
    plan = plan_of(step)
    step.require_person(plan.person_id)
    plan = in_words(step, plan)
    write_home(step, plan, {item.role for item in held(step, plan).items})
    with refused():
        step.uow.performance.put(advance(plan, PlanStatus.SUBMITTED))
    if note := step.text("note"):
        _say(step, plan, plan.person_id, FeedbackRole.SELF, note)
    step.note(f"plan:{plan.id}", audit_tags.PLAN_DRAFTED, plan=plan.id)
    return {"plan_id": plan.id}


def in_words(step: Step, plan: Plan) -> Plan:
    """The plan with the approach that the form says, or its own."""
    given = step.call.form.get("approach")
    return replace(plan, approach=step.word("approach", Approach)) if given else plan


def write_home(step: Step, plan: Plan, roles: set[str]) -> None:
    """Home results as the form brings them, beside the squads' results as they are.

    A form without rows leaves the home results as they are.
    """
    known = held(step, plan)
    home = known.of(*(item for item in known.items if item.role_kind is RoleKind.HOME))
    squads = known.of(*(item for item in known.items if item.role_kind is RoleKind.SQUAD))
    offered = {offer.key: offer for offer in suggestions(step.standing, plan)}
    rules = Roles(offered=offered)
    written = read_content(step, plan, home, rules) if step.rows("results") else home
    whole = written.plus(squads)
    refuse_content(whole, {RoleKind.HOME.value, *roles})
    refuse_leaving(step, known, whole)
    step.uow.performance.replace_items(plan.id, whole.items, whole.indicators)
    take(step, [(offered[key], item_id) for item_id, key in written.taken.items()])


def impose_draft(step: Step) -> Mapping[str, Json]:
    """`regu.plan.impose`: silence does not stop the cycle; the prepared draft is taken."""
    plan = plan_of(step)
    step.require_not_own(plan.person_id)
    items = list(step.uow.performance.items(plan.id))
    evened = _even(items)
    measures = list(step.uow.performance.indicators(plan.id))
    step.uow.performance.replace_items(plan.id, evened, measures)
    step.uow.performance.put(advance(plan, PlanStatus.SUBMITTED))
    step.note(f"plan:{plan.id}", audit_tags.PLAN_IMPOSED, plan=plan.id)
    return {"plan_id": plan.id}


def clarify_role(step: Step) -> Mapping[str, Json]:
    """`regu.plan.clarify_role`: a squad lead says what the squad expects of the member.

    Form: expectation in words, results and more_indicators of the roles in his squads.
    """
    plan = plan_of(step)
    lead = step.require_office(Official(person_id=step.ref("lead_id")), subject_id=plan.person_id)
    roles = memberships(step, plan.person_id, step.cycle())
    led = led_roles(step, step.ref("lead_id"), roles)
    if not led:
        raise Conflict("not_a_lead", lead=lead.person_id)
    _write_squad(step, plan, led)
    _say(step, plan, lead.person_id, FeedbackRole.LEAD, step.text("expectation"))
    step.note(f"plan:{plan.id}", audit_tags.PLAN_ROLE_CLARIFIED, plan=plan.id)
    return {}


def led_roles(
    step: Step, lead_id: str, roles: Sequence[tuple[Membership, Squad]]
) -> tuple[str, ...]:
    """Memberships in squads that somebody leads today."""
    leads = ((row, step.standing.lead(squad)) for row, squad in roles)
    return tuple(row.id for row, lead in leads if lead is not None and lead.person_id == lead_id)


def _write_squad(step: Step, plan: Plan, led: Sequence[str]) -> None:
    """Results and indicators of the roles that a lead leads; nothing when the form has none."""
    if not step.rows("results"):
        return
    if plan.status is not PlanStatus.SUBMITTED:
        raise Conflict("state", kind="plan", state=plan.status, act="clarify_role")
    known = held(step, plan)
    mine = known.of(*(item for item in known.items if item.role in led))
    other = known.of(*(item for item in known.items if item.role not in led))
    rows = Roles(
        new_membership=led[0] if len(led) == 1 else None,
        may_add=len(led) == 1,
        says_kind=False,
    )
    written = read_content(step, plan, mine, rows)
    refuse_content(written, set(led))
    whole = other.plus(written)
    refuse_leaving(step, known, whole)
    step.uow.performance.replace_items(plan.id, whole.items, whole.indicators)


def note_silence(step: Step) -> Mapping[str, Json]:
    """`regu.plan.note_silence`: somebody did not answer in time; nothing waits for him."""
    plan_id = step.ref("plan_id")
    step.note(
        f"plan:{plan_id}", audit_tags.SILENCE_NOTED, plan=plan_id, element=step.call.element_id
    )
    return {}


def clarify_expectation(step: Step) -> Mapping[str, Json]:
    """`regu.plan.clarify`: the rater agrees, or asks for a revision.

    Form: decision accept|revise, expectation, note, and the rows of the annex.

    A revision gives the employee his days anew.
    """
    plan = plan_of(step)
    rater = step.require_office_or_admin(step.standing.rater(plan.person_id), plan.person_id)
    decision = step.text("decision")
    if decision not in ("accept", "revise"):
        raise fault("decision", "unknown_word", "accept or revise")
    if decision == "revise" and not step.text("note"):
        raise fault("note", "required", "say what to revise")
    words = "\n".join(filter(None, [step.text("expectation"), step.text("note")]))
    if words:
        _say(step, plan, rater.person_id, FeedbackRole.RATER, words)
    keep_agreements(step, plan)
    with refused():
        step.uow.performance.put(
            advance(plan, PlanStatus.CLARIFIED if decision == "accept" else PlanStatus.DRAFT)
        )
    step.note(f"plan:{plan.id}", audit_tags.PLAN_CLARIFIED, plan=plan.id, decision=decision)
    again = _draft_dates(step, step.cycle()) if decision == "revise" else {}
    return {"agreement": decision, "clarified_by": rater.person_id, **again}


def fix_plan(step: Step) -> Mapping[str, Json]:
    """`regu.plan.fix`: fixed in the name of who clarified it."""
    plan = plan_of(step)
    step.require_not_own(plan.person_id)
    rater = step.standing.rater(plan.person_id)
    fixed_by = step.maybe("clarified_by") or (rater.person_id if rater else None)
    if fixed_by is None:
        raise Conflict("nobody_clarified", plan=plan.id)
    cycle = step.cycle()
    step.uow.performance.put(fix(plan, fixed_by, step.now, cycle.starts_on))
    step.note(f"plan:{plan.id}", audit_tags.PLAN_FIXED, plan=plan.id, rater=fixed_by)
    announce_fixed(step, plan)
    return {"plan_id": plan.id}


def plan_of(step: Step) -> Plan:
    """The plan the process is about."""
    found = step.uow.performance.get(Plan, step.ref("plan_id"))
    if found is None:
        raise NotFound("plan", step.ref("plan_id"))
    return found


def memberships(step: Step, person_id: str, cycle: Cycle) -> Sequence[tuple[Membership, Squad]]:
    """Squads of a person in the cycle."""
    return step.uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)


def _draft_dates(step: Step, cycle: Cycle) -> dict[str, str]:
    """When the drafter is reminded, when the imposed draft takes over, when it should be fixed."""
    zone = step.standing.zone(cycle.agency_id)
    found = dates_of(step, cycle)
    days = {
        "reminder_at": found.draft_due,
        "fallback_at": found.fallback,
        "deadline_at": found.fixed,
    }
    return {name: end_of_day(day, zone).isoformat() for name, day in days.items()}


def dates_of(step: Step, cycle: Cycle, begins_on: date | None = None) -> PlanningDates:
    """The dates of planning for who begins on a day (today), by the table of the cycle's start."""
    begins = max(begins_on or step.standing.today(cycle.agency_id), cycle.starts_on)
    as_of = end_of_day(cycle.starts_on, step.standing.zone(cycle.agency_id))
    tables = Tables(step.means, step.uow, as_of, cycle.agency_id)
    days = tables.planning_days((begins - cycle.starts_on).days)
    return planning_dates(days, cycle.starts_on, begins)


def _leads(step: Step, person_id: str, roles: Sequence[tuple[Membership, Squad]]) -> list[str]:
    found: list[str] = []
    for _, squad in roles:
        lead = step.standing.lead(squad)
        if lead is not None and lead.person_id != person_id and lead.person_id not in found:
            found.append(lead.person_id)
    return found


def complete(step: Step, plan: Plan, roles: Sequence[tuple[Membership, Squad]]) -> None:
    """Add results for each role that has none: what `cascading.offers` proposes for it."""
    held = list(step.uow.performance.items(plan.id))
    known = {item.role for item in held}
    proposed = offers(step.standing, plan, roles)
    offered = [offer for offer in proposed if offer.role not in known]
    if not offered:
        return
    drafts = [_draft(step, plan, offer) for offer in offered]
    first = len(held) + 1
    items = _even([item for item, _ in drafts])
    step.uow.performance.add([replace(item, number=first + n) for n, item in enumerate(items)])
    step.uow.performance.add([measure for _, measures in drafts for measure in measures])
    take(step, [(offer, item.id) for offer, (item, _) in zip(offered, drafts, strict=True)])


def _draft(step: Step, plan: Plan, offer: Offer) -> tuple[PlanItem, list[Indicator]]:
    item = PlanItem(
        id=step.means.ids.uuid(),
        plan_id=plan.id,
        number=1,
        kind=offer.kind,
        role_kind=RoleKind.SQUAD if offer.membership_id else RoleKind.HOME,
        membership_id=offer.membership_id,
        title=offer.title,
        weight_bp=offer.weight_bp or WHOLE_BP,
    )
    return item, [
        one.placed(step.means.ids.uuid(), item.id, number)
        for number, one in enumerate(offer.measures, start=1)
    ]


def _even(items: Sequence[PlanItem]) -> list[PlanItem]:
    """Weights of each role in proportion, summing to the whole."""
    out: list[PlanItem] = []
    for role in dict.fromkeys(item.role for item in items):
        own = [item for item in items if item.role == role]
        weights = {item.id: Fraction(max(item.weight_bp, 0)) for item in own}
        if not sum(weights.values()):
            weights = {item.id: Fraction(1) for item in own}
        shares = split_whole(weights)
        out += [replace(item, weight_bp=shares[item.id]) for item in own]
    if not out:
        raise RuleBroken
    return [replace(item, number=n) for n, item in enumerate(out, start=1)]


def _say(step: Step, plan: Plan, giver_id: str, role: FeedbackRole, text: str) -> None:
    if not text:
        raise fault("expectation", "required", "say what is expected")
    row = Feedback(
        id=step.means.ids.uuid(),
        plan_id=plan.id,
        giver_id=giver_id,
        role=role,
        text=text,
        period_id=step.period_now(step.cycle()).id,
        at=step.now,
    )
    step.uow.performance.add([row])
