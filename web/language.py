"""Language and time zone of a page: Bahasa Indonesia unless asked otherwise, the agency's zone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, redirect, request, url_for

from engine.domain.units import Agency
from web import wording
from web.context import desk, house, public, safe_target

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

LOCALES = ("id", "en")
COOKIE = "regu_language"
DEFAULT_ZONE = "Asia/Jakarta"
TRANSLATIONS = Path(__file__).parent / "translations"
_ZONES = "regu.zones"

pages = Blueprint("language", __name__)


def register(app: Flask) -> None:
    """Wire Babel: who reads which language in which zone."""
    app.extensions[_ZONES] = {}
    wording.begin(
        app, folder=str(TRANSLATIONS), locale=chosen_locale, zone=lambda: str(agency_zone())
    )


def chosen_locale() -> str:
    """The session's language, else the visitor's cookie, else Indonesian."""
    session = g.get("session")
    wanted = session.locale if session is not None else request.cookies.get(COOKIE, "id")
    return wanted if wanted in LOCALES else "id"


def agency_zone() -> ZoneInfo:
    """Zone of the signed-in person's agency, looked up once per agency."""
    actor = g.get("actor")
    agency_id = actor.agency_id if actor is not None else None
    if agency_id is None:
        return ZoneInfo(DEFAULT_ZONE)
    zones: dict[str, ZoneInfo] = current_app.extensions[_ZONES]
    if agency_id not in zones:
        with house().reading() as uow:
            agency = uow.agency.get(Agency, agency_id)
        zones[agency_id] = ZoneInfo(agency.timezone if agency else DEFAULT_ZONE)
    return zones[agency_id]


@pages.post("/bahasa")
@public
def switch() -> Response:
    """Read on in the other language, on the same page."""
    wanted = request.form.get("locale", "id")
    locale = wanted if wanted in LOCALES else "id"
    desk().set_locale(locale)
    answer = redirect(safe_target(request.form.get("next"), url_for("inbox.show")), code=303)
    answer.set_cookie(COOKIE, locale, max_age=31_536_000, httponly=True, samesite="Lax")
    return current_app.make_response(answer)
