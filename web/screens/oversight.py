"""What nobody takes care of: tasks without a person, and those past their due date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases.errors import InputRefused, NotFound
from engine.usecases.exports import EXPORT_ACT
from engine.usecases.rights import may, require, same_agency
from engine.usecases.task_views import orphaned_tasks
from engine.usecases.tasks import AssignTask, assign_task
from web.context import actor, house, key_of
from web.readings.names import about_whom, person_names, process_names
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.ports.process import UserTaskRow

pages = Blueprint("oversight", __name__)

RIGHT = "task:assign"
#: rows of each list
ROWS_MAX = 100


@pages.get("/pengawasan")
def show() -> str:
    """Tasks without a person first, then those past their due date, longest overdue first."""
    require(actor(), RIGHT)
    orphaned = _own(orphaned_tasks(house(), actor()))[:ROWS_MAX]
    with house().reading() as uow:
        late = uow.work_list.overdue(house().clock.now(), actor().agency_id, ROWS_MAX)
    overdue = _own(late)
    tasks = [*orphaned, *overdue]
    return render_template(
        "pages/oversight.html",
        exports=may(actor(), EXPORT_ACT),
        groups=[(True, orphaned), (False, overdue)],
        names=process_names(house(), tasks),
        holders=person_names(house(), (task.assignee for task in tasks)),
        whom=about_whom(house(), actor(), tasks),
    )


def _own(rows: Sequence[UserTaskRow]) -> list[UserTaskRow]:
    """Those of the actor's agency: the store takes no agency for every agency."""
    return [row for row in rows if same_agency(actor(), row.agency_id)]


@pages.post("/pengawasan")
def assign() -> Response:
    """Give a task to the person with that NIP."""
    require(actor(), RIGHT)
    key = key_of(request.form.get("task", ""))
    command = AssignTask(
        task_key=key or 0,
        assignee="".join(request.form.get("nip", "").split()),
        idempotency_key=request.form.get("idempotency_key") or None,
    )
    try:
        assign_task(house(), actor(), command)
    except InputRefused:
        flash(_("Nobody with this NIP was found; nothing was saved."), "bad")
    except NotFound:
        flash(_("This task is not open any more; nothing was saved."), "bad")
    else:
        flash(_("The task is handed over."), "good")
    return redirect(url_for("oversight.show"), code=303)
