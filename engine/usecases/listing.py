"""The lists of `/v2`: who may read which, and what the store does not hold beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.errors import NotFound
from engine.usecases.ports.listing import Condition, Criteria, Listed, Op, Reader
from engine.usecases.rights import may, may_see_instance, require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.listing import Rows
    from engine.usecases.ports.work import House, UnitOfWork

#: the act that opens a whole list; tasks are open to everybody, for their own
ACTS: Final[Mapping[Listed, str]] = {
    Listed.PROCESS_DEFINITION: "definition:read",
    Listed.PROCESS_INSTANCE: "instance:read",
    Listed.ELEMENT_INSTANCE: "instance:read",
    Listed.JOB: "instance:read",
    Listed.INCIDENT: "instance:read",
    Listed.MESSAGE_SUBSCRIPTION: "instance:read",
    Listed.DECISION_DEFINITION: "definition:read",
    Listed.DECISION_REQUIREMENTS: "definition:read",
    Listed.DECISION_INSTANCE: "instance:read",
    Listed.RESOURCE: "definition:read",
    Listed.BATCH_OPERATION: "batch:read",
    Listed.BATCH_OPERATION_ITEM: "batch:read",
    Listed.ACCOUNT: "account:manage",
}


def search(house: House, actor: Actor, criteria: Criteria) -> Rows:
    """A page of a list; `AccessRefused` for who may not read it.

    User tasks: those of the agency for who looks after processes, else one's own open ones.
    """
    with house.reading() as uow:
        return uow.listing.find(criteria, _reader(house, actor, criteria.listed))


def one(house: House, actor: Actor, listed: Listed, key: int | str) -> Mapping[str, Any]:
    """One row of a list by its key; `NotFound` for those of others."""
    column = "login" if listed is Listed.ACCOUNT else "key"
    where = (Condition(column=column, op=Op.EQ, value=key),)
    with house.reading() as uow:
        reader = _reader(house, actor, listed)
        found = uow.listing.find(Criteria(listed=listed, where=where, limit=1), reader).rows
    if not found:
        raise NotFound(listed.value, key)
    return found[0]


def instance(house: House, actor: Actor, key: int) -> Mapping[str, Any]:
    """One process instance, for whom it is open; `NotFound` for those of others."""
    with house.reading() as uow:
        row = uow.processes.instance(key)
        if row is None or not may_see_instance(uow, actor, key):
            raise NotFound("instance", key)
        root = row if row.root_key == key else uow.processes.instance(row.root_key)
        where = (Condition(column="key", op=Op.EQ, value=key),)
        wanted = Criteria(listed=Listed.PROCESS_INSTANCE, where=where, limit=1)
        found = uow.listing.find(wanted, Reader(agency_id=root.agency_id if root else None)).rows
    if not found:
        raise NotFound("instance", key)
    return found[0]


def inside(house: House, actor: Actor, key: int, criteria: Criteria) -> Rows:
    """A list of what is in an instance tree, for whom the instance is open."""
    with house.reading() as uow:
        row = uow.processes.instance(key)
        if row is None or not may_see_instance(uow, actor, key):
            raise NotFound("instance", key)
        root = row if row.root_key == key else uow.processes.instance(row.root_key)
        return uow.listing.find(criteria, Reader(agency_id=root.agency_id if root else None))


def at_element(house: House, actor: Actor, activation: int) -> tuple[int, int]:
    """(instance key, token) of an element instance; `NotFound` for those of others."""
    with house.reading() as uow:
        return token_of(uow, actor, activation)


def token_of(uow: UnitOfWork, actor: Actor, activation: int) -> tuple[int, int]:
    """The same in an open unit of work; a process instance's key is its own root scope."""
    found = uow.listing.token_of(activation)
    if found is None and uow.processes.instance(activation) is not None:
        found = (activation, 0)
    if found is None or not may_see_instance(uow, actor, found[0]):
        raise NotFound("element instance", activation)
    return found


def element_names(
    house: House, actor: Actor, definitions: Collection[int]
) -> Mapping[tuple[int, str], str]:
    """(definition key, element id) -> name as drawn, of elements that have one."""
    require(actor, "instance:read")
    with house.reading() as uow:
        return house.runner.element_names(uow, definitions)


def _reader(house: House, actor: Actor, listed: Listed) -> Reader:
    reader = Reader(agency_id=actor.agency_id)
    if listed is Listed.USER_TASK:
        if not may(actor, "task:read"):
            return replace(reader, taking=(actor, house.clock.now()))
        return reader
    if listed is Listed.JOB and not may(actor, "instance:read") and actor.job_types:
        return replace(reader, job_types=actor.job_types)
    require(actor, ACTS[listed])
    return reader
