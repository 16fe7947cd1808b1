"""Reading processes: definitions, instances with their tokens, incidents, history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.rights import may_see_instance, require, same_agency
from engine.usecases.task_views import PAGE_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.batches import InstanceFilter
    from engine.usecases.ports.process import (
        DefinitionRow,
        FormRow,
        IncidentRow,
        InstanceRow,
        InstanceView,
        Json,
    )
    from engine.usecases.ports.search import Running
    from engine.usecases.ports.work import House


def definitions(
    house: House, actor: Actor, *, process_id: str | None = None, latest: bool = True
) -> Sequence[DefinitionRow]:
    """Newest version of every process, or all versions of one."""
    require(actor, "definition:read")
    with house.reading() as uow:
        newest = uow.processes.definitions()
        if process_id is not None and not latest:
            return uow.processes.definition_versions(process_id)
        if latest:
            return [row for row in newest if process_id in (None, row.process_id)]
        return [
            row for head in newest for row in uow.processes.definition_versions(head.process_id)
        ]


def definition(house: House, actor: Actor, key: int) -> DefinitionRow:
    """One version with its drawing, as it was deployed."""
    require(actor, "definition:read", key)
    with house.reading() as uow:
        row = uow.processes.definition(key)
    if row is None:
        raise NotFound("process definition", key)
    return row


def start_form(house: House, actor: Actor, key: int) -> FormRow | None:
    """The form of a version's none start event; None: it asks nothing."""
    require(actor, "definition:read", key)
    with house.reading() as uow:
        if uow.processes.definition(key) is None:
            raise NotFound("process definition", key)
        return house.runner.start_form(uow, key)


def instance_view(house: House, actor: Actor, key: int) -> InstanceView:
    """Tokens, incidents and variables of an instance; `NotFound` for those of others."""
    with house.reading() as uow:
        if not may_see_instance(uow, actor, key):
            raise NotFound("instance", key)
        return house.runner.view(uow, key)


def instance_history(
    house: House, actor: Actor, key: int, *, after: int | None = None, limit: int | None = None
) -> Sequence[Mapping[str, Json]]:
    """What happened in an instance tree, oldest first; `NotFound` for those of others.

    A page by key: behind `after`, at most `limit`; all without them.
    """
    with house.reading() as uow:
        row = uow.processes.instance(key)
        if row is None or not may_see_instance(uow, actor, key):
            raise NotFound("instance", key)
        return uow.work_list.history(row.root_key, after=after, limit=limit)


def search_instances(  # noqa: PLR0913 - the published filter of the list
    house: House,
    actor: Actor,
    *,
    process_id: str | None = None,
    status: str | None = None,
    key: int | None = None,
    parent_key: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[InstanceRow]:
    """Process instances of the actor's agency by ascending key."""
    require(actor, "instance:read")
    with house.reading() as uow:
        rows = uow.search.instances(
            agency_id=actor.agency_id,
            process_id=process_id,
            status=status,
            key=key,
            parent_key=parent_key,
            after=after,
            limit=min(limit, PAGE_MAX + 1),
        )
        # the store takes no agency for every agency; an actor of none reads rows of none
        return [row for row in rows if same_agency(actor, row.agency_id)]


def list_instances(
    house: House,
    actor: Actor,
    wanted: InstanceFilter,
    *,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[InstanceRow]:
    """Process instances of the actor's agency by ascending key; of every state if none is named."""
    require(actor, "instance:read")
    states = wanted.statuses or tuple(one.value for one in InstanceStatus)
    mine = replace(wanted, agency_id=actor.agency_id, statuses=states)
    with house.reading() as uow:
        return uow.batches.found(mine, after=after, limit=min(limit, PAGE_MAX + 1))


def search_incidents(
    house: House,
    actor: Actor,
    *,
    root_key: int | None = None,
    key: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[IncidentRow]:
    """Open incidents of the actor's agency by ascending key."""
    require(actor, "instance:read")
    with house.reading() as uow:
        rows = uow.search.incidents(
            agency_id=actor.agency_id,
            root_key=root_key,
            key=key,
            after=after,
            limit=min(limit, PAGE_MAX + 1),
        )
        return [row for row in rows if may_see_instance(uow, actor, row.root_key)]


def running(house: House, actor: Actor) -> Running:
    """What runs of every process in the actor's agency, and where most of it waits."""
    require(actor, "instance:read")
    with house.reading() as uow:
        return uow.search.running(actor.agency_id)
