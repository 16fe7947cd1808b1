"""Pages of a list by key: where the next one begins travels in its link, never a row's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from flask import request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = TypeVar("Row")

#: rows of one page
ROWS: int = 50
_PART = "~"


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Row]):
    """One page of rows, and where the next begins (None: this is the last)."""

    rows: Sequence[Row]
    after: str | None


def leaf(
    found: Sequence[Row], place: Callable[[Row], Sequence[str]], rows: int = ROWS
) -> Leaf[Row]:
    """The first `rows` of `rows` + 1 that were asked for; `place` is a row's key as texts."""
    shown = found[:rows]
    return Leaf(shown, _PART.join(place(shown[-1])) if len(found) > rows else None)


def after(parts: int) -> tuple[str, ...] | None:
    """The key in the query behind which this page begins; None for the first page or nonsense."""
    found = tuple(request.args.get("after", "").split(_PART))
    return found if len(found) == parts and all(found) else None
