"""Commands on user tasks: complete, claim, give back, assign, keep a draft."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.following import tell_holder
from engine.usecases.form_context import form_context
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.process import TaskState, UserTaskRow
from engine.usecases.rights import may, may_see_instance, require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: fields that a draft may hold; a form is smaller
DRAFT_FIELDS_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """End a user task with what its form brought."""

    task_key: int
    variables: Mapping[str, Json]
    #: row version that the page showed; None: whatever it is now
    version: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTask:
    """Give a task to somebody; None gives it back to its candidates."""

    task_key: int
    #: person id, or a login that has one
    assignee: str | None
    version: int | None = None
    #: False: refuse when somebody holds it already
    may_take_over: bool = True
    idempotency_key: str | None = None


@repeated
def complete_task(house: House, actor: Actor, command: CompleteTask) -> Mapping[str, Json]:
    """End a task and advance its process until everything waits; one transaction.

    Returns taskKey, instanceKey and rootKey. `NotFound` for tasks of others, `Conflict` when it
    is not open any more (with who did what and when) or the page is stale, `InputRefused` with
    every fault of the form; nothing is saved then.
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        task = _open_task(house, uow, actor, command.task_key, command.version)
        check_own(uow, task)
        acting = _acting(actor, task)
        values = _form_values(house, uow, task, command.variables)
        house.runner.complete_task(uow, task.key, values, acting)
        note(
            house,
            uow,
            acting,
            stream=f"instance:{task.root_key}",
            act=audit_tags.TASK_COMPLETED,
            facts={"task": str(task.key), "element": task.element_id},
        )
        answer = answer_of(task)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def claim_task(
    house: House, actor: Actor, task_key: int, version: int | None = None
) -> Mapping[str, Json]:
    """Take a task that one may take; `Conflict` when somebody else holds it."""
    with house.writing() as uow:
        task = _open_task(house, uow, actor, task_key, version)
        if actor.person_id is None:
            raise AccessRefused("task:claim", str(task_key))
        if task.assignee not in (None, actor.person_id):
            raise _held(uow, task)
        check_own(uow, task)
        _write_assignee(house, uow, actor, task, actor.person_id)
        uow.commit()
        return answer_of(task)


@repeated
def unclaim_task(
    house: House, actor: Actor, task_key: int, version: int | None = None
) -> Mapping[str, Json]:
    """Give a task back to its candidates: who holds it may, and who may assign."""
    with house.writing() as uow:
        task = locked_task(uow, task_key)
        mine = task.assignee is not None and task.assignee == actor.person_id
        if not mine:
            require_assigner(house, uow, actor, task)
        check_open(uow, task, version)
        check_own(uow, task)
        if not task.candidates:
            raise Conflict("the task has no other candidates", taskKey=str(task_key))
        _write_assignee(house, uow, actor, task, None)
        uow.commit()
        return answer_of(task)


@repeated
def assign_task(house: House, actor: Actor, command: AssignTask) -> Mapping[str, Json]:
    """Give a task to a person; an administrator's act, or taking it oneself."""
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        task = locked_task(uow, command.task_key)
        assignee = person_named(uow, command.assignee)
        taking = assignee == actor.person_id and may_take(house, uow, actor, task)
        if not taking:
            require_assigner(house, uow, actor, task)
        check_open(uow, task, command.version)
        if taking:
            check_own(uow, task)
        if task.assignee not in (None, assignee) and not command.may_take_over:
            raise _held(uow, task)
        _write_assignee(house, uow, actor, task, assignee)
        answer = answer_of(task)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def save_draft(
    house: House,
    actor: Actor,
    task_key: int,
    data: Mapping[str, Json],
    *,
    seen: str | None = None,
) -> str:
    """Keep what somebody typed, apart from process variables; not validated. Its mark.

    `seen`: mark of the draft that the writer began with, "" for none; when another window of his
    kept another one meanwhile, `Conflict` and nothing is merged. None: whatever is kept.
    """
    if len(data) > DRAFT_FIELDS_MAX:
        raise InputRefused(FieldFault(field="", code="too_many_fields", message="too many fields"))
    with house.writing() as uow:
        task = uow.processes.task(task_key)
        if task is None or actor.person_id is None or not may_take(house, uow, actor, task):
            raise NotFound("task", task_key)
        check_open(uow, task, None)
        kept, mark = uow.work_list.draft(task_key, actor.person_id), draft_mark(data)
        if seen is not None and draft_mark(kept) not in (seen, mark):
            raise Conflict("another draft was kept meanwhile", draft=draft_mark(kept))
        uow.work_list.save_draft(task_key, actor.person_id, data, house.clock.now())
        uow.commit()
        return mark


def drop_draft(house: House, actor: Actor, task_key: int) -> None:
    """Forget what the actor typed; the form is as it came again."""
    with house.writing() as uow:
        task = uow.processes.task(task_key)
        if task is None or actor.person_id is None or not may_take(house, uow, actor, task):
            raise NotFound("task", task_key)
        check_open(uow, task, None)
        uow.work_list.drop_draft(task_key, actor.person_id)
        uow.commit()


def draft_mark(data: Mapping[str, Json] | None) -> str:
    """What tells one draft from another; "" where there is none."""
    if data is None:
        return ""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def locked_task(uow: UnitOfWork, task_key: int) -> UserTaskRow:
    """A task with its root locked, whoever's it is; `NotFound`."""
    found = uow.processes.task_with_lock(task_key)
    if found is None:
        raise NotFound("task", task_key)
    return found[0]


def _open_task(
    house: House, uow: UnitOfWork, actor: Actor, task_key: int, version: int | None
) -> UserTaskRow:
    """The task with its root locked, open, fresh, and the actor's to take."""
    task = locked_task(uow, task_key)
    if not may_take(house, uow, actor, task):
        if may_see_instance(uow, actor, task.root_key):
            raise AccessRefused("task:complete", str(task_key))
        raise NotFound("task", task_key)
    check_open(uow, task, version)
    return task


def may_take(house: House, uow: UnitOfWork, actor: Actor, task: UserTaskRow) -> bool:
    """As the work list says, also of a task that ended: its candidates may learn who ended it."""
    as_open = task if task.state is TaskState.CREATED else replace(task, state=TaskState.CREATED)
    return uow.work_list.may_take(actor, as_open, now=house.clock.now())


def require_assigner(house: House, uow: UnitOfWork, actor: Actor, task: UserTaskRow) -> None:
    """`AccessRefused` for who only may take it, `NotFound` for others without the right."""
    if may(actor, "task:assign") and same_agency(actor, task.agency_id):
        return
    if may_take(house, uow, actor, task):
        require(actor, "task:assign", task.key)
    raise NotFound("task", task.key)


def check_open(uow: UnitOfWork, task: UserTaskRow, version: int | None) -> None:
    """`Conflict` for a task that ended, with who did it, and for a row that is not as shown."""
    if task.state is not TaskState.CREATED:
        raise Conflict(
            f"the task was {task.state.value}",
            state=task.state.value,
            by=task.completed_by,
            byName=name_of(uow, task.completed_by),
            at=_text(task.completed_at),
        )
    if version is not None and version != task.version:
        raise Conflict(
            "the task was changed",
            version=task.version,
            assignee=task.assignee,
            assigneeName=name_of(uow, task.assignee),
        )


def check_own(uow: UnitOfWork, task: UserTaskRow) -> None:
    """`Conflict` while somebody works on the task for its owner: he hands it back first."""
    if task.owner is not None:
        raise Conflict(
            "the task is another's",
            state="delegated",
            owner=task.owner,
            ownerName=name_of(uow, task.owner),
        )


def _held(uow: UnitOfWork, task: UserTaskRow) -> Conflict:
    return Conflict(
        "somebody else holds the task",
        assignee=task.assignee,
        assigneeName=name_of(uow, task.assignee),
    )


def name_of(uow: UnitOfWork, person: str | None) -> str | None:
    """The display name of an actor or person, None when unknown."""
    if person is None:
        return None
    account = uow.accounts.account_of(person) or uow.accounts.account(person)
    return account.display_name if account else None


def person_named(uow: UnitOfWork, name: str | None) -> str | None:
    """Id of the active person behind an id or login; `InputRefused` for none."""
    if name is None:
        return None
    account = uow.accounts.account_of(name) or uow.accounts.account(name)
    if account is None or account.person_id is None or not account.active:
        raise InputRefused(
            FieldFault(field="assignee", code="unknown_person", message="no such active person")
        )
    return account.person_id


def _acting(actor: Actor, task: UserTaskRow) -> Actor:
    """Plt/Plh and substitutes act for the assignee; both names are recorded."""
    if actor.person_id is not None and task.assignee not in (None, actor.person_id):
        return actor.acting_for(str(task.assignee))
    return actor


def _form_values(
    house: House, uow: UnitOfWork, task: UserTaskRow, data: Mapping[str, Json]
) -> Mapping[str, Json]:
    if task.form_key is None:
        return data
    form = uow.processes.form(task.form_key)
    if form is None:
        raise Conflict("the form of the task is missing", form=task.form_id)
    context = form_context(house, uow, task, form)
    return house.forms.validate(form.schema, data, context)


def _write_assignee(
    house: House, uow: UnitOfWork, actor: Actor, task: UserTaskRow, assignee: str | None
) -> None:
    uow.work_list.assign(task.key, assignee, version=task.version)
    if assignee != task.assignee:
        tell_holder(house, uow, actor, task)
    note(
        house,
        uow,
        actor,
        stream=f"instance:{task.root_key}",
        act=audit_tags.TASK_ASSIGNED if assignee else audit_tags.TASK_UNASSIGNED,
        facts={"task": str(task.key), "assignee": assignee},
    )


def answer_of(task: UserTaskRow) -> Mapping[str, Json]:
    """What a command on a task answers."""
    return {
        "taskKey": str(task.key),
        "instanceKey": str(task.instance_key),
        "rootKey": str(task.root_key),
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
