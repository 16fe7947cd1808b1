"""Regu's own paths for forecasts: one's own, and early warnings that are open to others.

A forecast is no rating (perkiraan, bukan penilaian): no other path carries one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from api.door import actor, house
from api.shapes import moment
from api.shapes import text as words
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases.forecasting import own_forecasts, unit_warnings

if TYPE_CHECKING:
    from engine.usecases.forecasting import Outlook
    from engine.usecases.ports.forecasts import Cluster, WarningRow

# ruff: noqa: N815

paths = Paths("forecasting", "/api", "Forecasts of attainment: no rating, the employee sees first.")


class DriverShape(Schema):
    """A reason, and by how many percent points it moves the forecast."""

    kind = words()
    points = words()


class ForecastShape(Schema):
    """Attainment expected at the end of the cycle: last plus all drivers is expected."""

    last = words()
    expected = words()
    low = words()
    high = words()
    drivers = fields.List(fields.Nested(DriverShape))
    recordedPeriods = fields.Integer()


class OutlookShape(Schema):
    """An indicator with its forecast, or why there is none."""

    indicatorId = words()
    result = words()
    indicator = words()
    forecast = fields.Nested(ForecastShape, allow_none=True)
    lack = words(null=True)


class OwnForecastsShape(Schema):
    """One's own forecasts."""

    cycleId = words()
    intervalPercent = fields.Integer()
    items = fields.List(fields.Nested(OutlookShape))


class WarningShape(Schema):
    """An early warning that is open to who leads the unit."""

    id = words()
    personId = words()
    name = words()
    result = words()
    indicator = words()
    last = words()
    expected = words()
    low = words()
    high = words()
    driver = words()
    at = moment()
    need = words(null=True)
    competency = words(null=True)
    offer = words(null=True)


class ClusterShape(Schema):
    """People with the same need; never fewer than three."""

    aspect = words(null=True)
    need = words(null=True)
    competency = words(null=True)
    people = fields.Integer()
    units = fields.Integer()


class WarningsShape(Schema):
    """Early warnings, by name, and what people ask for."""

    cycleId = words()
    items = fields.List(fields.Nested(WarningShape))
    trainingNeeds = fields.List(fields.Nested(ClusterShape))


@paths.operation("GET", "/me/forecasts", answer=OwnForecastsShape, query=CycleQuery, errors=(404,))
def get_own_forecasts(query: dict[str, Any]) -> dict[str, Any]:
    """Where one's own indicators are expected to end this year; no rating."""
    found = own_forecasts(house(), actor(), query.get("cycle"))
    return {
        "cycleId": found.cycle.id,
        "intervalPercent": found.rules.interval_percent,
        "items": [_outlook(row) for row in found.rows],
    }


@paths.operation(
    "GET", "/early-warnings", answer=WarningsShape, query=CycleQuery, errors=(403, 404)
)
def get_early_warnings(query: dict[str, Any]) -> dict[str, Any]:
    """Early warnings of one's units that their employees saw, or whose days are over."""
    found = unit_warnings(house(), actor(), query.get("cycle"), limit=1_000)
    return {
        "cycleId": found.cycle.id,
        "items": [_warning(row) for row in found.rows],
        "trainingNeeds": [_cluster(one) for one in found.clusters],
    }


def _outlook(row: Outlook) -> dict[str, Any]:
    said = row.forecast
    return {
        "indicatorId": row.track.indicator_id,
        "result": row.track.title,
        "indicator": row.track.text,
        "lack": row.lack,
        "forecast": said
        and {
            "last": str(said.last),
            "expected": str(said.expected),
            "low": str(said.low),
            "high": str(said.high),
            "drivers": [{"kind": one.kind, "points": str(one.points)} for one in said.drivers],
            "recordedPeriods": said.points,
        },
    }


def _warning(row: WarningRow) -> dict[str, Any]:
    one = row.warning
    return {
        "id": one.id,
        "personId": one.person_id,
        "name": row.name,
        "result": row.title,
        "indicator": row.text,
        "last": str(one.last),
        "expected": str(one.expected),
        "low": str(one.low),
        "high": str(one.high),
        "driver": one.driver,
        "at": one.at,
        "need": one.need,
        "competency": one.competency,
        "offer": one.offer,
    }


def _cluster(one: Cluster) -> dict[str, Any]:
    return {
        "aspect": one.aspect,
        "need": one.need,
        "competency": one.competency,
        "people": one.people,
        "units": one.units,
    }
