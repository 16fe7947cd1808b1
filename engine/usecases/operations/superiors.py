"""Whose plan a plan waits for, and what happens when it comes: links to compare, no waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.cascade import ResultLink
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, RoleKind
from engine.usecases import audit_tags
from engine.usecases.errors import NotFound
from engine.usecases.operations.step import fault
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.usecases.operations.step import Step
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.process import Json

#: message that a superior's plan is fixed, key person_id:cycle_id of who waits
SUPERIOR_PLAN_FIXED: Final = "superior_plan_fixed"
#: the user task in which a plan is drafted
DRAFT_ELEMENT: Final = "draft_plan"


def superior_state(step: Step, person_id: str, cycle: Cycle) -> dict[str, Json]:
    """Variables `superior_id` (None at the top) and `superior_fixed`: nobody waits for either."""
    superior = superior_of(step.standing, person_id)
    plan = step.uow.performance.plan_of(superior, cycle.id) if superior else None
    fixed = superior is None or (plan is not None and plan.status is PlanStatus.FIXED)
    return {"superior_id": superior, "superior_fixed": fixed}


def superior_of(standing: Standing, person_id: str) -> str | None:
    """Whose results a person's results serve: the rater, not who stands in for him."""
    rater = standing.rater(person_id)
    return (rater.on_behalf_of or rater.person_id) if rater else None


def announce_fixed(step: Step, plan: Plan) -> None:
    """Tell everybody who may wait for this plan that it is fixed."""
    person = step.standing.person(plan.person_id)
    today = step.standing.today(person.agency_id if person else None)
    perhaps = step.uow.performance.rated_perhaps(plan.person_id, today)
    for below in step.standing.below(plan.person_id, perhaps):
        if superior_of(step.standing, below) == plan.person_id:
            step.means.announce(
                step.uow,
                step.actor,
                SUPERIOR_PLAN_FIXED,
                f"{below}:{plan.cycle_id}",
                superior_plan_id=plan.id,
            )


def remind_superior(step: Step) -> Mapping[str, Json]:
    """`regu.plan.remind_superior`: one letter to a superior whose plan several people wait for.

    It speaks of his own open task; who has none any more is not reminded.
    """
    superior, cycle = superior_of(step.standing, step.ref("person_id")), step.cycle()
    if superior is None:
        return {}
    query = TaskQuery(
        agency_id=None, assignee=superior, element_id=DRAFT_ELEMENT, state=TaskState.CREATED
    )
    for task in step.uow.search.tasks(query, limit=1):
        payload = {
            "recipient_id": superior,
            "subject": "superior_plan_awaited",
            "reference_id": cycle.id,
            "instance_key": str(task.root_key),
            "at": step.now.isoformat(),
        }
        step.uow.outbox.put("reminder", f"superior_plan:{superior}:{cycle.id}", payload)
    return {}


def compare_links(step: Step) -> Mapping[str, Json]:
    """`regu.plan.compare_links`: how many main home results serve nothing of the superior."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    return {"unlinked": len(unlinked(step.standing, person_id, cycle.id))}


def link_results(step: Step) -> Mapping[str, Json]:
    """`regu.plan.link_results` (form: results[item_id, serves_id]): the employee links his own."""
    plan = _plan(step)
    step.require_person(plan.person_id)
    own = {item.id for item in unlinked(step.standing, plan.person_id, plan.cycle_id)}
    above = {item.id for item in superior_items(step.standing, plan.person_id, plan.cycle_id)}
    links: list[ResultLink] = []
    for n, row in enumerate(step.rows("results")):
        item_id, serves = str(row.get("item_id") or ""), str(row.get("serves_id") or "")
        if not serves:
            continue
        if item_id not in own:
            raise fault(f"results.{n}.item_id", "unknown_item", "no open result of this plan")
        if serves not in above:
            raise fault(f"results.{n}.serves_id", "unknown_item", "no result of the superior")
        links.append(
            ResultLink(
                id=step.means.ids.uuid(),
                child_id=item_id,
                parent_id=serves,
                linked_by=step.person,
                at=step.now,
            )
        )
    step.uow.goals.linking(step.cycle().year)
    step.uow.goals.add(links)
    step.note(f"plan:{plan.id}", audit_tags.PLAN_LINKED, plan=plan.id, links=len(links))
    return {}


def unlinked(standing: Standing, person_id: str, cycle_id: str) -> Sequence[PlanItem]:
    """Main home results of a person's plan that serve no leader's result and no objective."""
    plan = standing.uow.performance.plan_of(person_id, cycle_id)
    mains = [
        item
        for item in (standing.uow.performance.items(plan.id) if plan else ())
        if item.role_kind is RoleKind.HOME and item.kind is ItemKind.UTAMA
    ]
    served = {link.child_id for link in standing.uow.goals.links_of([item.id for item in mains])}
    return [item for item in mains if item.id not in served]


def superior_items(standing: Standing, person_id: str, cycle_id: str) -> Sequence[PlanItem]:
    """Home results of the superior's fixed plan."""
    superior = superior_of(standing, person_id)
    plan = standing.uow.performance.plan_of(superior, cycle_id) if superior else None
    if plan is None or plan.status is not PlanStatus.FIXED:
        return ()
    items = standing.uow.performance.items(plan.id)
    return [item for item in items if item.role_kind is RoleKind.HOME]


def _plan(step: Step) -> Plan:
    found = step.uow.performance.get(Plan, step.ref("plan_id"))
    if found is None:
        raise NotFound("plan", step.ref("plan_id"))
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.plan.remind_superior": remind_superior,
    "regu.plan.compare_links": compare_links,
    "regu.plan.link_results": link_results,
}
