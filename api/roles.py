"""A person's roles of a year by date, and who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from api import shapes, work_shapes
from api.door import actor, house
from api.smorest import Paths
from engine.usecases import roles

# marshmallow names fields by class attributes, and the API's words are camelCase
# ruff: noqa: N815

if TYPE_CHECKING:
    from engine.domain.people import Substitution
    from engine.domain.segments import RoleSegment
    from engine.domain.snapshots import SegmentRating, SegmentSnapshot
    from engine.usecases.roles import PersonRoles

paths = Paths("roles", "/api", "Role segments, snapshots, substitutions.")


class RoleSegmentShape(Schema):
    """A role from a day to a day, both counted."""

    kind = shapes.text()
    sourceId = shapes.text()
    unitId = shapes.text(null=True)
    unitName = shapes.text(null=True)
    squadId = shapes.text(null=True)
    squadName = shapes.text(null=True)
    startsOn = fields.Date()
    endsOn = fields.Date()
    shareBp = fields.Integer()


class SegmentRatingShape(Schema):
    """What the old rater said of the elapsed part."""

    raterId = shapes.text()
    onBehalfOf = shapes.text(null=True)
    resultLevel = shapes.text()
    behaviourLevel = shapes.text()
    predikat = shapes.text()
    note = shapes.text()
    at = shapes.moment()


class SegmentSnapshotShape(Schema):
    """A closed segment as it was frozen, with its digest."""

    id = shapes.text()
    sourceId = shapes.text()
    unitId = shapes.text(null=True)
    raterId = shapes.text(null=True)
    startsOn = fields.Date()
    endsOn = fields.Date()
    planId = shapes.text(null=True)
    attainment = fields.Decimal(as_string=True, allow_none=True)
    items = fields.Integer()
    documentedItems = fields.Integer()
    evidence = fields.Integer()
    verifiedEvidence = fields.Integer()
    at = shapes.moment()
    digest = shapes.text()
    interim = fields.Nested(SegmentRatingShape, allow_none=True)


class AwayShape(Schema):
    """Days away, both counted."""

    first = fields.Date()
    last = fields.Date()


class PersonRolesShape(Schema):
    """Segments of a cycle: base ones cover each day with a post once, the others lie over them."""

    personId = shapes.text()
    cycleId = shapes.text()
    base = fields.List(fields.Nested(RoleSegmentShape))
    squads = fields.List(fields.Nested(RoleSegmentShape))
    acting = fields.List(fields.Nested(RoleSegmentShape))
    away = fields.List(fields.Nested(AwayShape))
    snapshots = fields.List(fields.Nested(SegmentSnapshotShape))


class SubstitutionsQuery(Schema):
    """A day; today when left out."""

    on = fields.Date(load_default=None)


class SubstitutionShape(Schema):
    """Who stands in for whom, from the first day until before the other."""

    id = shapes.text()
    absentId = shapes.text()
    absentName = shapes.text(null=True)
    substituteId = shapes.text()
    substituteName = shapes.text(null=True)
    scope = shapes.text()
    letterNo = shapes.text()
    startsOn = fields.Date()
    before = fields.Date(allow_none=True)


class SubstitutionsShape(Schema):
    """Substitutions in force on a day."""

    on = fields.Date()
    items = fields.List(fields.Nested(SubstitutionShape))


@paths.operation(
    "GET",
    "/people/<person_id>/segments",
    answer=PersonRolesShape,
    query=work_shapes.CycleQuery,
    errors=(404,),
)
def get_person_segments(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person's role segments in a cycle, what was frozen of them, and interim ratings."""
    return _person(roles.person_roles(house(), actor(), person_id, query.get("cycle")))


@paths.operation("GET", "/substitutions", answer=SubstitutionsShape, query=SubstitutionsQuery)
def get_substitutions(query: dict[str, Any]) -> dict[str, Any]:
    """Who stands in for whom in one's agency on a day."""
    day, rows, names = roles.substitutions(house(), actor(), query.get("on"))
    return {"on": day, "items": [_substitution(row, names) for row in rows]}


def _person(read: PersonRoles) -> dict[str, Any]:
    found = read.found
    return {
        "personId": read.person_id,
        "cycleId": read.cycle.id,
        "base": [_segment(row, read) for row in found.base],
        "squads": [_segment(row, read) for row in found.squads],
        "acting": [_segment(row, read) for row in found.acting],
        "away": [{"first": row.first, "last": row.last} for row in found.away],
        "snapshots": [_snapshot(row, found.ratings.get(row.id)) for row in found.snapshots],
    }


def _segment(row: RoleSegment, read: PersonRoles) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "sourceId": row.source_id,
        "unitId": row.unit_id,
        "unitName": read.names.get(row.unit_id or ""),
        "squadId": row.squad_id,
        "squadName": read.names.get(row.squad_id or ""),
        "startsOn": row.starts_on,
        "endsOn": row.ends_on,
        "shareBp": row.share_bp,
    }


def _snapshot(row: SegmentSnapshot, said: SegmentRating | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "sourceId": row.source_id,
        "unitId": row.unit_id,
        "raterId": row.rater_id,
        "startsOn": row.starts_on,
        "endsOn": row.ends_on,
        "planId": row.plan_id,
        "attainment": row.attainment,
        "items": row.items,
        "documentedItems": row.documented_items,
        "evidence": row.evidence,
        "verifiedEvidence": row.verified_evidence,
        "at": row.at,
        "digest": row.digest,
        "interim": _interim(said) if said else None,
    }


def _interim(said: SegmentRating) -> dict[str, Any]:
    return {
        "raterId": said.rater_id,
        "onBehalfOf": said.on_behalf_of,
        "resultLevel": said.result_level.value,
        "behaviourLevel": said.behaviour_level.value,
        "predikat": said.predikat.value,
        "note": said.note,
        "at": said.at,
    }


def _substitution(row: Substitution, names: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "absentId": row.absent_id,
        "absentName": names.get(row.absent_id),
        "substituteId": row.substitute_id,
        "substituteName": names.get(row.substitute_id),
        "scope": row.scope,
        "letterNo": row.letter_no,
        "startsOn": row.valid_from,
        "before": row.valid_to,
    }
