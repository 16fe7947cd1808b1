"""Days and moments in values moved: written for one day, meant for an instance of another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.rehearsal.answers import Given

_Value = TypeVar("_Value")
#: a day, or a moment that begins with one
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?", re.ASCII)


def shifted(value: _Value, later: timedelta) -> _Value:
    """The same JSON value, each text that is a day or a moment that much later."""
    return _shifted(value, later) if later else value


def shifted_answers(
    answers: Mapping[str, Sequence[Given]], later: timedelta
) -> Mapping[str, Sequence[Given]]:
    """The same answers; arguments that they are for are moved too."""
    return {
        name: [
            replace(one, to=shifted(one.to, later), value=shifted(one.value, later))
            for one in given
        ]
        for name, given in answers.items()
    }


def _shifted(value: Any, later: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _shifted(one, later) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shifted(one, later) for one in value]
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _moved(value, later)
    return value


def _moved(text: str, later: timedelta) -> str:
    try:
        if "T" in text:
            return (datetime.fromisoformat(text) + later).isoformat()
        return (date.fromisoformat(text) + later).isoformat()
    except (ValueError, OverflowError):
        return text
