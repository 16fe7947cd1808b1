"""Schemas of acts over many instances, and the published words of their kinds and states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marshmallow import fields, validate

from api.v2.filters import Constant, Key, Text, Word, filter_of
from api.v2.instances import InstanceFilter
from api.v2.published import NAME, REFERENCE, Request, shape
from api.v2.searching import page_of, search_of
from api.v2.steering import INSTRUCTIONS_MAX, Migration

if TYPE_CHECKING:
    from collections.abc import Mapping

# ruff: noqa: N815

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
