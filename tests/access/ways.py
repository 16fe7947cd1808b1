"""Every way in which somebody may try to end a task that is not his to end."""

from __future__ import annotations

import json

from engine.usecases.form_context import form_context
from engine.usecases.ports.process import TaskState

#: every group there is: none of them opens one's own matter
GROUPS = ("admin", "process_owner", "perf_admin", "hr", "auditor")
#: what taking a task leaves behind even where ending it is refused
OF_TAKING = {
    "user_task",
    "user_task_candidate",
    "audit",
    "audit_head",
    "idempotency",
    "process_instance",
}
REFUSED = {403, 404, 409}


def flat(values, prefix=""):
    """Values as a page's form posts them."""
    found = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, list):
            for n, row in enumerate(value):
                found[f"{name}-{n}-_"] = "1"
                found |= flat(row, f"{name}-{n}-")
        elif isinstance(value, bool):
            found |= {name: "true"} if value else {}
        elif value is not None:
            found[name] = str(value)
    return found


def _fixed_rows(city, task):
    """Rows that a form asks back as many as it showed."""
    with city.house.reading() as uow:
        form = uow.processes.form(task.form_key) if task.form_key else None
        if form is None:
            return {}
        shown = form_context(city.house, uow, task, form)
    parts = json.loads(form.schema)["components"]
    fixed = [part["path"] for part in parts if part.get("allowAddRemove") is False]
    return {name: shown[name] for name in fixed if shown.get(name)}


def doors(city, who, task, form):
    """The status of each door at which somebody ends a task, its fixed rows as they stand."""
    form = {**_fixed_rows(city, task), **form}
    page, api = city.page(who), city.api(who)
    return {
        "page": page.post(f"/tugas/{task.key}", **flat(form)).status_code,
        "api": api.post(f"/api/tasks/{task.key}/complete", {"variables": form}).status_code,
        "v2": api.post(f"/v2/user-tasks/{task.key}/completion", {"variables": form}).status_code,
    }


def takings(city, who, task):
    """Each way to become the holder of a task; None: none is needed."""
    api, me = city.api(who), {"assignee": city.logins[who]}
    yield "as it is", lambda: None
    yield "claim", lambda: api.post(f"/api/tasks/{task.key}/claim")
    yield "assign", lambda: api.post(f"/api/tasks/{task.key}/assign", me)
    yield "assignment", lambda: api.post(f"/v2/user-tasks/{task.key}/assignment", me)
    yield "unclaim", lambda: api.post(f"/api/tasks/{task.key}/unclaim")
    yield "unassign", lambda: api.ask("DELETE", f"/v2/user-tasks/{task.key}/assignee")
    yield "claim again", lambda: api.post(f"/api/tasks/{task.key}/claim")


def assert_barred(city, who, task, form, groups=GROUPS):
    """Whatever he takes and at whichever door: refused, and nothing but the taking is saved."""
    city.grant(who, *groups)
    city.page(who)
    first = city.stored()
    for taking, take in takings(city, who, task):
        take()
        before = city.stored()
        found = doors(city, who, task, form)
        assert set(found.values()) <= REFUSED, (who, task.element_id, taking, found)
        assert city.stored() == before, (who, task.element_id, taking)
    changed = {name for name, digest in city.stored().items() if digest != first[name]}
    assert changed <= OF_TAKING, changed
    with city.house.reading() as uow:
        assert uow.processes.task(task.key).state is TaskState.CREATED
