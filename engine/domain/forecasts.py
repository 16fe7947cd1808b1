"""Forecast of attainment at the end of a cycle (perkiraan, bukan penilaian), and who may see it.

A forecast never rates: it has no word of the scale, no rule of a rating reads it, and nothing is
decided by it. Source: article 001 dimension +D (analitik data adaptif); Regu's own design.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Malformed

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.domain.coaching import Competency
    from engine.domain.indicators import Aspect

#: a whole cycle, in ten-thousandths
WHOLE_CYCLE: Final = 10_000
#: attainment is never forecast outside of what the store holds
LOWEST: Final = Decimal("0.00")
HIGHEST: Final = Decimal("120.00")
#: a group smaller than this is not shown: its people could be told apart
LEAST_IN_A_CLUSTER: Final = 3


class DriverKind(StrEnum):
    """What moves a forecast away from the last recorded value."""

    #: the line through the recorded values, carried on
    TREND = "trend"
    #: the way back to the mean of what was recorded
    RETURN = "return"
    #: periods without a record
    SILENCE = "silence"
    #: what happens to most indicators of the agency in the time that is left
    SEASON = "season"
    #: attainment stays between nothing and its cap
    LIMIT = "limit"


class Lack(StrEnum):
    """Why nothing is forecast (belum cukup data)."""

    #: the indicator has too few recorded periods
    FEW_POINTS = "few_points"
    #: the agency has too few histories to learn from
    FEW_HISTORIES = "few_histories"
    #: the last period is recorded; nothing is left to forecast
    ENDED = "ended"


class Need(StrEnum):
    """What the employee says he needs, after he saw an early warning."""

    #: nothing: he knows and handles it
    NOTHING = "nothing"
    #: to learn something
    TRAINING = "training"
    #: somebody who guides him
    COACHING = "coaching"
    #: tools, people, data or money
    MEANS = "means"
    #: to talk about the target
    TARGET = "target"
    #: what is recorded is wrong
    RECORD = "record"


class Offer(StrEnum):
    """What the lead offers; none of it is a measure against anybody."""

    #: guidance at work (bimbingan kinerja)
    COACHING = "coaching"
    #: a talk
    TALK = "talk"
    #: training, through the development plan
    TRAINING = "training"
    #: tools, people, data or money
    MEANS = "means"
    #: nothing beyond what runs already
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was recorded for a period."""

    #: how much of the cycle had passed at its end, 1 to 10,000
    elapsed_e4: int
    #: percent, 0 to 120, scale 2
    attainment: Decimal
    #: periods without a record since the point before
    silent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An indicator's recorded periods of one cycle, oldest first."""

    #: the indicator
    indicator_id: str
    #: each recorded period
    points: tuple[Point, ...]
    #: periods that ended without a record since the last point
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One reason and by how many percent points it moves the forecast."""

    kind: DriverKind
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Attainment expected at the end of the cycle: last + all drivers = expected, exactly."""

    #: the last recorded attainment
    last: Decimal
    #: the middle
    expected: Decimal
    #: the interval within which `interval_percent` of 100 such forecasts are to fall
    low: Decimal
    high: Decimal
    #: reasons, the strongest first
    drivers: tuple[Driver, ...]
    #: recorded periods it rests on
    points: int
    #: pairs of recorded values the model learned from
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRules:
    """The agency's own settings, filled from its decision `forecast_rules`."""

    #: recorded periods an indicator needs
    min_points: int
    #: pairs of recorded values that the agency needs
    min_pairs: int
    #: share of forecasts that the interval is to hold, percent
    interval_percent: int
    #: an early warning below this expected attainment, percent
    warn_below: Decimal
    #: working days in which only the employee sees an early warning
    first_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """Peringatan dini: the forecast as it stood, and what people said to it."""

    #: UUIDv7 text
    id: str
    #: the agency
    agency_id: str
    #: the employee
    person_id: str
    #: in which cycle
    cycle_id: str
    #: about which indicator
    indicator_id: str
    #: the period with the last record that it rests on
    period_id: str
    #: what the indicator measures
    aspect: Aspect
    #: the last recorded attainment
    last: Decimal
    #: the forecast
    expected: Decimal
    low: Decimal
    high: Decimal
    #: its strongest reason
    driver: DriverKind
    #: recorded periods it rests on
    points: int
    #: when it was made
    at: datetime
    #: from when others may read it though he did not look
    opens_at: datetime
    #: when he saw it
    seen_at: datetime | None = None
    #: what he needs
    need: Need | None = None
    #: which competency, when he needs training
    competency: Competency | None = None
    #: his words
    words: str = ""
    #: who offered something
    offered_by: str | None = None
    #: what was offered
    offer: Offer | None = None
    #: words of the offer
    offer_words: str = ""


def elapsed_e4(starts_on: date, ends_on: date, day: date) -> int:
    """Promise: how much of the cycle has passed at the end of a day, 1 to 10,000, rounded down."""
    whole = (ends_on - starts_on).days + 1
    if whole < 1:
        raise Malformed("cycle", whole, "ends before it begins")
    passed = (day - starts_on).days + 1
    return max(1, min(WHOLE_CYCLE, passed * WHOLE_CYCLE // whole))


def lack_of(history: History, pairs: int, rules: ForecastRules) -> Lack | None:
    """Promise: why nothing is forecast, None when it may be."""
    if history.points and history.points[-1].elapsed_e4 >= WHOLE_CYCLE:
        return Lack.ENDED
    if len(history.points) < rules.min_points:
        return Lack.FEW_POINTS
    return Lack.FEW_HISTORIES if pairs < rules.min_pairs else None


def warns(forecast: Forecast, rules: ForecastRules) -> bool:
    """Promise: whether the employee is told early: the middle lies below what the agency set."""
    return forecast.expected < rules.warn_below


def open_to_others(warning: EarlyWarning, now: datetime) -> bool:
    """Promise: the employee first: others read it once he saw it, or once his days are over."""
    return warning.seen_at is not None or now >= warning.opens_at


def see(warning: EarlyWarning, at: datetime) -> EarlyWarning:
    """Promise: seen by the employee; again it stays as it was seen first."""
    return warning if warning.seen_at else replace(warning, seen_at=at)


def answer(
    warning: EarlyWarning, at: datetime, need: Need, competency: Competency | None, words: str
) -> EarlyWarning:
    """Promise: what the employee needs, in his words; a competency stands beside training only."""
    kept = competency if need is Need.TRAINING else None
    return replace(see(warning, at), need=need, competency=kept, words=words)
