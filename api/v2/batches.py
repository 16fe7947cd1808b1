"""/v2: acts over many instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import fields, validate
from werkzeug.exceptions import BadRequest

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import cards
from api.v2.filters import Constant, Filtered, Key, Text, Word, filter_of
from api.v2.instances import InstanceFilter, Reference
from api.v2.published import NAME, REFERENCE, Request, shape
from api.v2.reasons import reason
from api.v2.searching import page_of, search, search_of
from api.v2.steering import INSTRUCTIONS_MAX, Migration, plan_of
from engine.usecases import batches, listing
from engine.usecases import process_views as views
from engine.usecases.ports.batches import BatchKind
from engine.usecases.ports.batches import InstanceFilter as Wanted
from engine.usecases.ports.listing import Criteria, Listed, Op
from engine.usecases.ports.steering import Shift

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.versions import MigrationPlan

# ruff: noqa: N815

paths = Paths("v2 batch operations", "/v2", "Acts over many instances.", invalid_status=400)

TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "CANCEL_PROCESS_INSTANCE": ("cancel",),
    "RESOLVE_INCIDENT": ("retry",),
    "MIGRATE_PROCESS_INSTANCE": ("migrate", "migration_check", "migration_undo"),
    "MODIFY_PROCESS_INSTANCE": ("modify",),
    "SUSPEND_PROCESS_INSTANCE": ("suspend",),
    "RESUME_PROCESS_INSTANCE": ("resume",),
    **dict.fromkeys(
        (
            "DELETE_DECISION_DEFINITION",
            "DELETE_DECISION_INSTANCE",
            "DELETE_PROCESS_DEFINITION",
            "DELETE_PROCESS_INSTANCE",
            "ADD_VARIABLE",
            "UPDATE_VARIABLE",
        ),
        (),
    ),
}
STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "CREATED": ("created",),
    "ACTIVE": ("active",),
    "SUSPENDED": ("suspended",),
    "COMPLETED": ("completed",),
    "PARTIALLY_COMPLETED": ("partly",),
    "CANCELED": ("cancelled",),
    "FAILED": ("failed",),
}
ITEM_STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "ACTIVE": ("waiting",),
    "COMPLETED": ("done", "undone"),
    "FAILED": ("failed",),
    "CANCELED": ("skipped",),
}
#: columns of the list that the filter of a batch knows as they are
_DIRECT: Final = {
    "process_id": "process_id",
    "definition_key": "definition_key",
    "business_key": "business_key",
    "parent_key": "parent_key",
    "element_id": "element_id",
}

BatchFilter = filter_of(
    "BatchOperationFilter",
    {
        "batchOperationKey": Key("key"),
        "operationType": Word("kind", TYPES),
        "state": Word("state", STATES),
        "actorId": Text("actor"),
        "actorType": Constant("USER"),
    },
)
BatchSearch = search_of(
    "BatchOperationSearch",
    BatchFilter,
    {
        "batchOperationKey": "key",
        "operationType": "kind",
        "state": "state",
        "startDate": "started_at",
        "endDate": "ended_at",
        "actorId": "actor",
    },
)
BatchError = shape("BatchError", "Why.", text="type message", whole="partitionId")
Batch = shape(
    "BatchOperation",
    "An act over many instances.",
    text="batchOperationKey state batchOperationType actorType? actorId?",
    time="startDate? endDate?",
    whole="operationsTotalCount operationsFailedCount operationsCompletedCount",
    errors=fields.List(fields.Nested(BatchError)),
)
BatchPage = page_of("BatchOperationPage", Batch)
ItemFilter = filter_of(
    "BatchOperationItemFilter",
    {
        "batchOperationKey": Key("batch_key"),
        "itemKey": Key("key"),
        "processInstanceKey": Key("key"),
        "state": Word("state", ITEM_STATES),
        "operationType": Word("kind", TYPES),
    },
)
ItemSearch = search_of(
    "BatchOperationItemSearch",
    ItemFilter,
    {
        "batchOperationKey": "batch_key",
        "itemKey": "key",
        "processInstanceKey": "key",
        "processedDate": "at",
        "state": "state",
    },
)
Item = shape(
    "BatchOperationItem",
    "What became of one instance.",
    text="operationType batchOperationKey itemKey processInstanceKey rootProcessInstanceKey?"
    " state errorMessage?",
    time="processedDate?",
)
ItemPage = page_of("BatchOperationItemPage", Item)
Begun = shape("BatchOperationCreated", "It runs.", text="batchOperationKey batchOperationType")


class OverMany(Request):
    """Over which instances."""

    filter = fields.Nested(InstanceFilter, required=True)
    operationReference = fields.Integer(strict=True, validate=REFERENCE)


class MigrateMany(OverMany):
    """And how they move."""

    migrationPlan = fields.Nested(Migration, required=True)


class MoveByElement(Request):
    """All tokens of one element go on at another."""

    sourceElementId = fields.String(required=True, validate=NAME)
    targetElementId = fields.String(required=True, validate=NAME)


class ModifyMany(OverMany):
    """And what moves in each."""

    moveInstructions = fields.List(
        fields.Nested(MoveByElement),
        required=True,
        validate=validate.Length(min=1, max=INSTRUCTIONS_MAX),
    )


@paths.operation(
    "POST",
    "/process-instances/cancellation",
    answer=Begun,
    body=OverMany,
    errors=(409, 422),
    idempotent=True,
)
def cancel_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """End all instances of a filter."""
    return _begin(BatchKind.CANCEL, body)


@paths.operation(
    "POST",
    "/process-instances/incident-resolution",
    answer=Begun,
    body=OverMany,
    errors=(409, 422),
    idempotent=True,
)
def resolve_incidents_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Run the failed steps of all instances of a filter again."""
    return _begin(BatchKind.RETRY, body)


@paths.operation(
    "POST",
    "/process-instances/suspension",
    answer=Begun,
    body=OverMany,
    errors=(409, 422),
    idempotent=True,
)
def suspend_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Hold all instances of a filter."""
    return _begin(BatchKind.SUSPEND, body)


@paths.operation(
    "POST",
    "/process-instances/resumption",
    answer=Begun,
    body=OverMany,
    errors=(409, 422),
    idempotent=True,
)
def resume_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Let all instances of a filter go on."""
    return _begin(BatchKind.RESUME, body)


@paths.operation(
    "POST",
    "/process-instances/migration",
    answer=Begun,
    body=MigrateMany,
    errors=(404, 409, 422),
    idempotent=True,
)
def migrate_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Move all instances of a filter, which names the version that they have."""
    source = body["filter"].value("definition_key")
    if source is None:
        raise BadRequest("filter.processDefinitionKey: name the version that they have")
    return _begin(BatchKind.MIGRATE, body, plan=plan_of(body["migrationPlan"], source))


@paths.operation(
    "POST",
    "/process-instances/modification",
    answer=Begun,
    body=ModifyMany,
    errors=(409, 422),
    idempotent=True,
)
def modify_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Move tokens in all instances of a filter."""
    shifts = tuple(
        Shift(ends_element=one["sourceElementId"], begins=one["targetElementId"])
        for one in body["moveInstructions"]
    )
    return _begin(BatchKind.MODIFY, body, shifts=shifts)


@paths.operation(
    "POST",
    "/process-instances/<key:instance_key>/incident-resolution",
    answer=Begun,
    errors=(404, 409, 422),
    idempotent=True,
)
def resolve_process_instance_incidents(instance_key: int) -> dict[str, Any]:
    """Run the failed steps of one instance again."""
    views.instance_view(house(), actor(), instance_key)
    wanted = Wanted(agency_id=actor().agency_id, keys=(instance_key,))
    return _begun(BatchKind.RETRY, wanted, {})


@paths.operation(
    "POST",
    "/batch-operations/search",
    answer=BatchPage,
    body=BatchSearch,
    body_required=False,
)
def search_batch_operations(body: dict[str, Any]) -> dict[str, Any]:
    """Acts over many instances."""
    return search(Listed.BATCH_OPERATION, body, BatchSearch, _batch)


@paths.operation("GET", "/batch-operations/<key:batch_key>", answer=Batch, errors=(404,))
def get_batch_operation(batch_key: int) -> dict[str, Any]:
    """One of them, with why items failed."""
    row = listing.one(house(), actor(), Listed.BATCH_OPERATION, batch_key)
    failures = batches.batch_failures(house(), actor(), batch_key)
    errors = [
        {"partitionId": 1, "type": "QUERY_FAILED", "message": f"{message} ({number})"}
        for _, _, message, number in failures
    ]
    return {**_batch(row), "errors": errors}


@paths.operation(
    "POST",
    "/batch-operations/<key:batch_key>/suspension",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
)
def suspend_batch_operation(body: dict[str, Any], batch_key: int) -> None:
    """Stop after the chunk at hand."""
    batches.hold_batch(house(), actor(), batch_key, reason(body))


@paths.operation(
    "POST",
    "/batch-operations/<key:batch_key>/resumption",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
)
def resume_batch_operation(body: dict[str, Any], batch_key: int) -> None:
    """Go on with what is left."""
    batches.resume_batch(house(), actor(), batch_key, reason(body))


@paths.operation(
    "POST",
    "/batch-operations/<key:batch_key>/cancellation",
    status=204,
    body=Reference,
    body_required=False,
    errors=(404, 409),
)
def cancel_batch_operation(body: dict[str, Any], batch_key: int) -> None:
    """End it; what is done stays."""
    batches.cancel_batch(house(), actor(), batch_key, reason(body))


@paths.operation(
    "POST",
    "/batch-operation-items/search",
    answer=ItemPage,
    body=ItemSearch,
    body_required=False,
)
def search_batch_operation_items(body: dict[str, Any]) -> dict[str, Any]:
    """What became of each instance."""
    return search(Listed.BATCH_OPERATION_ITEM, body, ItemSearch, _item)


def _begin(
    kind: BatchKind,
    body: Mapping[str, Any],
    *,
    plan: MigrationPlan | None = None,
    shifts: tuple[Shift, ...] = (),
) -> dict[str, Any]:
    return _begun(kind, _wanted(body["filter"]), body, plan=plan, shifts=shifts)


def _begun(
    kind: BatchKind,
    wanted: Wanted,
    body: Mapping[str, Any],
    *,
    plan: MigrationPlan | None = None,
    shifts: tuple[Shift, ...] = (),
) -> dict[str, Any]:
    command = batches.BeginBatch(
        kind=kind,
        wanted=wanted,
        reason=reason(body),
        plan=plan,
        shifts=shifts,
        idempotency_key=idempotency_key(),
    )
    done = batches.begin_batch(house(), actor(), command)
    return {
        "batchOperationKey": done["batchKey"],
        "batchOperationType": cards.word(TYPES, kind.value),
    }


def _wanted(asked: Filtered) -> Wanted:
    """The filter as a batch asks it; a finer one is answered first, by the keys it finds."""
    direct: dict[str, Any] = {}
    for one in asked.where:
        if one.op is Op.EQ and one.column in _DIRECT and one.column not in direct:
            direct[_DIRECT[one.column]] = one.value
        elif one.column == "status" and one.op is Op.IN and "statuses" not in direct:
            direct["statuses"] = one.value
        elif one.column == "has_incident" and one.op is Op.EQ:
            direct["has_incident"] = bool(one.value)
        else:
            return _by_key(asked)
    return _by_key(asked) if asked.any_of else Wanted(agency_id=actor().agency_id, **direct)


def _by_key(asked: Filtered) -> Wanted:
    most = batches.KEYS_MAX
    criteria = Criteria(
        listed=Listed.PROCESS_INSTANCE, where=asked.where, any_of=asked.any_of, limit=most + 1
    )
    rows = listing.search(house(), actor(), criteria).rows
    if len(rows) > most:
        raise BadRequest(f"filter: more than {most} instances; narrow it, or ask by definition")
    keys = tuple(row["key"] for row in rows)
    # no key means every instance to a batch: one that nobody has means none
    return Wanted(agency_id=actor().agency_id, keys=keys or (0,))


def _batch(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "batchOperationKey": str(row["key"]),
        "batchOperationType": cards.word(TYPES, row["kind"]),
        "state": cards.word(STATES, row["state"], "ACTIVE"),
        "startDate": row["started_at"],
        "endDate": row["ended_at"],
        "actorType": "USER",
        "actorId": row["actor"],
        "operationsTotalCount": row["total"],
        "operationsFailedCount": row["failed"],
        "operationsCompletedCount": row["done"],
        "errors": [],
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operationType": cards.word(TYPES, row["kind"]),
        "batchOperationKey": str(row["batch_key"]),
        "itemKey": str(row["key"]),
        "processInstanceKey": str(row["key"]),
        "rootProcessInstanceKey": None,
        "state": cards.word(ITEM_STATES, row["state"], "ACTIVE"),
        "processedDate": row["at"],
        "errorMessage": row["message"] or None,
    }
