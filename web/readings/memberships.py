"""Memberships that wait for one's own answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.squads import Acceptance
from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from engine.domain.squads import Membership, Squad
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One membership with what the answer needs to know."""

    membership: Membership
    squad: Squad
    #: the open task in which he signs, None where no drawing asks
    task_key: int | None = None


def own_answers(house: House, actor: Actor) -> tuple[Asked, ...]:
    """Own memberships of the current cycle that are not answered yet."""
    if actor.person_id is None or actor.agency_id is None:
        return ()
    with house.reading() as uow:
        try:
            cycle = cycle_of(uow, actor.agency_id, None)
        except NotFound:
            return ()
        rows = uow.contributions.memberships_of(actor.person_id, cycle.starts_on, cycle.ends_on)
        waiting = [pair for pair in rows if pair[0].acceptance is Acceptance.PENDING]
        if not waiting:
            return ()
        tasks = uow.work_list.mine(
            actor, now=house.clock.now(), process_id="squad_membership", limit=200
        )
        keys = {task.squad_id: task.key for task in tasks if task.element_id == "sign_membership"}
        return tuple(
            Asked(membership=row, squad=squad, task_key=keys.get(squad.id))
            for row, squad in waiting
        )
