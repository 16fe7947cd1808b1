"""JSON at the door: exact decimals, bounded depth, no NaN, no duplicate keys."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
from flask.json.provider import JSONProvider
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

#: nesting that a request body may have
DEPTH_MAX = 64
#: bytes of a request body
BYTES_MAX = 2 * 1024 * 1024
INT64_MAX = 2**63 - 1
#: digits of one number; more would cost quadratic time
DIGITS_MAX = 400

#: escapes that may spell a NUL or half a character
_MAYBE_BROKEN = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class ExactJson(JSONProvider):
    """Numbers with a fraction become Decimal once, here; they leave with the same digits."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """JSON text; decimals keep their digits, times are ISO with an offset."""
        option = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS
        if kwargs.get("indent"):
            option |= orjson.OPT_INDENT_2
        try:
            return orjson.dumps(obj, default=_plain, option=option).decode()
        except TypeError:  # an integer beyond 64 bits, or something that is no JSON at all
            return orjson.dumps(_bare_integers(obj), default=_plain, option=option).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """Parse a body; `BadRequest` names what is wrong with it."""
        if len(s) > BYTES_MAX:
            raise RequestEntityTooLarge(f"JSON over {BYTES_MAX} bytes")
        text = _text(s)
        _check_depth(text)
        try:
            value = json.loads(
                text,
                parse_float=_decimal,
                parse_int=_integer,
                parse_constant=_no_constant,
                object_pairs_hook=_no_duplicates,
            )
        except json.JSONDecodeError as error:
            raise BadRequest(f"not JSON: {error.msg} at line {error.lineno}") from error
        if _MAYBE_BROKEN.search(text):
            _check_characters(value)
        return value


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("NaN and infinities are not JSON")
        return orjson.Fragment(str(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _bare_integers(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _bare_integers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bare_integers(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > INT64_MAX:
        return orjson.Fragment(str(value))
    return value


def _text(body: str | bytes) -> str:
    if isinstance(body, str):
        return body
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("the body is not UTF-8") from error


def _check_depth(text: str) -> None:
    """Refuse deep nesting before the parser recurses into it."""
    if text.count("[") + text.count("{") <= DEPTH_MAX:
        return
    depth = 0
    inside = escaped = False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH_MAX:
                raise BadRequest(f"JSON nested deeper than {DEPTH_MAX}")
        elif character in "]}":
            depth -= 1


def _check_characters(value: Any) -> None:
    """Refuse NUL and lone surrogates: no text of ours holds them and no store keeps them."""
    whole = json.dumps(value, ensure_ascii=False, default=str)
    if any("\ud800" <= character <= "\udfff" for character in whole) or "\\u0000" in whole:
        raise BadRequest("a text holds NUL or half of a character")


def _integer(text: str) -> int:
    if len(text) > DIGITS_MAX:
        raise BadRequest(f"a number longer than {DIGITS_MAX} digits")
    return int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > DIGITS_MAX:
        raise BadRequest(f"a number longer than {DIGITS_MAX} digits")
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > DIGITS_MAX:
        raise BadRequest(f"a number beyond {DIGITS_MAX} digits")
    return number


def _no_constant(text: str) -> object:
    raise BadRequest(f"{text} is not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadRequest(f"the key {twice!r} appears twice in one object")
    return found
