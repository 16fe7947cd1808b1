"""Operations of planning and clarification: open, draft, impose, clarify, fix."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import end_of_day
from engine.domain.errors import RuleBroken
from engine.domain.indicators import Aspect, default_direction
from engine.domain.organisation import Official
from engine.domain.plans import (
    Feedback,
    FeedbackRole,
    Indicator,
    ItemKind,
    Plan,
    PlanItem,
    PlanStatus,
    RoleKind,
    advance,
    check_plan,
    fix,
)
from engine.domain.scales import WHOLE_BP, split_whole
from engine.usecases import audit_tags
from engine.usecases.cascading import offers, take
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.operations.step import as_bp, as_decimal, fault, refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.squads import Membership, Squad
    from engine.usecases.cascading import Offer
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: days from the start of planning to the reminder, and until the imposed draft takes over
REMINDER_DAYS: Final = 7
FALLBACK_DAYS: Final = 14


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
        _complete(step, plan, roles)
    return plan, roles


def draft_plan(step: Step) -> Mapping[str, Json]:
    """`regu.plan.draft`: the employee's own home results; squad results stay.

    Form: results[item_id, title, indicator, aspect, target, unit, weight_percent].
    """
    plan = plan_of(step)
    step.require_person(plan.person_id)
    held = list(step.uow.performance.items(plan.id))
    squad_items = [item for item in held if item.role_kind is RoleKind.SQUAD]
    kept = [
        row
        for row in step.uow.performance.indicators(plan.id)
        if row.item_id in {item.id for item in squad_items}
    ]
    home, measures = _home_results(step, plan, held)
    if not home and any(item.role_kind is RoleKind.HOME for item in held):
        home = [item for item in held if item.role_kind is RoleKind.HOME]
        measures = [
            row
            for row in step.uow.performance.indicators(plan.id)
            if row.item_id in {item.id for item in home}
        ]
    items = [replace(item, number=n) for n, item in enumerate([*home, *squad_items], start=1)]
    roles = {"home", *(item.role for item in squad_items)}
    _refuse_plan(items, [*measures, *kept], roles)
    step.uow.performance.replace_items(plan.id, items, [*measures, *kept])
    with refused():
        step.uow.performance.put(advance(plan, PlanStatus.SUBMITTED))
    step.note(f"plan:{plan.id}", audit_tags.PLAN_DRAFTED, plan=plan.id)
    return {"plan_id": plan.id}


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
    """`regu.plan.clarify_role` (form: expectation): a squad lead says what the squad expects."""
    plan = plan_of(step)
    lead = step.require_office(Official(person_id=step.ref("lead_id")), subject_id=plan.person_id)
    roles = memberships(step, plan.person_id, step.cycle())
    if step.ref("lead_id") not in _leads(step, plan.person_id, roles):
        raise Conflict("not_a_lead", lead=lead.person_id)
    _say(step, plan, lead.person_id, FeedbackRole.LEAD, step.text("expectation"))
    step.note(f"plan:{plan.id}", audit_tags.PLAN_ROLE_CLARIFIED, plan=plan.id)
    return {}


def note_silence(step: Step) -> Mapping[str, Json]:
    """`regu.plan.note_silence`: somebody did not answer in time; nothing waits for him."""
    plan_id = step.ref("plan_id")
    step.note(
        f"plan:{plan_id}", audit_tags.SILENCE_NOTED, plan=plan_id, element=step.call.element_id
    )
    return {}


def clarify_expectation(step: Step) -> Mapping[str, Json]:
    """`regu.plan.clarify` (form: decision accept|revise, expectation, note): the rater agrees.

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
    step.uow.performance.put(fix(plan, fixed_by, step.now))
    step.note(f"plan:{plan.id}", audit_tags.PLAN_FIXED, plan=plan.id, rater=fixed_by)
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
    """When the drafter is reminded, and when the imposed draft takes over."""
    zone = step.standing.zone(cycle.agency_id)
    today = max(step.standing.today(cycle.agency_id), cycle.starts_on)
    days = {"reminder_at": REMINDER_DAYS, "fallback_at": FALLBACK_DAYS}
    return {name: end_of_day(today + timedelta(n), zone).isoformat() for name, n in days.items()}


def _leads(step: Step, person_id: str, roles: Sequence[tuple[Membership, Squad]]) -> list[str]:
    found: list[str] = []
    for _, squad in roles:
        lead = step.standing.lead(squad)
        if lead is not None and lead.person_id != person_id and lead.person_id not in found:
            found.append(lead.person_id)
    return found


def _complete(step: Step, plan: Plan, roles: Sequence[tuple[Membership, Squad]]) -> None:
    """Add results for each role that has none: what `cascading.offers` proposes for it."""
    held = list(step.uow.performance.items(plan.id))
    known = {item.role for item in held}
    offered = [offer for offer in offers(step, plan, roles) if offer.role not in known]
    if not offered:
        return
    drafts = [_draft(step, plan, offer) for offer in offered]
    first = len(held) + 1
    items = _even([item for item, _ in drafts])
    step.uow.performance.add([replace(item, number=first + n) for n, item in enumerate(items)])
    step.uow.performance.add([measure for _, measure in drafts])
    take(step, [(offer, item.id) for offer, (item, _) in zip(offered, drafts, strict=True)])


def _draft(step: Step, plan: Plan, offer: Offer) -> tuple[PlanItem, Indicator]:
    item = PlanItem(
        id=step.means.ids.uuid(),
        plan_id=plan.id,
        number=1,
        kind=offer.kind,
        role_kind=RoleKind.SQUAD if offer.membership_id else RoleKind.HOME,
        membership_id=offer.membership_id,
        title=offer.title,
        weight_bp=WHOLE_BP,
    )
    measure = Indicator(
        id=step.means.ids.uuid(), item_id=item.id, aspect=Aspect.KUANTITAS, text=offer.measure
    )
    return item, measure


def _home_results(
    step: Step, plan: Plan, held: Sequence[PlanItem]
) -> tuple[list[PlanItem], list[Indicator]]:
    known = {item.id: item for item in held if item.role_kind is RoleKind.HOME}
    earlier = {row.item_id: row for row in step.uow.performance.indicators(plan.id)}
    items: list[PlanItem] = []
    measures: list[Indicator] = []
    for n, row in enumerate(step.rows("results")):
        at = f"results.{n}"
        old = known.get(str(row.get("item_id") or ""))
        item_id = old.id if old else step.means.ids.uuid()
        items.append(
            PlanItem(
                id=item_id,
                plan_id=plan.id,
                number=n + 1,
                kind=old.kind if old else ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=str(row.get("title") or "").strip(),
                weight_bp=as_bp(row.get("weight_percent"), f"{at}.weight_percent") or 0,
            )
        )
        measures.append(_measure(step, row, at, item_id, earlier.get(item_id)))
    return items, measures


def _measure(
    step: Step, row: Mapping[str, Json], at: str, item_id: str, old: Indicator | None
) -> Indicator:
    aspect = str(row.get("aspect") or Aspect.KUANTITAS.value)
    if aspect not in set(Aspect):
        raise fault(f"{at}.aspect", "unknown_word", f"one of {', '.join(Aspect)}")
    kept = old.direction if old and old.aspect == aspect else default_direction(Aspect(aspect))
    return Indicator(
        id=old.id if old else step.means.ids.uuid(),
        item_id=item_id,
        aspect=Aspect(aspect),
        text=str(row.get("indicator") or "").strip(),
        target=as_decimal(row.get("target"), f"{at}.target"),
        unit=str(row.get("unit") or "").strip(),
        direction=kept,
        target_text=old.target_text if old else "",
    )


def _refuse_plan(items: Sequence[PlanItem], measures: Sequence[Indicator], roles: set[str]) -> None:
    places = {item.id: f"results.{n}" for n, item in enumerate(items)}
    fields = {"weight": "weight_percent", "title_missing": "title"}
    found = [
        FieldFault(
            field=".".join(filter(None, [places.get(v.subject, "results"), fields.get(v.code)])),
            code=v.code,
            message=v.message,
        )
        for v in check_plan(items, measures, roles)
    ]
    found += [
        FieldFault(
            field=f"{places[row.item_id]}.indicator", code="required", message="has no words"
        )
        for row in measures
        if not row.text
    ]
    if found:
        raise InputRefused(*found)


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
