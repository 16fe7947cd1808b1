"""Somebody else works on a task; then it comes back to its owner, who sends it himself.

What the delegate typed is a draft for the owner: the act, and every four-eyes rule that looks at
the human behind it, stay with the owner. Both names stand in history and audit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.delegation import Delegation, check
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.following import tell_holder
from engine.usecases.notices import Kind, notify
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.process import HistoryRow, ProcessChanges
from engine.usecases.rights import may_see_instance
from engine.usecases.tasks import (
    answer_of,
    check_open,
    check_own,
    locked_task,
    may_take,
    person_named,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateTask:
    """Have somebody work on a task that one holds."""

    task_key: int
    #: person id, or a login that has one
    delegate: str
    version: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveTask:
    """Hand a task back to its owner; with what was typed, else with the draft that is kept."""

    task_key: int
    data: Mapping[str, Json] | None = None
    version: int | None = None
    idempotency_key: str | None = None


@repeated
def delegate_task(house: House, actor: Actor, command: DelegateTask) -> Mapping[str, Json]:
    """Have somebody of the same agency work on a task that one holds oneself.

    `NotFound` for tasks of others, `AccessRefused` for who does not hold it by his own name,
    `Conflict` when it ended, nobody holds it or it is delegated already, `InputRefused` for whom
    or where the domain does not allow it (`engine.domain.delegation`).
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        task = _held(house, uow, actor, command)
        delegate = _delegate(uow, task, command.delegate)
        refuse_delegate(house, uow, task, delegate)
        uow.work_list.entrust(
            task.key, owner=task.assignee, assignee=delegate, version=task.version
        )
        _tell_all(house, uow, actor, _Step("delegated", audit_tags.TASK_DELEGATED, task, delegate))
        key = f"delegated:{task.key}:{task.version}"
        _notify(house, uow, actor, task, (delegate, Kind.TASK_DELEGATED, key))
        answer = answer_of(task)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def resolve_task(house: House, actor: Actor, command: ResolveTask) -> Mapping[str, Json]:
    """Hand a task back to its owner, with the draft; or the owner takes it back as it is.

    `NotFound` for others, `Conflict` when it ended or nobody works on it for anybody,
    `InputRefused` when the domain forbids whoever stands in for the delegate.
    """
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        task = locked_task(uow, command.task_key)
        owns = actor.person_id is not None and actor.person_id == task.owner
        if not owns and not may_take(house, uow, actor, task):
            _refuse(uow, actor, task, "task:resolve")
        check_open(uow, task, command.version)
        owner = task.owner
        if owner is None:
            raise Conflict("nobody works on the task for another", taskKey=str(task.key))
        uow.work_list.entrust(task.key, owner=None, assignee=owner, version=task.version)
        if not owns:
            refuse_delegate(house, uow, replace(task, assignee=owner), actor.person_id or "")
            _hand_over(house, uow, actor, task, command.data)
        acting = actor if owns else actor.acting_for(owner)
        _tell_all(house, uow, acting, _Step("handed_back", audit_tags.TASK_RESOLVED, task, owner))
        told = (task.assignee or owner) if owns else owner
        key = f"resolved:{task.key}:{task.version}"
        _notify(house, uow, actor, task, (told, Kind.TASK_HANDED_BACK, key))
        answer = answer_of(task)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def may_delegate(house: House, actor: Actor, task: UserTaskRow) -> bool:
    """Whether the actor holds the task by his own name and its kind may be delegated."""
    if actor.person_id is None or task.assignee != actor.person_id or task.owner is not None:
        return False
    with house.reading() as uow:
        submit = house.runner.submit_of(uow, task.definition_key, task.element_id)
    return not check(_case(task, submit, "", frozenset()))


def refuse_delegate(house: House, uow: UnitOfWork, task: UserTaskRow, delegate: str) -> None:
    """`InputRefused` with everything that stands against this delegate of the task's holder."""
    submit = house.runner.submit_of(uow, task.definition_key, task.element_id)
    parties = uow.remarks.parties(task.instance_key, task.key)
    found = check(_case(task, submit, delegate, parties))
    if found:
        raise InputRefused(
            *(FieldFault(field="delegate", code=one.code, message=one.message) for one in found)
        )


def _case(
    task: UserTaskRow, submit: str | None, delegate: str, parties: frozenset[str]
) -> Delegation:
    return Delegation(
        owner_id=task.assignee or "",
        delegate_id=delegate,
        submit=submit,
        about_id=task.about_id,
        parties=parties,
    )


def _held(house: House, uow: UnitOfWork, actor: Actor, command: DelegateTask) -> UserTaskRow:
    task = locked_task(uow, command.task_key)
    if not may_take(house, uow, actor, task):
        _refuse(uow, actor, task, "task:delegate")
    check_open(uow, task, command.version)
    check_own(uow, task)
    if task.assignee is None:
        raise Conflict("nobody holds the task", taskKey=str(task.key))
    if task.assignee != actor.person_id:
        raise AccessRefused("task:delegate", str(task.key))
    return task


def _refuse(uow: UnitOfWork, actor: Actor, task: UserTaskRow, act: str) -> None:
    if may_see_instance(uow, actor, task.root_key):
        raise AccessRefused(act, str(task.key))
    raise NotFound("task", task.key)


def _delegate(uow: UnitOfWork, task: UserTaskRow, name: str) -> str:
    """The person, of the task's own agency."""
    delegate = person_named(uow, name) or ""
    account = uow.accounts.account_of(delegate)
    if account is None or account.agency_id != task.agency_id:
        raise InputRefused(
            FieldFault(field="delegate", code="unknown_person", message="no such active person")
        )
    return delegate


def _hand_over(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    task: UserTaskRow,
    data: Mapping[str, Json] | None,
) -> None:
    """What the delegate typed becomes the owner's draft; nothing typed leaves the owner's own."""
    person = actor.person_id or ""
    typed = data if data is not None else uow.work_list.draft(task.key, person)
    if typed:
        uow.work_list.save_draft(task.key, task.owner or "", typed, house.clock.now())
    uow.work_list.drop_draft(task.key, person)


@dataclass(frozen=True, slots=True)
class _Step:
    event: str
    act: str
    task: UserTaskRow
    to: str


def _tell_all(house: House, uow: UnitOfWork, actor: Actor, step: _Step) -> None:
    """One line of history and one of audit."""
    task = step.task
    row = HistoryRow(
        key=house.ids.key(),
        instance_key=task.instance_key,
        root_key=task.root_key,
        process_id=task.process_id,
        definition_key=task.definition_key,
        element_id=task.element_id,
        element_type="userTask",
        token=task.token,
        event=step.event,
        at=house.clock.now(),
        recorded_at=house.clock.real_now(),
        actor=actor.name,
        detail=json.dumps({"to": step.to}),
        on_behalf_of=actor.on_behalf_of,
    )
    uow.processes.flush(ProcessChanges(history=[row]))
    note(
        house,
        uow,
        actor,
        stream=f"instance:{task.root_key}",
        act=step.act,
        facts={"task": str(task.key), "to": step.to},
    )


def _notify(
    house: House, uow: UnitOfWork, actor: Actor, task: UserTaskRow, told: tuple[str, Kind, str]
) -> None:
    person_id, kind, key = told
    tell_holder(house, uow, actor, task, person_id)
    notify(
        uow,
        house.ids,
        house.clock.now(),
        [person_id],
        kind,
        key=key,
        path=f"/tugas/{task.key}",
        facts={"by": actor.person_id, "title": task.name},
    )
