"""The workload analysis (ABK): how fully a job is used, and how many people its tasks take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import Violation
from engine.domain.people import AppointmentKind
from engine.domain.scales import WHOLE_BP, at_scale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.domain.people import Appointment

_MONTHS = 12
#: most of a volume a year; a year of 366 days has 8,784 hours
VOLUME_MAX = Decimal(1_000_000)
HOURS_MAX = Decimal(8_784)
NAME_MAX = 200
_VOLUME_SCALE, _HOURS_SCALE = 2, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask:
    """A task of a post (uraian tugas) with what a year of it takes."""

    #: UUIDv7 text
    id: str
    post_id: str
    name: str
    #: how often a year, above 0, scale 2
    volume: Decimal
    #: hours for each, above 0, scale 4
    hours: Decimal


def used(year_bp: int, person_months: int) -> Decimal:
    """Promise: full time per person of a job's people while they are there, scale 2.

    `year_bp` is the sum of all their months, basis points of one month; 0 without months.
    """
    if person_months == 0:
        return at_scale(Fraction(0), 2)
    return at_scale(Fraction(year_bp, WHOLE_BP * person_months), 2)


def people_of(person_months: int) -> Decimal:
    """Promise: people there in the mean of the twelve months, scale 2."""
    return at_scale(Fraction(person_months, _MONTHS), 2)


def posts_by_month(
    held: Iterable[tuple[Appointment, str]], year: int
) -> dict[int, tuple[Appointment, str]]:
    """Promise: month 1..12 to the definitive post, with its unit, whose month it is.

    A month is whole, as for functional credit: it is of the post held on its first day, else of
    the first taken up in it. Of posts held together the first by unit and id. Months without a
    post are missing. Shape: (appointment, unit of its post).
    """
    first = date(year, 1, 1)
    mine = [pair for pair in held if pair[0].kind is AppointmentKind.DEFINITIVE]
    mine.sort(key=lambda pair: (max(pair[0].valid_from, first), pair[1], pair[0].post_id))
    found: dict[int, tuple[Appointment, str]] = {}
    for pair in mine:
        for month in _touched(pair[0], year):
            found.setdefault(month, pair)
    return dict(sorted(found.items()))


def _touched(row: Appointment, year: int) -> range:
    last = date(year, 12, 31)
    if row.valid_to is not None:
        last = min(last, row.valid_to - timedelta(days=1))
    starts = max(row.valid_from, date(year, 1, 1))
    return range(starts.month, last.month + 1) if starts <= last else range(0)


def task_hours(tasks: Iterable[JobTask]) -> Decimal:
    """Promise: hours of a year that the tasks take, volume x hours each, scale 2."""
    return at_scale(_hours(tasks), 2)


def needed(tasks: Iterable[JobTask], effective_hours: int) -> Decimal:
    """Promise: people the tasks take: sum of volume x hours over effective hours, scale 2.

    Domain reference, section 7: 400 x 1.5 + 120 x 4 + 12 x 10 = 1,200 h over 1,250 is 0.96.
    """
    return at_scale(_hours(tasks) / effective_hours, 2)


def check_task(task: JobTask) -> tuple[Violation, ...]:
    """Promise: every field of a task that cannot stand, by name."""
    faults = {
        "name": not 0 < len(task.name.strip()) <= NAME_MAX,
        "volume": not _fits(task.volume, VOLUME_MAX, _VOLUME_SCALE),
        "hours": not _fits(task.hours, HOURS_MAX, _HOURS_SCALE),
    }
    return tuple(
        Violation(code=f"task_{field}", subject=field, message=f"the {field} cannot stand")
        for field, wrong in faults.items()
        if wrong
    )


def _hours(tasks: Iterable[JobTask]) -> Fraction:
    return sum((Fraction(one.volume) * Fraction(one.hours) for one in tasks), Fraction(0))


def _fits(value: Decimal, most: Decimal, scale: int) -> bool:
    if not value.is_finite() or not 0 < value <= most:
        return False
    return value == value.quantize(Decimal(1).scaleb(-scale))
