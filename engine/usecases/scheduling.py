"""When a task is due, when it is looked at again, how urgent it is, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.following import Happened, tell_followers
from engine.usecases.notices import Kind
from engine.usecases.once import recall, remember, repeated
from engine.usecases.rights import GROUPS, may, same_agency
from engine.usecases.tasks import (
    answer_of,
    check_open,
    locked_task,
    may_take,
    person_named,
    require_assigner,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

PRIORITY_MAX: Final = 100
#: groups and people that one task may be offered to
CANDIDATES_MAX: Final = 200
#: what who may take a task may change himself; the rest belongs to who may assign it
_OWN: Final = frozenset({"follow_up_at"})
_KNOWN: Final = _OWN | {"due_at", "priority", "candidate_groups", "candidate_users"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTask:
    """Change an open task; what `changes` does not name stays as it is."""

    task_key: int
    #: due_at, follow_up_at (aware or None), priority (0 to 100), candidate_groups and
    #: candidate_users (names; people by id or login)
    changes: Mapping[str, Any]
    #: why, for the audit
    reason: str = ""
    version: int | None = None
    idempotency_key: str | None = None


@repeated
def schedule_task(house: House, actor: Actor, command: ScheduleTask) -> Mapping[str, Json]:
    """Change dates, priority and candidates of an open task.

    By who may assign it in its agency; who may take it changes the follow-up date only. `NotFound`
    for tasks of others, `AccessRefused` for more than one's part, `Conflict` when it ended or is
    stale, `InputRefused` for values that cannot be.
    """
    _check_known(command.changes)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        task = locked_task(uow, command.task_key)
        _require(house, uow, actor, task, command)
        check_open(uow, task, command.version)
        changed = _changed(uow, task, command.changes)
        answer = answer_of(task)
        if changed != task:
            uow.work_list.schedule(changed)
            note(
                house,
                uow,
                actor,
                stream=f"instance:{task.root_key}",
                act=audit_tags.TASK_CHANGED,
                facts=_facts(changed, command),
            )
            _tell(house, uow, actor, task, changed)
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _tell(house: House, uow: UnitOfWork, actor: Actor, old: UserTaskRow, new: UserTaskRow) -> None:
    """Who follows it hears of other dates."""
    if (old.due_at, old.follow_up_at) == (new.due_at, new.follow_up_at):
        return
    what = Happened(
        kind=Kind.FOLLOWED_DATES,
        key=f"dates:{old.key}:{old.version}",
        instance_key=old.instance_key,
        task=new,
    )
    tell_followers(house, uow, actor, what)


def _check_known(changes: Mapping[str, Any]) -> None:
    unknown = sorted(set(changes) - _KNOWN)
    faults = [FieldFault(field=name, code="unknown_word", message="not known") for name in unknown]
    priority = changes.get("priority", 0)
    if type(priority) is not int or not 0 <= priority <= PRIORITY_MAX:
        faults.append(FieldFault(field="priority", code="out_of_range", message="0 to 100"))
    for name in ("due_at", "follow_up_at"):
        at = changes.get(name)
        if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
            faults.append(FieldFault(field=name, code="bad_date", message="a time with its zone"))
    if faults:
        raise InputRefused(*faults)


def _require(
    house: House, uow: UnitOfWork, actor: Actor, task: UserTaskRow, command: ScheduleTask
) -> None:
    if may(actor, "task:assign") and same_agency(actor, task.agency_id):
        return
    if set(command.changes) <= _OWN and may_take(house, uow, actor, task):
        return
    require_assigner(house, uow, actor, task)


def _changed(uow: UnitOfWork, task: UserTaskRow, changes: Mapping[str, Any]) -> UserTaskRow:
    plain = {
        name: changes[name] for name in ("due_at", "follow_up_at", "priority") if name in changes
    }
    named = {"candidate_groups": "group", "candidate_users": "user"}
    candidates = list(task.candidates)
    for name, kind in named.items():
        if name in changes:
            candidates = [pair for pair in candidates if pair[0] != kind]
            candidates += [(kind, one) for one in _names(uow, name, changes[name] or ())]
    return replace(task, **plain, candidates=tuple(candidates))


def _names(uow: UnitOfWork, field: str, names: Any) -> list[str]:
    wanted = list(dict.fromkeys(names))
    if len(wanted) > CANDIDATES_MAX:
        raise InputRefused(FieldFault(field=field, code="too_many", message="too many"))
    if field == "candidate_users":
        return [person_named(uow, name) or "" for name in wanted]
    if unknown := set(wanted) - GROUPS:
        raise InputRefused(
            FieldFault(field=field, code="unknown_word", message=f"no group {min(unknown)}")
        )
    return wanted


def _facts(task: UserTaskRow, command: ScheduleTask) -> Mapping[str, Json]:
    values: dict[str, Json] = {"task": str(task.key)}
    if command.reason:
        values["reason"] = command.reason
    for name in sorted(command.changes):
        value = command.changes[name]
        if isinstance(value, datetime):
            value = value.isoformat()
        values[name] = list(value) if isinstance(value, tuple | list) else value
    return values
