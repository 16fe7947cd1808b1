"""When a letter may leave: digests have their moment, quiet hours hold everything back."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.usecases.ports.workplace import Digest

if TYPE_CHECKING:
    from engine.usecases.ports.workplace import Preference

#: when a digest leaves, by the clock of the recipient's agency
DIGEST_AT: Final = time(7, 0)
_MINUTES = 60


def leaves_at(
    chosen: Preference, now: datetime, zone: str, *, waited: bool = False, urgent: bool = False
) -> datetime:
    """The first moment from `now` at which a letter to this person may leave, in UTC.

    `waited`: the moment of its digest has come already; `urgent`: it belongs to no digest. Quiet
    hours hold either back.
    """
    there = now.astimezone(ZoneInfo(zone))
    moment = there if waited or urgent else _digest(chosen.digest, there)
    return _after_quiet(chosen, moment).astimezone(UTC)


def _digest(every: Digest, there: datetime) -> datetime:
    if every is Digest.EACH:
        return there
    moment = there.replace(hour=DIGEST_AT.hour, minute=DIGEST_AT.minute, second=0, microsecond=0)
    if moment <= there:
        moment += timedelta(days=1)
    if every is Digest.WEEKLY:
        moment += timedelta(days=-moment.weekday() % 7)
    return moment


def _after_quiet(chosen: Preference, moment: datetime) -> datetime:
    begins, ends = chosen.quiet_from_min, chosen.quiet_to_min
    minute = moment.hour * _MINUTES + moment.minute
    over_night = begins > ends
    inside = (minute >= begins or minute < ends) if over_night else begins <= minute < ends
    if not inside:
        return moment
    end = moment.replace(hour=ends // _MINUTES, minute=ends % _MINUTES, second=0, microsecond=0)
    return end + timedelta(days=1) if over_night and minute >= begins else end
