"""Built-ins for contexts and for identity (DMN 1.5, 10.3.4.6 and 10.3.4.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.feel.equality import equal
from engine.feel.errors import Fault
from engine.feel.signatures import builtin
from engine.feel.temporal import FeelDateTime, FeelTime
from engine.feel.values import norm

if TYPE_CHECKING:
    from engine.feel.run import Run


@builtin("get value", "m: context, key: string")
def get_value(_run: Run, context: dict[str, Any], key: str) -> Any:
    """Read an entry, null if there is none."""
    return norm(context.get(key))


@builtin("get value", "context: context, keys: list")
def get_value_at(_run: Run, context: dict[str, Any], keys: list[Any]) -> Any:
    """Read an entry of an entry, by the path of its keys."""
    value: Any = context
    if not keys:
        raise Fault("get value: no keys")
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = norm(value.get(key))
    return value


@builtin("get entries", "m: context")
def get_entries(_run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    """List the entries as contexts of key and value."""
    return [{"key": key, "value": norm(value)} for key, value in context.items()]


@builtin("context", "entries: list")
def context(_run: Run, entries: list[Any]) -> dict[str, Any]:
    """Make a context of a list of contexts of key and value."""
    made: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "key" not in entry or "value" not in entry:
            raise Fault("context: an entry lacks key or value")
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            raise Fault("context: a key is no string or stands twice")
        made[key] = norm(entry["value"])
    return made


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, base: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Set an entry."""
    run.spend(len(base))
    return {**base, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_at(_run: Run, base: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    """Set an entry of an entry, by the path of its keys."""
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Fault("context put: the keys are no list of strings")
    made = inner = dict(base)
    for key in keys[:-1]:
        below = norm(inner.get(key))
        if below is not None and not isinstance(below, dict):
            raise Fault(f"context put: '{key}' is no context")
        inner[key] = dict(below or {})
        inner = inner[key]
    inner[keys[-1]] = value
    return made


@builtin("context merge", "contexts: list")
def context_merge(_run: Run, contexts: list[Any]) -> dict[str, Any]:
    """Join contexts; a later entry wins."""
    made: dict[str, Any] = {}
    for one in contexts:
        if not isinstance(one, dict):
            raise Fault("context merge: the list holds something else than contexts")
        made.update(one)
    return made


@builtin("is", "value1: any, value2: any")
def is_same(run: Run, left: Any, right: Any) -> bool:
    """Say whether two values are the same in FEEL's semantic domain, the zone included."""
    if isinstance(left, (FeelTime, FeelDateTime)) or isinstance(right, (FeelTime, FeelDateTime)):
        return bool(left == right)
    return equal(left, right, run) is True
