"""Administration: health of the agency's data, units, posts, raters, rules from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, render_template, request

from engine.domain.people import AppointmentKind
from engine.usecases import administration as readings
from engine.usecases.agencies import IMPORT_ACT
from engine.usecases.agency_health import OVERSEE, agency_health, agency_of
from engine.usecases.data_readings import READINGS
from engine.usecases.ports.administration import AppointmentQuery, Held
from engine.usecases.rights import may, require
from web.context import actor, house
from web.paging import after, leaf
from web.readings import administration as shapes
from web.tables import wanted

if TYPE_CHECKING:
    from enum import StrEnum

    from werkzeug import Response

pages = Blueprint("admin", __name__)

#: the longest words that a list is narrowed by
WORDS_MAX = 80
Word = TypeVar("Word", bound="StrEnum")


@pages.get("/kelola")
def show() -> str:
    """What lacks something, and where to look after it; an account of no agency may import."""
    require(actor(), OVERSEE)
    health = agency_health(house(), actor()) if actor().agency_id else None
    return render_template(
        "pages/admin.html",
        health=health,
        imports=may(actor(), IMPORT_ACT),
        log=may(actor(), readings.LOG),
        readings=may(actor(), READINGS),
        oversees=may(actor(), "task:assign"),
        looks=may(actor(), "instance:read"),
    )


@pages.get("/kelola/unit")
def units() -> str | Response:
    """Units below one, with their heads."""
    shelf = readings.units_below(
        house(),
        actor(),
        request.args.get("induk") or None,
        after=one_of(after(1)),
        limit=shapes.rows_wanted(),
    )
    table = shapes.units_table(shelf)
    page = leaf(shelf.rows, lambda row: (row.code,), shapes.shown_rows())
    return wanted(table) or render_template(
        "pages/admin_units.html", shelf=shelf, table=shapes.cut(table), leaf=page
    )


@pages.get("/kelola/jabatan")
def posts() -> str | Response:
    """Appointments by name: who holds which post from when."""
    agency_id = agency_of(actor())
    query = AppointmentQuery(
        agency_id=agency_id,
        today=readings.today_of(house(), actor()),
        held=word_of(Held, "keadaan"),
        kind=word_of(AppointmentKind, "jenis"),
        words=words_of(),
    )
    rows = readings.appointments(
        house(), actor(), query, after=two_of(after(2)), limit=shapes.rows_wanted()
    )
    table = shapes.appointments_table(rows)
    page = leaf(rows, lambda row: (row.name, row.id), shapes.shown_rows())
    return wanted(table) or render_template(
        "pages/admin_posts.html",
        table=shapes.cut(table),
        leaf=page,
        held=shapes.HELD,
        kinds=shapes.KINDS,
    )


@pages.get("/kelola/penilai")
def raters() -> str | Response:
    """Who rates whom today, and why."""
    rows = readings.raters(
        house(), actor(), words=words_of(), after=two_of(after(2)), limit=shapes.rows_wanted()
    )
    table = shapes.raters_table(rows)
    page = leaf(rows, lambda row: (row.person.name, row.person.id), shapes.shown_rows())
    return wanted(table) or render_template(
        "pages/admin_raters.html", table=shapes.cut(table), leaf=page
    )


@pages.get("/kelola/aturan")
def rules() -> str | Response:
    """Rows of decision tables that were written from memory."""
    table = shapes.rules_table(readings.remembered_rules(house(), actor()))
    return wanted(table) or render_template("pages/admin_rules.html", table=table)


def words_of() -> str:
    """What a list is narrowed by."""
    return " ".join(request.args.get("q", "").split())[:WORDS_MAX]


def word_of(words: type[Word], name: str) -> Word | None:
    """A word of the query; None for another one."""
    found = request.args.get(name, "")
    return words(found) if found in set(words) else None


def one_of(key: tuple[str, ...] | None) -> tuple[str] | None:
    """A key of one part."""
    return (key[0],) if key else None


def two_of(key: tuple[str, ...] | None) -> tuple[str, str] | None:
    """A key of two parts."""
    return (key[0], key[1]) if key else None
