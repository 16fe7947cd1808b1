"""How a forecast did on years that are over, beside "last value" and "straight line".

Each history is cut after a part of the year; a model learned from other histories says where it
ends. Nothing is judged here: the figures stand as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.forecasts import HIGHEST, LOWEST, WHOLE_CYCLE, History
from engine.forecasting.ridge import RidgeForecaster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.forecasts import Point
    from engine.forecasting.ridge import RidgeModel

#: percent that the interval promises to hold
PROMISED: Final = 80
#: parts of the year after which a history is cut, ten-thousandths
CUTS: Final = (2_600, 5_100, 7_600)
#: a cut with fewer points has no line
LEAST_POINTS: Final = 2
_FOLDS: Final = 5
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Told:
    """How three ways to forecast did on the same cuts: mean absolute errors, percent points."""

    cases: int
    model: float
    last: float
    line: float
    #: part of the ends that fell into the interval, and its mean width
    held: float
    width: float


def back_test(histories: Sequence[History], cuts: Sequence[int] = CUTS) -> dict[int, Told]:
    """Promise: errors at the end of the year by cut; each fold learns from the other four.

    A cut at which no history can be asked is missing.
    """
    found: dict[int, list[Told]] = {cut: [] for cut in cuts}
    for fold in range(_FOLDS):
        others = [one for n, one in enumerate(histories) if n % _FOLDS != fold]
        model = RidgeForecaster().learn(others)
        for whole in histories[fold::_FOLDS]:
            for cut in cuts:
                one = _asked(model, whole, cut)
                if one is not None:
                    found[cut].append(one)
    return {cut: _mean(rows) for cut, rows in found.items() if rows}


HEADINGS: Final = ("cut after", "cases", "model", "last value", "straight line", "held", "width")


def table(told: Mapping[int, Told], headings: Sequence[str] = HEADINGS) -> list[str]:
    """Promise: the figures as lines of a table, a line a cut, under as many headings."""
    return [
        f"| {' | '.join(headings)} |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {cut // 100} % | {one.cases} | {one.model:.2f} | {one.last:.2f} |"
            f" {one.line:.2f} | {one.held:.0%} | {one.width:.1f} |"
            for cut, one in told.items()
        ),
    ]


def straight_line(points: Sequence[Point]) -> Decimal:
    """Promise: the least-squares line through the points, read at the end of the year."""
    count = len(points)
    times = [Decimal(one.elapsed_e4) / WHOLE_CYCLE for one in points]
    middle = sum(times, Decimal(0)) / count
    mean = sum((one.attainment for one in points), Decimal(0)) / count
    spread = sum(((time - middle) ** 2 for time in times), Decimal(0))
    rise = Decimal(0)
    for time, one in zip(times, points, strict=True):
        rise += (time - middle) * (one.attainment - mean)
    end = mean + (rise / spread if spread else Decimal(0)) * (1 - middle)
    return max(LOWEST, min(HIGHEST, end)).quantize(_CENT)


def _asked(model: RidgeModel, whole: History, cut: int) -> Told | None:
    """One history asked after a cut; None where the year is not over, or nothing is left of it."""
    end = whole.points[-1] if whole.points else None
    points = tuple(one for one in whole.points if one.elapsed_e4 <= cut)
    if end is None or end.elapsed_e4 < WHOLE_CYCLE:
        return None
    if len(points) < LEAST_POINTS or len(points) == len(whole.points):
        return None
    said = model.forecast(History(indicator_id=whole.indicator_id, points=points), PROMISED)
    return Told(
        cases=1,
        model=float(abs(said.expected - end.attainment)),
        last=float(abs(points[-1].attainment - end.attainment)),
        line=float(abs(straight_line(points) - end.attainment)),
        held=float(said.low <= end.attainment <= said.high),
        width=float(said.high - said.low),
    )


def _mean(rows: Sequence[Told]) -> Told:
    def of(name: str) -> float:
        return sum(float(getattr(row, name)) for row in rows) / len(rows)

    return Told(len(rows), of("model"), of("last"), of("line"), of("held"), of("width"))
