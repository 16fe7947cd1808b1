"""Operations of the risk register: register, agree on mitigation, review, reopen a target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from engine.domain.plans import PlanStatus
from engine.domain.risks import (
    SCALE,
    Risk,
    RiskReview,
    RiskStatus,
    TargetReopening,
    check_reopening,
    check_risk,
    reviewed,
)
from engine.usecases import audit_tags
from engine.usecases.cascading import headed_units
from engine.usecases.errors import NotFound
from engine.usecases.operations.matrix import ITEM, OBJECTIVE
from engine.usecases.operations.step import as_decimal, fault, refuse, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.process import Json


def subjects(standing: Standing, person_id: str, cycle_id: str) -> dict[str, str]:
    """What a person may register risks on, with its words.

    The results of his own fixed plan, and the objectives of the units he heads.
    """
    uow = standing.uow
    plan = uow.performance.plan_of(person_id, cycle_id)
    fixed = plan is not None and plan.status is PlanStatus.FIXED
    items = uow.performance.items(plan.id) if plan is not None and fixed else ()
    units = headed_units(standing, person_id)
    goals = uow.goals.objectives(cycle_id, units) if units else ()
    found = {f"{ITEM}{item.id}": item.title for item in items}
    return found | {f"{OBJECTIVE}{one.id}": f"{one.code} {one.title}" for one in goals}


def register_risk(step: Step) -> Mapping[str, Json]:
    """`regu.risks.register` (form: subject, title, likelihood, impact, mitigation).

    By who owns the result or heads the objective's unit; he becomes the risk's owner.
    """
    person, cycle = step.person, step.cycle()
    subject = step.text("subject")
    if subject not in subjects(step.standing, person, cycle.id):
        raise fault("subject", "unknown_subject", "not a fixed result or objective of yours")
    likelihood, impact = _scale(step.call.form, "likelihood"), _scale(step.call.form, "impact")
    risk = Risk(
        id=step.means.ids.uuid(),
        cycle_id=cycle.id,
        objective_id=_after(subject, OBJECTIVE),
        item_id=_after(subject, ITEM),
        title=step.text("title"),
        likelihood=likelihood,
        impact=impact,
        level=step.tables(cycle.agency_id).risk_level(likelihood, impact),
        owner_id=person,
        mitigation=step.text("mitigation"),
        registered_by=person,
        at=step.now,
    )
    refuse(check_risk(risk), title_missing="title", likelihood="likelihood", impact="impact")
    step.uow.goals.add([risk])
    step.note(f"risk:{risk.id}", audit_tags.RISK_REGISTERED, risk=risk.id, level=risk.level.value)
    return {"risk_id": risk.id, "person_id": person, "level": risk.level.value}


def agree_mitigation(step: Step) -> Mapping[str, Json]:
    """`regu.risks.agree_mitigation` (form: mitigation, note): the rater of the owner agrees."""
    risk = _risk(step, step.ref("risk_id"))
    step.require_office_or_admin(step.standing.rater(risk.owner_id), risk.owner_id)
    words = step.text("mitigation")
    if not words:
        raise fault("mitigation", "required", "say what is done about it")
    step.uow.goals.put(replace(risk, mitigation=words))
    step.note(f"risk:{risk.id}", audit_tags.RISK_MITIGATED, risk=risk.id)
    return {}


def begin_own_review(step: Step) -> Mapping[str, Json]:
    """`regu.risks.begin`: somebody looks at his own risks before the quarter ends."""
    person, cycle = step.person, step.cycle()
    if person not in step.uow.goals.risk_owners(cycle.id):
        raise fault("", "no_risks", "you own no open risk")
    return {"owners": [person]}


def open_review(step: Step) -> Mapping[str, Json]:
    """`regu.risks.open`: who owns an open risk; those named at the start when there are any."""
    cycle = step.cycle()
    asked = step.call.variables.get("owners")
    owners = list(asked) if isinstance(asked, list) and asked else None
    found = step.uow.goals.risk_owners(cycle.id)
    return {
        "cycle_name": cycle.name,
        "owners": [one for one in found if owners is None or one in owners],
    }


def review_risks(step: Step) -> Mapping[str, Json]:
    """`regu.risks.review` (form: risks[risk_id, likelihood, impact, status, note]): a dated look.

    Returns the results whose targets a risk that came true puts in question, as `cases`.
    """
    owner_id, cycle = step.ref("owner_id"), step.cycle()
    substitute = step.standing.substitute(owner_id) == step.person
    behalf = owner_id if substitute else None
    if not substitute:
        step.require_person(owner_id)
    own = {r.id: r for r in step.uow.goals.risks(cycle.id) if r.owner_id == owner_id}
    realised: list[Risk] = []
    for n, row in enumerate(step.rows("risks")):
        risk = own.get(str(row.get("risk_id") or ""))
        if risk is None:
            raise fault(f"risks.{n}", "unknown_risk", "not a risk of yours")
        after = _reviewed(step, risk, row, (f"risks.{n}", behalf))
        if after.status is RiskStatus.REALISED and risk.status is not RiskStatus.REALISED:
            realised.append(after)
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.RISKS_REVIEWED,
        owner=owner_id,
        realised=len(realised),
    )
    return {"cases": [case for risk in realised for case in _cases(step, risk)]}


def note_review_missing(step: Step) -> Mapping[str, Json]:
    """`regu.risks.note_missing`: an owner did not look in time; the register stays as it was."""
    owner_id = step.ref("owner_id")
    step.note(f"person:{owner_id}", audit_tags.SILENCE_NOTED, element=step.call.element_id)
    return {"cases": []}


def decide_reopening(step: Step) -> Mapping[str, Json]:
    """`regu.risks.decide_reopening` (form: decision reopen|keep, reason): by the rater.

    A reopened target is announced as `target_reopened` by person_id:cycle_id; the reason and the
    day stand in the register, and in the revision that follows.
    """
    person_id, risk = step.ref("person_id"), _risk(step, step.ref("risk_id"))
    rater = step.require_office_or_admin(step.standing.rater(person_id), person_id)
    decision = step.text("decision")
    if decision not in ("reopen", "keep"):
        raise fault("decision", "unknown_word", "reopen or keep")
    row = TargetReopening(
        id=step.means.ids.uuid(),
        risk_id=risk.id,
        item_id=step.ref("item_id"),
        person_id=person_id,
        reopened=decision == "reopen",
        reason=step.text("reason"),
        decided_by=rater.person_id,
        on_behalf_of=rater.on_behalf_of,
        at=step.now,
    )
    with refused(reason_missing="reason"):
        check_reopening(risk, row)
    step.uow.goals.add([row])
    step.note(
        f"risk:{risk.id}", audit_tags.TARGET_REOPENED, item=row.item_id, reopened=row.reopened
    )
    if row.reopened:
        _announce(step, row)
    return {"reopening_id": row.id}


def _announce(step: Step, row: TargetReopening) -> None:
    cards = step.uow.goals.cards([row.item_id])
    if not cards:
        raise NotFound("result", row.item_id)
    step.means.announce(
        step.uow,
        step.actor,
        "target_reopened",
        f"{row.person_id}:{cards[0].cycle_id}",
        reopening_id=row.id,
        item_id=row.item_id,
    )


def _reviewed(
    step: Step, risk: Risk, row: Mapping[str, Any], about: tuple[str, str | None]
) -> Risk:
    place, behalf = about
    likelihood, impact = _scale(row, "likelihood", place), _scale(row, "impact", place)
    word = str(row.get("status") or risk.status.value)
    if word not in set(RiskStatus):
        raise fault(f"{place}.status", "unknown_word", f"one of {', '.join(RiskStatus)}")
    agency = step.cycle().agency_id
    review = RiskReview(
        id=step.means.ids.uuid(),
        risk_id=risk.id,
        reviewed_on=step.standing.today(agency),
        likelihood=likelihood,
        impact=impact,
        level=step.tables(agency).risk_level(likelihood, impact),
        status=RiskStatus(word),
        note=str(row.get("note") or "").strip(),
        reviewed_by=step.person,
        on_behalf_of=behalf,
        at=step.now,
    )
    with refused(note_missing=f"{place}.note"):
        after = reviewed(risk, review)
    step.uow.goals.add([review])
    step.uow.goals.put(after)
    return after


def _cases(step: Step, risk: Risk) -> Sequence[Mapping[str, Json]]:
    """Results in question: the one at risk, or those that serve the objective directly."""
    items = [risk.item_id] if risk.item_id else []
    if risk.objective_id is not None:
        items = [row.child_id for row in step.uow.goals.links_to_objectives([risk.objective_id])]
    return [
        {"risk_id": risk.id, "item_id": card.item_id, "person_id": card.person_id}
        for card in step.uow.goals.cards(items)
    ]


def _risk(step: Step, risk_id: str) -> Risk:
    found = step.uow.goals.get(Risk, risk_id)
    if found is None:
        raise NotFound("risk", risk_id)
    return found


def _scale(row: Mapping[str, Any], name: str, place: str = "") -> int:
    field = f"{place}.{name}" if place else name
    raw = row.get(name)
    # a radio brings its word
    value = as_decimal(int(raw) if isinstance(raw, str) and raw.isdigit() else raw, field)
    if value is None or value != value.to_integral_value() or int(value) not in SCALE:
        raise fault(field, "off_scale", "a whole number from 1 to 5")
    return int(value)


def _after(subject: str, prefix: str) -> str | None:
    return subject.removeprefix(prefix) if subject.startswith(prefix) else None


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.risks.register": register_risk,
    "regu.risks.agree_mitigation": agree_mitigation,
    "regu.risks.begin": begin_own_review,
    "regu.risks.open": open_review,
    "regu.risks.review": review_risks,
    "regu.risks.note_missing": note_review_missing,
    "regu.risks.decide_reopening": decide_reopening,
}
