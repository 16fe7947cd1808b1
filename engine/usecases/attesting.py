"""Claims that wait for the actor's attestation: their list, those that equal the plan at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.domain.claims import ClaimState
from engine.domain.errors import RuleBroken
from engine.domain.outputs import OutputStatus
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.workplace import Visit
from engine.usecases.task_views import NEVER_DUE, PAGE_MAX
from engine.usecases.tasks import CompleteTask, complete_task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.claim_views import ClaimRow
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

PROCESS: Final = "contribution"
#: user tasks of the drawing in which a line is attested
ELEMENTS: Final = ("attest", "attest_for_lead")
#: claims that one press attests at most
BULK_MAX: Final = 100
#: under which the last press is kept
_SCREEN: Final = "attest.together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open attestation of the actor with the claim it is about."""

    task: UserTaskRow
    row: ClaimRow

    @property
    def as_planned(self) -> bool:
        """Whether the claim is what was planned: its share is the expected one."""
        return self.row.claim.claimed_bp == self.row.expected_bp

    @property
    def obstacle(self) -> str:
        """Why it needs a look of its own, a code; "" when one press may attest it."""
        if self.row.claim.state is not ClaimState.CLAIMED:
            return "not_waiting"
        if self.row.output.status is not OutputStatus.ACCEPTED:
            return "not_accepted"
        if not self.as_planned:
            return "off_plan"
        if not self.row.evidence:
            return "no_evidence"
        return "dispute_open" if self.row.disputed else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAttest:
    """Attest these claims as they were planned; the batch makes a second press harmless."""

    task_keys: tuple[int, ...]
    #: names this press; each claim's idempotency key begins with it
    batch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why one claim was not attested: a code, and what the form says about which field."""

    task_key: int
    code: str
    faults: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class BulkOutcome:
    """What became of each claim of a press."""

    batch: str
    done: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    #: (output, person) of each claim that the actor may see
    lines: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """The actor's last press, read again: what became of each claim, and the claims."""

    outcome: BulkOutcome
    at: datetime
    #: claim by task key
    rows: Mapping[int, ClaimRow]


def waiting_claims(
    house: House, actor: Actor, *, after: tuple[datetime, int] | None = None, limit: int = 50
) -> Sequence[Waiting]:
    """Claims that wait for the actor in all his squads, earliest due first, keyset paged."""
    with house.reading() as uow:
        return _of(house, uow, _mine(house, uow, actor, after, limit))


def waiting_in(house: House, actor: Actor, squad_id: str) -> Sequence[Waiting]:
    """Those of one squad, at most as many as a page of tasks holds."""
    with house.reading() as uow:
        tasks = _mine(house, uow, actor, None, PAGE_MAX)
        near = [task for task in tasks if task.squad_id in (None, squad_id)]
        return [one for one in _of(house, uow, near) if one.row.squad_id == squad_id]


def waiting_claim(house: House, actor: Actor, task_key: int) -> Waiting | None:
    """One of them by its task; None for a task that is no attestation or not open.

    The caller has asked `task_view` whether the actor may see the task.
    """
    with house.reading() as uow:
        task = uow.processes.task(task_key)
        if task is None or task.process_id != PROCESS or task.element_id not in ELEMENTS:
            return None
        if not uow.work_list.may_take(actor, task, now=house.clock.now()):
            return None
        return next(iter(_of(house, uow, [task])), None)


def attest_as_planned(house: House, actor: Actor, command: BulkAttest) -> BulkOutcome:
    """Attest every named claim that equals its plan, each by its own task and transaction.

    What does not equal the plan, has no evidence or is disputed is left and named; so is what the
    attestation's own rules refuse. The same batch again answers the same and does nothing twice;
    `last_press` tells the outcome later. `NotFound` for who is no person.
    """
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    outcome = BulkOutcome(batch=command.batch)
    keys = tuple(dict.fromkeys(command.task_keys))[:BULK_MAX]
    known = _known(house, actor, keys)
    outcome.lines = {
        key: (one.row.output.id, one.row.claim.person_id) for key, one in known.items()
    }
    for key in keys:
        refusal = _attested(house, actor, (key, command.batch), known.get(key))
        if refusal is None:
            outcome.done.append(key)
        else:
            outcome.refused.append(refusal)
    _keep(house, actor.person_id, outcome)
    return outcome


def last_press(house: House, actor: Actor) -> Pressed | None:
    """The outcome of the actor's last press, None before the first; it survives a reload."""
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    with house.reading() as uow:
        kept = uow.workplace.visit(actor.person_id, _SCREEN)
        if kept is None:
            return None
        lines = {int(key): (line[0], line[1]) for key, line in kept.seen["lines"].items()}
        rows = {
            (row.output.id, row.claim.person_id): row
            for row in uow.contributions.claim_rows(set(lines.values()))
        }
    outcome = BulkOutcome(
        batch=kept.seen["batch"],
        done=[int(key) for key in kept.seen["done"]],
        refused=[
            Refusal(
                task_key=int(key),
                code=code,
                faults=tuple((field, why, "") for field, why in faults),
            )
            for key, code, faults in kept.seen["refused"]
        ],
        lines=lines,
    )
    found = {key: rows[line] for key, line in lines.items() if line in rows}
    return Pressed(outcome=outcome, at=kept.at, rows=found)


def _keep(house: House, person_id: str, outcome: BulkOutcome) -> None:
    """References and codes only; what they say in words is the page's."""
    seen: dict[str, Json] = {
        "batch": outcome.batch,
        "done": [str(key) for key in outcome.done],
        "refused": [
            [str(one.task_key), one.code, [[name, why] for name, why, _ in one.faults]]
            for one in outcome.refused
        ],
        "lines": {str(key): list(line) for key, line in outcome.lines.items()},
    }
    row = Visit(person_id=person_id, screen=_SCREEN, at=house.clock.now(), seen=seen)
    with house.writing() as uow:
        uow.workplace.visited(row)
        uow.commit()


def _attested(
    house: House, actor: Actor, what: tuple[int, str], found: Waiting | None
) -> Refusal | None:
    key, batch = what
    # a task that ended is answered by its own idempotency key: pressed twice, done once
    if found is not None and found.task.state is TaskState.CREATED and found.obstacle:
        return Refusal(task_key=key, code=found.obstacle)
    variables: dict[str, Json] = {"decision": "attest", "commitment": "met"}
    try:
        complete_task(
            house,
            actor,
            CompleteTask(task_key=key, variables=variables, idempotency_key=f"{batch}:{key}"),
        )
    except InputRefused as error:
        faults = tuple((one.field, one.code, one.message) for one in error.faults)
        return Refusal(task_key=key, code="refused", faults=faults)
    except RuleBroken as error:
        told = tuple((one.subject, one.code, one.message) for one in error.violations)
        return Refusal(task_key=key, code="refused", faults=told)
    except Conflict:
        return Refusal(task_key=key, code="changed")
    except (AccessRefused, NotFound):
        return Refusal(task_key=key, code="not_yours")
    return None


def _known(house: House, actor: Actor, keys: Iterable[int]) -> Mapping[int, Waiting]:
    """The attestations among the tasks that are the actor's, or that he ended himself."""
    with house.reading() as uow:
        now = house.clock.now()
        tasks = [
            task
            for key in keys
            if (task := uow.processes.task(key)) is not None
            and task.process_id == PROCESS
            and task.element_id in ELEMENTS
            and (
                task.completed_by == actor.person_id or uow.work_list.may_take(actor, task, now=now)
            )
        ]
        return {one.task.key: one for one in _of(house, uow, tasks)}


def _mine(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    after: tuple[datetime, int] | None,
    limit: int,
) -> list[UserTaskRow]:
    found = [
        task
        for element in ELEMENTS
        for task in uow.work_list.mine(
            actor,
            now=house.clock.now(),
            process_id=PROCESS,
            element_id=element,
            after=after,
            limit=limit,
        )
    ]
    return sorted(found, key=lambda task: (task.due_at or NEVER_DUE, task.key))[:limit]


def _of(house: House, uow: UnitOfWork, tasks: Sequence[UserTaskRow]) -> list[Waiting]:
    """The claims of tasks in the order of the tasks; a task without a claim is left out."""
    lines = {task.key: _line(house, uow, task) for task in tasks}
    rows = uow.contributions.claim_rows({line for line in lines.values() if line is not None})
    known = {(row.output.id, row.claim.person_id): row for row in rows}
    return [
        Waiting(task=task, row=known[line])
        for task in tasks
        if (line := lines[task.key]) is not None and line in known
    ]


def _line(house: House, uow: UnitOfWork, task: UserTaskRow) -> tuple[str, str] | None:
    """Output and member of a task: on its row; a task older than those columns asks its state."""
    if task.output_id is not None and task.about_id is not None:
        return task.output_id, task.about_id
    values = house.runner.task_variables(uow, task.key)
    member, output_id = values.get("member"), values.get("output_id")
    person_id = member.get("person_id") if isinstance(member, dict) else None
    if isinstance(output_id, str) and isinstance(person_id, str):
        return output_id, person_id
    return None
