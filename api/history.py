"""Regu's own paths for what history says of a process: event logs, and times by element."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import send_file
from marshmallow import Schema, ValidationError, fields, validate

from api.door import actor, house
from api.shapes import text
from api.smorest import Paths
from engine.usecases.element_boards import element_board
from engine.usecases.mining import LogFormat, log_file
from engine.usecases.ports.mining import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from engine.usecases.element_boards import Element

# ruff: noqa: N815 - the API's words are camelCase

paths = Paths("history", "/api", "Event logs for process mining, and times by element.")


class Moment(fields.DateTime):
    """A day, from its beginning in UTC, or a moment; UTC without an offset."""

    def _deserialize(self, value: Any, *_asked: Any, **_options: Any) -> Any:
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError as wrong:
            raise ValidationError("a day or a moment in ISO 8601") from wrong
        return found if found.tzinfo else found.replace(tzinfo=UTC)


class LogQuery(Schema):
    """Which history, and how it is written."""

    format = fields.Enum(LogFormat, by_value=True, load_default=LogFormat.XES)
    since = Moment()
    until = Moment()
    names = fields.Boolean(load_default=False)


class BoardQuery(Schema):
    """Of which version; of all of them without."""

    version = fields.Integer(validate=validate.Range(min=1))


class ElementTimesShape(Schema):
    """An element that was ever entered; lengths in seconds from entering to leaving."""

    elementId = text()
    elementName = text()
    elementType = text()
    visits = fields.Integer()
    waiting = fields.Integer()
    medianSeconds = fields.Float(allow_none=True)
    p90Seconds = fields.Float(allow_none=True)
    incidents = fields.Integer()


class ElementTimesList(Schema):
    """Elements by id."""

    items = fields.List(fields.Nested(ElementTimesShape))


@paths.operation(
    "GET",
    "/history/<process_id>",
    query=LogQuery,
    errors=(404,),
    media=[one.media for one in LogFormat],
)
def get_event_log(query: dict[str, Any], process_id: str) -> Response:
    """The history of a process as XES, OCEL 2.0 JSON or CSV, people as numbers."""
    form: LogFormat = query["format"]
    window = Window(
        process_id=process_id,
        agency_id=actor().agency_id,
        since=query.get("since"),
        until=query.get("until"),
    )
    return send_file(
        log_file(house(), actor(), window, form, names=query["names"]),
        mimetype=form.media,
        as_attachment=True,
        download_name=f"{process_id}{form.ending}",
    )


@paths.operation(
    "GET",
    "/history/<process_id>/elements",
    query=BoardQuery,
    answer=ElementTimesList,
    errors=(404,),
)
def list_element_times(query: dict[str, Any], process_id: str) -> dict[str, Any]:
    """Visits, waiting, median and 90th percentile length, and incidents of every element."""
    board = element_board(house(), actor(), process_id, version=query.get("version"))
    return {"items": [_card(one) for one in board.elements]}


def _card(one: Element) -> Mapping[str, Any]:
    return {
        "elementId": one.id,
        "elementName": one.name,
        "elementType": one.type,
        "visits": one.visits,
        "waiting": one.waiting,
        "medianSeconds": one.median_s,
        "p90Seconds": one.p90_s,
        "incidents": one.incidents,
    }
