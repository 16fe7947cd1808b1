"""/v2: user tasks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from marshmallow import fields, validate
from werkzeug.exceptions import BadRequest

from api.door import actor, house, idempotency_key
from api.smorest import Paths
from api.v2 import cards, variable_lists
from api.v2.filters import Constant, Key, Text, Time, Whole, Word, filter_of
from api.v2.published import NAME, Request, VariableValues, shape
from api.v2.searching import page_of, search, search_of
from engine.usecases import files, scheduling, task_views, tasks, variables
from engine.usecases.ports.listing import Listed

if TYPE_CHECKING:
    from engine.usecases.ports.process import FormRow

# ruff: noqa: N815

paths = Paths("v2 user tasks", "/v2", "User tasks.", invalid_status=400)

TaskFilter = filter_of(
    "UserTaskFilter",
    {
        "userTaskKey": Key("key"),
        "state": Word("state", cards.TASK_STATES),
        "assignee": Text("assignee"),
        "name": Text("name"),
        "priority": Whole("priority"),
        "elementId": Text("element_id"),
        "elementInstanceKey": Key("activation"),
        "candidateGroup": Text("group"),
        "candidateUser": Text("user"),
        "processDefinitionId": Text("process_id"),
        "processDefinitionKey": Key("definition_key"),
        "processInstanceKey": Key("process_instance"),
        "businessId": Text("business_key"),
        "creationDate": Time("created_at"),
        "completionDate": Time("completed_at"),
        "followUpDate": Time("follow_up_at"),
        "dueDate": Time("due_at"),
        "tenantId": Constant(),
    },
    unsupported="processInstanceVariables localVariables tags",
    either=True,
)
TaskSearch = search_of(
    "UserTaskSearch",
    TaskFilter,
    {
        "userTaskKey": "key",
        "creationDate": "created_at",
        "completionDate": "completed_at",
        "followUpDate": "follow_up_at",
        "dueDate": "due_at",
        "priority": "priority",
        "name": "name",
        "businessId": "business_key",
    },
)
UserTask = shape(
    "UserTask",
    "A user task.",
    text="userTaskKey name? state assignee? elementId elementInstanceKey processDefinitionId"
    " processDefinitionKey processName? processInstanceKey rootProcessInstanceKey businessId?"
    " externalFormReference? formKey? tenantId",
    texts="candidateGroups candidateUsers tags",
    time="creationDate? completionDate? dueDate? followUpDate?",
    whole="priority processDefinitionVersion",
    table="customHeaders",
)
TaskPage = page_of("UserTaskPage", UserTask)
Form = shape(
    "Form", "A form (form-js JSON).", text="tenantId formId schema formKey", whole="version"
)


class TaskCompletion(Request):
    """Variables the task ends with."""

    variables = VariableValues()
    action = fields.String(allow_none=True, validate=validate.Length(max=300))


class TaskAssignment(Request):
    """Who shall do it."""

    assignee = fields.String(required=True, validate=NAME)
    allowOverride = fields.Boolean(allow_none=True)
    action = fields.String(allow_none=True, validate=validate.Length(max=300))


class TaskChangeset(Request):
    """What changes; an empty date is none, what is not named stays."""

    candidateGroups = fields.List(fields.String(validate=NAME), allow_none=True)
    candidateUsers = fields.List(fields.String(validate=NAME), allow_none=True)
    dueDate = fields.String(allow_none=True, validate=validate.Length(max=50))
    followUpDate = fields.String(allow_none=True, validate=validate.Length(max=50))
    priority = fields.Integer(strict=True, allow_none=True, validate=validate.Range(min=0, max=100))


class TaskUpdate(Request):
    """A change of a task."""

    changeset = fields.Nested(TaskChangeset, allow_none=True)
    action = fields.String(allow_none=True, validate=validate.Length(max=300))


_CHANGES = {
    "candidateGroups": "candidate_groups",
    "candidateUsers": "candidate_users",
    "priority": "priority",
}
_DATES = {"dueDate": "due_at", "followUpDate": "follow_up_at"}


@paths.operation(
    "POST",
    "/user-tasks/search",
    answer=TaskPage,
    body=TaskSearch,
    body_required=False,
)
def search_user_tasks(body: dict[str, Any]) -> dict[str, Any]:
    """All tasks of the agency for those who look after processes, else one's own open ones."""
    return search(Listed.USER_TASK, body, TaskSearch, cards.user_task)


@paths.operation("GET", "/user-tasks/<key:task_key>", answer=UserTask, errors=(404,))
def get_user_task(task_key: int) -> dict[str, Any]:
    """One task."""
    return cards.user_task(task_views.task_row(house(), actor(), task_key))


@paths.operation(
    "PATCH",
    "/user-tasks/<key:task_key>",
    status=204,
    body=TaskUpdate,
    errors=(404, 409, 422),
    idempotent=True,
)
def update_user_task(body: dict[str, Any], task_key: int) -> None:
    """Change dates, priority and candidates of an open task."""
    wanted = body.get("changeset") or {}
    changes: dict[str, Any] = {
        ours: wanted[name] for name, ours in _CHANGES.items() if wanted.get(name) is not None
    }
    for name, ours in _DATES.items():
        if wanted.get(name) is not None:
            changes[ours] = _moment(name, wanted[name])
    command = scheduling.ScheduleTask(
        task_key=task_key,
        changes=changes,
        reason=body.get("action") or "",
        idempotency_key=idempotency_key(),
    )
    scheduling.schedule_task(house(), actor(), command)


@paths.operation(
    "POST",
    "/user-tasks/<key:task_key>/completion",
    status=204,
    body=TaskCompletion,
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
    body=TaskAssignment,
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


@paths.operation(
    "GET",
    "/user-tasks/<key:task_key>/form",
    answer=Form,
    errors=(404,),
    doc={"responses": {204: {"description": "The task has no form."}}},
)
def get_user_task_form(task_key: int) -> Any:
    """The form of a task; 204 when it has none."""
    found = task_views.task_view(house(), actor(), task_key).form
    return form_card(found) if found is not None else ("", 204)


@paths.operation(
    "POST",
    "/user-tasks/<key:task_key>/variables/search",
    answer=variable_lists.VariablePage,
    body=variable_lists.TaskVariableSearch,
    body_required=False,
    query=variable_lists.Truncation,
    errors=(404,),
)
def search_user_task_variables(
    query: dict[str, Any], body: dict[str, Any], task_key: int
) -> dict[str, Any]:
    """Variables visible at an open task: its own scope and those above; the nearest wins."""
    found = variables.of_task(house(), actor(), task_key)
    return variable_lists.answer(found, body, truncated=query["truncateValues"])


def _moment(name: str, text: str) -> datetime | None:
    """A moment with its offset; an empty text is none."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadRequest(f"{name}: a moment with its offset, as ISO 8601")


@paths.operation(
    "POST",
    "/user-tasks/<key:task_key>/effective-variables/search",
    answer=variable_lists.VariablePage,
    body=variable_lists.TaskVariableSearch,
    body_required=False,
    query=variable_lists.Truncation,
    errors=(404,),
)
def search_user_task_effective_variables(
    query: dict[str, Any], body: dict[str, Any], task_key: int
) -> dict[str, Any]:
    """The same: Regu always tells the value that the task sees."""
    found = variables.of_task(house(), actor(), task_key)
    return variable_lists.answer(found, body, truncated=query["truncateValues"])


@paths.operation("GET", "/forms/<key:form_key>", answer=Form, errors=(404,))
def get_form_by_key(form_key: int) -> dict[str, Any]:
    """A version of a form."""
    return form_card(files.form(house(), actor(), form_key))


def form_card(row: FormRow) -> dict[str, Any]:
    """A form in the words of /v2."""
    return {
        "tenantId": "<default>",
        "formId": row.form_id,
        "formKey": str(row.key),
        "version": row.version,
        "schema": row.schema.decode(),
    }
