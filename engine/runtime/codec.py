r"""The stored state: one compact blob per execution root, with a format version.

Format 3: `R3j` or `R3d` (a decimal is inside), the CRC-32 of what follows in four bytes, then JSON:
[seq, nesting, tokens, scopes, more]. Format 2 (`R2j`, `R2d`) is the same without the checksum.
A token is [number, element, state, scope, flow, local, data or 0], a scope [number, up, owner,
variables] or, with what was completed in it and can be undone, [number, up, owner, variables,
records]. Format 1 (`R1j`, `R1d`) is the same without records, watching tokens and conditions.
`more`: `out`, what a multi-instance child leaves; `wrote`, root variables
that a called process wrote. A decimal is {"\u0000d": "text"}: no name of
a variable may hold a NUL, so none can be taken for one.
"""

from __future__ import annotations

import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.runtime.faults import StateUnreadable
from engine.runtime.scopes import Scope
from engine.runtime.token import Token

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.usecases.ports.process import Json

_PLAIN: Final = b"R3j"
_DECIMALS: Final = b"R3d"
_UNSUMMED_PLAIN: Final = frozenset({b"R2j", b"R1j"})
_UNSUMMED_DECIMALS: Final = frozenset({b"R2d", b"R1d"})
#: kind and checksum
_HEAD: Final = 7
_MARK: Final = "\0d"


def dump(instance: Instance) -> bytes:
    """The state of an instance as bytes."""
    tokens = [
        [t.id, t.task_spec.name, t._state, t.scope, t.flow, t.local, t.internal_data or 0]  # noqa: SLF001 - hot
        for t in instance.tokens()
    ]
    scopes = [
        [n, s.up, s.owner, s.variables, s.records] if s.records else [n, s.up, s.owner, s.variables]
        for n, s in instance.scopes.items()
    ]
    more: dict[str, Json] = {}
    if instance.output is not None:
        more["out"] = instance.output
    if instance.row.parent_key is not None and instance.row.body is None:
        more["wrote"] = sorted(instance.written)
    return _encode([instance.seq, instance.nesting, tokens, scopes, more])


def load(instance: Instance, blob: bytes) -> None:
    """Fill a fresh instance; `StateUnreadable` for anything that is no state of ours.

    Of an ended instance whose history was deleted nothing is left: no tokens, no variables.
    """
    if not blob and instance.row.ended_at is not None:
        instance.scopes[0] = Scope(None, None, {})
        return
    try:
        seq, nesting, tokens, scopes, more = _decode(blob)
        instance.seq, instance.nesting = seq, nesting
        instance.output = more.get("out")
        instance.written = set(more.get("wrote", ()))
        for number, up, owner, variables, *records in scopes:
            instance.scopes[number] = Scope(up, owner, variables, *map(tuple, records))
        for number, element, state, scope, flow, local, data in tokens:
            token = Token(instance, instance.spec.task_specs[element], number, state)
            token.scope, token.flow, token.local = scope, flow, local
            token.internal_data = data or {}
            watches = data and "watch" in data
            instance.population[scope] = instance.population.get(scope, 0) + (not watches)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StateUnreadable(instance.row.key, f"{type(problem).__name__}: {problem}") from problem
    instance.size = len(blob)


def output_of(key: int, blob: bytes) -> Json:
    """What a multi-instance child left, without building it."""
    try:
        return _decode(blob)[4].get("out")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as problem:
        raise StateUnreadable(key, f"{type(problem).__name__}: {problem}") from problem


def fault_of(blob: bytes) -> str:
    """What is wrong with a state as it lies there; "" when it can be read."""
    try:
        _seq, _nesting, _tokens, _scopes, _more = _decode(blob)
    except (ValueError, TypeError) as problem:
        return str(problem)
    return ""


def _encode(state: Json) -> bytes:
    decimals = False

    def other(value: Any) -> dict[str, str]:
        nonlocal decimals
        if not isinstance(value, Decimal):
            raise TypeError(type(value).__name__)
        decimals = True
        return {_MARK: str(value)}

    body = orjson.dumps(state, default=other)
    return (_DECIMALS if decimals else _PLAIN) + zlib.crc32(body).to_bytes(4, "big") + body


def _decode(blob: bytes) -> Json:
    head = blob[:3]
    if head in (_PLAIN, _DECIMALS):
        body = memoryview(blob)[_HEAD:]
        if zlib.crc32(body) != int.from_bytes(blob[3:_HEAD], "big"):
            raise ValueError("it does not fit its checksum")
        state = orjson.loads(body)
        return state if head == _PLAIN else _with_decimals(state)
    if head in _UNSUMMED_PLAIN:
        return orjson.loads(memoryview(blob)[3:])
    if head in _UNSUMMED_DECIMALS:
        return _with_decimals(orjson.loads(memoryview(blob)[3:]))
    raise ValueError(f"unknown format {bytes(head)!r}")


def _with_decimals(value: Json) -> Json:
    if value.__class__ is list:
        return [_with_decimals(item) for item in value]
    if value.__class__ is dict:
        if _MARK in value:
            return Decimal(value[_MARK])
        return {key: _with_decimals(item) for key, item in value.items()}
    return value
