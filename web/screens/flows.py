"""The picture of contributions that flow between units: of the agency, and of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for

from engine.usecases.flow_reading import Flows, agency_flows, headed_unit, unit_flows
from engine.usecases.rights import may
from web.context import actor, house
from web.readings.flows import balance_table, flow_shapes, flow_table
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("flows", __name__)


@pages.get("/aliran")
def show() -> Response | str:
    """The agency for who reads its reports; a head is led to his unit, others to their ledger."""
    if may(actor(), "report:read"):
        return _page(agency_flows(house(), actor(), _cycle()))
    unit_id = headed_unit(house(), actor())
    if unit_id is None:
        return redirect(url_for("ledger.mine"), code=303)
    return redirect(url_for("flows.unit", unit_id=unit_id), code=303)


@pages.get("/aliran/unit/<unit_id>")
def unit(unit_id: str) -> Response | str:
    """What one unit gave and got."""
    return _page(unit_flows(house(), actor(), unit_id, _cycle()))


def _cycle() -> str | None:
    return request.args.get("siklus") or None


def _page(flows: Flows) -> Response | str:
    table, balance = flow_table(flows), balance_table(flows)
    picture, names = flow_shapes(flows)
    return wanted(table, balance) or render_template(
        "pages/flows.html",
        flows=flows,
        table=table,
        balance=balance,
        picture=picture,
        names=names,
        whole=may(actor(), "report:read"),
    )
