"""The contribution ledger of a person and of a unit, as home and as host, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for

from engine.domain.certificates import shown_code
from engine.usecases.certificates import certificates_of
from engine.usecases.flow_reading import unit_flows
from engine.usecases.ledger_reading import Narrowed, person_page, unit_page
from web.context import actor, house
from web.paging import Leaf, leaf
from web.readings.flows import flow_table
from web.readings.ledger import CODES, before, ledger_table, of_output, older
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.ports.claim_views import LedgerEntry

pages = Blueprint("ledger", __name__)

ROWS: Final = 50
#: word in the address -> side of a unit's ledger
SIDES: Final = {"asal": "home", "tuan": "host"}


@pages.get("/buku")
def mine() -> Response:
    """One's own ledger."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return redirect(url_for("ledger.person", person_id=person_id), code=303)


@pages.get("/buku/<person_id>")
def person(person_id: str) -> Response | str:
    """Every line credited to a person, reversals too, newest first."""
    page = person_page(house(), actor(), person_id, _narrowed())
    table = ledger_table("buku", _("Ledger of %(name)s", name=page.person.name), page.rows)
    issued = certificates_of(house(), actor(), person_id)
    return wanted(table) or render_template(
        "pages/ledger_person.html",
        page=page,
        leaf=_leaf(page.rows),
        table=table,
        codes=CODES,
        older=older,
        of_output=of_output,
        own=actor().person_id == person_id,
        certificates=[(shown_code(row.certificate.code), row) for row in issued],
    )


@pages.get("/buku/unit/<unit_id>")
def unit(unit_id: str) -> Response | str:
    """A unit's people elsewhere and its own squads: two views of the same rows."""
    side = request.args.get("sisi", "asal")
    page = unit_page(house(), actor(), unit_id, _narrowed(), side=SIDES.get(side, "home"))
    flows = unit_flows(house(), actor(), unit_id, request.args.get("siklus") or None)
    table = ledger_table(f"buku-{side}", _("Ledger of %(name)s", name=page.unit.name), page.rows)
    matrix = flow_table(flows)
    return wanted(table, matrix) or render_template(
        "pages/ledger_unit.html",
        page=page,
        leaf=_leaf(page.rows),
        table=table,
        flows=flows,
        matrix=matrix,
        codes=CODES,
        older=older,
        of_output=of_output,
        side="asal" if page.side == "home" else "tuan",
    )


def _narrowed() -> Narrowed:
    as_file = bool(request.args.get("bentuk"))
    return Narrowed(
        cycle=request.args.get("siklus") or None,
        period_id=request.args.get("periode", ""),
        output_id=request.args.get("hasil", ""),
        before=None if as_file else before(),
        limit=None if as_file else ROWS + 1,
    )


def _leaf(rows: Sequence[LedgerEntry]) -> Leaf[LedgerEntry]:
    return leaf(rows, lambda row: (str(row.transfer.id),), ROWS)
