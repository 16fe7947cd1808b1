"""A place in a squad, weighed before it is taken, and the calls that are open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.usecases.open_calls import open_calls
from engine.usecases.places import PlaceAsk, place_effect
from web.context import actor, house
from web.readings.memberships import own_answers
from web.readings.places import effect_tables, load_columns
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("places", __name__)

_PERCENT = 100
#: basis points of one per cent
_BP = 100


@pages.get("/tempat")
def show() -> Response | str:
    """The effect of the place that the query names, the places offered, and open calls."""
    if actor().person_id is None:
        abort(404)
    ask, faults = _asked()
    found = place_effect(house(), actor(), ask) if _is_asked(ask) and not faults else None
    tables = effect_tables(found) if found else ()
    if (file := wanted(*tables)) is not None:
        return file
    return render_template(
        "pages/places.html",
        effect=found,
        tables={table.name: table for table in tables},
        picture=load_columns(found) if found else None,
        calls=open_calls(house(), actor()),
        own=own_answers(house(), actor()),
        faults=faults,
        typed=request.args,
        ask=ask,
    )


def _is_asked(ask: PlaceAsk) -> bool:
    return bool(ask.membership_id or ask.call_id or ask.effort_bp)


def _asked() -> tuple[PlaceAsk, dict[str, str]]:
    """What the query asks, and the names of fields that cannot be read."""
    faults: dict[str, str] = {}
    effort, home = _percent("waktu", faults), _percent("rumah", faults)
    if effort == 0:
        faults["waktu"] = "waktu"
    first, end = _day("dari", faults), _day("sampai", faults)
    if first and end and end < first:
        faults["sampai"] = "sampai"
    ask = PlaceAsk(
        membership_id=request.args.get("keanggotaan") or None,
        call_id=request.args.get("panggilan") or None,
        effort_bp=effort,
        home_bp=home,
        first_day=first,
        end_day=end,
    )
    return ask, faults


def _percent(name: str, faults: dict[str, str]) -> int | None:
    typed = request.args.get(name, "").strip().replace(",", ".").rstrip("% ")
    if not typed:
        return None
    try:
        value = Decimal(typed)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= _PERCENT):
        faults[name] = name
        return None
    return int(value * _BP)


def _day(name: str, faults: dict[str, str]) -> date | None:
    typed = request.args.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        faults[name] = name
        return None
