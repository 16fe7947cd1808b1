"""Forecasts of attainment: the only place that calculates with floats and knows numpy."""

from __future__ import annotations

from engine.forecasting.ridge import RidgeForecaster

__all__ = ["RidgeForecaster"]
