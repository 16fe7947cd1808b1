"""Checkpoints over the audit log, and proofs that anybody can check without the database."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, validate

from api.door import actor, house
from api.shapes import moment, text
from api.smorest import KEY_MAX, Paths
from engine.usecases import checkpoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.checkpoints import Checkpoint

# ruff: noqa: N815

paths = Paths("checkpoints", "/api", "Signed checkpoints over the audit log.")


class CheckpointQuery(Schema):
    """Which checkpoints."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=KEY_MAX))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class CheckpointShape(Schema):
    """A signed note (C2SP): origin, size and root, and the signature."""

    size = fields.Integer(required=True)
    rootHash = text()
    at = moment()
    note = text()


class CheckpointList(Schema):
    """Checkpoints, smallest first, with the key that signs them."""

    key = text(null=True)
    items = fields.List(fields.Nested(CheckpointShape))


class InclusionShape(Schema):
    """A path from an entry to a checkpoint (RFC 9162 section 2.1.3); hashes are base64."""

    logIndex = fields.Integer(required=True)
    entryHash = text()
    leafHash = text()
    path = fields.List(text())
    checkpoint = fields.Nested(CheckpointShape)


class ConsistencyShape(Schema):
    """That one checkpoint only appends to the other (RFC 9162 section 2.1.4)."""

    first = fields.Nested(CheckpointShape)
    second = fields.Nested(CheckpointShape)
    path = fields.List(text())


@paths.operation("GET", "/checkpoints", answer=CheckpointList, query=CheckpointQuery)
def list_checkpoints(query: dict[str, Any]) -> dict[str, Any]:
    """Signed checkpoints over all audit streams."""
    found = checkpoints.listed(house(), actor(), after=query["after"], limit=query["limit"])
    notary = house().notary
    return {"key": notary.key if notary else None, "items": [_card(one) for one in found]}


@paths.operation(
    "GET", "/checkpoints/entries/<stream>/<key:seq>", answer=InclusionShape, errors=(404,)
)
def prove_inclusion(stream: str, seq: int) -> dict[str, Any]:
    """Prove that an audit entry stands in the log, under the newest checkpoint."""
    found = checkpoints.inclusion(house(), actor(), stream, seq)
    return {
        "logIndex": found.leaf.log_index,
        "entryHash": _coded(found.leaf.hash),
        "leafHash": _coded(found.leaf_hash),
        "path": _all_coded(found.path),
        "checkpoint": _card(found.checkpoint),
    }


@paths.operation(
    "GET",
    "/checkpoints/<key:first>/consistency/<key:second>",
    answer=ConsistencyShape,
    errors=(404,),
)
def prove_consistency(first: int, second: int) -> dict[str, Any]:
    """Prove that the larger of two checkpoints only appends to the smaller one."""
    found = checkpoints.consistency(house(), actor(), first, second)
    return {
        "first": _card(found.first),
        "second": _card(found.second),
        "path": _all_coded(found.path),
    }


def _card(one: Checkpoint) -> dict[str, Any]:
    return {"size": one.size, "rootHash": _coded(one.root), "at": one.at, "note": one.note}


def _all_coded(hashes: Sequence[bytes]) -> list[str]:
    return [_coded(one) for one in hashes]


def _coded(value: bytes) -> str:
    return base64.b64encode(value).decode()
