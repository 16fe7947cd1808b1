"""Regu's own paths for user tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import json

from api import shapes
from api.door import actor, cursor, house, idempotency_key, place, signed_in
from api.smorest import Paths
from engine.usecases import task_views, tasks

if TYPE_CHECKING:
    from engine.usecases.ports.process import UserTaskRow

paths = Paths("tasks", "/api", "User tasks: what one may do, and doing it.")


@paths.operation("GET", "/me", answer=shapes.Me)
def get_me() -> dict[str, Any]:
    """Who is signed in, with groups and the number of open tasks."""
    found = signed_in()
    return {
        "login": found.account.login,
        "name": found.account.display_name,
        "personId": found.actor.person_id,
        "agencyId": found.actor.agency_id,
        "groups": sorted(found.actor.groups),
        "openTasks": task_views.count_my_tasks(house(), found.actor),
        "now": house().clock.now(),
    }


@paths.operation("GET", "/tasks", answer=shapes.TaskPage, query=shapes.TaskQueryShape)
def list_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """Open tasks that one may take, earliest due first."""
    rows = task_views.my_tasks(
        house(),
        actor(),
        process_id=query.get("processId"),
        element_id=query.get("elementId"),
        after=task_views.list_place(place(query.get("after"))),
        limit=query["limit"],
    )
    full = len(rows) == query["limit"]
    return {
        "items": [card(row) for row in rows],
        "next": cursor(rows[-1].key, rows[-1].due_at) if full else None,
    }


@paths.operation("GET", "/tasks/<key:task_key>", answer=shapes.TaskDetail, errors=(404,))
def get_task(task_key: int) -> dict[str, Any]:
    """One task with its form, variables and draft."""
    view = task_views.task_view(house(), actor(), task_key)
    return {
        **card(view.task),
        "formId": view.task.form_id,
        "form": json.loads(view.form.schema) if view.form else None,
        "variables": view.variables,
        "draft": view.draft,
        "mayComplete": view.may_complete,
    }


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/complete",
    answer=shapes.TaskDone,
    body=shapes.CompleteBody,
    errors=(404, 409),
    idempotent=True,
)
def complete_task(body: dict[str, Any], task_key: int) -> Any:
    """End a task; 409 names who ended it first and when."""
    command = tasks.CompleteTask(
        task_key=task_key,
        variables=body["variables"],
        version=body.get("version"),
        idempotency_key=idempotency_key(),
    )
    return tasks.complete_task(house(), actor(), command)


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/claim",
    answer=shapes.TaskDone,
    body=shapes.VersionBody,
    body_required=False,
    errors=(404, 409),
)
def claim_task(body: dict[str, Any], task_key: int) -> Any:
    """Take a task that one may take."""
    return tasks.claim_task(house(), actor(), task_key, body.get("version"))


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/unclaim",
    answer=shapes.TaskDone,
    body=shapes.VersionBody,
    body_required=False,
    errors=(404, 409),
)
def unclaim_task(body: dict[str, Any], task_key: int) -> Any:
    """Give a task back to its candidates."""
    return tasks.unclaim_task(house(), actor(), task_key, body.get("version"))


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/assign",
    answer=shapes.TaskDone,
    body=shapes.AssignBody,
    errors=(404, 409),
    idempotent=True,
)
def assign_task(body: dict[str, Any], task_key: int) -> Any:
    """Give a task to a person."""
    command = tasks.AssignTask(
        task_key=task_key,
        assignee=body["assignee"],
        version=body.get("version"),
        idempotency_key=idempotency_key(),
    )
    return tasks.assign_task(house(), actor(), command)


@paths.operation(
    "PUT", "/tasks/<key:task_key>/draft", status=204, body=shapes.DraftBody, errors=(404, 409)
)
def put_draft(body: dict[str, Any], task_key: int) -> None:
    """Keep what was typed so far; it is not validated."""
    tasks.save_draft(house(), actor(), task_key, body["data"])


def card(row: UserTaskRow) -> dict[str, Any]:
    """A task in the API's words."""
    return {
        "taskKey": str(row.key),
        "instanceKey": str(row.instance_key),
        "rootKey": str(row.root_key),
        "processId": row.process_id,
        "elementId": row.element_id,
        "name": row.name,
        "subject": row.subject,
        "assignee": row.assignee,
        "owner": row.owner,
        "state": row.state.value,
        "priority": row.priority,
        "dueAt": row.due_at,
        "followUpAt": row.follow_up_at,
        "createdAt": row.created_at,
        "completedAt": row.completed_at,
        "completedBy": row.completed_by,
        "version": row.version,
    }
