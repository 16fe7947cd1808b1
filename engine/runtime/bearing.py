"""Whom and what a user task concerns: references kept on its row, so that lists name them.

A list of a hundred tasks must not open a hundred states. What stands on the row was true when the
task began, as its due date and its subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

#: rows of a multi-instance that carry references themselves, nearest first
_ROWS: Final = ("member", "party")
_REFERENCE_MAX: Final = 64


class Bearing(NamedTuple):
    """What a task concerns, in the order of its columns."""

    #: a person
    about_id: str | None
    squad_id: str | None
    output_id: str | None


def bearing(view: Mapping[str, Any]) -> Bearing:
    """What a task concerns that sees these variables."""
    return Bearing(
        _reference(view, "person_id"), _reference(view, "squad_id"), _reference(view, "output_id")
    )


def _reference(view: Mapping[str, Any], name: str) -> str | None:
    for row in _ROWS:
        value = view.get(row)
        found = value.get(name) if isinstance(value, Mapping) else None
        if _is_reference(found):
            return str(found)
        if name == "person_id" and _is_reference(value):
            return str(value)
    value = view.get(name)
    return str(value) if _is_reference(value) else None


def _is_reference(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _REFERENCE_MAX
