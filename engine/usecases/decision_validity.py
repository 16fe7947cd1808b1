"""Which of several versions of a decision counts on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import DecisionRow

#: validity of a table that says nothing: always, unless a dated version holds on that day
ALWAYS: Final = (date.min, None)


def holds(row: DecisionRow, day: date) -> bool:
    """Whether a version is valid on a day; `valid_to` is the first day after."""
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def choose(rows: Sequence[DecisionRow], day: date, agency_id: str | None) -> DecisionRow | None:
    """The version that counts.

    The agency's own before that of all agencies, dated before undated, then the newest.
    """
    valid = [r for r in rows if holds(r, day) and r.agency_id in {None, agency_id}]
    return max(
        valid,
        key=lambda r: (r.agency_id is not None, (r.valid_from, r.valid_to) != ALWAYS, r.version),
        default=None,
    )
