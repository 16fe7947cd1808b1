"""How values read on a page: id-ID dates and numbers, WIB/WITA/WIT, grouped NIP, shares in %."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from forms.nip import grouped
from web.language import agency_zone
from web.wording import reader_locale

if TYPE_CHECKING:
    from fractions import Fraction

    from flask import Flask

DateStyle = Literal["full", "long", "medium", "short"]
_WIB: Final = dt.timedelta(hours=7)
ZONES: Final = {
    _WIB: "WIB",
    dt.timedelta(hours=8): "WITA",
    dt.timedelta(hours=9): "WIT",
}
#: what stands where there is no value
NOTHING: Final = "\u2013"
#: decimals shown of a share, a point or an attainment
FINE: Final = "#,##0.00"
COARSE: Final = "#,##0.##"


def register(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        day=day, moment=moment, clock=clock, number=number, percent=percent, points=points,
        nip=grouped, exact=exact, number4=number4, ratio=ratio, predikat=predikat,
    )  # fmt: skip


def day(value: dt.date | dt.datetime | str | None, style: DateStyle = "long") -> str:
    """Like "21 November 2026"; an ISO text is read first; nothing for None."""
    found = _read(value) if isinstance(value, str) else value
    if isinstance(found, dt.datetime):
        found = found.astimezone(agency_zone()).date()
    if found is None:
        return NOTHING
    return format_date(found, style, locale=reader_locale())


def month(value: dt.date) -> str:
    """Like "November 2026"."""
    return format_date(value, "MMMM y", locale=reader_locale())


def moment(value: dt.datetime | str | None) -> str:
    """Like "21 Nov 2026 14.05 WIB" in the agency's zone; nothing for None."""
    if isinstance(value, str):
        read = _read(value)
        value = read if isinstance(read, dt.datetime) else None
    if value is None:
        return NOTHING
    local = value.astimezone(agency_zone())
    pattern = "d MMM y HH.mm" if reader_locale().language == "id" else "d MMM y HH:mm"
    text = format_datetime(local.replace(tzinfo=None), pattern, locale=reader_locale())
    return f"{text} {zone_name(local)}"


def clock(value: dt.datetime | None) -> str:
    """Like "14.05" in the agency's zone: for what happened just now; nothing for None."""
    if value is None:
        return NOTHING
    pattern = "HH.mm" if reader_locale().language == "id" else "HH:mm"
    local = value.astimezone(agency_zone()).replace(tzinfo=None)
    return format_datetime(local, pattern, locale=reader_locale())


def zone_name(local: dt.datetime) -> str:
    """WIB, WITA or WIT; elsewhere the offset."""
    return ZONES.get(local.utcoffset() or dt.timedelta(), local.strftime("UTC%z"))


def number(value: Decimal | int | None) -> str:
    """Like "1.234,5"; at most two decimals."""
    return NOTHING if value is None else format_decimal(value, COARSE, locale=reader_locale())


def exact(value: Decimal | int | None) -> str:
    """Like "101,97": always two decimals."""
    return NOTHING if value is None else format_decimal(value, FINE, locale=reader_locale())


def number4(value: Decimal | None) -> str:
    """Like "21,6" to four decimals, the scale of the index's lines."""
    return NOTHING if value is None else format_decimal(value, "#,##0.00##", locale=reader_locale())


def ratio(value: Fraction | None) -> str:
    """Like "1,125": a fraction to three decimals."""
    if value is None:
        return NOTHING
    shown = Decimal(value.numerator) / Decimal(value.denominator)
    return format_decimal(shown, "#,##0.00#", locale=reader_locale())


def predikat(value: object) -> str:
    """The predikat as the regulation writes it."""
    return str(getattr(value, "value", value)).replace("_", " ").title()


def percent(share_bp: int | None) -> str:
    """Like "16,67%" of basis points."""
    if share_bp is None:
        return NOTHING
    return format_decimal(Decimal(share_bp) / 100, COARSE, locale=reader_locale()) + "%"


def points(points_e4: int | None) -> str:
    """Like "7,2" of points scaled by 10,000."""
    if points_e4 is None:
        return NOTHING
    return format_decimal(Decimal(points_e4) / 10_000, "#,##0.####", locale=reader_locale())


def _read(text: str) -> dt.date | dt.datetime | None:
    try:
        return (
            dt.date.fromisoformat(text)
            if len(text) == len("2026-01-31")
            else (dt.datetime.fromisoformat(text))
        )
    except ValueError:
        return None
