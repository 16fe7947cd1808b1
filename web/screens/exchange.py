"""The exchange with SIASN: what waits for a person and why, what differs, sending, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from engine.domain.exchange import may_withdraw
from engine.usecases.errors import Conflict, InputRefused
from engine.usecases.exchange_mismatches import mismatches
from engine.usecases.exchanges import (
    GROUPS,
    RETRY,
    WITHDRAW,
    annual_payloads,
    exchange_board,
    exchange_case,
    read_siasn_again,
    retry_exchange,
    withdraw_exchange,
)
from engine.usecases.rights import may
from web import paging
from web.context import actor, house
from web.readings import exchange as shown
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("exchange", __name__)

#: people of one page of the report, and of its file
_PEOPLE_OF_FILE = 100_000


def _on() -> bool:
    return bool(current_app.config.get("SIASN"))


@pages.get("/pertukaran")
def show() -> Response | str:
    """Rows that stopped, move, or are confirmed."""
    group = request.args.get("keadaan", "stopped")
    group = group if group in GROUPS else "stopped"
    after = paging.after(1)
    found = exchange_board(
        house(), actor(), group, after=after[0] if after else "", limit=paging.ROWS + 1
    )
    leaf = paging.leaf(found.lines, lambda line: (line.row.id,))
    table = shown.row_table(leaf.rows)
    file = wanted(table)
    if file is not None:
        return file
    return render_template(
        "pages/exchange.html",
        found=found,
        leaf=leaf,
        table=table,
        group=group,
        states=shown.states(),
        state_of=shown.state_of,
        reason=shown.reason,
        may_retry=may(actor(), RETRY),
        siasn_on=_on(),
    )


@pages.get("/pertukaran/<exchange_id>")
def one(exchange_id: str) -> str:
    """One row: its fields, why it stopped, every request."""
    case = exchange_case(house(), actor(), exchange_id)
    return render_template(
        "pages/exchange_one.html",
        case=case,
        reason=shown.reason,
        states=shown.states(),
        stopped=case.row.state in GROUPS["stopped"],
        state=shown.state_of(case.row),
        may_retry=may(actor(), RETRY),
        may_withdraw=may(actor(), WITHDRAW) and may_withdraw(case.row),
    )


@pages.post("/pertukaran/<exchange_id>/kirim-lagi")
def retry(exchange_id: str) -> Response:
    """Let a row wait anew."""
    try:
        row = retry_exchange(house(), actor(), exchange_id)
    except Conflict:
        flash(_("It is under way or confirmed already."), "wait")
        return redirect(url_for("exchange.one", exchange_id=exchange_id), code=303)
    if row.reason:
        flash(shown.reason(row.reason), "wait")
    else:
        flash(_("It waits to be sent; SIASN is read first, so that nothing is sent twice."), "good")
    return redirect(url_for("exchange.one", exchange_id=exchange_id), code=303)


@pages.post("/pertukaran/<exchange_id>/tarik")
def withdraw(exchange_id: str) -> Response:
    """Ask SIASN to take a period back."""
    try:
        withdraw_exchange(house(), actor(), exchange_id, request.form.get("reason", ""))
    except InputRefused:
        flash(_("Say why SIASN is to take it back."), "bad")
    except Conflict:
        flash(_("SIASN cannot be asked to take this back: settle it in SIASN by hand."), "wait")
    else:
        flash(_("SIASN will be asked to take it back; look again later."), "good")
    return redirect(url_for("exchange.one", exchange_id=exchange_id), code=303)


@pages.get("/pertukaran/selisih")
def differences() -> Response | str:
    """What SIASN has beside what Regu has."""
    after = paging.after(2)
    place = (after[0], after[1]) if after else None
    asked = request.args.get("siklus") or None
    limit = _PEOPLE_OF_FILE if request.args.get("bentuk") else paging.ROWS
    found = mismatches(house(), actor(), asked, after=place, limit=limit)
    table = shown.difference_table(found.differences)
    file = wanted(table)
    if file is not None:
        return file
    return render_template(
        "pages/exchange_differences.html",
        found=found,
        table=table,
        after="~".join(found.next_after) if found.next_after else None,
        may_retry=may(actor(), RETRY),
        siasn_on=_on(),
    )


@pages.post("/pertukaran/baca-ulang")
def read_again() -> Response:
    """Ask the worker to read SIASN for everybody."""
    people = read_siasn_again(house(), actor())
    flash(_("SIASN will be read for %(people)s people; look again later.", people=people), "good")
    return redirect(url_for("exchange.differences"), code=303)


@pages.get("/pertukaran/muatan")
def payloads() -> Response | str:
    """What would be sent for a year, field by field, as a table and as files."""
    cycle, rows = annual_payloads(house(), actor(), request.args.get("siklus") or None)
    table = shown.payload_table(cycle, rows)
    file = wanted(table)
    if file is not None:
        return file
    short = shown.payload_table(cycle, rows[: paging.ROWS])
    return render_template(
        "pages/exchange_payloads.html", cycle=cycle, table=short, people=len(rows)
    )
