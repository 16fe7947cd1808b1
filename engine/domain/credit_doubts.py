"""What a paper of functional credit would say otherwise if it were issued now.

The paper itself never changes: a doubt only says what was recorded since, so that whoever keeps
the papers cancels it with a reason and issues it anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class DoubtReason(StrEnum):
    """What changed since a paper was issued."""

    #: predikat of the year, or the interim one of a closed segment
    PREDIKAT = "predikat"
    #: functional level by decree
    LEVEL = "level"
    #: golongan by decree
    GRADE = "grade"
    #: points brought by decree
    BROUGHT = "brought"
    #: months that count: a leave, a move, an exit, another first day of the level
    MONTHS = "months"
    #: coefficients, percentages or thresholds
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing that a paper says and that would be otherwise now."""

    reason: DoubtReason
    #: on the paper and now: a word, or months like "1-7/2026"; "" where there is nothing
    before: str
    after: str
    #: year of the first month that differs; None where it is no month
    year: int | None = None


_PLAIN: Final = (DoubtReason.GRADE, DoubtReason.BROUGHT, DoubtReason.PREDIKAT)


def doubts(issued: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """Promise: at most one doubt a reason between a paper's content and what it would be now.

    Empty when every figure would be the same. Another level of the whole sum says it all: nothing
    beside it is compared.
    """
    if issued.get("level") != now.get("level"):
        return (_doubt(DoubtReason.LEVEL, issued.get("level"), now.get("level")),)
    found: dict[DoubtReason, Doubt] = {}
    for reason in _PLAIN:
        if _plain(issued.get(reason.value)) != _plain(now.get(reason.value)):
            found[reason] = _doubt(reason, issued.get(reason.value), now.get(reason.value))
    for one in _by_month(_months(issued), _months(now)):
        found.setdefault(one.reason, one)
    if _needed(issued) != _needed(now) and DoubtReason.GRADE not in found:
        found.setdefault(DoubtReason.TABLE, _doubt(DoubtReason.TABLE, *_first_needed(issued, now)))
    return tuple(found.values())


def _by_month(
    issued: Mapping[tuple[int, int], Mapping[str, Any]],
    now: Mapping[tuple[int, int], Mapping[str, Any]],
) -> Iterable[Doubt]:
    for month in sorted(issued.keys() & now.keys()):
        before, after = issued[month], now[month]
        if before["level"] != after["level"]:
            yield _doubt(DoubtReason.LEVEL, before["level"], after["level"], month[0])
        elif before["predikat"] != after["predikat"]:
            yield _doubt(DoubtReason.PREDIKAT, before["predikat"], after["predikat"], month[0])
        elif _weight(before) != _weight(after):
            yield _doubt(DoubtReason.TABLE, _weight(before), _weight(after), month[0])
    if issued.keys() != now.keys():
        first = min(issued.keys() ^ now.keys())
        yield _doubt(DoubtReason.MONTHS, _spans(issued), _spans(now), first[0])


def _months(content: Mapping[str, Any]) -> dict[tuple[int, int], Mapping[str, Any]]:
    """The lines of a paper by month."""
    return {
        (line["year"], month): line
        for line in content.get("lines", ())
        for month in range(line["first_month"], line["last_month"] + 1)
    }


def _spans(months: Iterable[tuple[int, int]]) -> str:
    """Months like "1-7/2026, 9-12/2026"."""
    runs: list[list[int]] = []
    for year, month in sorted(months):
        if runs and runs[-1][0] == year and runs[-1][2] == month - 1:
            runs[-1][2] = month
        else:
            runs.append([year, month, month])
    return ", ".join(f"{first}-{last}/{year}" for year, first, last in runs)


def _weight(line: Mapping[str, Any]) -> str:
    """Percentage of the coefficient, in one form whatever the scale it was kept with."""
    return f"{line['percent']}% x {_plain(line['coefficient'])}"


def _plain(value: object) -> str:
    """A value to be compared; numbers without idle zeros."""
    text = str(value or "")
    try:
        return f"{Decimal(text).normalize():f}"
    except ArithmeticError:
        return text


def _needed(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Points that the next rank and level take, as the paper says."""
    return tuple(
        _plain((content.get(name) or {}).get("needed")) for name in ("rank_target", "level_target")
    )


def _first_needed(issued: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str]:
    pairs = zip(_needed(issued), _needed(now), strict=True)
    return next((before, after) for before, after in pairs if before != after)


def _doubt(reason: DoubtReason, before: object, after: object, year: int | None = None) -> Doubt:
    return Doubt(reason=reason, before=str(before or ""), after=str(after or ""), year=year)
