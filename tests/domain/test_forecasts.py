"""Who may see an early warning when, and why nothing is forecast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.domain.errors import Malformed
from engine.domain.forecasts import (
    DriverKind,
    EarlyWarning,
    Forecast,
    ForecastRules,
    History,
    Lack,
    Point,
    elapsed_e4,
    lack_of,
    open_to_others,
    warns,
)
from engine.domain.indicators import Aspect

RULES = ForecastRules(
    min_points=2, min_pairs=30, interval_percent=80, warn_below=Decimal(90), first_days=5
)
NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)


def history(*elapsed):
    points = tuple(Point(elapsed_e4=one, attainment=Decimal("80.00")) for one in elapsed)
    return History(indicator_id="i", points=points)


def warning(**facts):
    return EarlyWarning(
        id="w", agency_id="a", person_id="p", cycle_id="c", indicator_id="i", period_id="t",
        aspect=Aspect.KUANTITAS, last=Decimal(70), expected=Decimal(75), low=Decimal(60),
        high=Decimal(90), driver=DriverKind.TREND, points=2, at=NOW,
        opens_at=NOW + timedelta(days=7), **facts,
    )  # fmt: skip


def test_the_elapsed_share_of_a_year_is_rounded_down_and_ends_whole():
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert elapsed_e4(*year, date(2026, 3, 31)) == 2465
    assert elapsed_e4(*year, date(2026, 12, 31)) == 10_000
    assert elapsed_e4(*year, date(2027, 2, 1)) == 10_000
    with pytest.raises(Malformed):
        elapsed_e4(year[1], year[0], year[0])


def test_too_few_records_say_so_before_anything_is_forecast():
    assert lack_of(history(2465), 100, RULES) is Lack.FEW_POINTS
    assert lack_of(history(), 100, RULES) is Lack.FEW_POINTS
    assert lack_of(history(2465, 4958), 29, RULES) is Lack.FEW_HISTORIES
    assert lack_of(history(2465, 10_000), 100, RULES) is Lack.ENDED
    assert lack_of(history(2465, 4958), 30, RULES) is None


def test_the_employee_sees_his_warning_first():
    told = warning()
    assert not open_to_others(told, NOW)
    assert not open_to_others(told, told.opens_at - timedelta(seconds=1))
    assert open_to_others(told, told.opens_at)
    assert open_to_others(warning(seen_at=NOW), NOW)


def test_a_warning_begins_below_the_middle_that_the_agency_set():
    low = Forecast(
        last=Decimal(80), expected=Decimal("89.99"), low=Decimal(80), high=Decimal(99),
        drivers=(), points=2, pairs=30,
    )  # fmt: skip
    assert warns(low, RULES)
    rules = ForecastRules(
        min_points=2, min_pairs=30, interval_percent=80, warn_below=Decimal("89.99"), first_days=5
    )
    assert not warns(low, rules)
