"""Who read what about whom, over HTTP: for the person himself and for internal audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, validate
from werkzeug.exceptions import BadRequest

from api.door import actor, house
from api.shapes import PageQuery, moment, text
from api.smorest import Paths
from engine.usecases.data_readings import readings_here, readings_of
from engine.usecases.ports.readings import ReadingScope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.readings import ReadingRow

# marshmallow names fields by class attributes, and the API's words are camelCase
# ruff: noqa: N815

paths = Paths("readings", "/api", "Who read what about whom, once a day for each kind.")
_PART = "~"


class ReadingQuery(PageQuery):
    """Readings by whom, about whom and when."""

    personId = fields.String(validate=validate.Length(min=1, max=36))
    reader = fields.String(validate=validate.Length(min=1, max=300))
    since = fields.AwareDateTime(format="iso", default_timezone=UTC)
    until = fields.AwareDateTime(format="iso", default_timezone=UTC)


class ReadingItem(Schema):
    """Somebody read something on a day."""

    personId = text()
    name = text()
    nip = text()
    reader = text()
    readerName = text()
    resource = text()
    at = moment()


class ReadingList(Schema):
    """A page of readings, newest first; `next` is the `after` of the page behind."""

    items = fields.List(fields.Nested(ReadingItem))
    next = text(null=True)


@paths.operation(
    "GET", "/people/<person_id>/readings", query=PageQuery, answer=ReadingList, errors=(404,)
)
def list_readings_of(query: dict[str, Any], person_id: str) -> dict[str, Any]:
    """Who read what of a person: for himself, and for auditors of his agency."""
    limit = query["limit"]
    after = _place(query.get("after"))
    return _page(readings_of(house(), actor(), person_id, after=after, limit=limit + 1), limit)


@paths.operation("GET", "/readings", query=ReadingQuery, answer=ReadingList, errors=(404,))
def list_readings(query: dict[str, Any]) -> dict[str, Any]:
    """Who read what about people of the agency, for auditors."""
    limit = query["limit"]
    scope = ReadingScope(
        person_id=query.get("personId"),
        reader=query.get("reader"),
        since=query.get("since"),
        until=query.get("until"),
    )
    after = _place(query.get("after"))
    return _page(readings_here(house(), actor(), scope, after=after, limit=limit + 1), limit)


def _page(found: Sequence[ReadingRow], limit: int) -> dict[str, Any]:
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return {
        "items": [
            {
                "personId": row.person_id,
                "name": row.person_name,
                "nip": row.nip,
                "reader": row.reader,
                "readerName": row.reader_name,
                "resource": row.resource,
                "at": row.at,
            }
            for row in shown
        ],
        "next": f"{last.at.isoformat()}{_PART}{last.id}" if last else None,
    }


def _place(typed: str | None) -> tuple[datetime, str] | None:
    """The place that `next` named; `BadRequest` for one that we did not make."""
    if not typed:
        return None
    at, _, row_id = typed.partition(_PART)
    try:
        seen = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest("this is no place of ours") from error
    if not row_id or "\x00" in row_id:
        raise BadRequest("this is no place of ours")
    return (seen, row_id)
