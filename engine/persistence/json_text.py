"""JSON text in which a Decimal stays the Decimal it was."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import orjson

#: a fraction, an exponent or an integer beyond 64 bits: orjson would read a float
_NOT_INT = re.compile(r"\d[.eE]|\d{19}")
_INT64_MAX = 2**63 - 1
_AS_IS = frozenset({str, bool, type(None)})


def dump(value: Any) -> str:
    """JSON text; raises `TypeError` for anything that is no JSON value, floats too."""
    return orjson.dumps(_exact(value)).decode()


def canonical(value: Any) -> bytes:
    """JSON bytes with sorted keys: equal values give equal bytes."""
    return orjson.dumps(_exact(value), option=orjson.OPT_SORT_KEYS)


def load(text: str) -> Any:
    """The value; numbers with a fraction or exponent are Decimals."""
    if _NOT_INT.search(text) is None:
        return orjson.loads(text)
    return json.loads(text, parse_float=Decimal)


def _exact(value: Any) -> Any:
    if value.__class__ in _AS_IS or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {name: _exact(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    if isinstance(value, int):
        return value if -_INT64_MAX <= value <= _INT64_MAX else orjson.Fragment(str(value))
    if isinstance(value, Decimal):
        return _decimal(value)
    return _other(value)


def _other(value: Any) -> Any:
    if hasattr(value, "items"):
        return {name: _exact(item) for name, item in value.items()}
    raise TypeError(f"no JSON value: {type(value).__name__}")


def _decimal(value: Decimal) -> orjson.Fragment:
    if not value.is_finite():
        raise TypeError(f"no JSON number: {value}")
    text = str(value)
    if "." not in text and "E" not in text:
        # an exponent marks it as a Decimal for `load`, without changing a digit
        text += "E+0"
    return orjson.Fragment(text)
