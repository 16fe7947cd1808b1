"""When timers fire: ISO 8601 dates, durations and cycles, and cron; months and days are local."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from engine.runtime.faults import Fault

if TYPE_CHECKING:
    from datetime import date

_DURATION: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?"
)
_MAX_YEAR: Final = 9000
_CRON_FIELDS: Final = (5, 6)
#: how many months-long gaps are walked before a cycle is called broken
_WALK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time whose months and days follow the calendar of a zone."""

    months: int
    days: int
    seconds: timedelta

    def after(self, at: datetime, zone: tzinfo) -> datetime:
        """The moment that lies this span after `at`, in UTC."""
        if self.months or self.days:
            local = at.astimezone(zone).replace(tzinfo=None)
            local = _plus_months(local, self.months) + timedelta(days=self.days)
            at = local.replace(tzinfo=zone).astimezone(UTC)
        return at + self.seconds

    @property
    def empty(self) -> bool:
        """No time at all."""
        return not (self.months or self.days or self.seconds)


@dataclass(frozen=True, slots=True)
class Alarm:
    """The next firing of a timer, and what comes after it."""

    #: aware UTC
    due: datetime
    #: firings left, this one included; None: for ever
    left: int | None
    #: span or cron text of a cycle; empty: fires once
    rule: str


def _plus_months(local: datetime, months: int) -> datetime:
    if not months:
        return local
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if year > _MAX_YEAR:
        raise Fault("expression", "the timer lies too far in the future")
    first = datetime(year, month + 1, 1)  # noqa: DTZ001 - wall clock of the agency
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return local.replace(year=year, month=month + 1, day=min(local.day, last.day))


def read_span(text: str) -> Span:
    """Read an ISO 8601 duration; `Fault` when it is none, or negative."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or text.strip()[-1] in "PT":
        raise Fault("expression", f"'{text}' is no ISO 8601 duration such as P14D or PT36H")
    years, months, weeks, days, hours, minutes, seconds = (int(p or 0) for p in match.groups()[:7])
    micro = int(((match.group(8) or "") + "000000")[:6])
    try:
        length = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)
    except OverflowError:
        raise Fault("expression", f"'{text}' is too long") from None
    return Span(years * 12 + months, weeks * 7 + days, length)


def read_moment(value: Any, zone: tzinfo, what: str, *, at: time = time.min) -> datetime:
    """A date and time with offset or zone, or a date (at that hour of the agency's day), as UTC."""
    text = str(value).strip()
    place: tzinfo | None = None
    base, _, name = text.partition("@")
    try:
        if name:
            place = ZoneInfo(name)
        if len(base) == len("2026-01-01"):
            return _on_day(datetime.fromisoformat(base).date(), at, place or zone)
        moment = datetime.fromisoformat(base)
    except (ValueError, KeyError, OSError):
        raise Fault("expression", f"{what}: '{text}' is no ISO 8601 date and time") from None
    if place is not None:
        moment = moment.replace(tzinfo=place)
    if moment.tzinfo is None:
        raise Fault("expression", f"{what}: '{text}' needs an offset or a zone")
    return moment.astimezone(UTC)


def _on_day(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def once_after(text: str, now: datetime, zone: tzinfo) -> Alarm:
    """The alarm of a duration."""
    return Alarm(_bounded(read_span(text), now, zone), 1, "")


def cycle(text: str, now: datetime, zone: tzinfo) -> Alarm:
    """The first alarm of `R3/PT1H`, `R/2026-01-01T00:00:00Z/P1D`, or a cron of 5 or 6 fields."""
    parts = [p.strip() for p in text.strip().split("/")]
    if not parts[0].startswith("R") or not (parts[0] == "R" or parts[0][1:].isdigit()):
        return Alarm(_cron(text, now, zone), None, text.strip())
    left = int(parts[0][1:]) if parts[0] != "R" else None
    if left == 0 or len(parts) not in {2, 3}:
        raise Fault("expression", f"'{text}' is no cycle such as R3/PT1H")
    span = read_span(parts[-1])
    if span.empty:
        raise Fault("expression", f"'{text}' repeats without any time between")
    if len(parts) == 3:  # noqa: PLR2004 - with a start
        first = read_moment(parts[1], zone, "cycle")
        return _going_on(Alarm(first, left, parts[-1]), now, zone) or Alarm(now, 1, "")
    return Alarm(_bounded(span, now, zone), left, parts[-1])


def following(alarm: Alarm, now: datetime, zone: tzinfo) -> Alarm | None:
    """What comes after an alarm that fired now; missed firings are spent in this one."""
    if not alarm.rule or alarm.left == 1:
        return None
    if not alarm.rule.startswith("P"):
        return Alarm(_cron(alarm.rule, max(now, alarm.due), zone), None, alarm.rule)
    step = Alarm(_bounded(read_span(alarm.rule), alarm.due, zone), _less(alarm.left), alarm.rule)
    return _going_on(step, now, zone, strict=True)


def _going_on(alarm: Alarm, now: datetime, zone: tzinfo, *, strict: bool = False) -> Alarm | None:
    """Pass over firings that lie before now (at now too, when strict)."""
    span = read_span(alarm.rule)
    due, left = alarm.due, alarm.left
    if not span.months and not span.days and due < now:
        missed = (now - due) // span.seconds
        due += span.seconds * missed
        left = None if left is None else left - missed
    for _ in range(_WALK):
        if left is not None and left <= 0:
            return None
        if due > now or (due == now and not strict):
            return Alarm(due, left, alarm.rule)
        due, left = _bounded(span, due, zone), _less(left)
    raise Fault("expression", f"cycle {alarm.rule} has no end to catch up with")


def _less(left: int | None) -> int | None:
    return None if left is None else left - 1


def _bounded(span: Span, at: datetime, zone: tzinfo) -> datetime:
    try:
        return span.after(at, zone)
    except (OverflowError, ValueError):
        raise Fault("expression", "the timer lies too far in the future") from None


def _cron(text: str, now: datetime, zone: tzinfo) -> datetime:
    fields = text.replace("?", "*").upper().split()
    if len(fields) not in _CRON_FIELDS:
        raise Fault("expression", f"'{text}' is neither a cycle such as R3/PT1H nor a cron text")
    try:
        moment = next(CronSim(" ".join(fields), now.astimezone(zone)))
    except (CronSimError, StopIteration):
        raise Fault("expression", f"'{text}' is no cron text that ever fires") from None
    return moment.astimezone(UTC)
