"""Tasks as people handle them together: lent out, dated, talked about, followed, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import Response, current_app

from api import together_shapes as shapes
from api.door import FILES, actor, house, idempotency_key
from api.shapes import TaskDone
from api.smorest import Paths
from engine.usecases import bulk_tasks, delegating, remarks, scheduling

if TYPE_CHECKING:
    from engine.usecases.ports.files import EvidenceFiles
    from engine.usecases.ports.remarks import Heard

paths = Paths(
    "tasks together", "/api", "Tasks: delegate, resolve, dates, remarks, following, many."
)

#: name in the API -> name in the use case
_CHANGES: Final = {
    "dueAt": "due_at",
    "followUpAt": "follow_up_at",
    "priority": "priority",
    "candidateGroups": "candidate_groups",
    "candidateUsers": "candidate_users",
}


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/delegate",
    answer=TaskDone,
    body=shapes.DelegateBody,
    errors=(404, 409, 422),
    idempotent=True,
)
def delegate_task(body: dict[str, Any], task_key: int) -> Any:
    """Have somebody work on a task that one holds; it comes back by resolve."""
    command = delegating.DelegateTask(
        task_key=task_key,
        delegate=body["delegate"],
        version=body.get("version"),
        idempotency_key=idempotency_key(),
    )
    return delegating.delegate_task(house(), actor(), command)


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/resolve",
    answer=TaskDone,
    body=shapes.ResolveBody,
    body_required=False,
    errors=(404, 409, 422),
    idempotent=True,
)
def resolve_task(body: dict[str, Any], task_key: int) -> Any:
    """Hand a task back to its owner with what was typed; or the owner takes it back."""
    command = delegating.ResolveTask(
        task_key=task_key,
        data=body.get("data"),
        version=body.get("version"),
        idempotency_key=idempotency_key(),
    )
    return delegating.resolve_task(house(), actor(), command)


@paths.operation(
    "PATCH",
    "/tasks/<key:task_key>",
    answer=TaskDone,
    body=shapes.ScheduleBody,
    errors=(404, 409, 422),
    idempotent=True,
)
def change_task(body: dict[str, Any], task_key: int) -> Any:
    """Change dates, priority and candidates; its holder changes the follow-up date only."""
    command = scheduling.ScheduleTask(
        task_key=task_key,
        changes={_CHANGES[name]: body[name] for name in _CHANGES if name in body},
        reason=body["reason"],
        version=body.get("version"),
        idempotency_key=idempotency_key(),
    )
    return scheduling.schedule_task(house(), actor(), command)


@paths.operation(
    "GET",
    "/tasks/<key:task_key>/remarks",
    answer=shapes.RemarkPage,
    query=shapes.RemarkQuery,
    errors=(404,),
)
def get_task_remarks(query: dict[str, Any], task_key: int) -> dict[str, Any]:
    """What was said beside a task and its process, newest first."""
    return _page(remarks.Place(task_key=task_key), query)


@paths.operation(
    "GET",
    "/instances/<key:instance_key>/remarks",
    answer=shapes.RemarkPage,
    query=shapes.RemarkQuery,
    errors=(404,),
)
def get_instance_remarks(query: dict[str, Any], instance_key: int) -> dict[str, Any]:
    """What was said beside a process and its tasks, newest first."""
    return _page(remarks.Place(instance_key=instance_key), query)


@paths.operation(
    "POST",
    "/tasks/<key:task_key>/remarks",
    answer=shapes.Said,
    body=shapes.SayBody,
    status=201,
    errors=(404, 422),
    idempotent=True,
)
def say_beside_task(body: dict[str, Any], task_key: int) -> Any:
    """Say something, or lay a kept file, beside a task."""
    return _say(remarks.Place(task_key=task_key), body)


@paths.operation(
    "POST",
    "/instances/<key:instance_key>/remarks",
    answer=shapes.Said,
    body=shapes.SayBody,
    status=201,
    errors=(404, 422),
    idempotent=True,
)
def say_beside_instance(body: dict[str, Any], instance_key: int) -> Any:
    """Say something, or lay a kept file, beside a process."""
    return _say(remarks.Place(instance_key=instance_key), body)


@paths.operation(
    "GET",
    "/remarks/<remark_id>/file",
    errors=(404,),
    doc={"responses": {200: {"description": "The file.", "content": {"*/*": {}}}}},
)
def get_remark_file(remark_id: str) -> Response:
    """The file of a remark."""
    files = cast("EvidenceFiles", current_app.extensions[FILES])
    row, content = remarks.open_attachment(house(), files, actor(), remark_id)
    answer = Response(content, mimetype=row.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=row.filename)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@paths.operation("PUT", "/tasks/<key:task_key>/watch", status=204, errors=(404, 409))
def watch_task(task_key: int) -> None:
    """Be told when a task ends."""
    remarks.follow(house(), actor(), remarks.Place(task_key=task_key), wanted=True)


@paths.operation("DELETE", "/tasks/<key:task_key>/watch", status=204, errors=(404,))
def unwatch_task(task_key: int) -> None:
    """Be told no longer."""
    remarks.follow(house(), actor(), remarks.Place(task_key=task_key), wanted=False)


@paths.operation("PUT", "/instances/<key:instance_key>/watch", status=204, errors=(404, 409))
def watch_instance(instance_key: int) -> None:
    """Be told when a process ends."""
    remarks.follow(house(), actor(), remarks.Place(instance_key=instance_key), wanted=True)


@paths.operation("DELETE", "/instances/<key:instance_key>/watch", status=204, errors=(404,))
def unwatch_instance(instance_key: int) -> None:
    """Be told no longer."""
    remarks.follow(house(), actor(), remarks.Place(instance_key=instance_key), wanted=False)


@paths.operation(
    "POST",
    "/tasks/together",
    answer=shapes.TogetherShape,
    body=shapes.TogetherBody,
    errors=(422,),
    idempotent=True,
)
def act_together(body: dict[str, Any]) -> dict[str, Any]:
    """Claim, assign or complete many tasks, each alone; more than 50 in the background."""
    command = bulk_tasks.Together(
        act=bulk_tasks.Act(body["act"]),
        task_keys=tuple(int(key) for key in body["taskKeys"]),
        assignee=body.get("assignee"),
        variables=body["variables"],
        idempotency_key=idempotency_key(),
    )
    found = bulk_tasks.do_together(house(), actor(), command)
    return {
        "done": [str(key) for key in found.done],
        "refused": [
            {"taskKey": str(one.task_key), "code": one.code, "message": one.message}
            for one in found.refused
        ],
        "undertakingId": found.undertaking_id,
    }


def _say(at: remarks.Place, body: dict[str, Any]) -> Any:
    command = remarks.Say(
        at=at,
        text=body["text"],
        mentions=tuple(body["mentions"]),
        evidence_id=body["evidenceId"],
        idempotency_key=idempotency_key(),
    )
    return remarks.say(house(), actor(), command)


def _page(at: remarks.Place, query: dict[str, Any]) -> dict[str, Any]:
    found = remarks.beside(house(), actor(), at, after=query.get("after"), limit=query["limit"])
    return {
        "items": [_card(one) for one in found.remarks],
        "next": found.remarks[-1].remark.id if found.more else None,
    }


def _card(one: Heard) -> dict[str, Any]:
    said = one.remark
    return {
        "id": said.id,
        "taskKey": str(said.task_key) if said.task_key is not None else None,
        "authorId": said.author_id,
        "author": one.author,
        "text": said.text,
        "mentions": list(said.mentions),
        "at": said.at,
        "filename": one.filename or None,
        "sizeBytes": one.size_bytes or None,
    }
