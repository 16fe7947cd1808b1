"""Searches of `/v2`: page, order and cursor of any list."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate
from werkzeug.exceptions import BadRequest

from api.door import actor, house
from api.v2.filters import Filter, Filtered
from api.v2.published import Request, shape
from engine.usecases import listing
from engine.usecases.ports.listing import Criteria, Listed, Order
from engine.usecases.ports.search import TOTAL_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.ports.listing import Rows

LIMIT_MAX: Final = 10_000
LIMIT: Final = 100
_MARK_BYTES: Final = 8
#: the largest number of rows that may be skipped; further on a cursor is read
FROM_MAX: Final = 100_000

PageAnswer = shape(
    "SearchPage",
    "Where the list ends.",
    whole="totalItems",
    flag="hasMoreTotalItems",
    text="startCursor? endCursor?",
)


class Page(Schema):
    """Which part of a list: rows to skip, or a cursor."""

    limit = fields.Integer(
        load_default=LIMIT, strict=True, validate=validate.Range(min=1, max=LIMIT_MAX)
    )
    after = fields.String(allow_none=True, validate=validate.Length(max=4_000))
    before = fields.String(allow_none=True, validate=validate.Length(max=4_000))

    class Meta:
        """`from` is no name of Python."""

        include = {  # noqa: RUF012 - marshmallow's way to name such a field
            "from": fields.Integer(
                load_default=0, strict=True, validate=validate.Range(min=0, max=FROM_MAX)
            )
        }

    @post_load
    def one_way(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """One of `from`, `after` and `before`."""
        if sum(bool(data.get(name)) for name in ("from", "after", "before")) > 1:
            raise ValidationError("only one of from, after and before")
        return data


class Search(Request):
    """A search request."""

    @pre_load
    def default_page(self, data: Any, **_kwargs: Any) -> Any:
        """A search without a page asks for the first."""
        return {**data, "page": data.get("page") or {}} if isinstance(data, dict) else data


def search_of(name: str, filtered: type[Filter] | None, sort: Mapping[str, str]) -> type[Schema]:
    """The body of a search: a filter, and published fields by which it may be sorted."""
    order = {
        "field": fields.String(required=True, validate=validate.OneOf(sorted(sort))),
        "order": fields.String(
            load_default="ASC", validate=validate.OneOf(["ASC", "DESC", "asc", "desc"])
        ),
    }
    one = Schema.from_dict(dict(order), name=f"{name}Sort")
    members: dict[str, Any] = {
        "page": fields.Nested(Page),
        "sort": fields.List(fields.Nested(one), load_default=list, validate=validate.Length(max=5)),
    }
    if filtered is not None:
        members["filter"] = fields.Nested(filtered, load_default=Filtered)
    made: Any = Search.from_dict(members, name=name)
    made.COLUMNS = dict(sort)
    answer: type[Schema] = made
    return answer


def page_of(name: str, item: type[Schema]) -> type[Schema]:
    """The answer of a search."""
    return shape(
        name,
        "A page of a list.",
        items=fields.List(fields.Nested(item)),
        page=fields.Nested(PageAnswer),
    )


def criteria_of(
    listed: Listed, body: Mapping[str, Any], shown: type[Schema], extra: Filtered | None = None
) -> Criteria:
    """What a request asks of a list, and `extra` with it."""
    asked: Filtered = body.get("filter") or Filtered()
    columns: Mapping[str, str] = getattr(shown, "COLUMNS", {})
    order = tuple(
        Order(column=columns[one["field"]], descending=one["order"].upper() == "DESC")
        for one in body["sort"]
    )
    if listed is Listed.BATCH_OPERATION_ITEM:  # an instance has one in each operation
        order += (Order(column="batch_key"),)
    page = body["page"]
    return Criteria(
        listed=listed,
        where=asked.where + (extra.where if extra else ()),
        any_of=asked.any_of,
        order=order,
        limit=page["limit"],
        offset=page["from"],
        after=_place(page.get("after"), listed, order),
        before=_place(page.get("before"), listed, order),
    )


def search(
    listed: Listed,
    body: Mapping[str, Any],
    shown: type[Schema],
    card: Callable[[Mapping[str, Any]], dict[str, Any]],
) -> dict[str, Any]:
    """Answer a search."""
    criteria = criteria_of(listed, body, shown)
    return answer(listing.search(house(), actor(), criteria), criteria, card)


def answer(
    found: Rows, criteria: Criteria, card: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """A page in the words of `/v2`."""
    return {
        "items": [card(row) for row in found.rows],
        "page": {
            "totalItems": min(found.total, TOTAL_MAX),
            "hasMoreTotalItems": found.total > TOTAL_MAX,
            "startCursor": _cursor(found.first, criteria.listed, criteria.order),
            "endCursor": _cursor(found.last, criteria.listed, criteria.order),
        },
    }


def whole(items: Sequence[dict[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
    """A page of a short list that is in memory; its cursors are places in it."""
    page = body["page"]
    begin, limit = page["from"], page["limit"]
    if page.get("after"):
        begin = _number(page["after"]) + 1
    elif page.get("before"):
        end = _number(page["before"])
        begin, limit = max(end - limit, 0), min(limit, end)
    shown = items[begin : begin + limit]
    last = begin + len(shown) - 1
    return {
        "items": list(shown),
        "page": {
            "totalItems": len(items),
            "hasMoreTotalItems": False,
            "startCursor": _signed([begin], "memory") if shown else None,
            "endCursor": _signed([last], "memory") if shown else None,
        },
    }


def _number(text: str) -> int:
    found = _read(text, "memory")
    return int(found[0])


def _cursor(place: tuple[Any, ...] | None, listed: Listed, order: Sequence[Order]) -> str | None:
    if place is None:
        return None
    values = [{"at": one.isoformat()} if isinstance(one, datetime) else one for one in place]
    return _signed(values, _context(listed, order))


def _place(text: str | None, listed: Listed, order: Sequence[Order]) -> tuple[Any, ...] | None:
    if not text:
        return None
    return tuple(
        datetime.fromisoformat(one["at"]) if isinstance(one, dict) else one
        for one in _read(text, _context(listed, order))
    )


def _context(listed: Listed, order: Sequence[Order]) -> str:
    """A cursor belongs to one list in one order."""
    return json.dumps([listed, *([one.column, one.descending] for one in order)])


def _signed(values: list[Any], context: str) -> str:
    text = json.dumps(values, default=str).encode()
    return b64encode(_mark(text, context) + text).decode()


def _read(cursor: str, context: str) -> list[Any]:
    """The values of a cursor of ours; `BadRequest` for any other."""
    try:
        raw = b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), validate=True)
    except (NotBase64, ValueError) as error:
        raise BadRequest("this is no cursor of ours") from error
    mark, text = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(text, context)):
        raise BadRequest("this is no cursor of this search")
    found: list[Any] = json.loads(text)
    return found


def _mark(text: bytes, context: str) -> bytes:
    secret = current_app.secret_key
    secret_bytes = secret if isinstance(secret, bytes) else str(secret).encode()
    told = context.encode() + b"\0" + text
    return hmac.new(b"cursor" + secret_bytes, told, hashlib.sha256).digest()[:_MARK_BYTES]
