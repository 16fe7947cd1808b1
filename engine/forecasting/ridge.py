"""A small explained model: how far a value moves from the last one, by ridge regression.

For every pair of an earlier cut and a later recorded value of a history, the change is explained
by four things, each times the share of the cycle between the two: the slope of the values up to
the cut, the distance to their mean, the share of silent periods, and time itself. Ridge pulls the
four weights towards nothing, so that with little to learn from the last value stands. The
interval comes from errors on histories that the model had not seen (five folds): those whose
time between is nearest to the time that is left. Decision record 0020 says why no larger model.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.domain.forecasts import (
    HIGHEST,
    LOWEST,
    WHOLE_CYCLE,
    Driver,
    DriverKind,
    Forecast,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.forecasts import History, Point

    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    Counts = np.ndarray[tuple[int, ...], np.dtype[np.signedinteger]]

_KINDS: Final = (DriverKind.TREND, DriverKind.RETURN, DriverKind.SILENCE, DriverKind.SEASON)
#: how strongly weights are pulled to nothing, tried on unseen histories
_PULLS: Final = (0.01, 0.1, 1.0, 10.0, 100.0)
_FOLDS: Final = 5
#: errors that an interval is read from
_NEAREST: Final = 200
#: the interval is never narrower to one side, percent points: records are rounded by people
_NARROWEST: Final = 1.0
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class RidgeForecaster:
    """`Forecaster` on numpy."""

    def learn(self, histories: Sequence[History]) -> RidgeModel:
        """A model of these histories."""
        known = [one for one in histories if len(one.points) > 1]
        pairs = [_pairs(one) for one in known]
        if not any(len(changes) for _, changes, _ in pairs):
            return RidgeModel(np.zeros(len(_KINDS)), np.zeros(0), np.zeros(0), 0)
        features = np.vstack([rows for rows, _, _ in pairs])
        changes = np.concatenate([moved for _, moved, _ in pairs])
        spans = np.concatenate([span for _, _, span in pairs])
        folds = np.repeat(np.arange(len(known)) % _FOLDS, [len(moved) for _, moved, _ in pairs])
        tried = [_unseen(features, changes, folds, pull) for pull in _PULLS]
        best = min(range(len(_PULLS)), key=lambda n: float(np.mean(np.abs(tried[n]))))
        weights = _weights(features, changes, _PULLS[best])
        return RidgeModel(weights, tried[best], spans, len(changes))


@dataclass(frozen=True, slots=True, eq=False)
class RidgeModel:
    """`Model`: four weights, and the errors on unseen histories with the time between."""

    weights: Numbers
    errors: Numbers
    spans: Numbers
    pairs: int

    def forecast(self, history: History, interval_percent: int) -> Forecast:
        """Attainment at the end of the cycle with its interval and reasons."""
        points = history.points
        left = (WHOLE_CYCLE - points[-1].elapsed_e4) / WHOLE_CYCLE
        moved = _features(points, history.missed, left) * self.weights
        last = points[-1].attainment
        drivers = [
            Driver(kind=kind, points=_rounded(float(by)))
            for kind, by in zip(_KINDS, moved, strict=True)
        ]
        free = last + sum((one.points for one in drivers), Decimal(0))
        expected = _held(free)
        if expected != free:
            drivers.append(Driver(kind=DriverKind.LIMIT, points=expected - free))
        low, high = self._interval(left, interval_percent)
        return Forecast(
            last=last,
            expected=expected,
            low=_held(free - low),
            high=_held(free + high),
            drivers=tuple(
                sorted((one for one in drivers if one.points), key=lambda one: -abs(one.points))
            ),
            points=len(points),
            pairs=self.pairs,
        )

    def _interval(self, left: float, percent: int) -> tuple[Decimal, Decimal]:
        """How far below and above the middle."""
        if not len(self.errors):
            return (HIGHEST, HIGHEST)
        near = np.argsort(np.abs(self.spans - left), kind="stable")[:_NEAREST]
        errors = self.errors[near] * left / self.spans[near]
        tail = (100 - percent) / 200
        below, above = np.quantile(errors, [tail, 1 - tail])
        return (
            _rounded(max(_NARROWEST, -float(below))),
            _rounded(max(_NARROWEST, float(above))),
        )


def _pairs(history: History) -> tuple[Numbers, Numbers, Numbers]:
    """Features, change and span of every earlier cut and later value, two points at the least."""
    points = history.points
    rows, changes, spans = [], [], []
    for cut in range(2, len(points)):
        for later in points[cut:]:
            span = (later.elapsed_e4 - points[cut - 1].elapsed_e4) / WHOLE_CYCLE
            rows.append(_features(points[:cut], 0, span))
            changes.append(float(later.attainment - points[cut - 1].attainment))
            spans.append(span)
    shaped = np.array(rows, dtype=np.float64).reshape(len(rows), len(_KINDS))
    return shaped, np.array(changes, dtype=np.float64), np.array(spans, dtype=np.float64)


def _features(points: Sequence[Point], missed: int, span: float) -> Numbers:
    """What may explain the change over a span of the cycle, in the order of `_KINDS`."""
    times = np.array([one.elapsed_e4 / WHOLE_CYCLE for one in points])
    values = np.array([float(one.attainment) for one in points])
    slope = 0.0
    if len(points) > 1:
        away = times - times.mean()
        slope = float(away @ values / (away @ away))
    back = float(values.mean() - values[-1])
    missed += sum(one.silent for one in points)
    silent = 100.0 * missed / (missed + len(points))
    return np.array([slope, back, silent, 100.0]) * span


def _weights(features: Numbers, changes: Numbers, pull: float) -> Numbers:
    """Ridge on features of unit size, given back in their own size."""
    size = np.sqrt((features**2).mean(axis=0))
    size[size == 0] = 1.0
    scaled = features / size
    inner = scaled.T @ scaled + pull * np.eye(scaled.shape[1])
    found: Numbers = np.linalg.solve(inner, scaled.T @ changes) / size
    return found


def _unseen(features: Numbers, changes: Numbers, folds: Counts, pull: float) -> Numbers:
    """The error of each pair by weights learned from the other folds."""
    errors = np.zeros(len(changes))
    for fold in range(_FOLDS):
        mine = folds == fold
        if not mine.any():
            continue
        weights = _weights(features[~mine], changes[~mine], pull) if (~mine).any() else 0.0
        errors[mine] = changes[mine] - features[mine] @ np.broadcast_to(weights, len(_KINDS))
    return errors


def _rounded(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_CENT, rounding=ROUND_HALF_UP)


def _held(value: Decimal) -> Decimal:
    return max(LOWEST, min(HIGHEST, value)).quantize(_CENT)
