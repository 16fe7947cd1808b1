"""The model behind forecasts; implemented in `engine.forecasting`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.forecasts import Forecast, History


class Model(Protocol):
    """What was learned from the histories of one agency."""

    @property
    def pairs(self) -> int:
        """Pairs of an earlier and a later recorded value that it learned from."""
        ...

    def forecast(self, history: History, interval_percent: int) -> Forecast:
        """Attainment at the end of the cycle; the history has one point at least."""
        ...


class Forecaster(Protocol):
    """Learns a model; the same histories give the same model."""

    def learn(self, histories: Sequence[History]) -> Model:
        """A model of these histories; of none one that expects the last value to stand."""
        ...
