"""What a process owner does to one instance: hold, end, change its tokens and variables, restart.

Every act says why. Nobody steers what is about himself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.once import recall, remember, repeated
from engine.usecases.processes import is_about, steered
from engine.usecases.reasons import given
from engine.usecases.rights import may, may_see_instance, same_agency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, InstanceView, Json
    from engine.usecases.ports.steering import Consequences, Shift
    from engine.usecases.ports.versions import MigrationPlan
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to change running instances
STEER = "instance:steer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steer:
    """An act on one instance that needs nothing but a reason."""

    key: int
    reason: str
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyInstance:
    """Tokens that end and begin."""

    key: int
    shifts: tuple[Shift, ...]
    reason: str
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartInstance:
    """An instance that ended begins anew at these elements, as a new one."""

    key: int
    shifts: tuple[Shift, ...]
    reason: str
    #: another version; None: the same
    definition_key: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeVariables:
    """Variables as seen from a token, or exactly in its scope."""

    key: int
    variables: Mapping[str, Json] = field(default_factory=dict)
    reason: str
    token: int | None = None
    local: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryIncidents:
    """Failed steps run again: those of one token, or of the instance and all below a root."""

    key: int
    reason: str
    token: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateInstance:
    """One instance moves to another version."""

    key: int
    plan: MigrationPlan
    reason: str
    idempotency_key: str | None = None


@repeated
def suspend_instance(house: House, actor: Actor, command: Steer) -> Mapping[str, Json]:
    """Hold an instance: no timer fires, no task or job ends (409), messages wait.

    Returns instanceKey, as all acts here do. `Conflict` when it is not active.
    """
    return _act(
        house,
        actor,
        command,
        audit_tags.INSTANCE_SUSPENDED,
        lambda uow: house.runner.suspend(uow, command.key, actor),
    )


@repeated
def resume_instance(house: House, actor: Actor, command: Steer) -> Mapping[str, Json]:
    """Let it go on; what became due meanwhile happens once. `Conflict` when it is not held."""
    return _act(
        house,
        actor,
        command,
        audit_tags.INSTANCE_RESUMED,
        lambda uow: house.runner.resume(uow, command.key, actor),
    )


@repeated
def end_instance(house: House, actor: Actor, command: Steer) -> Mapping[str, Json]:
    """Cancel an instance with all below it, held or not. `Conflict` when it ended."""
    return _act(
        house,
        actor,
        command,
        audit_tags.INSTANCE_CANCELLED,
        lambda uow: house.runner.cancel(uow, command.key, actor),
    )


@repeated
def change_variables(house: House, actor: Actor, command: ChangeVariables) -> Mapping[str, Json]:
    """Change variables of any scope, of a held instance too; only their names are audited."""

    def change(uow: UnitOfWork) -> None:
        house.runner.set_variables_at(
            uow,
            command.key,
            command.variables,
            actor,
            token=command.token,
            local=command.local,
        )

    facts = {"names": sorted(command.variables), "token": command.token}
    return _act(house, actor, command, audit_tags.INSTANCE_VARIABLES_SET, change, facts)


@repeated
def retry_incidents(house: House, actor: Actor, command: RetryIncidents) -> Mapping[str, Json]:
    """Run failed steps again; a new failure is a new incident."""
    return _act(
        house,
        actor,
        command,
        audit_tags.INCIDENT_RETRIED,
        lambda uow: house.runner.retry(uow, command.key, command.token, actor),
        {"token": command.token},
    )


def preview_changes(
    house: House, actor: Actor, key: int, shifts: tuple[Shift, ...]
) -> Consequences:
    """What `modify_instance` would end and begin; nothing is changed."""
    with house.reading() as uow:
        _look(house, uow, actor, key)
        return house.runner.preview(uow, key, shifts)


def steering_view(house: House, actor: Actor, key: int) -> InstanceView:
    """An instance as who may steer it sees it; refused as its acts are."""
    with house.reading() as uow:
        _look(house, uow, actor, key)
        return house.runner.view(uow, key)


def _look(house: House, uow: UnitOfWork, actor: Actor, key: int) -> None:
    row = uow.processes.instance(key)
    if row is None or not (may_see_instance(uow, actor, key) or may(actor, STEER)):
        raise NotFound("instance", key)
    if not may(actor, STEER):
        raise AccessRefused(STEER, str(key))
    if not same_agency(actor, row.agency_id):
        raise NotFound("instance", key)
    if actor.person_id is not None and is_about(house, uow, row, actor.person_id):
        raise AccessRefused(STEER, "own matter")


@repeated
def modify_instance(house: House, actor: Actor, command: ModifyInstance) -> Mapping[str, Json]:
    """End and begin tokens, then let the instance go on. Returns what ended and began, too."""

    def change(uow: UnitOfWork) -> Mapping[str, Json]:
        return told(house.runner.modify(uow, command.key, command.shifts, actor))

    facts = {"shifts": [shift_facts(shift) for shift in command.shifts]}
    return _act(house, actor, command, audit_tags.INSTANCE_MODIFIED, change, facts)


@repeated
def restart_instance(house: House, actor: Actor, command: RestartInstance) -> Mapping[str, Json]:
    """A new instance with the variables of one that ended; its key is startedKey."""

    def change(uow: UnitOfWork) -> Mapping[str, Json]:
        made = house.runner.restart(
            uow, command.key, command.shifts, actor, definition_key=command.definition_key
        )
        note(
            house,
            uow,
            actor,
            stream=f"instance:{made}",
            act=audit_tags.INSTANCE_STARTED,
            facts={"restarted": str(command.key), "reason": given(command.reason)},
        )
        return {"startedKey": str(made)}

    facts = {"shifts": [shift_facts(shift) for shift in command.shifts]}
    return _act(house, actor, command, audit_tags.INSTANCE_RESTARTED, change, facts)


@repeated
def migrate_instance(house: House, actor: Actor, command: MigrateInstance) -> Mapping[str, Json]:
    """Move one instance; `MigrationRefused` (a `Conflict`) leaves it as it was."""

    def change(uow: UnitOfWork) -> Mapping[str, Json]:
        done = house.runner.migrate(uow, command.key, command.plan, actor)
        return {"tokens": done.tokens, "dropped": list(done.dropped)}

    facts = {"from": str(command.plan.source_key), "to": str(command.plan.target_key)}
    return _act(house, actor, command, audit_tags.INSTANCE_MIGRATED, change, facts)


def told(consequences: Consequences) -> Mapping[str, Json]:
    """Consequences as JSON."""
    return {
        "ends": [asdict(one) for one in consequences.ends],
        "begins": [asdict(one) for one in consequences.begins],
    }


def shift_facts(shift: Shift) -> Mapping[str, Json]:
    """A change of tokens without the values of its variables."""
    return {
        "ends": shift.ends_element or shift.ends_token,
        "begins": shift.begins,
        "where": shift.where.value,
        "names": sorted(shift.variables),
    }


Command = (
    Steer | ModifyInstance | RestartInstance | ChangeVariables | RetryIncidents | MigrateInstance
)


def _act(
    house: House,
    actor: Actor,
    command: Command,
    tag: str,
    change: Callable[[UnitOfWork], Mapping[str, Json] | None],
    facts: Mapping[str, Json] | None = None,
) -> Mapping[str, Json]:
    """Access, reason, the act, its audit and its answer: one transaction."""
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        row: InstanceRow = steered(house, uow, actor, command.key)
        reason = given(command.reason)
        answer = {"instanceKey": str(command.key), **(change(uow) or {})}
        noted = {"instance": str(command.key), "reason": reason, **(facts or {})}
        note(house, uow, actor, stream=f"instance:{row.root_key}", act=tag, facts=noted)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer
