"""Process variables are JSON: what may be written, and how large it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.runtime.faults import Fault
from engine.runtime.limits import MAX_VARIABLE_BYTES

if TYPE_CHECKING:
    from engine.usecases.ports.process import Json

_DIGITS: Final = 34
_INT64: Final = 2**63
_NESTING: Final = 64
_UNIT: Final = 8


def clean(name: str, value: Any) -> tuple[Json, int]:
    """The value as JSON, and its size in bytes.

    Whole numbers become int, other numbers Decimal with up to 34 digits, dates ISO text, tuples
    lists. Raises `Fault` ("limit" or "expression") for what a variable cannot hold.
    """
    tidy, size = _clean(name, value, 0)
    if size > MAX_VARIABLE_BYTES:
        raise Fault("limit", f"variable '{name}' has {size} bytes, at most {MAX_VARIABLE_BYTES}")
    return tidy, size


def _clean(name: str, value: Any, depth: int) -> tuple[Json, int]:
    kind = value.__class__
    if kind is str:
        return value, _text_size(name, value)
    if value is None or kind is bool:
        return value, _UNIT
    if isinstance(value, (int, Decimal)):
        small = isinstance(value, int) and abs(value) < _INT64
        return int(value) if small else _number(name, Decimal(value)), _UNIT
    if depth >= _NESTING:
        raise Fault("limit", f"variable '{name}' is nested deeper than {_NESTING}")
    return _clean_inside(name, value, depth)


def _clean_inside(name: str, value: Any, depth: int) -> tuple[Json, int]:
    if isinstance(value, (list, tuple)):
        return _clean_list(name, value, depth)
    if isinstance(value, Mapping):
        return _clean_context(name, value, depth)
    return _clean_other(name, value)


def _clean_list(name: str, value: Any, depth: int) -> tuple[Json, int]:
    items: list[Json] = []
    total = _UNIT
    for item in value:
        tidy, size = _clean(name, item, depth + 1)
        items.append(tidy)
        total += size
    return items, total


def _clean_context(name: str, value: Mapping[Any, Any], depth: int) -> tuple[Json, int]:
    entries: dict[str, Json] = {}
    total = _UNIT
    for key, item in value.items():
        text = str(key)
        if "\0" in text:
            raise Fault("expression", f"variable '{name}' has a name with a NUL character inside")
        entries[text], size = _clean(name, item, depth + 1)
        total += size + _text_size(name, text)
    return entries, total


def _clean_other(name: str, value: Any) -> tuple[Json, int]:
    if isinstance(value, float):
        return _number(name, Decimal(repr(value))), _UNIT
    if isinstance(value, (str, uuid.UUID)):
        return str(value), _text_size(name, str(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat(), 4 * _UNIT
    raise Fault("expression", f"variable '{name}' cannot hold a {type(value).__name__}")


def _number(name: str, value: Decimal) -> Json:
    if not value.is_finite():
        raise Fault("expression", f"variable '{name}' is no finite number")
    if len(value.as_tuple().digits) > _DIGITS:
        raise Fault("limit", f"variable '{name}' has more than {_DIGITS} digits")
    if value.adjusted() < 18 and value == value.to_integral_value():  # noqa: PLR2004 - fits int64
        return int(value)
    return value


def _text_size(name: str, text: str) -> int:
    if text.isascii():
        return len(text) + _UNIT
    try:
        return len(text.encode()) + _UNIT
    except UnicodeEncodeError:
        raise Fault("expression", f"variable '{name}' holds broken characters") from None
