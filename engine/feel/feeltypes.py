"""FEEL's types: what `instance of` asks, and what a declared type makes of a value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from engine.feel.run import Run, spend
from engine.feel.temporal import (
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
)
from engine.feel.values import (
    FUNCTIONS,
    UNBOUNDED,
    BuiltinFunction,
    Function,
    HostFunction,
    NotEqual,
    Range,
    norm,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.feel.nodes import TypeNode


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type; `parts` are element, entry or parameter types, `allowed` a test of the values."""

    name: str
    parts: tuple[FeelType, ...] = ()
    entries: tuple[str, ...] = ()
    result: FeelType | None = None
    allowed: Callable[[Any, Run | None], bool] | None = None


ANY: Final = FeelType("Any")
#: characters of a value that a warning shows
_SHOWN: Final = 60
_CLASSES: Final[dict[str, type]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": FeelDate,
    "time": FeelTime,
    "date and time": FeelDateTime,
    "days and time duration": DayTimeDuration,
    "years and months duration": YearMonthDuration,
}
_ALIASES: Final = {
    "any": "Any",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "day time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "null": "Null",
}
SIMPLE: Final[dict[str, FeelType]] = {
    name: FeelType(_ALIASES.get(name, name))
    for name in (*_CLASSES, *_ALIASES, "Any", "Null", "list", "range", "context", "function")
}


def resolve(node: TypeNode, types: Mapping[str, FeelType]) -> FeelType | None:
    """Make the type that a type in the text names; None if there is no such type."""
    found = types.get(node.name) or SIMPLE.get(node.name)
    if found is None or not (node.parts or node.entries or node.result):
        return found
    parts = [resolve(part, types) for part in node.parts]
    result = resolve(node.result, types) if node.result else None
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or (node.result is not None and result is None):
        return None
    return FeelType(found.name, tuple(known), node.entries, result)


def is_instance(value: Any, of: FeelType, run: Run | None = None) -> bool:
    """Say whether a value is of a type, whatever values it allows; null is of Null only."""
    value = norm(value)
    if value is None:
        return of.name == "Null"
    return _fits(value, without_allowed(of), run)


@lru_cache(maxsize=1024)
def without_allowed(of: FeelType) -> FeelType:
    """Give the type without the limits on its values."""
    result = without_allowed(of.result) if of.result is not None else None
    return FeelType(of.name, tuple(map(without_allowed, of.parts)), of.entries, result)


def _fits(value: Any, of: FeelType, run: Run | None) -> bool:
    """Like is_instance; but null inside a list or context fits any type."""
    spend(run, 1)
    value = norm(value)
    if value is None:
        return True
    shape = _SHAPES.get(of.name)
    fits = shape(value, of, run) if shape else isinstance(value, _CLASSES.get(of.name, Unknown))
    return fits and (of.allowed is None or of.allowed(value, run))


class Unknown:
    """No value is of an unknown type."""


def _fits_list(value: Any, of: FeelType, run: Run | None) -> bool:
    return isinstance(value, list) and (
        not of.parts or all(_fits(item, of.parts[0], run) for item in value)
    )


def _fits_context(value: Any, of: FeelType, run: Run | None) -> bool:
    return isinstance(value, dict) and all(
        name in value and _fits(value[name], part, run)
        for name, part in zip(of.entries, of.parts, strict=True)
    )


def _fits_range(value: Any, of: FeelType, run: Run | None) -> bool:
    if isinstance(value, NotEqual):
        return True
    if not isinstance(value, Range):
        return False
    ends = [end for end in (value.low, value.high) if end is not UNBOUNDED]
    return not of.parts or all(_fits(end, of.parts[0], run) for end in ends)


def _fits_function(value: Any, of: FeelType, _run: Run | None) -> bool:
    if not isinstance(value, FUNCTIONS):
        return False
    if of.result is None and not of.parts:
        return True
    if isinstance(value, BuiltinFunction):
        return any(len(overload.parameters) == len(of.parts) for overload in value.overloads)
    if len(value.parameters) != len(of.parts):
        return False
    return isinstance(value, HostFunction) or _conforms_function(value, of)


def _conforms_function(value: Function, of: FeelType) -> bool:
    """Compare declared types; what a function does not declare is found out when it is called."""
    types = value.types or (None,) * len(value.parameters)
    fits = all(subsumes(own or ANY, asked) for own, asked in zip(types, of.parts, strict=True))
    if value.result_type is None or of.result is None:
        return fits
    return fits and subsumes(of.result, value.result_type)


def subsumes(wide: FeelType, narrow: FeelType) -> bool:
    """Say whether every value of `narrow` is one of `wide`."""
    if wide.name == "Any" or narrow.name == "Null":
        return True
    if wide.name != narrow.name:
        return False
    if wide.name == "context":
        own = dict(zip(narrow.entries, narrow.parts, strict=True))
        pairs = zip(wide.entries, wide.parts, strict=True)
        return all(name in own and subsumes(part, own[name]) for name, part in pairs)
    if len(wide.parts) != len(narrow.parts):
        return not wide.parts
    flip = wide.name == "function"
    inner = all(
        subsumes(b, a) if flip else subsumes(a, b)
        for a, b in zip(wide.parts, narrow.parts, strict=True)
    )
    return inner and subsumes(wide.result or ANY, narrow.result or ANY)


_SHAPES: Final[dict[str, Callable[[Any, FeelType, Run | None], bool]]] = {
    "Any": lambda _value, _of, _run: True,
    "Null": lambda value, _of, _run: value is None,
    "list": _fits_list,
    "context": _fits_context,
    "range": _fits_range,
    "function": _fits_function,
}


@dataclass(frozen=True, slots=True)
class Conformed:
    """What a declared type made of a value: the value, and whether it had to be dropped."""

    value: Any
    fits: bool


def conform(value: Any, to: FeelType | None, run: Run | None = None) -> Conformed:
    """Apply the implicit conversions (DMN 1.5, 10.3.2.9.4); a value that stays unfit is null."""
    value = norm(value)
    if value is None or to is None or _fits(value, to, run):
        return Conformed(value, fits=True)
    if isinstance(value, list) and len(value) == 1 and to.name != "list":
        only = norm(value[0])
        if only is not None and _fits(only, to, run):
            return Conformed(only, fits=True)
    if to.name == "list" and not isinstance(value, list) and _fits([value], to, run):
        return Conformed([value], fits=True)
    if to.name == "date and time" and isinstance(value, FeelDate):
        midnight = FeelDateTime(value, FeelTime(0, 0, 0, 0, 0))
        return Conformed(midnight, fits=_fits(midnight, to, run))
    return Conformed(None, fits=False)


def unfit(name: str, value: Any, to: FeelType | None) -> str:
    """Say that a value does not fit what something declares, showing a short plain value."""
    kind = type_name(value)
    shown = "" if kind in {"list", "context", "function"} else str(norm(value))
    text = f"the {kind} {shown}" if 0 < len(shown) <= _SHOWN else f"a {kind}"
    asked = "" if to is None else f" ({to.name}{', limited' if to.allowed else ''})"
    return f"'{name}' is {text}, not of its type{asked}"
