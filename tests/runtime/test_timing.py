"""Durations, dates, cycles and cron, in the zone of the agency."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.runtime import timing
from engine.runtime.faults import Fault

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("PT36H", "2026-02-01T12:00:00Z"),
        ("P1M", "2026-02-28T00:00:00Z"),
        ("P1Y2M3DT4H5M6S", "2027-04-03T04:05:06Z"),
        ("P2W", "2026-02-14T00:00:00Z"),
        ("PT0.5S", "2026-01-31T00:00:00.500000Z"),
    ],
)
def test_durations(text, end):
    assert timing.read_span(text).after(at("2026-01-31T00:00:00Z"), JAKARTA) == at(end)


@pytest.mark.parametrize("text", ["1 day", "P", "PT", "-PT1H", "P1H", "", "P1W2", "P1.5D"])
def test_what_is_no_duration_is_a_fault(text):
    with pytest.raises(Fault):
        timing.read_span(text)


def test_days_and_months_count_on_the_wall_of_the_agency():
    start = at("2026-03-28T23:30:00+01:00")
    day = timing.read_span("P1D").after(start, BERLIN)
    assert day == at("2026-03-29T23:30:00+02:00"), "23 hours over the change of the clock"
    assert timing.read_span("PT24H").after(start, BERLIN) == at("2026-03-30T00:30:00+02:00")
    month_end = timing.read_span("P1M").after(at("2026-01-31T20:00:00+07:00"), JAKARTA)
    assert month_end == at("2026-02-28T20:00:00+07:00")


def test_moments_need_an_offset_or_zone_but_days_are_the_agencys():
    assert timing.read_moment("2026-02-01", JAKARTA, "x") == at("2026-02-01T00:00:00+07:00")
    assert timing.read_moment("2026-02-01", JAKARTA, "x", at=time(23, 59)) == at(
        "2026-02-01T23:59:00+07:00"
    )
    assert timing.read_moment("2026-02-01T10:00:00@Asia/Makassar", JAKARTA, "x") == at(
        "2026-02-01T10:00:00+08:00"
    )
    for wrong in ("2026-02-01T10:00:00", "tomorrow", "2026-13-01", "2026-02-01T10:00@Mars/X"):
        with pytest.raises(Fault):
            timing.read_moment(wrong, JAKARTA, "x")


def test_a_cycle_with_a_start_waits_for_it():
    alarm = timing.cycle("R/2026-03-01T00:00:00Z/P1D", at("2026-01-01T00:00:00Z"), JAKARTA)
    assert alarm.due == at("2026-03-01T00:00:00Z")
    late = timing.cycle("R/2025-03-01T00:00:00Z/P1D", at("2026-01-01T12:00:00Z"), JAKARTA)
    assert late.due == at("2026-01-02T00:00:00Z")


def test_a_bounded_cycle_spends_what_it_missed():
    alarm = timing.cycle("R3/PT1H", at("2026-01-01T00:00:00Z"), JAKARTA)
    assert (alarm.due, alarm.left) == (at("2026-01-01T01:00:00Z"), 3)
    then = timing.following(alarm, at("2026-01-01T02:30:00Z"), JAKARTA)
    assert (then.due, then.left) == (at("2026-01-01T03:00:00Z"), 1)
    assert timing.following(then, at("2026-01-01T03:00:00Z"), JAKARTA) is None
    assert timing.following(alarm, at("2026-01-02T00:00:00Z"), JAKARTA) is None


def test_a_cycle_of_months_keeps_to_the_calendar():
    alarm = timing.cycle("R/P1M", at("2026-01-15T00:00:00+07:00"), JAKARTA)
    then = timing.following(alarm, at("2026-06-20T00:00:00+07:00"), JAKARTA)
    assert then.due == at("2026-07-15T00:00:00+07:00")


@pytest.mark.parametrize("text", ["R0/PT1H", "R3/PT0S", "R3", "R3/1h", "every day", "61 * * * *"])
def test_what_is_no_cycle_is_a_fault(text):
    with pytest.raises(Fault):
        timing.cycle(text, at("2026-01-01T00:00:00Z"), JAKARTA)


def test_cron_counts_in_the_agencys_zone():
    alarm = timing.cycle("0 0 9 ? * MON-FRI", at("2026-01-02T03:00:00Z"), JAKARTA)
    assert alarm.due == at("2026-01-05T09:00:00+07:00")
    assert timing.following(alarm, alarm.due, JAKARTA).due == at("2026-01-06T09:00:00+07:00")


def test_a_timer_too_far_away_is_a_fault():
    with pytest.raises(Fault):
        timing.once_after("P9999999Y", at("2026-01-01T00:00:00Z"), JAKARTA)
    with pytest.raises(Fault):
        timing.once_after("P99999999D", at("2026-01-01T00:00:00Z"), JAKARTA)
