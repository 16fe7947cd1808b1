"""The audit log of an agency, and the proof that nothing in it was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from engine.usecases import administration as readings
from engine.usecases.agency_health import agency_of
from engine.usecases.ports.administration import LogQuery
from engine.usecases.proving import PROVE, begin_proof, last_proof
from engine.usecases.rights import may, require
from web.context import actor, house, work_files
from web.language import agency_zone
from web.paging import after, leaf
from web.readings import administration as shapes
from web.readings.audit_words import ACTS, act_words
from web.readings.undertakings import cards_of
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("admin_audit", __name__)

#: days that are looked at when the query names none
DAYS = 31
_WORDS_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First and last day that are looked at."""

    first: date
    last: date


@pages.get("/kelola/audit")
def show() -> str | Response:
    """Entries of a time, newest first, narrowed by stream, act and actor."""
    require(actor(), readings.LOG)
    span = _span()
    query = LogQuery(
        agency_id=agency_of(actor()),
        since=_begins(span.first),
        until=_begins(span.last + timedelta(1)),
        stream=_word("aliran"),
        act=_word("tindakan"),
        actor=_actor(_word("pelaku")),
    )
    rows, names = readings.log(house(), actor(), query, after=_after(), limit=shapes.rows_wanted())
    table = shapes.log_table(rows, names)
    page = leaf(
        rows, lambda row: (row.at.isoformat(), row.stream, str(row.seq)), shapes.shown_rows()
    )
    return wanted(table) or render_template(
        "pages/admin_audit.html",
        table=table,
        leaf=page,
        acts=ACTS,
        act_words=act_words,
        told=[shapes.facts_told(row, names) for row in page.rows],
        names=names,
        span=span,
        proof=_proof(),
    )


@pages.post("/kelola/audit/bukti")
def prove() -> Response:
    """Prove every chain and every ledger in the background."""
    begin_proof(house(), actor())
    return redirect(url_for("admin_audit.show") + "#bukti", code=303)


def _proof() -> tuple[object, object, object] | None:
    if not may(actor(), PROVE):
        return None
    found = last_proof(house(), work_files(), actor())
    if found is None:
        return (None, {}, ())
    row, faults = found
    return (cards_of(house(), [row])[0], row.facts, faults)


def _span() -> Span:
    last = _day("sampai") or readings.today_of(house(), actor())
    first = _day("dari") or last - timedelta(DAYS)
    return Span(first=min(first, last), last=last)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=agency_zone()).astimezone(UTC)


def _word(name: str) -> str:
    return request.args.get(name, "").strip()[:_WORDS_MAX]


def _actor(typed: str) -> str:
    """A person's id for his NIP; anything else as it is."""
    digits = "".join(typed.split())
    if not digits.isdecimal():
        return typed
    with house().reading() as uow:
        person = uow.agency.person_by_nip(digits)
    return person.id if person else typed


def _after() -> tuple[datetime, str, int] | None:
    seen = after(3)
    if seen is None:
        return None
    try:
        return (datetime.fromisoformat(seen[0]).astimezone(UTC), seen[1], int(seen[2]))
    except (ValueError, OverflowError):
        return None
