"""Trying decisions and expressions, as who draws them does; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound
from engine.usecases.ports.listing import Condition, Criteria, Listed, Op, Reader
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import Consulted
    from engine.usecases.ports.work import House

ACT = "decision:evaluate"


def evaluate_decision(
    house: House, actor: Actor, decision_id: str, variables: Mapping[str, Json]
) -> Consulted:
    """What the version that holds today for the actor's agency says.

    Raises AccessRefused, NotFound, Conflict when the table has no answer.
    """
    require(actor, ACT, decision_id)
    with house.reading() as uow:
        return house.runner.consult(
            uow, decision_id, variables, as_of=house.clock.now(), agency_id=actor.agency_id
        )


def evaluate_version(
    house: House, actor: Actor, key: int, variables: Mapping[str, Json]
) -> Consulted:
    """What one version says, valid today or not; another agency's is `NotFound`."""
    require(actor, ACT, key)
    with house.reading() as uow:
        row = uow.processes.decision(key)
        if row is None or not (row.agency_id is None or same_agency(actor, row.agency_id)):
            raise NotFound("decision", key)
        return house.runner.consult_version(uow, row, variables, agency_id=actor.agency_id)


def evaluate_expression(
    house: House, actor: Actor, text: str, variables: Mapping[str, Json]
) -> tuple[Json, Sequence[str]]:
    """The value of a FEEL expression over these values alone, and its warnings; `InputRefused`."""
    require(actor, ACT)
    return house.runner.evaluate(text, variables)


def file_key(house: House, actor: Actor, key: int) -> int:
    """The key of the file in which a version of a decision came."""
    require(actor, ACT, key)
    where = (Condition(column="key", op=Op.EQ, value=key),)
    wanted = Criteria(listed=Listed.DECISION_DEFINITION, where=where, limit=1)
    with house.reading() as uow:
        rows = uow.listing.find(wanted, Reader(agency_id=actor.agency_id)).rows
    return int(rows[0]["requirements_key"]) if rows else key
