"""A page of the timeline grouped by day, week or month, and what its entries say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_date

from engine.usecases.moments import Wanted
from engine.usecases.ports.talks import MomentKind
from web.formats import day as day_text
from web.language import agency_zone
from web.paging import ROWS
from web.pictures.sparkline import Sparkline, sparkline
from web.readings.talk_words import MOMENTS, word
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.usecases.moments import Curve, Told
    from engine.usecases.ports.talks import Moment

#: `per` in the query -> its name
GROUPS: Final[Mapping[str, object]] = {
    "hari": _l("Day"),
    "minggu": _l("Week"),
    "bulan": _l("Month"),
}
#: an address of the timeline names its place as "2026-05-04T03:02:01.000005+00:00~id"
_PARTS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveRow:
    """One indicator with its picture."""

    curve: Curve
    picture: Sparkline
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries of one day, week or month."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: the moment, its row, and further rows written in the same breath."""

    moment: Moment
    row: Any
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The query as the filter shows it again."""

    kind: str
    per: str
    since: str
    until: str


def asked_of(args: Mapping[str, str]) -> tuple[Asked, Wanted]:
    """What the query asks for; nonsense is left out."""
    asked = Asked(
        kind=args.get("jenis", ""),
        per=args.get("per", "minggu") if args.get("per", "minggu") in GROUPS else "minggu",
        since=args.get("dari", ""),
        until=args.get("sampai", ""),
    )
    known = {kind.value: kind for kind in MomentKind}
    last = _start_of(asked.until)
    return asked, Wanted(
        kinds=(known[asked.kind],) if asked.kind in known else (),
        since=_start_of(asked.since),
        until=last + timedelta(days=1) if last else None,
        after=_place(args.get("after", "")),
        limit=ROWS + 1,
    )


def grouped(shown: Sequence[tuple[Moment, object]], per: str) -> list[Group]:
    """Promise: entries in their order under one heading for each day, week or month."""
    return [
        Group(title=title, entries=list(_entries(list(part))))
        for title, part in groupby(shown, key=lambda pair: _title(pair[0].at, per))
    ]


def curve_rows(told: Told) -> list[CurveRow]:
    """A picture for each indicator that was measured."""
    order = {period_id: number for number, period_id in enumerate(told.periods)}
    rows = []
    for curve in told.curves:
        points = [(order[period.id], one.attainment) for period, one in curve.points]
        if points:
            picture = sparkline(points, len(order))
            rows.append(CurveRow(curve=curve, picture=picture, label=_label(curve)))
    return rows


def curves_table(told: Told) -> Table:
    """What every indicator came to in every period: the table behind the pictures."""
    columns = (
        Column(_("Result")),
        Column(_("Indicator")),
        Column(_("Period")),
        Column(_("Realisation")),
        Column(_("Attainment"), Kind.NUMBER),
    )
    rows = [
        (
            curve.item.title,
            curve.indicator.text,
            period.name,
            one.actual_text or (f"{one.actual:f}" if one.actual is not None else ""),
            one.attainment,
        )
        for curve in told.curves
        for period, one in curve.points
    ]
    return Table("progres", _("Progress by indicator"), columns, rows)


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of entries with their names, for the filter."""
    return [(kind.value, word(MOMENTS, kind)) for kind in MomentKind]


def _entries(pairs: Sequence[tuple[Moment, object]]) -> Iterator[Entry]:
    """Results that were documented together stand in one entry."""
    for _key, part in groupby(pairs, key=_breath):
        rows = list(part)
        yield Entry(moment=rows[0][0], row=rows[0][1], rows=[row for _one, row in rows])


def _breath(pair: tuple[Moment, object]) -> tuple[object, ...]:
    moment, row = pair
    if moment.kind in (MomentKind.DOCUMENTATION, MomentKind.BLOCKER):
        return (moment.kind, moment.at, getattr(row, "period_id", ""))
    return (moment.kind, moment.id)


def _title(at: datetime, per: str) -> str:
    local = at.astimezone(agency_zone()).date()
    if per == "hari":
        return day_text(local, "full")
    if per == "bulan":
        return format_date(local, "LLLL y", locale=reader_locale())
    monday = local - timedelta(days=local.weekday())
    first, last = day_text(monday, "medium"), day_text(monday + timedelta(days=6), "medium")
    return _("%(first)s to %(last)s", first=first, last=last)


def _label(curve: Curve) -> str:
    period, last = curve.points[-1]
    return _(
        "%(indicator)s: %(value)s of 100 in %(period)s",
        indicator=curve.indicator.text,
        value=f"{last.attainment:f}",
        period=period.name,
    )


def _start_of(text: str) -> datetime | None:
    try:
        found = date.fromisoformat(text)
        return datetime.combine(found, time(), agency_zone()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _place(text: str) -> tuple[datetime, str] | None:
    parts = text.split("~")
    if len(parts) != _PARTS or not parts[1]:
        return None
    try:
        at = datetime.fromisoformat(parts[0])
        return (at.astimezone(UTC), parts[1]) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
