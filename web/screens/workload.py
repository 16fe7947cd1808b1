"""Workload: a heat map of people by month, hours by unit, a person's roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request

from engine.usecases.job_evidence import job_evidence, job_people
from engine.usecases.rights import may
from engine.usecases.squad_reports import person_load
from engine.usecases.workloads import Wanted, workload
from web import paging
from web.context import actor, house
from web.navigation import frame
from web.readings import workload as shown
from web.readings.names import person_names
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("workload", __name__)

#: rows of a file
FILE_ROWS: Final = 20_000


@pages.get("/beban")
def show() -> Response | str:
    """The heat map of the units that the reader may see, page by page."""
    as_file = "bentuk" in request.args
    asked = Wanted(
        cycle=request.args.get("siklus") or None,
        unit_id=request.args.get("unit") or None,
        over_only=request.args.get("lebih") == "1",
        units_after=request.args.get("abk", ""),
        every_unit=as_file,
    )
    after = paging.after(2)
    found = workload(
        house(),
        actor(),
        asked,
        after=(after[0], after[1]) if after and not as_file else None,
        limit=FILE_ROWS if as_file else paging.ROWS + 1,
    )
    leaf = paging.leaf(
        found.rows, lambda row: (row.name, row.person_id), FILE_ROWS if as_file else paging.ROWS
    )
    tables = (shown.heat_table(found, leaf.rows), shown.unit_table(found))
    return wanted(*tables) or render_template(
        "pages/workload.html",
        found=found,
        asked=asked,
        leaf=leaf,
        lines=shown.heat_lines(found, leaf.rows),
        months=shown.month_names(),
        tables=tables,
    )


@pages.get("/beban/bukti")
def evidence() -> Response | str:
    """Hours by job and unit, with their classes: evidence for revising the workload analysis."""
    found = job_evidence(
        house(),
        actor(),
        cycle=request.args.get("siklus") or None,
        unit_id=request.args.get("unit") or None,
    )
    tables = (shown.job_table(found), shown.job_month_table(found))
    return wanted(*tables) or render_template("pages/job_evidence.html", found=found, tables=tables)


@pages.get("/beban/bukti/orang")
def behind() -> Response | str:
    """The people and months behind the figures of one job."""
    found = job_people(
        house(),
        actor(),
        request.args.get("unit", ""),
        request.args.get("jabatan", ""),
        cycle=request.args.get("siklus") or None,
    )
    table = shown.job_people_table(found)
    return wanted(table) or render_template("pages/job_people.html", found=found, table=table)


@pages.get("/beban/<person_id>")
def person(person_id: str) -> Response | str:
    """One person's load by role and month."""
    found = person_load(house(), actor(), person_id, request.args.get("siklus") or None)
    tables = (shown.role_table(found), shown.month_table(found))
    return wanted(*tables) or render_template(
        "pages/person_load.html",
        found=found,
        back=may(actor(), "report:read") or frame().heads,
        name=person_names(house(), [person_id]).get(person_id, ""),
        picture=shown.person_months(found),
        tables=tables,
        most=max(found.months.values()),
    )
