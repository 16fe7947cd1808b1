"""How fully a job is used, whose month it is, and how many people its tasks take."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.people import Appointment, AppointmentKind
from engine.domain.staffing import (
    JobTask,
    check_task,
    needed,
    posts_by_month,
    task_hours,
    used,
)


@pytest.mark.parametrize(
    ("year_bp", "months", "found"),
    [
        (120_000, 12, "1.00"),
        (108_000, 12, "0.90"),
        (240_000, 24, "1.00"),
        (70_000, 7, "1.00"),
        (0, 0, "0.00"),
    ],
)
def test_a_job_is_used_by_its_people_s_months_there(year_bp, months, found):
    assert used(year_bp, months) == Decimal(found)


def seat(key, valid_from, valid_to=None, kind=AppointmentKind.DEFINITIVE):
    return Appointment(
        id=key, person_id="x", post_id=key, kind=kind, valid_from=valid_from, valid_to=valid_to
    )


@pytest.mark.parametrize(
    ("moved", "last_month"),
    [(date(2026, 6, 1), 5), (date(2026, 6, 2), 6), (date(2026, 6, 30), 6), (date(2026, 7, 1), 6)],
)
def test_a_month_is_of_the_post_held_on_the_first_day_that_one_is_held(moved, last_month):
    rows = [
        (seat("old", date(2020, 1, 1), moved), "a"),
        (seat("new", moved), "b"),
        (seat("acting", date(2026, 1, 1), kind=AppointmentKind.PLT), "c"),
    ]
    found = posts_by_month(rows, 2026)
    assert [unit for _, unit in found.values()] == ["a"] * last_month + ["b"] * (12 - last_month)
    assert list(posts_by_month(rows, 2027)) == list(range(1, 13))
    assert posts_by_month(rows, 2019) == {}
    # who joins later in a month has it from that month on
    assert list(posts_by_month(rows[1:], 2026)) == list(range(moved.month, 13))


def task(volume, hours, name="x"):
    return JobTask(id=name, post_id="p", name=name, volume=Decimal(volume), hours=Decimal(hours))


def test_the_worked_example_of_the_reference_takes_096_people():
    tasks = [task("400", "1.5"), task("120", "4"), task("12", "10")]
    assert task_hours(tasks) == Decimal("1200.00")
    assert needed(tasks, 1250) == Decimal("0.96")
    assert needed(tasks, 1200) == Decimal("1.00")
    assert (needed([], 1250), task_hours([])) == (Decimal("0.00"), Decimal("0.00"))


@pytest.mark.parametrize(
    ("volume", "hours", "name", "codes"),
    [
        ("1", "0.0001", "x", []),
        ("0", "1", "x", ["volume"]),
        ("-1", "1", "x", ["volume"]),
        ("1", "0", "x", ["hours"]),
        ("1.001", "1", "x", ["volume"]),
        ("1", "0.00001", "x", ["hours"]),
        ("10000000", "9000", "x", ["volume", "hours"]),
        ("NaN", "Infinity", " ", ["name", "volume", "hours"]),
    ],
)
def test_a_task_has_a_name_and_a_volume_and_hours_above_0(volume, hours, name, codes):
    assert [fault.subject for fault in check_task(task(volume, hours, name))] == codes
