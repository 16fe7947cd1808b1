"""Who sees a squad, who steers it, who takes it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.squads import SquadRole, last_day
from engine.usecases.books import cycle_of
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.relations import sees_credit
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.domain.cycles import Cycle
    from engine.domain.squads import Membership, Squad
    from engine.usecases.actor import Actor
    from engine.usecases.organisation import Standing

#: groups to which the matrix opens ledger lines in their own agency
_READERS = frozenset({HR, PERF_ADMIN, AUDITOR})


def require_seen(
    standing: Standing, actor: Actor, squad: Squad, members: Iterable[Membership], cycle: Cycle
) -> None:
    """`NotFound` unless the matrix opens a member's ledger lines to the actor.

    Who is in the squad, sponsors it, or looks after a member's agency is known without asking
    about each member; the raters and superiors of others are looked up.
    """
    rows = list(members)
    inside = {squad.sponsor_id, *(row.person_id for row in rows)} if rows else set()
    if actor.person_id in inside:
        return
    agencies = {row.home_agency_id for row in rows}
    if actor.groups & _READERS and actor.agency_id in agencies:
        return
    people = dict.fromkeys(row.person_id for row in rows)
    if not sees_credit(standing.uow, standing, actor, people, cycle):
        raise NotFound("squad", squad.id)


def steers(standing: Standing, actor: Actor, squad: Squad, members: Iterable[Membership]) -> bool:
    """Whether the actor leads the squad today, sponsors it, or stands in for one of the two."""
    today = standing.today(squad.host_agency_id)
    leads = {row.person_id for row in members if _leads(row, squad) and row.covers(today)}
    return _is_one_of(standing, actor, leads | {squad.sponsor_id})


def takes_over(
    standing: Standing, actor: Actor, squad: Squad, members: Iterable[Membership]
) -> bool:
    """Whether the actor leads, led or is to lead the squad, sponsors it, or stands in for one."""
    leads = {row.person_id for row in members if row.role is SquadRole.KETUA}
    return _is_one_of(standing, actor, leads | {squad.sponsor_id})


def require_steering(
    standing: Standing, actor: Actor, squad_id: str, act: str, *, handing_over: bool = False
) -> tuple[Squad, list[Membership], Cycle]:
    """The squad with all its memberships and its cycle, for who steers it (or takes it over).

    `NotFound` for who may not see it, `AccessRefused` for who only sees it.
    """
    squad = standing.squad(squad_id)
    members = list(standing.uow.contributions.members(squad.id))
    cycle = cycle_of(standing.uow, squad.host_agency_id, None)
    asked = takes_over if handing_over else steers
    if not asked(standing, actor, squad, members):
        require_seen(standing, actor, squad, members, cycle)
        raise AccessRefused(act, squad.id)
    return squad, members, cycle


def _leads(row: Membership, squad: Squad) -> bool:
    return row.role is SquadRole.KETUA and row.valid_from <= last_day(row, squad)


def _is_one_of(standing: Standing, actor: Actor, people: Iterable[str]) -> bool:
    if actor.person_id is None:
        return False
    names = sorted(set(people))
    return actor.person_id in names or any(
        actor.person_id in standing.stand_ins(one) for one in names
    )
