"""Hints while a plan is written (SMART): advice that never blocks anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.indicators import Aspect, Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.plans import Indicator, PlanItem

#: more results than this in one role are hard to follow through a year
MANY_RESULTS: Final = 7
#: verbs of activity without an end, as first words of a result
_VAGUE: Final = frozenset(
    {
        "melaksanakan",
        "melakukan",
        "membantu",
        "mendukung",
        "menunjang",
        "mengikuti",
        "berpartisipasi",
        "memfasilitasi",
        "mengoptimalkan",
        "mengupayakan",
        "terlaksananya",
        "terbantunya",
    }
)
_DATE: Final = re.compile(
    r"\b(januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
    r"|triwulan|semester|kuartal|bulan|minggu|tanggal|hari|akhir tahun|tahun|tw|20\d\d)\b"
)
_WORD: Final = re.compile(r"\w+")


class HintCode(StrEnum):
    """What could be said more clearly."""

    #: no indicator of the result says how much
    NO_NUMBER = "no_number"
    #: nothing says by when
    NO_DATE = "no_date"
    #: a number without its unit
    NO_UNIT = "no_unit"
    #: the result begins with a verb that has no end
    VAGUE_VERB = "vague_verb"
    #: one role has more results than can be followed
    TOO_MANY_RESULTS = "too_many_results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One piece of advice."""

    #: what it is about
    code: HintCode
    #: the result; "" for the plan as a whole
    item_id: str


def smart_hints(item: PlanItem, indicators: Sequence[Indicator]) -> tuple[Hint, ...]:
    """Promise: what a result and its indicators leave open, in the order of `HintCode`."""
    found: list[HintCode] = []
    if not any(_says_how_much(one) for one in indicators):
        found.append(HintCode.NO_NUMBER)
    if not _says_when(item, indicators):
        found.append(HintCode.NO_DATE)
    if any(_has_number(one) and not one.unit.strip() for one in indicators):
        found.append(HintCode.NO_UNIT)
    first = _WORD.search(item.title.lower())
    if first is not None and first.group() in _VAGUE:
        found.append(HintCode.VAGUE_VERB)
    return tuple(Hint(code=code, item_id=item.id) for code in found)


def plan_hints(items: Sequence[PlanItem], indicators: Sequence[Indicator]) -> tuple[Hint, ...]:
    """Promise: the hints of every result in order, then those about the plan as a whole."""
    found: list[Hint] = []
    for item in items:
        found += smart_hints(item, [one for one in indicators if one.item_id == item.id])
    roles = [item.role for item in items]
    if any(roles.count(role) > MANY_RESULTS for role in set(roles)):
        found.append(Hint(code=HintCode.TOO_MANY_RESULTS, item_id=""))
    return tuple(found)


def _has_number(one: Indicator) -> bool:
    return one.target is not None or one.lower is not None


def _says_how_much(one: Indicator) -> bool:
    """A qualitative indicator says it in words, which are its target."""
    if one.direction is Direction.QUALITATIVE:
        return bool(one.target_text.strip())
    return _has_number(one)


def _says_when(item: PlanItem, indicators: Sequence[Indicator]) -> bool:
    if any(one.aspect is Aspect.WAKTU and _says_how_much(one) for one in indicators):
        return True
    words = [item.title, *(part for one in indicators for part in (one.text, one.target_text))]
    return any(_DATE.search(text.lower()) for text in words)
