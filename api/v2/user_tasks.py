"""/v2: user tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import lists, shapes
from engine.usecases import task_views, tasks
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery

if TYPE_CHECKING:
    from engine.usecases.ports.process import UserTaskRow

paths = Paths("v2 user tasks", "/v2", "User tasks.", invalid_status=400)

STATES = {
    TaskState.CREATED: "CREATED",
    TaskState.COMPLETED: "COMPLETED",
    TaskState.CANCELLED: "CANCELED",
}
_STATE = {word: state for state, word in STATES.items()}


@paths.operation(
    "POST",
    "/user-tasks/search",
    answer=shapes.UserTaskResult,
    body=shapes.UserTaskSearch,
    body_required=False,
)
def search_user_tasks(body: dict[str, Any]) -> dict[str, Any]:
    """All tasks of the agency for those who look after processes, else one's own open ones."""
    wanted = body["filter"]
    query = TaskQuery(
        agency_id=actor().agency_id,
        state=_STATE[wanted["state"]] if "state" in wanted else None,
        assignee=wanted.get("assignee"),
        process_id=wanted.get("processDefinitionId"),
        definition_key=_number(wanted.get("processDefinitionKey")),
        element_id=wanted.get("elementId"),
        root_key=_number(wanted.get("processInstanceKey")),
        task_key=_number(wanted.get("userTaskKey")),
        group=wanted.get("candidateGroup"),
    )
    rows = task_views.search_tasks(
        house(), actor(), query, after=lists.after(body), limit=body["page"]["limit"]
    )
    return lists.answer(rows, body, user_task, task_views.count_tasks(house(), actor(), query))


@paths.operation("GET", "/user-tasks/<key:task_key>", answer=shapes.UserTask, errors=(404,))
def get_user_task(task_key: int) -> dict[str, Any]:
    """One task."""
    return user_task(task_views.task_view(house(), actor(), task_key).task)


@paths.operation(
    "POST",
    "/user-tasks/<key:task_key>/completion",
    status=204,
    body=shapes.UserTaskCompletion,
    body_required=False,
    errors=(404, 409, 422),
    idempotent=True,
)
def complete_user_task(body: dict[str, Any], task_key: int) -> None:
    """End a task; 409 names who ended it first and when."""
    command = tasks.CompleteTask(
        task_key=task_key,
        variables=body.get("variables") or {},
        idempotency_key=idempotency_key(),
    )
    tasks.complete_task(house(), actor(), command)


@paths.operation(
    "POST",
    "/user-tasks/<key:task_key>/assignment",
    status=204,
    body=shapes.UserTaskAssignment,
    errors=(404, 409, 422),
    idempotent=True,
)
def assign_user_task(body: dict[str, Any], task_key: int) -> None:
    """Give a task to a person (id or login)."""
    command = tasks.AssignTask(
        task_key=task_key,
        assignee=body["assignee"],
        may_take_over=body.get("allowOverride") is not False,
        idempotency_key=idempotency_key(),
    )
    tasks.assign_task(house(), actor(), command)


@paths.operation("DELETE", "/user-tasks/<key:task_key>/assignee", status=204, errors=(404, 409))
def unassign_user_task(task_key: int) -> None:
    """Give a task back to its candidates."""
    tasks.unclaim_task(house(), actor(), task_key)


def user_task(row: UserTaskRow) -> dict[str, Any]:
    """A task in the words of /v2."""
    return {
        "userTaskKey": str(row.key),
        "name": row.name,
        "state": STATES[row.state],
        "assignee": row.assignee,
        "elementId": row.element_id,
        "elementInstanceKey": str(row.token),
        "candidateGroups": [name for kind, name in row.candidates if kind == "group"],
        "candidateUsers": [name for kind, name in row.candidates if kind == "user"],
        "processDefinitionId": row.process_id,
        "processDefinitionKey": str(row.definition_key),
        "processInstanceKey": str(row.instance_key),
        "creationDate": row.created_at,
        "completionDate": row.completed_at,
        "dueDate": row.due_at,
        "followUpDate": row.follow_up_at,
        "formKey": str(row.form_key) if row.form_key is not None else None,
        "priority": row.priority,
        "tenantId": shapes.DEFAULT_TENANT,
    }


def _number(key: str | None) -> int | None:
    return int(key) if key is not None else None
