"""Practice in rating (latihan menilai): one rater's levels on the same cases beside others'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ratings import Level, Predikat
from engine.domain.spread import Sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

#: levels as whole numbers, so that means and spreads are exact
POINTS: Final[Mapping[Level, int]] = {Level.DI_BAWAH: 1, Level.SESUAI: 2, Level.DI_ATAS: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What somebody made of a case."""

    result: Level
    behaviour: Level
    predikat: Predikat


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sample case with what its authors think, and why."""

    id: str
    title: str
    reference: Verdict
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSpread:
    """One case as the rater and all others saw it."""

    case: Case
    mine: Verdict
    #: others per predikat; those with nobody left out
    predikats: Mapping[Predikat, int]
    others: int

    @property
    def as_reference(self) -> bool:
        """Whether the rater and the reference say the same."""
        return self.mine == self.case.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """All cases of a rater, and how lenient and how varied his levels are."""

    cases: Sequence[CaseSpread]
    mine: Sums
    others: Sums
    reference: Sums

    @property
    def above_others(self) -> Decimal:
        """Mean level above (+) or below (-) that of the others."""
        return self.mine.above(self.others)

    @property
    def above_reference(self) -> Decimal:
        """Mean level above (+) or below (-) the reference."""
        return self.mine.above(self.reference)


def spread(
    cases: Sequence[Case],
    mine: Mapping[str, Verdict],
    others: Mapping[str, Sequence[Verdict]],
) -> Spread:
    """Promise: the rater's verdicts beside the others', by case id; he rated every case."""
    seen = [
        CaseSpread(
            case=case,
            mine=mine[case.id],
            predikats=_counted(others.get(case.id, ())),
            others=len(others.get(case.id, ())),
        )
        for case in cases
    ]
    return Spread(
        cases=seen,
        mine=_sums(mine[case.id] for case in cases),
        others=_sums(verdict for case in cases for verdict in others.get(case.id, ())),
        reference=_sums(case.reference for case in cases),
    )


def _counted(verdicts: Iterable[Verdict]) -> dict[Predikat, int]:
    given = [verdict.predikat for verdict in verdicts]
    return {one: given.count(one) for one in Predikat if one in given}


def _sums(verdicts: Iterable[Verdict]) -> Sums:
    """Result and behaviour levels together."""
    points = [
        POINTS[level] for verdict in verdicts for level in (verdict.result, verdict.behaviour)
    ]
    return Sums(people=len(points), total=sum(points), squares=sum(p * p for p in points))
