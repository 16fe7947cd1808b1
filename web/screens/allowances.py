"""The feed for performance allowances and the list of referrals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request

from engine.usecases.allowances import allowance_feed, referrals
from web.context import actor, house
from web.paging import leaf
from web.readings import portfolio as words
from web.readings.talk_words import word
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("allowances", __name__)

ROWS: Final = 50
#: a place in a list is an id or a NIP with a number
_PLACE_MAX: Final = 80


@pages.get("/tunjangan")
def feed() -> Response | str:
    """Predikat and percent per person and period; the whole feed as a file."""
    as_file = bool(request.args.get("bentuk"))
    found = allowance_feed(
        house(),
        actor(),
        request.args.get("siklus") or None,
        after=None if as_file else _after(),
        limit=None if as_file else ROWS + 1,
    )
    shown = found.rows if as_file else leaf(found.rows, lambda row: (row.mark,), ROWS).rows
    table = words.allowance_table(found, shown)
    return wanted(table) or render_template(
        "pages/allowances.html",
        found=found,
        leaf=leaf(found.rows, lambda row: (row.mark,), ROWS),
        table=table,
        words=words,
        word=word,
    )


@pages.get("/rujukan")
def referred() -> Response | str:
    """Referrals of the agency; what comes of them is decided and kept elsewhere."""
    as_file = bool(request.args.get("bentuk"))
    rows = referrals(
        house(),
        actor(),
        after=None if as_file else _after(),
        limit=None if as_file else ROWS + 1,
    )
    table = words.referral_table(rows)
    return wanted(table) or render_template(
        "pages/referrals.html",
        leaf=leaf(rows, lambda row: (row.referral.id,), ROWS),
        table=table,
        words=words,
        word=word,
    )


def _after() -> str | None:
    return request.args.get("after", "")[:_PLACE_MAX] or None
