"""Conditions of a filter asked of a row in memory, as the store asks them in SQL."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.ports.listing import Op

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.v2.filters import Filtered
    from engine.usecases.ports.listing import Condition

_FITS: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.EQ: lambda at, value: bool(at == value),
    Op.NEQ: lambda at, value: bool(at != value),
    Op.IN: lambda at, value: at in value,
    Op.NOT_IN: lambda at, value: at not in value,
    Op.LIKE: lambda at, value: fnmatchcase(str(at), value.replace("[", "[[]")),
    Op.GT: lambda at, value: bool(at > value),
    Op.GTE: lambda at, value: bool(at >= value),
    Op.LT: lambda at, value: bool(at < value),
    Op.LTE: lambda at, value: bool(at <= value),
}


def fits(row: Mapping[str, Any], asked: Filtered) -> bool:
    """Whether a row meets all of a filter; nothing compares with null but `$exists`."""
    every = all(_meets(row, one) for one in asked.where)
    either = not asked.any_of or any(all(_meets(row, one) for one in arm) for arm in asked.any_of)
    return every and either


def _meets(row: Mapping[str, Any], condition: Condition) -> bool:
    at = row.get(condition.column)
    if condition.op is Op.EXISTS:
        return (at is not None) is condition.value
    return at is not None and _FITS[condition.op](at, condition.value)
