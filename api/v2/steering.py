"""/v2: one instance held, modified, migrated, retried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields, validate

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2.instances import Reference
from api.v2.published import NAME, REFERENCE, Request, VariableValues, key
from api.v2.reasons import reason
from engine.usecases import listing, steering
from engine.usecases.ports.steering import Shift
from engine.usecases.ports.versions import MigrationPlan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# ruff: noqa: N815

paths = Paths("v2 steering", "/v2", "Instances held, modified, migrated.", invalid_status=400)

INSTRUCTIONS_MAX = 200


class VariableInstruction(Request):
    """Variables set where an element begins."""

    UNSUPPORTED = frozenset({"scopeId"})

    variables = VariableValues(required=True)


class Activate(Request):
    """An element that begins."""

    elementId = fields.String(required=True, validate=NAME)
    ancestorElementInstanceKey = fields.String(
        allow_none=True, validate=validate.Regexp("^(-1|[0-9]{1,19})$")
    )
    variableInstructions = fields.List(fields.Nested(VariableInstruction), load_default=list)


class Terminate(Request):
    """An element, or one of its instances, that ends."""

    elementId = fields.String(validate=NAME)
    elementInstanceKey = key()


class MoveSource(Request):
    """What moves."""

    sourceType = fields.String(validate=validate.OneOf(["byId", "byKey"]))
    sourceElementId = fields.String(validate=NAME)
    sourceElementInstanceKey = key()


class MoveScope(Request):
    """Where it moves to, where several scopes live."""

    ancestorScopeType = fields.String(
        validate=validate.OneOf(["direct", "inferred", "sourceParent"])
    )
    ancestorElementInstanceKey = key()


class Move(Request):
    """Tokens that go on at another element."""

    sourceElementInstruction = fields.Nested(MoveSource, required=True)
    targetElementId = fields.String(required=True, validate=NAME)
    ancestorScopeInstruction = fields.Nested(MoveScope)
    variableInstructions = fields.List(fields.Nested(VariableInstruction), load_default=list)


def _some(kind: type[Request]) -> fields.List[Any]:
    return fields.List(
        fields.Nested(kind), load_default=list, validate=validate.Length(max=INSTRUCTIONS_MAX)
    )


class Modification(Request):
    """Tokens that begin, move and end."""

    activateInstructions = _some(Activate)
    moveInstructions = _some(Move)
    terminateInstructions = _some(Terminate)
    operationReference = fields.Integer(strict=True, validate=REFERENCE)


class ElementMapping(Request):
    """Which element becomes which."""

    sourceElementId = fields.String(required=True, validate=NAME)
    targetElementId = fields.String(required=True, validate=NAME)


class Migration(Request):
    """To which version, and which element becomes which."""

    targetProcessDefinitionKey = key(required=True)
    mappingInstructions = fields.List(
        fields.Nested(ElementMapping), required=True, validate=validate.Length(max=10_000)
    )
    operationReference = fields.Integer(strict=True, validate=REFERENCE)


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/suspension",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
    idempotent=True,
)
def suspend_process_instance(body: dict[str, Any], instance_key: int) -> None:
    """Hold an instance with all below it."""
    steering.suspend_instance(house(), actor(), _steer(body, instance_key))


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/resumption",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
    idempotent=True,
)
def resume_process_instance(body: dict[str, Any], instance_key: int) -> None:
    """Let it go on."""
    steering.resume_instance(house(), actor(), _steer(body, instance_key))


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/modification",
    status=204,
    body=Modification,
    errors=(404, 409, 422),
    idempotent=True,
)
def modify_process_instance(body: dict[str, Any], instance_key: int) -> None:
    """End and begin tokens, then let the instance go on."""
    command = steering.ModifyInstance(
        key=instance_key,
        shifts=tuple(_shifts(body)),
        reason=reason(body),
        idempotency_key=idempotency_key(),
    )
    steering.modify_instance(house(), actor(), command)


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/migration",
    status=204,
    body=Migration,
    errors=(404, 409, 422),
    idempotent=True,
)
def migrate_process_instance(body: dict[str, Any], instance_key: int) -> None:
    """Move an instance to another version; 409 says why it cannot move."""
    source = listing.instance(house(), actor(), instance_key)["definition_key"]
    command = steering.MigrateInstance(
        key=instance_key,
        plan=plan_of(body, source),
        reason=reason(body),
        idempotency_key=idempotency_key(),
    )
    steering.migrate_instance(house(), actor(), command)


def plan_of(body: Mapping[str, Any], source: int) -> MigrationPlan:
    """A published plan as ours."""
    return MigrationPlan(
        source_key=source,
        target_key=body["targetProcessDefinitionKey"],
        elements={
            one["sourceElementId"]: one["targetElementId"] for one in body["mappingInstructions"]
        },
    )


def _steer(body: Mapping[str, Any], instance_key: int) -> steering.Steer:
    return steering.Steer(key=instance_key, reason=reason(body), idempotency_key=idempotency_key())


def _shifts(body: Mapping[str, Any]) -> Sequence[Shift]:
    found = []
    for one in body["activateInstructions"]:
        within = one.get("ancestorElementInstanceKey")
        found.append(
            Shift(
                begins=one["elementId"],
                within=_token(int(within)) if within not in (None, "-1") else None,
                variables=_variables(one),
            )
        )
    for one in body["moveInstructions"]:
        source, scope = one["sourceElementInstruction"], one.get("ancestorScopeInstruction", {})
        within = scope.get("ancestorElementInstanceKey")
        found.append(
            Shift(
                ends_element=source.get("sourceElementId"),
                ends_token=_token(source.get("sourceElementInstanceKey")),
                begins=one["targetElementId"],
                within=_token(within),
                variables=_variables(one),
            )
        )
    for one in body["terminateInstructions"]:
        token = _token(one.get("elementInstanceKey"))
        found.append(Shift(ends_element=one.get("elementId"), ends_token=token))
    return found


def _token(element_key: int | None) -> int | None:
    """The token of an element instance; None also for the instance's own scope."""
    if element_key is None:
        return None
    _, token = listing.at_element(house(), actor(), element_key)
    return token or None


def _variables(instruction: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in instruction["variableInstructions"]:
        found |= one["variables"] or {}
    return found
