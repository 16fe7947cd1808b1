"""Forecasts: one's own indicators, and early warnings of the unit once their people saw them.

No page of a rating, an evaluation or a calibration links here or names a forecast.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flask import Blueprint, abort, render_template, request

from engine.usecases.forecasting import own_forecasts, unit_warnings
from web import paging
from web.context import actor, house
from web.readings import forecasts as words
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("forecasts", __name__)

#: rows of a file
FILE_ROWS: Final = 20_000


@pages.get("/perkiraan")
def mine() -> Response | str:
    """Where one's own indicators are expected to end; looking counts as having seen."""
    if actor().person_id is None:
        abort(404)
    found = own_forecasts(house(), actor(), request.args.get("siklus") or None)
    rows = words.shown(found)
    tables = [one.table for one in rows if one.table]
    return wanted(*tables) or render_template(
        "pages/forecasts.html", found=found, rows=rows, words=words
    )


@pages.get("/perkiraan/unit")
def unit() -> Response | str:
    """Early warnings open to who leads the unit, and what people need."""
    as_file = "bentuk" in request.args
    after = paging.after(2)
    found = unit_warnings(
        house(),
        actor(),
        request.args.get("siklus") or None,
        after=(after[0], after[1]) if after and not as_file else None,
        limit=FILE_ROWS if as_file else paging.ROWS + 1,
    )
    leaf = paging.leaf(
        found.rows,
        lambda row: (row.name, row.warning.id),
        FILE_ROWS if as_file else paging.ROWS,
    )
    found = replace(found, rows=leaf.rows)
    tables = (words.warning_table(found), words.need_table(found.clusters))
    return wanted(*tables) or render_template(
        "pages/unit_forecasts.html", found=found, leaf=leaf, tables=tables
    )
