"""Commands on processes: deploy, start, fire timers, resolve incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.usecases import audit_tags, piloting, scenario_gate
from engine.usecases.actor import system
from engine.usecases.audit import note
from engine.usecases.errors import (
    AccessRefused,
    FieldFault,
    Finding,
    InputRefused,
    NotFound,
)
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.process import InstanceRow, InstanceStatus
from engine.usecases.ports.runner import Deployed
from engine.usecases.reasons import given
from engine.usecases.rights import may, may_see_instance, require, same_agency

if TYPE_CHECKING:
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import (
        DefinitionRow,
        IncidentRow,
        Json,
        Resource,
        SubscriptionRow,
    )
    from engine.usecases.ports.work import House, UnitOfWork

#: files of one deployment, and bytes of all of them
FILES_MAX = 500
DEPLOYMENT_BYTES_MAX = 16 * 1024 * 1024

#: what a deployment answers rows of
_DEPLOYED = ("processes", "decisions", "forms")

#: timer start events looked through for the one that is to fire
STARTS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcess:
    """Start an instance: of a version by key, else of the newest (or that) version by id."""

    process_id: str | None = None
    definition_key: int | None = None
    version: int | None = None
    variables: Mapping[str, Json]
    business_key: str | None = None
    #: of several start events the one meant; None: the first none start event
    start_event: str | None = None
    idempotency_key: str | None = None


@repeated
def deploy(
    house: House,
    actor: Actor,
    resources: tuple[Resource, ...],
    *,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Deployed:
    """Keep drawings, tables, forms and scenarios together or none; identical files no version.

    `DrawingRefused` carries every finding; failing scenarios are among them, unless a `reason`
    passes them over, which is audited.
    """
    require(actor, "definition:deploy")
    check_files(resources)
    scenario_gate.check_reason(reason)
    with house.writing() as uow:
        earlier = recall(uow, actor, idempotency_key, resources)
        if earlier is not None:
            return _deployed_before(earlier)
        done = deploy_within(house, uow, actor, resources, reason=reason)
        remember(uow, house, actor, idempotency_key, resources, asdict(done))
        uow.commit()
        return done


def deploy_within(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    resources: tuple[Resource, ...],
    *,
    reason: str | None,
) -> Deployed:
    """The same inside an open unit of work, rights and sizes already checked."""
    done = house.runner.deploy(uow, scenario_gate.apart(resources)[0], actor)
    passed_over = scenario_gate.pass_gate(house, uow, done, resources, reason=reason)
    note(
        house,
        uow,
        actor,
        stream="definitions",
        act=audit_tags.DEFINITION_DEPLOYED,
        facts={"deployment": str(done.key), "files": [item.name for item in resources]}
        | ({"reason": reason, "scenarios_failed": len(passed_over)} if passed_over else {}),
    )
    return replace(done, warnings=(*done.warnings, *passed_over))


def _deployed_before(answer: Mapping[str, Any]) -> Deployed:
    rows = {kind: tuple(tuple(row) for row in answer[kind]) for kind in _DEPLOYED}
    warnings = tuple(Finding(**found) for found in answer["warnings"])
    return Deployed(key=int(answer["key"]), warnings=warnings, **rows)


@repeated
def start_process(house: House, actor: Actor, command: StartProcess) -> Mapping[str, Json]:
    """Start an instance and advance it until everything waits.

    Returns instanceKey, definitionKey, processId and version. `NotFound` without such a process.
    """
    require(actor, "instance:start", command.process_id or command.definition_key or "")
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        variables, on = command.variables, house.clock.now().date()
        definition = _wanted(
            uow, command, lambda: piloting.units_around(uow, variables, actor.person_id, on)
        )
        key = house.runner.start(
            uow,
            definition.process_id,
            command.variables,
            actor,
            definition_key=definition.key,
            business_key=command.business_key,
            start_event=command.start_event,
        )
        note(
            house,
            uow,
            actor,
            stream=f"instance:{key}",
            act=audit_tags.INSTANCE_STARTED,
            facts={"process": definition.process_id, "definition": str(definition.key)},
        )
        answer = {
            "instanceKey": str(key),
            "definitionKey": str(definition.key),
            "processId": definition.process_id,
            "version": definition.version,
        }
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def retry_incident(house: House, actor: Actor, incident_key: int, reason: str) -> IncidentRow:
    """Run the failed step of an incident again; a new failure is a new incident.

    `InputRefused` without a reason.
    """
    require(actor, "incident:retry", incident_key)
    with house.writing() as uow:
        found = uow.search.incidents(agency_id=actor.agency_id, key=incident_key, limit=1)
        if not found or not may_see_instance(uow, actor, found[0].root_key):
            raise NotFound("incident", incident_key)
        incident = found[0]
        steered(house, uow, actor, incident.instance_key)
        why = given(reason)
        house.runner.retry(uow, incident.instance_key, incident.token, actor)
        note(
            house,
            uow,
            actor,
            stream=f"instance:{incident.root_key}",
            act=audit_tags.INCIDENT_RETRIED,
            facts={
                "incident": str(incident_key),
                "element": incident.element_id,
                "reason": why,
            },
        )
        uow.commit()
        return incident


@repeated
def fire_timers(house: House, instance_key: int) -> int:
    """Fire the due timers of one instance and go on with what it left over; how many moved."""
    with house.writing() as uow:
        row = uow.processes.lock(instance_key)
        if row is None or row.status is not InstanceStatus.ACTIVE:
            return 0
        fired = house.runner.fire_due(uow, instance_key)
        if fired:
            note(
                house,
                uow,
                system(),
                stream=f"instance:{row.root_key}",
                act=audit_tags.TIMER_FIRED,
                facts={"instance": str(instance_key), "count": fired},
            )
        uow.commit()
        return fired


@repeated
def fire_start(house: House, row: SubscriptionRow) -> int:
    """Start by a timer start event that is due; the runner plans its next firing."""
    with house.writing() as uow:
        due = uow.processes.due_starts(house.clock.now(), STARTS_MAX)
        if not any(item.key == row.key and item.due_at == row.due_at for item in due):
            return 0
        house.runner.fire_due_start(uow, row)
        uow.commit()
        return 1


def check_files(resources: tuple[Resource, ...]) -> None:
    """`InputRefused` for none, too many, two of one name, or too large ones."""
    names = [item.name for item in resources]
    if not resources:
        fault = FieldFault(field="resources", code="required", message="no file was sent")
    elif len(resources) > FILES_MAX:
        fault = FieldFault(field="resources", code="too_many", message=f"over {FILES_MAX} files")
    elif len(set(names)) != len(names):
        fault = FieldFault(field="resources", code="duplicate", message="two files of one name")
    elif sum(len(item.content) for item in resources) > DEPLOYMENT_BYTES_MAX:
        fault = FieldFault(field="resources", code="too_large", message="the files are too large")
    else:
        return
    raise InputRefused(fault)


def _wanted(uow: UnitOfWork, command: StartProcess, units: piloting.Units) -> DefinitionRow:
    if command.definition_key is not None:
        found = uow.processes.definition(command.definition_key)
        if found is None:
            raise NotFound("process definition", command.definition_key)
        return found
    process_id = command.process_id or ""
    if command.version is None:
        found = piloting.newest(uow, process_id, units)
    else:
        versions = uow.processes.definition_versions(process_id)
        found = next((row for row in versions if row.version == command.version), None)
    if found is None:
        raise NotFound("process definition", process_id)
    return found


def steered(house: House, uow: UnitOfWork, actor: Actor, key: int) -> InstanceRow:
    """The instance, locked, when the actor may steer it; who only sees it is refused.

    Nobody steers what is about himself: variables and ends would decide in his own matter.
    """
    row = uow.processes.lock(key)
    if row is None or not (may_see_instance(uow, actor, key) or may(actor, "instance:steer")):
        raise NotFound("instance", key)
    if not may(actor, "instance:steer"):
        raise AccessRefused("instance:steer", str(key))
    if not same_agency(actor, row.agency_id):
        raise NotFound("instance", key)
    if actor.person_id is not None and is_about(house, uow, row, actor.person_id):
        raise AccessRefused("instance:steer", "own matter")
    return row


def is_about(house: House, uow: UnitOfWork, row: InstanceRow, person_id: str) -> bool:
    """Whether a person is the subject of an instance tree, or a member it goes through."""
    root = row if row.root_key == row.key else uow.processes.instance(row.root_key)
    seen = {} if root is None else house.runner.root_variables(uow, [root])[0]
    members = seen.get("members")
    rows = members if isinstance(members, list) else []
    return any(
        isinstance(named, Mapping) and named.get("person_id") == person_id
        for named in (seen, *rows)
    )
