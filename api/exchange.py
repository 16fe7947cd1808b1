"""Regu's own paths for the exchange with SIASN and for what is copied to e-Kinerja."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, validate

from api.door import actor, house
from api.shapes import PAGE_LIMIT_MAX, moment, text
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases.copying import copy_desk
from engine.usecases.exchange_mismatches import mismatches
from engine.usecases.exchanges import GROUPS, exchange_board

# marshmallow names fields by class attributes, and the API's words are camelCase
# ruff: noqa: N815

paths = Paths("exchanges", "/api", "What goes to SIASN, what differs there, and what is copied.")


class ExchangeQuery(Schema):
    """Rows of a group of states, page by page."""

    group = fields.String(load_default="stopped", validate=validate.OneOf(sorted(GROUPS)))
    after = fields.String(load_default="", validate=validate.Length(max=36))
    limit = fields.Integer(
        load_default=50, strict=False, validate=validate.Range(min=1, max=PAGE_LIMIT_MAX)
    )


class ExchangeItem(Schema):
    """One evaluation on its way."""

    id = text()
    personId = text()
    name = text()
    nip = text()
    kind = text()
    state = text()
    reason = text()
    answer = text()
    attempts = fields.Integer()
    payload = fields.Dict()
    remoteId = text()
    confirmedAt = moment()


class ExchangeList(Schema):
    """A page of rows."""

    items = fields.List(fields.Nested(ExchangeItem))


class MismatchQuery(CycleQuery):
    """People of a cycle, page by page by name and id."""

    afterName = fields.String(load_default="", validate=validate.Length(max=300))
    afterId = fields.String(load_default="", validate=validate.Length(max=36))


class MismatchItem(Schema):
    """One thing that differs."""

    personId = text()
    nip = text()
    name = text()
    what = text()
    period = text()
    field = text()
    here = text()
    there = text()


class MismatchList(Schema):
    """What differs for a page of people."""

    items = fields.List(fields.Nested(MismatchItem))
    unread = fields.Integer()
    afterName = text(null=True)
    afterId = text(null=True)


class CopyFieldShape(Schema):
    """A field to be copied."""

    name = text()
    text = fields.String()
    version = fields.String()
    mark = fields.String()


class CopyEntryShape(Schema):
    """A note or a result."""

    entry = text()
    fields_ = fields.List(fields.Nested(CopyFieldShape), data_key="fields")


class CopyDeskShape(Schema):
    """One's own notes and results in the order of e-Kinerja."""

    daily = fields.List(fields.Nested(CopyEntryShape))
    results = fields.List(fields.Nested(CopyEntryShape))


@paths.operation("GET", "/exchange", query=ExchangeQuery, answer=ExchangeList)
def list_exchange(query: dict[str, Any]) -> dict[str, Any]:
    """Evaluations on their way to SIASN, newest first; `after` is the id of the last one seen."""
    group, after, limit = query["group"], query["after"], query["limit"]
    found = exchange_board(house(), actor(), group, after=after, limit=limit)
    return {
        "items": [
            {
                "id": line.row.id,
                "personId": line.row.person_id,
                "name": line.name,
                "nip": line.nip,
                "kind": line.row.kind.value,
                "state": line.row.state.value,
                "reason": line.row.reason,
                "answer": line.row.answer,
                "attempts": line.row.attempts,
                "payload": dict(line.row.payload),
                "remoteId": line.row.remote_id,
                "confirmedAt": line.row.confirmed_at,
            }
            for line in found.lines
        ]
    }


@paths.operation(
    "GET", "/exchange/mismatches", query=MismatchQuery, answer=MismatchList, errors=(404,)
)
def list_mismatches(query: dict[str, Any]) -> dict[str, Any]:
    """What SIASN and Regu say differently, for 200 people in order of name."""
    after = (query["afterName"], query["afterId"]) if query["afterId"] else None
    cycle = query.get("cycle")
    found = mismatches(house(), actor(), cycle, after=after, limit=PAGE_LIMIT_MAX)
    name, person_id = found.next_after or (None, None)
    items = [asdict(one) for one in found.differences]
    return {
        "items": [{**item, "personId": item["person_id"]} for item in items],
        "unread": found.unread,
        "afterName": name,
        "afterId": person_id,
    }


@paths.operation("GET", "/me/ekinerja", query=CycleQuery, answer=CopyDeskShape, errors=(404,))
def get_my_copy_desk(query: dict[str, Any]) -> dict[str, Any]:
    """The actor's notes and results, field by field, with their marks."""
    desk = copy_desk(house(), actor(), query.get("cycle"))
    return {
        name: [
            {"entry": one.entry, "fields_": [asdict(part) for part in one.fields]}
            for one in entries
        ]
        for name, entries in (("daily", desk.daily), ("results", desk.results))
    }
