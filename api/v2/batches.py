"""/v2: acts over many instances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from werkzeug.exceptions import BadRequest

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import batch_shapes as shapes
from api.v2 import cards
from api.v2.instances import Reference
from api.v2.reasons import reason
from api.v2.searching import search
from api.v2.steering import plan_of
from engine.usecases import batches, listing
from engine.usecases import process_views as views
from engine.usecases.ports.batches import BatchKind
from engine.usecases.ports.batches import InstanceFilter as Wanted
from engine.usecases.ports.listing import Criteria, Listed, Op
from engine.usecases.ports.steering import Shift

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.v2.filters import Filtered
    from engine.usecases.ports.versions import MigrationPlan

paths = Paths("v2 batch operations", "/v2", "Acts over many instances.", invalid_status=400)

#: columns of the list that the filter of a batch knows as they are
_DIRECT: Final = {
    "process_id": "process_id",
    "definition_key": "definition_key",
    "business_key": "business_key",
    "parent_key": "parent_key",
    "element_id": "element_id",
}


@paths.operation(
    "POST",
    "/process-instances/cancellation",
    answer=shapes.Begun,
    body=shapes.OverMany,
    errors=(409, 422),
    idempotent=True,
)
def cancel_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """End all instances of a filter."""
    return _begin(BatchKind.CANCEL, body)


@paths.operation(
    "POST",
    "/process-instances/incident-resolution",
    answer=shapes.Begun,
    body=shapes.OverMany,
    errors=(409, 422),
    idempotent=True,
)
def resolve_incidents_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Run the failed steps of all instances of a filter again."""
    return _begin(BatchKind.RETRY, body)


@paths.operation(
    "POST",
    "/process-instances/suspension",
    answer=shapes.Begun,
    body=shapes.OverMany,
    errors=(409, 422),
    idempotent=True,
)
def suspend_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Hold all instances of a filter."""
    return _begin(BatchKind.SUSPEND, body)


@paths.operation(
    "POST",
    "/process-instances/resumption",
    answer=shapes.Begun,
    body=shapes.OverMany,
    errors=(409, 422),
    idempotent=True,
)
def resume_process_instances_batch_operation(body: dict[str, Any]) -> dict[str, Any]:
    """Let all instances of a filter go on."""
    return _begin(BatchKind.RESUME, body)


@paths.operation(
    "POST",
    "/process-instances/migration",
    answer=shapes.Begun,
    body=shapes.MigrateMany,
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
    answer=shapes.Begun,
    body=shapes.ModifyMany,
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
    answer=shapes.Begun,
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
    answer=shapes.BatchPage,
    body=shapes.BatchSearch,
    body_required=False,
)
def search_batch_operations(body: dict[str, Any]) -> dict[str, Any]:
    """Acts over many instances."""
    return search(Listed.BATCH_OPERATION, body, shapes.BatchSearch, _batch)


@paths.operation("GET", "/batch-operations/<key:batch_key>", answer=shapes.Batch, errors=(404,))
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
    answer=shapes.ItemPage,
    body=shapes.ItemSearch,
    body_required=False,
)
def search_batch_operation_items(body: dict[str, Any]) -> dict[str, Any]:
    """What became of each instance."""
    return search(Listed.BATCH_OPERATION_ITEM, body, shapes.ItemSearch, _item)


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
        "batchOperationType": cards.word(shapes.TYPES, kind.value),
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
        "batchOperationType": cards.word(shapes.TYPES, row["kind"]),
        "state": cards.word(shapes.STATES, row["state"], "ACTIVE"),
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
        "operationType": cards.word(shapes.TYPES, row["kind"]),
        "batchOperationKey": str(row["batch_key"]),
        "itemKey": str(row["key"]),
        "processInstanceKey": str(row["key"]),
        "rootProcessInstanceKey": None,
        "state": cards.word(shapes.ITEM_STATES, row["state"], "ACTIVE"),
        "processedDate": row["at"],
        "errorMessage": row["message"] or None,
    }
