"""Rows of a list that people may shorten and lengthen: which row is which, ticks and wholes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from engine.domain.scales import WHOLE_BP, split_whole
from forms.components import CARRIED
from forms.model import valued
from forms.numbers import NumberTextRefused, exact, read_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forms.model import Field

_HUNDRED: Final = 100


def brought_by(
    field: Field, source: Sequence[Mapping[str, Any]], row: Mapping[str, Any], number: int
) -> Mapping[str, Any]:
    """The row of the task behind a row that was sent; empty for a new one.

    Rows that may move are known by what they carry unseen, others by their place.
    """
    if not field.grows:
        return source[number] if number < len(source) else {}
    unseen = [one.key for one in valued(field.children) if one.shape in CARRIED]
    said = {key: row[key] for key in unseen if row.get(key)}
    found = (one for one in source if all(one.get(key) == value for key, value in said.items()))
    return next(found, {}) if said else {}


def is_taken(field: Field, row: Mapping[str, Any]) -> bool:
    """Whether a row counts: where rows are ticked, the ticked ones."""
    return not field.tick or row.get(field.tick) is not False


def total(field: Field, rows: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """What the taken rows add up to; None while one of them is no number."""
    found = [_number(row.get(field.whole)) for row in rows if is_taken(field, row)]
    return None if None in found else sum((one for one in found if one is not None), Decimal(0))


def balanced(field: Field, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the numbers of the taken ones in proportion, adding up to a hundred.

    A row without a number gets what the others have on average.
    """
    taken = [n for n, row in enumerate(rows) if is_taken(field, row)]
    if not taken:
        return [dict(row) for row in rows]
    given = {n: _number(rows[n].get(field.whole)) or Decimal(0) for n in taken}
    weighed = [Fraction(one) for one in given.values() if one > 0]
    usual = sum(weighed, Fraction(0)) / len(weighed) if weighed else Fraction(1)
    weights = {f"{n:04}": Fraction(one) if one > 0 else usual for n, one in given.items()}
    shares = split_whole(weights, WHOLE_BP)
    return [
        {**row, field.whole: Decimal(shares[f"{n:04}"]) / _HUNDRED} if n in given else dict(row)
        for n, row in enumerate(rows)
    ]


def ticked(
    field: Field, rows: Sequence[Mapping[str, Any]], source: Sequence[Mapping[str, Any]], kind: str
) -> list[dict[str, Any]]:
    """The rows with those of one kind ticked; the kind is the task's own word."""
    return [
        {**row, field.tick: True}
        if brought_by(field, source, row, n).get(field.tick_by) == kind
        else dict(row)
        for n, row in enumerate(rows)
    ]


def _number(raw: Any) -> Decimal | None:
    if raw is None or raw == "":
        return Decimal(0)
    try:
        return read_number(raw) if isinstance(raw, str) else exact(raw)
    except NumberTextRefused:
        return None
