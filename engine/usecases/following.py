"""Who follows a task or process is told what happens to it, while he may see it.

Never who did it himself, nor who is told of the same act otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases.accounts import actor_of
from engine.usecases.notices import Kind, notify
from engine.usecases.rights import may, may_see_instance, same_agency

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, UserTaskRow
    from engine.usecases.ports.remarks import Followed
    from engine.usecases.ports.work import House, UnitOfWork

#: followers told in one transaction of background work
TOLD_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that happened to a task, or beside its process."""

    kind: Kind
    #: tells it from all else that happened
    key: str
    instance_key: int
    #: None: beside the process
    task: UserTaskRow | None
    #: ids of people who are told of it otherwise
    but: frozenset[str] = frozenset()


def tell_followers(house: House, uow: UnitOfWork, actor: Actor, what: Happened) -> None:
    """Tell, in the transaction of the act, who follows the task or its whole process."""
    task = what.task
    people = uow.remarks.followers(what.instance_key, task.key if task else 0)
    himself = {actor.person_id, actor.human}
    wanted = [one for one in people if one not in what.but and one not in himself]
    row = uow.processes.instance(what.instance_key) if wanted else None
    if row is None:
        return
    notify(
        uow,
        house.ids,
        house.clock.now(),
        [one for one in wanted if _may_follow(house, uow, one, row, task)],
        what.kind,
        key=what.key,
        path=path_of(what.instance_key),
        facts={"by": actor.person_id, "title": task.name if task else ""},
    )


def tell_holder(
    house: House, uow: UnitOfWork, actor: Actor, task: UserTaskRow, *told: str | None
) -> None:
    """Tell that somebody else holds a task, as its row was before; `told` know it already."""
    what = Happened(
        kind=Kind.FOLLOWED_HOLDER,
        key=f"holder:{task.key}:{task.version}",
        instance_key=task.instance_key,
        task=task,
        but=frozenset(one for one in told if one),
    )
    tell_followers(house, uow, actor, what)


def tell_later(house: House, uow: UnitOfWork, found: Iterable[Followed], kind: Kind) -> None:
    """Tell of what nobody did: an end or an incident; who may not see it follows no longer."""
    for one in found:
        row = uow.processes.instance(one.instance_key)
        task = uow.processes.task(one.task_key) if one.task_key else None
        if row is None or not _may_follow(house, uow, one.person_id, row, task):
            uow.remarks.unwatch(one.person_id, one.instance_key, one.task_key)
            continue
        notify(
            uow,
            house.ids,
            house.clock.now(),
            [one.person_id],
            kind,
            key=one.key,
            path=path_of(one.instance_key),
            facts={"title": one.title, "state": one.state},
        )


def may_look(
    house: House, uow: UnitOfWork, actor: Actor, row: InstanceRow, task: UserTaskRow | None
) -> bool:
    """Whether he may see what is said beside a task, or beside its process."""
    reads = task is not None and may(actor, "task:read") and same_agency(actor, task.agency_id)
    return reads or may_join(house, uow, actor, row)


def may_join(house: House, uow: UnitOfWork, actor: Actor, row: InstanceRow) -> bool:
    """Whether he may see the instance, or takes or took part in exactly it."""
    if may_see_instance(uow, actor, row.key):
        return True
    if actor.agency_id != row.agency_id:
        return False
    return uow.remarks.takes_part(actor, row.key, house.clock.now())


def path_of(instance_key: int) -> str:
    """The page where followers read what is said."""
    return f"/proses/{instance_key}/catatan"


def _may_follow(
    house: House, uow: UnitOfWork, person_id: str, row: InstanceRow, task: UserTaskRow | None
) -> bool:
    account = uow.accounts.account_of(person_id)
    if account is None or not account.active:
        return False
    follower = actor_of(uow, account, house.clock.now().date())
    return may_look(house, uow, follower, row, task)
