"""Functional officials of a unit or of the agency, with their credit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request

from engine.usecases.functional_credit import Officials, Page, agency_officials, unit_officials
from web.context import actor, house
from web.paging import ROWS, after, leaf
from web.readings import functional_credit as shown
from web.screens.functional_credit import keeps
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("functional_officials", __name__)

#: rows of a file
_FILE_ROWS: Final = 20_000
_KEY_PARTS: Final = 2


@pages.get("/angka-kredit/pegawai")
def everybody() -> Response | str:
    """Functional officials of the agency."""
    return _list(agency_officials(house(), actor(), _page()))


@pages.get("/angka-kredit/unit/<unit_id>")
def unit(unit_id: str) -> Response | str:
    """Functional officials of a unit and below it."""
    return _list(unit_officials(house(), actor(), unit_id, _page()))


def _list(found: Officials) -> Response | str:
    one = leaf(found.rows, lambda row: (row.official.name, row.official.person_id))
    whole = shown.official_table(found, found.rows)
    return wanted(whole) or render_template(
        "pages/functional_officials.html",
        found=found,
        leaf=one,
        table=shown.official_table(found, one.rows),
        keeps=keeps(),
    )


def _page() -> Page:
    if request.args.get("bentuk"):
        return Page(limit=_FILE_ROWS)
    key = after(_KEY_PARTS)
    return Page(after=(key[0], key[1]) if key else None, limit=ROWS + 1)
