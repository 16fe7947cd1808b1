"""Tasks of jobs: what a year of each takes, entered by the human resources office."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases.errors import InputRefused
from engine.usecases.job_tasks import KEEP, EnterTask, drop_task, enter_task, job_tasks
from engine.usecases.rights import may
from web.context import actor, house
from web.faults import text_of
from web.readings.workload import job_task_table
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.job_tasks import UnitTasks

pages = Blueprint("job_tasks", __name__)


@pages.get("/beban/bukti/tugas")
def show() -> Response | str:
    """The tasks of one unit's jobs."""
    found = job_tasks(house(), actor(), request.args.get("unit") or None)
    return wanted(job_task_table(found)) or _page(found)


@pages.post("/beban/bukti/tugas")
def enter() -> Response | tuple[str, int]:
    """Keep a task of a job."""
    form = request.form
    command = EnterTask(
        unit_id=form.get("unit", ""),
        job=form.get("job", ""),
        name=form.get("name", ""),
        volume=_number(form.get("volume", "")),
        hours=_number(form.get("hours", "")),
    )
    try:
        enter_task(house(), actor(), command)
    except InputRefused as error:
        faults = {fault.field: text_of(None, fault) for fault in error.faults}
        return _page(job_tasks(house(), actor(), command.unit_id), faults), 422
    flash(_("The task is kept; the need of the job counts it from now on."), "good")
    return _back()


@pages.post("/beban/bukti/tugas/hapus")
def drop() -> Response:
    """Take a task away."""
    drop_task(house(), actor(), request.form.get("task", ""))
    flash(_("The task is removed."), "good")
    return _back()


def _number(text: str) -> Decimal | None:
    """A number as it is typed here, with a comma or a point before its decimals."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _page(found: UnitTasks, faults: dict[str, str] | None = None) -> str:
    return render_template(
        "pages/job_tasks.html",
        found=found,
        table=job_task_table(found),
        keeps=may(actor(), KEEP),
        faults=faults or {},
        typed=request.form,
    )


def _back() -> Response:
    return redirect(url_for("job_tasks.show", unit=request.form.get("unit") or None), code=303)
