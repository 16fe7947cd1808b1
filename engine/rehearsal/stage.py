"""The stage: deploy, start, act by element, let time pass; all that follows happens at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.jobs import deliveries
from engine.rehearsal.answers import AnsweringHost, Answers
from engine.rehearsal.house import CountingIds, StandingClock, opened
from engine.rehearsal.store import RehearsalStore, Tables
from engine.runtime.runner import Runner
from engine.usecases import messages, starting, tasks
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import UseCaseError
from engine.usecases.ports.process import InstanceStatus, TaskState
from engine.usecases.ports.work import House
from engine.usecases.rights import PROCESS_OWNER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeVar

    from engine.feel import HostFunction
    from engine.usecases.ports.process import (
        InstanceRow,
        Json,
        Resource,
        SubscriptionRow,
        UserTaskRow,
        WorkerJobRow,
    )
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.runner import ProcessHost
    from engine.usecases.ports.work import Forms, UnitOfWork

    T = TypeVar("T")

#: rounds of timers and deliveries after one act: a drawing that never rests is a fault
ROUNDS_MAX: Final = 10_000

#: who starts, sends and lets time pass
DIRECTOR: Final = Actor(
    kind=ActorKind.PERSON,
    name="director",
    person_id="director",
    groups=frozenset({PROCESS_OWNER}),
)


class NeverRests(UseCaseError):
    """After one act timers and messages went on without end."""


class OutOfTime(UseCaseError):
    """Whoever asked for the play does not wait any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Props:
    """What a stage stands on."""

    host: ProcessHost
    forms: Forms
    #: definitions, decisions and forms that are not deployed on the stage; only read
    behind: ProcessStore | None = None
    zone: str = "Asia/Jakarta"
    #: FEEL functions beside those of the house
    beside: Mapping[str, HostFunction] = field(default_factory=dict)
    #: asked after each step of the engine: whether there is no time left; None: there always is
    over: Callable[[], bool] | None = None


class Stage:
    """Drawings on a stage; `set_back` returns to the moment after the last deployment."""

    def __init__(self, props: Props, at: datetime) -> None:
        self.tables = Tables()
        self.clock = StandingClock(at)
        self._host = AnsweringHost(props.host, ZoneInfo(props.zone), props.beside)
        self._behind = props.behind
        self._over = props.over
        ids = CountingIds()
        self.runner = Runner(self._host, self.clock, ids)
        self.house = House(
            writing=self._open,
            reading=self._open,
            runner=self.runner,
            host=self._host,
            forms=props.forms,
            clock=self.clock,
            ids=ids,
        )
        self._handlers = deliveries.handlers(self.house)
        self._deployed = 0

    def _open(self) -> UnitOfWork:
        return opened(self.tables, self._behind, self._host)

    def _do(self, act: Callable[[UnitOfWork], T]) -> T:
        with self._open() as uow:
            result = act(uow)
            uow.commit()
        self._settle()
        return result

    # ---- before the play

    def deploy(self, resources: Sequence[Resource]) -> None:
        """Deploy files; `DrawingRefused` with all findings."""
        self._do(lambda uow: self.runner.deploy(uow, resources, DIRECTOR))
        self._deployed = self.tables.undo.mark()

    def set_back(self, answers: Answers, at: datetime) -> None:
        """Forget all instances and begin again at a moment, with other answers."""
        self.tables.undo.back_to(self._deployed)
        self._host.answers = answers
        self.clock.at = at

    def put_on(self, tables: Tables, answers: Answers) -> None:
        """Go on with another play: what was committed there stands."""
        self.tables = tables
        self._host.answers = answers

    # ---- acts

    def start(
        self,
        process_id: str,
        variables: Mapping[str, Json],
        business_key: str | None = None,
    ) -> int:
        """Start an instance of the newest version; its key."""
        return self._do(
            lambda uow: self.runner.start(
                uow, process_id, variables, DIRECTOR, business_key=business_key
            )
        )

    def enter(self, process_id: str, actor: Actor, form: Mapping[str, Json]) -> int:
        """Start by a form as a person does; the instance's key."""
        command = starting.StartByForm(process_id=process_id, values=form)
        key = int(starting.start_by_form(self.house, actor, command)["instanceKey"])
        self._settle()
        return key

    def complete(self, task: UserTaskRow, actor: Actor, form: Mapping[str, Json]) -> None:
        """End a task as a person does: only who may take it, and its form is checked."""
        tasks.complete_task(
            self.house, actor, tasks.CompleteTask(task_key=task.key, variables=form)
        )
        self._settle()

    def finish(self, job: WorkerJobRow, variables: Mapping[str, Json]) -> None:
        """An external worker is done."""
        self._do(lambda uow: self.runner.complete_worker_job(uow, job.key, variables, DIRECTOR))

    def throw(self, job: WorkerJobRow, code: str, variables: Mapping[str, Json]) -> None:
        """An external worker reports a business error."""
        self._do(
            lambda uow: self.runner.throw_worker_error(uow, job.key, code, "", variables, DIRECTOR)
        )

    def fail(self, job: WorkerJobRow, message: str) -> None:
        """An external worker gave up."""
        self._do(lambda uow: self.runner.fail_worker_job(uow, job.key, message, DIRECTOR))

    def publish(self, name: str, correlation_key: str, variables: Mapping[str, Json]) -> None:
        """A message that waits an hour for its receiver."""
        message = messages.PublishMessage(
            name=name,
            correlation_key=correlation_key,
            variables=variables,
            time_to_live_ms=3_600_000,
        )
        messages.publish_message(self.house, DIRECTOR, message)
        self._settle()

    def signal(self, name: str, variables: Mapping[str, Json]) -> None:
        """A signal to everybody who waits for it."""
        messages.broadcast_signal(self.house, DIRECTOR, name, variables)
        self._settle()

    def set_variables(self, instance_key: int, variables: Mapping[str, Json]) -> None:
        """Change variables of an instance."""
        self._do(lambda uow: self.runner.set_variables(uow, instance_key, variables, DIRECTOR))

    def retry(self, instance_key: int, token: int) -> None:
        """Run a failed step again."""
        self._do(lambda uow: self.runner.retry(uow, instance_key, token, DIRECTOR))

    def cancel(self, instance_key: int) -> None:
        """End an instance with all below it."""
        self._do(lambda uow: self.runner.cancel(uow, instance_key, DIRECTOR))

    def advance_to(self, until: datetime) -> None:
        """Let time pass; every timer rings at its own moment."""
        for _ in range(ROUNDS_MAX):
            due = self.next_due()
            self.go_on()
            if due is None or due > until:
                self.clock.at = max(self.clock.at, until)
                return
            self.clock.at = max(self.clock.at, due)
            self._settle()
        raise NeverRests(f"{ROUNDS_MAX} timers rang before {until.isoformat()}")

    def receive(self, row: SubscriptionRow, variables: Mapping[str, Json]) -> None:
        """What a subscription waits for happens."""
        self._do(lambda uow: self.runner.deliver(uow, row, variables, DIRECTOR))

    # ---- looking

    @property
    def store(self) -> RehearsalStore:
        """The rows of the stage."""
        return RehearsalStore(self.tables, self._behind)

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        waiting = [
            row.due_at
            for row in self.tables.instances.values()
            if row.due_at is not None and row.status is InstanceStatus.ACTIVE
        ]
        starts = [row.due_at for row in self.tables.subscriptions.values() if row.due_at]
        return min([*waiting, *starts], default=None)

    def instance(self, key: int) -> InstanceRow:
        """An instance as it is now."""
        return self.tables.instances[key]

    def open_tasks(self) -> Sequence[UserTaskRow]:
        """Open tasks, oldest first."""
        waiting = (t for t in self.tables.tasks.values() if t.state is TaskState.CREATED)
        return sorted(waiting, key=lambda task: task.key)

    def open_jobs(self) -> Sequence[WorkerJobRow]:
        """Jobs that wait for an external worker, oldest first."""
        return sorted(self.tables.worker_jobs.values(), key=lambda job: job.key)

    def variables(self, instance_key: int) -> Mapping[str, Json]:
        """Variables of an instance's root scope."""
        with self._open() as uow:
            return dict(self.runner.view(uow, instance_key).variables)

    # ---- what follows an act

    def _settle(self) -> None:
        """Deliver messages and signals and ring due timers until everything waits."""
        for _ in range(ROUNDS_MAX):
            self.go_on()
            if not (self._delivered() or self._rung()):
                return
        raise NeverRests(f"{ROUNDS_MAX} messages and timers followed one act")

    def go_on(self) -> None:
        """`OutOfTime` when nobody waits any longer; what is deployed is deployed whole."""
        if self._deployed and self._over is not None and self._over():
            raise OutOfTime("there is no time left")

    def _delivered(self) -> bool:
        for (kind, key), args in list(self.tables.enqueued.items()):
            with self._open() as uow:
                left = self._handlers[kind](uow, args)
                if left is None:
                    del self.tables.enqueued[kind, key]
                else:
                    self.tables.enqueued[kind, key] = left
                uow.commit()
            return True
        return False

    def _rung(self) -> bool:
        with self._open() as uow:
            moved = 0
            for key in uow.processes.due_instances(self.clock.at, 1):
                moved += self.runner.fire_due(uow, key)
            for row in uow.processes.due_starts(self.clock.at, 1):
                self.runner.fire_due_start(uow, row)
                moved += 1
            uow.commit()
        return moved > 0
