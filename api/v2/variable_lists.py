"""Variables in lists of `/v2`: their scopes are in the state of instances, not in a table."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields

from api.v2 import cards
from api.v2.filters import Constant, Filtered, Flag, Key, Text, filter_of
from api.v2.matching import fits
from api.v2.published import DEFAULT_TENANT, shape
from api.v2.searching import page_of, search_of, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.variables import Variable

#: characters of a value in a list, as published
SHORT: Final = 8_192

VariableFilter = filter_of(
    "VariableFilter",
    {
        "name": Text("name"),
        "value": Text("value"),
        "isTruncated": Flag("truncated"),
        "variableKey": Key("key"),
        "scopeKey": Key("scope_key"),
        "processInstanceKey": Key("instance_key"),
        "tenantId": Constant(),
    },
)
_SORT: Final = {
    "name": "name",
    "value": "value",
    "variableKey": "key",
    "scopeKey": "scope_key",
    "processInstanceKey": "instance_key",
}
VariableSearch = search_of("VariableSearch", VariableFilter, _SORT)
TaskVariableFilter = filter_of("UserTaskVariableFilter", {"name": Text("name")})
TaskVariableSearch = search_of("UserTaskVariableSearch", TaskVariableFilter, _SORT)

Variable_ = shape(
    "Variable",
    "A variable; its value is JSON text, shortened in lists.",
    text="name value variableKey scopeKey processInstanceKey rootProcessInstanceKey tenantId",
    flag="isTruncated",
)
VariablePage = page_of("VariablePage", Variable_)


class Truncation(Schema):
    """Whether long values are shortened."""

    truncateValues = fields.Boolean(load_default=True)  # noqa: N815 - the API's word


def answer(
    found: Sequence[Variable], body: Mapping[str, Any], *, truncated: bool
) -> dict[str, Any]:
    """A page of variables in memory."""
    rows = [_row(one, truncated=truncated) for one in found]
    asked: Filtered = body.get("filter") or Filtered()
    kept = [row for row in rows if fits(row, asked)]
    for one in reversed(body["sort"]):
        kept.sort(key=itemgetter(_SORT[one["field"]]), reverse=one["order"].upper() == "DESC")
    return whole([card(row) for row in kept], body)


def card(row: Mapping[str, Any]) -> dict[str, Any]:
    """A variable in the words of /v2."""
    return {
        "name": row["name"],
        "value": row["value"],
        "isTruncated": bool(row["truncated"]),
        "variableKey": str(row["key"]),
        "scopeKey": str(row["scope_key"]),
        "processInstanceKey": str(row["instance_key"]),
        "rootProcessInstanceKey": str(row["root_key"]),
        "tenantId": DEFAULT_TENANT,
    }


def _row(one: Variable, *, truncated: bool) -> dict[str, Any]:
    text = cards.json_text(one.value)
    return {
        "name": one.name,
        "value": text[:SHORT] if truncated else text,
        "truncated": int(truncated and len(text) > SHORT),
        "key": one.key,
        "scope_key": one.scope_key,
        "instance_key": one.instance_key,
        "root_key": one.root_key,
    }
