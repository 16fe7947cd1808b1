"""One act over many tasks: each in a transaction of its own, and every refusal is told.

Claiming and assigning may always be done together; completing only where the form says that it
may (its property "regu:bulk"), with what the form begins with and what is given for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import DomainError, RuleBroken
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import (
    AccessRefused,
    Conflict,
    FieldFault,
    InputRefused,
    NotFound,
    UseCaseError,
)
from engine.usecases.once import recall, remember, repeated
from engine.usecases.rights import may
from engine.usecases.task_views import task_view
from engine.usecases.tasks import AssignTask, CompleteTask, assign_task, claim_task, complete_task
from engine.usecases.undertakings import FOLLOW, Begin, Work, begin, end, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: tasks done while somebody waits for the answer
AT_ONCE: Final = 50
#: tasks that one request may name; more than `AT_ONCE` are done in the background
TOGETHER_MAX: Final = 1_000
#: refusals kept with long work; the rest is counted
KEPT_MAX: Final = 200
#: tasks between two looks at how far it has come
_STEP: Final = 20


class Act(StrEnum):
    """What is done with each task."""

    CLAIM = "claim"
    ASSIGN = "assign"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One act over many tasks."""

    act: Act
    task_keys: tuple[int, ...]
    #: person id or login, for `assign`
    assignee: str | None = None
    #: for `complete`: fields that are the same for all; others are as the form begins
    variables: Mapping[str, Json] = field(default_factory=dict)
    #: marks the request, so that its repetition changes nothing
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why one task stayed as it was."""

    task_key: int
    #: a code of the refusals, or "not_found", "access_refused", "conflict", "not_together"
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of them."""

    done: Sequence[int]
    refused: Sequence[Refused]
    #: long work that goes on; nothing is done yet then
    undertaking_id: str | None = None


def do_together(house: House, actor: Actor, command: Together) -> Outcome:
    """Do it to each task, alone; more than `AT_ONCE` in the background.

    Long work is for those who oversee their agency. `InputRefused` for no task, too many, or
    nobody to assign to.
    """
    keys = tuple(dict.fromkeys(command.task_keys))
    if not 0 < len(keys) <= (TOGETHER_MAX if may(actor, FOLLOW) else AT_ONCE):
        raise InputRefused(
            FieldFault(field="taskKeys", code="number_of_tasks", message="choose tasks")
        )
    if command.act is Act.ASSIGN and not command.assignee:
        raise InputRefused(
            FieldFault(field="assignee", code="unknown_person", message="choose a person")
        )
    if len(keys) > AT_ONCE:
        return _later(house, actor, command, keys)
    return _each(house, actor, command, keys)


def may_together(house: House, form_keys: Sequence[int]) -> frozenset[int]:
    """Those of these forms whose tasks may be completed together."""
    with house.reading() as uow:
        found = uow.inbox.forms(set(form_keys))
    return frozenset(key for key, schema in found.items() if house.forms.allows(schema, "bulk"))


def go_on(house: House, args: Mapping[str, Json], renew: Callable[[], None]) -> Mapping[str, Json]:
    """Do what waits, a transaction for each; again after a fall changes nothing twice."""
    actor, command = _read(args)
    work_id, keys = str(args["undertaking"]), command.task_keys
    done: list[int] = []
    refused: list[Refused] = []
    for at in range(0, len(keys), _STEP):
        part = _each(house, actor, command, keys[at : at + _STEP])
        done += part.done
        refused += part.refused
        renew()
        reached(house, work_id, len(done) + len(refused), len(keys))
    told = [
        {"task": str(one.task_key), "code": one.code, "message": one.message}
        for one in refused[:KEPT_MAX]
    ]
    return {**args, "facts": {"done": len(done), "failed": len(refused), "refused": told}}


@repeated
def _later(house: House, actor: Actor, command: Together, keys: tuple[int, ...]) -> Outcome:
    """One undertaking for one key, however often it is asked for."""
    key = command.idempotency_key
    with house.writing() as uow:
        known = recall(uow, actor, key, command)
        if known is not None:
            return Outcome(done=(), refused=(), undertaking_id=str(known["undertaking"]))
        row = begin(
            uow,
            actor,
            Begin(kind=Work.TASKS, title=command.act.value, total=len(keys)),
            ids=house.ids,
            now=house.clock.now(),
        )
        uow.jobs.enqueue(Work.TASKS.value, row.id, _written(actor, command, keys, row.id))
        remember(uow, house, actor, key, command, {"undertaking": row.id})
        uow.commit()
    return Outcome(done=(), refused=(), undertaking_id=row.id)


def _each(house: House, actor: Actor, command: Together, keys: Sequence[int]) -> Outcome:
    done: list[int] = []
    refused: list[Refused] = []
    for key in keys:
        try:
            _one(house, actor, command, key)
        except (UseCaseError, DomainError) as error:
            refused.append(_told(key, error))
        else:
            done.append(key)
    return Outcome(done=done, refused=refused)


def _one(house: House, actor: Actor, command: Together, key: int) -> None:
    once = f"{command.idempotency_key}:{key}" if command.idempotency_key else None
    match command.act:
        case Act.CLAIM:
            claim_task(house, actor, key)
        case Act.ASSIGN:
            wanted = AssignTask(task_key=key, assignee=command.assignee, idempotency_key=once)
            assign_task(house, actor, wanted)
        case Act.COMPLETE:
            _complete(house, actor, command, (key, once))


def _complete(
    house: House, actor: Actor, command: Together, marked: tuple[int, str | None]
) -> None:
    key, once = marked
    seen = task_view(house, actor, key)
    if seen.form is not None and not house.forms.allows(seen.form.schema, "bulk"):
        raise InputRefused(
            FieldFault(field="", code="not_together", message="its form is filled in one by one")
        )
    values = {**(seen.draft or {}), **command.variables}
    wanted = CompleteTask(task_key=key, variables=values, idempotency_key=once)
    complete_task(house, actor, wanted)


def _told(key: int, error: UseCaseError | DomainError) -> Refused:
    codes = {NotFound: "not_found", AccessRefused: "access_refused", Conflict: "conflict"}
    code = next((word for kind, word in codes.items() if isinstance(error, kind)), "refused")
    message = str(error)
    if isinstance(error, InputRefused):
        code, message = error.faults[0].code, error.faults[0].message
    elif isinstance(error, RuleBroken):
        code, message = error.violations[0].code, error.violations[0].message
    elif isinstance(error, Conflict):
        message = error.reason
    return Refused(task_key=key, code=code, message=message)


def _written(
    actor: Actor, command: Together, keys: tuple[int, ...], work_id: str
) -> Mapping[str, Json]:
    return {
        "undertaking": work_id,
        "actor": actor.name,
        "kind": actor.kind.value,
        "person_id": actor.person_id,
        "agency_id": actor.agency_id,
        "groups": sorted(actor.groups),
        "act": command.act.value,
        "tasks": [str(key) for key in keys],
        "assignee": command.assignee,
        "variables": dict(command.variables),
    }


def _read(args: Mapping[str, Json]) -> tuple[Actor, Together]:
    actor = Actor(
        kind=ActorKind(args["kind"]),
        name=str(args["actor"]),
        person_id=args["person_id"],
        groups=frozenset(args["groups"]),
        agency_id=args["agency_id"],
    )
    command = Together(
        act=Act(args["act"]),
        task_keys=tuple(int(key) for key in args["tasks"]),
        assignee=args["assignee"],
        variables=args["variables"],
        idempotency_key=f"together:{args['undertaking']}",
    )
    return actor, command


def finished(house: House, uow: UnitOfWork, args: Mapping[str, Json]) -> None:
    """Note how the long work ended."""
    end(house, uow, str(args["undertaking"]), facts=args["facts"])
