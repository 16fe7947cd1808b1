"""Acts at an element instance that clients name by its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.listing import token_of
from engine.usecases.once import repeated
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.processes import steered
from engine.usecases.reasons import given
from engine.usecases.rights import may_see_instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeVariables:
    """Variables of one scope, and why they change."""

    #: an element instance, or a process instance for its outermost scope
    activation: int
    variables: Mapping[str, Json]
    local: bool
    reason: str


@repeated
def set_variables(house: House, actor: Actor, command: ScopeVariables) -> None:
    """Change variables at a process instance or a live element instance; names are audited.

    `Conflict` when the instance ended, `NotFound` when the element did.
    """
    reason = given(command.reason)
    with house.writing() as uow:
        key, token = token_of(uow, actor, command.activation)
        row = steered(house, uow, actor, key)
        if row.status not in (InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED):
            raise Conflict(f"the instance is {row.status.value}", state=row.status.value)
        house.runner.set_variables_at(
            uow, key, command.variables, actor, token=token or None, local=command.local
        )
        note(
            house,
            uow,
            actor,
            stream=f"instance:{row.root_key}",
            act=audit_tags.INSTANCE_VARIABLES_SET,
            facts={"instance": str(key), "names": sorted(command.variables), "reason": reason},
        )
        uow.commit()


def process_instance(house: House, actor: Actor, scope_key: int) -> int:
    """The process instance around a scope; `NotFound` for those of others."""
    with house.reading() as uow:
        key, _ = token_of(uow, actor, scope_key)
        row = uow.processes.instance(key)
        while row is not None and row.body is not None and row.parent_key is not None:
            row = uow.processes.instance(row.parent_key)
        if row is None or not may_see_instance(uow, actor, row.key):
            raise NotFound("scope", scope_key)
        return row.key
