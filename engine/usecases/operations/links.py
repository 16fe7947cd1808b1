"""Operations that link a result to what it serves: the employee proposes, the rater agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.cascade import CascadeMethod, ResultLink, check_links
from engine.usecases import audit_tags
from engine.usecases.operations.matrix import ITEM, OBJECTIVE, method_of
from engine.usecases.operations.step import fault, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.cycles import Cycle
    from engine.domain.plans import PlanItem
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.process import Json


def propose_link(step: Step) -> Mapping[str, Json]:
    """`regu.links.propose` (form: item_id, serves, method, note): one's own result and its use."""
    person, cycle = step.person, step.cycle()
    item = _own_item(step, person, cycle, step.text("item_id"))
    if step.text("serves") not in servable(step.standing, person, cycle.id):
        raise fault("serves", "unknown_target", "not a result or objective above yours")
    link = _link(step, item, step.text("serves"))
    _refuse_link(step, link)
    return {
        "person_id": person,
        "item_id": item.id,
        "parent_id": link.parent_id or "",
        "objective_id": link.objective_id or "",
        "method": link.method.value,
    }


def confirm_link(step: Step) -> Mapping[str, Json]:
    """`regu.links.confirm` (form: decision accept|refuse, note): the rater agrees to a link."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    rater = step.require_office_or_admin(step.standing.rater(person_id), person_id)
    decision = step.text("decision")
    if decision not in ("accept", "refuse"):
        raise fault("decision", "unknown_word", "accept or refuse")
    if decision == "accept":
        link = ResultLink(
            id=step.means.ids.uuid(),
            child_id=step.ref("item_id"),
            parent_id=step.maybe("parent_id"),
            objective_id=step.maybe("objective_id"),
            method=CascadeMethod(step.ref("method")),
            note=step.text("note"),
            linked_by=rater.person_id,
            at=step.now,
        )
        step.uow.goals.linking(cycle.year)
        _refuse_link(step, link)
        step.uow.goals.add([link])
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.RESULT_LINKED,
        item=step.ref("item_id"),
        decision=decision,
    )
    return {"decision": decision}


def _own_item(step: Step, person: str, cycle: Cycle, item_id: str) -> PlanItem:
    plan = step.uow.performance.plan_of(person, cycle.id)
    items = step.uow.performance.items(plan.id) if plan else ()
    found = next((item for item in items if item.id == item_id), None)
    if found is None:
        raise fault("item_id", "unknown_result", "not a result of your plan")
    return found


def _link(step: Step, item: PlanItem, serves: str) -> ResultLink:
    return ResultLink(
        id=step.means.ids.uuid(),
        child_id=item.id,
        parent_id=serves.removeprefix(ITEM) if serves.startswith(ITEM) else None,
        objective_id=serves.removeprefix(OBJECTIVE) if serves.startswith(OBJECTIVE) else None,
        method=method_of(step.call.form.get("method"), "method"),
        note=step.text("note"),
        linked_by=step.person,
        at=step.now,
    )


def _refuse_link(step: Step, link: ResultLink) -> None:
    """Refused where the target is not there, or the links of both ends would break a rule."""
    if link.parent_id is not None and not step.uow.goals.cards([link.parent_id]):
        raise fault("serves", "unknown_target", "what it serves is not there any more")
    if link.objective_id is not None and not step.uow.goals.objectives_above([link.objective_id]):
        raise fault("serves", "unknown_target", "what it serves is not there any more")
    ends = [link.child_id, *filter(None, [link.parent_id])]
    refuse(check_links([*step.uow.goals.links_above(ends), link]), other="serves")


def servable(standing: Standing, person_id: str, cycle_id: str) -> dict[str, str]:
    """What one's results may serve, with its words: results of those who lead him, objectives.

    The objectives are those of his unit and of the units above it.
    """
    rater = standing.rater(person_id)
    leaders = [rater.on_behalf_of or rater.person_id] if rater else []
    known = standing.person(person_id)
    today = standing.today(known.agency_id if known else None)
    for _, squad in standing.uow.contributions.memberships_of(person_id, today, today):
        lead = standing.lead(squad)
        leaders += [lead.person_id] if lead and lead.person_id != person_id else []
    found: dict[str, str] = {}
    for leader in dict.fromkeys(leaders):
        plan = standing.uow.performance.plan_of(leader, cycle_id)
        items = standing.uow.performance.items(plan.id) if plan else ()
        found |= {f"{ITEM}{item.id}": item.title for item in items}
    units = _units_up(standing, person_id)
    goals = standing.uow.goals.objectives(cycle_id, units) if units else ()
    return found | {f"{OBJECTIVE}{one.id}": f"{one.code} {one.title}" for one in goals}


def _units_up(standing: Standing, person_id: str) -> list[str]:
    known, unit = standing.person(person_id), standing.home_unit(person_id)
    rows = standing.uow.agency.units(known.agency_id) if known else ()
    parents: dict[str, str | None] = {row.id: row.parent_id for row in rows}
    found: list[str] = []
    while unit is not None and unit not in found:
        found.append(unit)
        unit = parents.get(unit)
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.links.propose": propose_link,
    "regu.links.confirm": confirm_link,
}
