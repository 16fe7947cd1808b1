"""The chain of a result: up to the objectives it reaches, down to results, outputs, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.cycles import Cycle
from engine.usecases.books import readable
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.relations import around_all, may_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.cascade import ResultLink
    from engine.domain.goals import Objective
    from engine.domain.risks import Risk, RiskReview, TargetReopening
    from engine.usecases.actor import Actor
    from engine.usecases.ports.goals import ProvingEvidence, ResultCard, ServingOutput
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Upward:
    """Everything results serve: links, the results on the way, the objectives on top."""

    links: Sequence[ResultLink]
    results: Sequence[ResultCard]
    objectives: Sequence[Objective]


@dataclass(frozen=True, slots=True, kw_only=True)
class Downward:
    """Everything that serves results: links, results, the squads' outputs, the evidence."""

    links: Sequence[ResultLink]
    results: Sequence[ResultCard]
    outputs: Sequence[ServingOutput]
    evidence: Sequence[ProvingEvidence]
    #: results below that the reader may not read
    hidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The chain of a person's results."""

    cycle: Cycle
    results: Sequence[ResultCard]
    up: Upward
    down: Downward
    #: names of everybody in it, and of the units of its objectives
    names: Mapping[str, str]
    #: results of the person among which one can be chosen
    choices: Sequence[ResultCard]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRisks:
    """Risks on a person's results and on what they reach, with their reviews."""

    cycle: Cycle
    risks: Sequence[Risk]
    reviews: Sequence[RiskReview]
    reopenings: Sequence[TargetReopening]


def up(uow: UnitOfWork, *item_ids: str) -> Upward:
    """What results serve, all the way: three statements, whatever the depth."""
    links = uow.goals.links_above(item_ids)
    objectives = {link.objective_id for link in links if link.objective_id is not None}
    return Upward(
        links=links,
        results=uow.goals.cards({link.parent_id for link in links if link.parent_id is not None}),
        objectives=uow.goals.objectives_above(objectives),
    )


def down(uow: UnitOfWork, *item_ids: str) -> Downward:
    """What serves results, all the way, with outputs and evidence: four statements."""
    links = uow.goals.links_below(item_ids)
    below = {link.child_id for link in links}
    return Downward(
        links=links,
        results=uow.goals.cards(below),
        outputs=uow.goals.outputs_of({*item_ids, *below}),
        evidence=uow.goals.evidence_of({*item_ids, *below}),
    )


def person_chain(
    house: House, actor: Actor, person_id: str, item_id: str | None, wanted: str | None = None
) -> Chain:
    """The chain of a person's results (of one); `NotFound` for whom the matrix closes the plan.

    The way up is the organisation's and open. Below, a result shows when its plan may be read,
    and its evidence when the person's evidence may be.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.PLAN, wanted)
        plan = uow.performance.plan_of(person_id, cycle.id)
        every = [item.id for item in uow.performance.items(plan.id)] if plan else []
        items = every if item_id is None else [item for item in every if item == item_id]
        if item_id is not None and not items:
            raise NotFound("result", item_id)
        choices = uow.goals.cards(every)
        above = up(uow, *items)
        below = _seen(standing, actor, (person_id, items), down(uow, *items))
        return Chain(
            cycle=cycle,
            results=[card for card in choices if card.item_id in items],
            up=above,
            down=below,
            names=_names(uow, [person_id], above, below),
            choices=choices,
        )


def _names(
    uow: UnitOfWork, people: Sequence[str], above: Upward, below: Downward
) -> Mapping[str, str]:
    everybody = {card.person_id for card in (*above.results, *below.results)} | set(people)
    units = {objective.unit_id for objective in above.objectives}
    return {**uow.agency.names(sorted(everybody)), **uow.agency.unit_names(sorted(units))}


def person_risks(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PlanRisks:
    """Risks of a person's plan; `NotFound` for whom the matrix closes the plan."""
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.PLAN, wanted)
        plan = uow.performance.plan_of(person_id, cycle.id)
        items = [item.id for item in uow.performance.items(plan.id)] if plan else []
        risks = uow.goals.risks_on(items)
        return PlanRisks(
            cycle=cycle,
            risks=risks,
            reviews=uow.goals.reviews([risk.id for risk in risks]),
            reopenings=uow.goals.reopenings(items),
        )


def _seen(
    standing: Standing, actor: Actor, about: tuple[str, Sequence[str]], found: Downward
) -> Downward:
    """What the actor may read of it: plans decide about results, evidence about evidence."""
    person_id, own = about
    cycles = {card.person_id: card.cycle_id for card in found.results}
    cycles |= {person_id: cards[0].cycle_id} if (cards := standing.uow.goals.cards(own)) else {}
    known = _cycles(standing, cycles.values())
    circles = around_all(standing, set(cycles), known)
    plans = {one for one, him in circles.items() if may_read(him, actor, Resource.PLAN)}
    shown = [card for card in found.results if card.person_id in plans]
    owners = {card.item_id: card.person_id for card in shown} | dict.fromkeys(own, person_id)
    proofs = {one for one, him in circles.items() if may_read(him, actor, Resource.EVIDENCE)}
    return Downward(
        links=[link for link in found.links if link.child_id in owners],
        results=shown,
        outputs=[row for row in found.outputs if row.item_id in owners],
        evidence=[row for row in found.evidence if owners.get(row.item_id) in proofs],
        hidden=len(found.results) - len(shown),
    )


def _cycles(standing: Standing, ids: Iterable[str]) -> list[Cycle]:
    """Cycles of the agencies whose people serve one result: one for each agency."""
    found = (standing.uow.performance.get(Cycle, one) for one in sorted(set(ids)))
    return [one for one in found if one is not None]
