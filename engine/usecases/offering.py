"""Results proposed for a plan: what it begins with, and what can be added with one tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.cascade import CascadeMethod
from engine.domain.cycles import Cycle
from engine.domain.goals import ObjectiveStatus
from engine.domain.plans import PlanItem, RoleKind
from engine.usecases.cascading import Offer, Origin, Serving, cell_offers, headed_units
from engine.usecases.measures import (
    HOME_MEASURE,
    SQUAD_MEASURE,
    Measure,
    of_leader,
    of_objective,
    of_output,
    of_outputs,
    same,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.domain.plans import Indicator, Plan
    from engine.domain.squads import Membership, Squad
    from engine.usecases.organisation import Standing

    Roles = Sequence[tuple[Membership, Squad]]


def offers(standing: Standing, plan: Plan, roles: Roles) -> tuple[Offer, ...]:
    """What is proposed for each role of a plan, the home role first, at least one for each.

    For a role: what leaders wrote into their matrices; for the home role without that, the
    objectives of a unit he heads, else the results of his leader, else his own results of last
    year, else those of who held his post before; for a squad's role without that, the outputs in
    which a share is expected of him; else a sentence to replace.
    """
    found = cell_offers(standing.uow, plan, roles)
    if not any(offer.membership_id is None for offer in found):
        found = [*_home(standing, plan), *found]
    held = {offer.role for offer in found}
    for row, squad in roles:
        if row.id not in held:
            found += _squad(standing, plan, row, squad)
    return tuple(found)


def suggestions(standing: Standing, plan: Plan) -> tuple[Offer, ...]:
    """Home results that stand in no row of the plan yet and could: each is taken by one tick."""
    items = standing.uow.performance.items(plan.id)
    titles = {item.title.strip().casefold() for item in items}
    served = {link.serves for link in standing.uow.goals.links_of([item.id for item in items])}
    found = (offer for source in _SOURCES for offer in source(standing, plan))
    return tuple(
        offer
        for offer in found
        if offer.title.strip().casefold() not in titles
        and not any((one.parent_id or one.objective_id) in served for one in offer.serves)
    )


def _home(standing: Standing, plan: Plan) -> list[Offer]:
    for source in _SOURCES:
        if found := source(standing, plan):
            return found
    measure = Measure(text=HOME_MEASURE)
    return [Offer(title="Terlaksananya tugas jabatan", measures=(measure,), origin=Origin.HOUSE)]


def _objectives(standing: Standing, plan: Plan) -> list[Offer]:
    headed = headed_units(standing, plan.person_id)
    goals = standing.uow.goals.objectives(plan.cycle_id, headed) if headed else ()
    led = [one for one in goals if one.status is ObjectiveStatus.PUBLISHED]
    measures = standing.uow.goals.measures([one.id for one in led])
    return [
        Offer(
            title=goal.title,
            measures=of_objective([one for one in measures if one.objective_id == goal.id])
            or (Measure(text=HOME_MEASURE),),
            origin=Origin.OBJECTIVE,
            source_id=goal.id,
            serves=(Serving(objective_id=goal.id, method=CascadeMethod.DIRECT),),
        )
        for goal in led
    ]


def _leaders(standing: Standing, plan: Plan) -> list[Offer]:
    rater = standing.rater(plan.person_id)
    leader = (rater.on_behalf_of or rater.person_id) if rater else None
    above = standing.uow.performance.plan_of(leader, plan.cycle_id) if leader else None
    return [
        Offer(
            title=f"Mendukung: {item.title}",
            measures=of_leader(measures) or (Measure(text=HOME_MEASURE),),
            origin=Origin.LEADER,
            source_id=item.id,
            serves=(Serving(parent_id=item.id),),
        )
        for item, measures in _results(standing, above)
    ]


def _last_years(standing: Standing, plan: Plan) -> list[Offer]:
    """Home results of last year with their indicators: a copy whose targets are confirmed."""
    store = standing.uow.performance
    cycle = store.get(Cycle, plan.cycle_id)
    before = store.cycle_of(cycle.agency_id, cycle.year - 1) if cycle else None
    earlier = store.plan_of(plan.person_id, before.id) if before else None
    return _copied(standing, earlier, Origin.LAST_YEAR)


def _predecessors(standing: Standing, plan: Plan) -> list[Offer]:
    """Home results in the newest plan of who held the person's post before him."""
    known = standing.person(plan.person_id)
    today = standing.today(known.agency_id if known else None)
    posts = [seat.post_id for seat in standing.uow.agency.seats(plan.person_id, today)[:1]]
    earlier = standing.uow.performance.post_plan(plan, posts[0]) if posts else None
    return _copied(standing, earlier, Origin.PREDECESSOR)


def _copied(standing: Standing, earlier: Plan | None, origin: Origin) -> list[Offer]:
    return [
        Offer(
            title=item.title,
            measures=same(measures) or (Measure(text=HOME_MEASURE),),
            weight_bp=item.weight_bp,
            origin=origin,
            source_id=item.id,
            kind=item.kind,
        )
        for item, measures in _results(standing, earlier)
    ]


def _results(standing: Standing, plan: Plan | None) -> list[tuple[PlanItem, list[Indicator]]]:
    """Home results of a plan, each with its indicators."""
    if plan is None:
        return []
    measures = standing.uow.performance.indicators(plan.id)
    items = standing.uow.performance.items(plan.id)
    return [
        (item, [one for one in measures if one.item_id == item.id])
        for item in items
        if item.role_kind is RoleKind.HOME
    ]


def _squad(standing: Standing, plan: Plan, row: Membership, squad: Squad) -> list[Offer]:
    """A result for each output with a share of his; one for all while shares are not agreed."""
    store = standing.uow.contributions
    lines = store.credit_lines(plan.cycle_id, person_id=plan.person_id)
    mine = [one for one in lines if one.membership_id == row.id and one.expected_bp]
    if not mine:
        outputs = store.outputs(plan.cycle_id, squad.id)
        measure = of_outputs(outputs) if outputs else Measure(text=SQUAD_MEASURE)
        return [
            Offer(
                membership_id=row.id,
                title=f"Kontribusi pada {squad.name}",
                measures=(measure,),
                origin=Origin.SQUAD,
                source_id=squad.id,
            )
        ]
    return [
        Offer(
            membership_id=row.id,
            title=line.title,
            measures=(of_output(standing.output(line.output_id)),),
            weight_bp=line.value_points * line.expected_bp,
            origin=Origin.SQUAD,
            source_id=line.output_id,
        )
        for line in mine
    ]


_SOURCES: tuple[Callable[[Standing, Plan], list[Offer]], ...] = (
    _objectives,
    _leaders,
    _last_years,
    _predecessors,
)
