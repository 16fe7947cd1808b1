"""What a model is asked with: JSON values read as the types that its inputs declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.feel.temporal_text import parse_temporal
from engine.feel.values import type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.dmn.model import DecisionModel
    from engine.feel.feeltypes import FeelType

#: types whose values travel as ISO text
_TEMPORAL: Final = frozenset(
    {
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def read_inputs(model: DecisionModel, scope: Mapping[str, Any]) -> dict[str, Any]:
    """The scope with ISO text as date, time or duration where the model declares one.

    A text that spells no value of the declared type stays; the evaluation then says so.
    """
    declared = {n: t for n, t in model.declared.items() if isinstance(scope.get(n), _CARRIERS)}
    return {**scope, **{name: _read(scope[name], of) for name, of in declared.items()}}


_CARRIERS: Final = (str, list, tuple, dict)


def _read(value: Any, of: FeelType | None) -> Any:
    """Inside lists and contexts, too."""
    if of is None:
        return value
    if isinstance(value, str):
        return _temporal(value, of) if of.name in _TEMPORAL else value
    if isinstance(value, list | tuple) and of.name == "list" and of.parts:
        return [_read(item, of.parts[0]) for item in value]
    if isinstance(value, dict) and of.name == "context":
        parts = dict(zip(of.entries, of.parts, strict=False))
        return {name: _read(item, parts.get(name)) for name, item in value.items()}
    return value


def _temporal(text: str, of: FeelType) -> Any:
    """A date alone may stand for the midnight of a date and time, as everywhere in FEEL."""
    found = parse_temporal(text)
    fits = {of.name, "date"} if of.name == "date and time" else {of.name}
    return found if type_name(found) in fits else text
