from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.usecases.letter_hours import leaves_at
from engine.usecases.ports.workplace import Digest, Preference

ZONE = "Asia/Makassar"
#: quiet hours 21.00 to 06.00, and 12.00 to 13.00
NIGHT, NOON = (1260, 360), (720, 780)


def chosen(digest=Digest.EACH, quiet=(0, 0)):
    return Preference(person_id="p", digest=digest, quiet_from_min=quiet[0], quiet_to_min=quiet[1])


def at(day, time):
    """A moment of June 2026 by the agency's clock; the 1st is a Monday."""
    hour, minute = time.split(".")
    return datetime(2026, 6, day, int(hour), int(minute), tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("choice", "now", "leaves"),
    [
        (chosen(), at(2, "03.00"), at(2, "03.00")),
        (chosen(quiet=NIGHT), at(2, "20.59"), at(2, "20.59")),
        (chosen(quiet=NIGHT), at(2, "21.00"), at(3, "06.00")),
        (chosen(quiet=NIGHT), at(2, "05.59"), at(2, "06.00")),
        (chosen(quiet=NIGHT), at(2, "06.00"), at(2, "06.00")),
        (chosen(quiet=NOON), at(2, "12.30"), at(2, "13.00")),
        (chosen(Digest.DAILY), at(2, "06.00"), at(2, "07.00")),
        (chosen(Digest.DAILY), at(2, "07.00"), at(3, "07.00")),
        (chosen(Digest.WEEKLY), at(1, "06.00"), at(1, "07.00")),
        (chosen(Digest.WEEKLY), at(1, "08.00"), at(8, "07.00")),
        (chosen(Digest.WEEKLY), at(6, "12.00"), at(8, "07.00")),
        (chosen(Digest.DAILY, (1260, 480)), at(2, "12.00"), at(3, "08.00")),
    ],
)
def test_a_letter_leaves_at_its_hour_by_the_clock_of_the_agency(choice, now, leaves):
    assert leaves_at(choice, now, ZONE) == leaves


def test_what_is_urgent_waits_for_no_digest_but_for_the_end_of_quiet_hours():
    weekly = chosen(Digest.WEEKLY, NIGHT)
    assert leaves_at(weekly, at(2, "12.00"), ZONE, urgent=True) == at(2, "12.00")
    assert leaves_at(weekly, at(2, "23.00"), ZONE, urgent=True) == at(3, "06.00")


def test_a_letter_never_leaves_in_quiet_hours_nor_later_than_eight_days():
    minutes = [chosen(digest, quiet) for digest in Digest for quiet in (NIGHT, NOON, (0, 0))]
    for choice in minutes:
        for step in range(0, 7 * 24 * 60, 37):
            now = at(1, "00.00") + timedelta(minutes=step)
            found = leaves_at(choice, now, ZONE)
            again = leaves_at(choice, found, ZONE, waited=True)
            assert now.astimezone(UTC) <= found == again < now + timedelta(days=8)
