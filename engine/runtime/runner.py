"""The runner: BPMN behind the narrow port, inside an open unit of work."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.runtime import arming, deploy, entrances, holding, looking, outside, reassigning, starts
from engine.runtime.answering import Answering
from engine.runtime.command import Command
from engine.runtime.decisions import consult, consult_version
from engine.runtime.evaluating import evaluate_alone
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.house import Engine
from engine.runtime.specs.activities import Multi
from engine.runtime.steering import Steering
from engine.runtime.token import READY
from engine.usecases import piloting
from engine.usecases.actor import system
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.process import (
    InstanceStatus,
    InstanceView,
    TaskState,
)
from engine.usecases.ports.runner import BpmnErrorThrown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.usecases.actor import Actor
    from engine.usecases.errors import Finding
    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.outlook import Foresight
    from engine.usecases.ports.process import (
        DecisionRow,
        InstanceRow,
        Json,
        Resource,
        SubscriptionRow,
        UserTaskRow,
    )
    from engine.usecases.ports.runner import Assignment, Consulted, Deployed, Entrance, ProcessHost
    from engine.usecases.ports.time import Clock, Ids
    from engine.usecases.ports.work import UnitOfWork


class Runner(Answering, Steering):
    """`ProcessRunner` on SpiffWorkflow; holds compiled definitions and nothing of an instance."""

    def __init__(self, host: ProcessHost, clock: Clock, ids: Ids) -> None:
        self._engine = Engine(host, clock, ids)

    # ---- definitions

    def check(
        self, resources: Sequence[Resource], uow: UnitOfWork | None = None
    ) -> tuple[Finding, ...]:
        """All findings about these files, and beside what is deployed when `uow` is given."""
        return tuple(deploy.read_bundle(self._engine, resources, uow).findings)

    def subject_of(self, resource: Resource) -> Subject | None:
        """What a file holds: a process, a decision or a form; None for anything else."""
        return holding.subject_of(resource)

    def deploy(self, uow: UnitOfWork, resources: Sequence[Resource], actor: Actor) -> Deployed:
        """Compile and keep the files together or refuse them all (`DrawingRefused`)."""
        bundle = deploy.read_bundle(self._engine, resources, uow)
        zone = self._engine.zone
        place = zone(uow, actor.agency_id) if zone is not None else ZoneInfo("Asia/Jakarta")
        return deploy.Deployment(self._engine, uow, actor, place).keep(bundle)

    # ---- instances

    def start(  # noqa: PLR0913 - what a start may name
        self,
        uow: UnitOfWork,
        process_id: str,
        variables: Mapping[str, Json],
        actor: Actor,
        *,
        definition_key: int | None = None,
        business_key: str | None = None,
        start_event: str | None = None,
    ) -> int:
        """Start an instance (of the newest version unless a key is given); its key.

        At its first none start event, or at the start event that is named.
        """
        command = Command(self._engine, uow, actor)
        row = (
            piloting.newest(uow, process_id, command.units(variables))
            if definition_key is None
            else uow.processes.definition(definition_key)
        )
        if row is None or row.process_id != process_id:
            raise NotFound("process", process_id)
        piloting.startable(row)
        program = self._engine.programs.get(row)
        try:
            made = starts.by_hand(command, program, variables, (business_key, start_event))
        except Fault as fault:
            raise outside.refused(fault) from fault
        command.run()
        return made.row.key

    def entrances(
        self, uow: UnitOfWork, units: Callable[[], Collection[str]] = tuple
    ) -> Sequence[Entrance]:
        """How people of these units may start processes, by process id; others are left out."""
        return tuple(entrances.entrances(self._engine, uow, units))

    def enter(
        self,
        uow: UnitOfWork,
        entrance: Entrance,
        scope: Mapping[str, Json],
        form: Mapping[str, Json],
        actor: Actor,
    ) -> int:
        """Start by an entrance with a form that is already valid; the instance's key."""
        return entrances.enter(Command(self._engine, uow, actor), entrance, scope, form)

    def retry(self, uow: UnitOfWork, instance_key: int, token: int | None, actor: Actor) -> None:
        """Resolve incidents (of one token) by running the failed step again.

        Without a token: all of the instance, and of the whole tree when it is the root.
        """
        command, instance = self._open(uow, instance_key, actor)
        tree = token is None and instance.row.parent_key is None
        for incident in uow.processes.incidents(instance.row.root_key):
            if not tree and incident.instance_key != instance_key:
                continue
            if token is None or incident.token == token:
                at = command.instance(incident.instance_key)
                command.perform(at, partial(outside.resume, at, incident.token))
        command.run()

    # ---- user tasks

    def complete_task(
        self, uow: UnitOfWork, task_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """End a user task with these variables (the form is already valid).

        Runs its submit operation first, then advances. `NotFound`, `Conflict`, `InputRefused`.
        """
        found = uow.processes.task_with_lock(task_key)
        if found is None:
            raise NotFound("task", task_key)
        task, row = found
        if task.state is not TaskState.CREATED:
            at = task.completed_at.isoformat() if task.completed_at else None
            raise Conflict(f"the task is {task.state.value}", by=task.completed_by, at=at)
        if row.status is not InstanceStatus.ACTIVE:
            raise Conflict(f"the instance is {row.status.value}", state=row.status.value)
        command = Command(self._engine, uow, actor)
        instance = self._loaded(command, row)
        token = instance.tasks.get(task.token)
        if token is None or token._state != READY:  # noqa: SLF001 - hot
            raise Conflict("the task does not wait any more", state=task.state.value)
        command.rows.close_task(task_key, TaskState.COMPLETED, actor.name)
        try:
            results = outside.submitted(command, token, variables)
        except BpmnErrorThrown as thrown:
            outside.throw(command, token, thrown)
        except Fault as fault:
            raise outside.refused(fault) from fault
        else:
            command.perform(instance, lambda: outside.done(token, results))
        command.run()

    def assignment(
        self, uow: UnitOfWork, task: UserTaskRow, instance: InstanceRow
    ) -> Assignment | None:
        """Who an open task would belong to if it were opened now; both rows are locked."""
        return reassigning.assignment(Command(self._engine, uow, system()), task, instance)

    def task_variables(self, uow: UnitOfWork, task_key: int) -> Mapping[str, Json]:
        """Variables visible at an open user task."""
        task = uow.processes.task(task_key)
        row = uow.processes.instance(task.instance_key) if task is not None else None
        if task is None or row is None:
            raise NotFound("task", task_key)
        return self._visible(uow, row, task.token)

    def job_variables(self, uow: UnitOfWork, job_key: int) -> Mapping[str, Json]:
        """Variables visible at an open job of an external worker."""
        job = uow.processes.worker_job(job_key)
        row = uow.processes.instance(job.instance_key) if job is not None else None
        if job is None or row is None:
            raise NotFound("job", job_key)
        return self._visible(uow, row, job.token)

    def _visible(self, uow: UnitOfWork, row: InstanceRow, at: int) -> Mapping[str, Json]:
        instance = self._loaded(Command(self._engine, uow, system()), row)
        token = instance.tasks.get(at)
        return dict(instance.view(0 if token is None else token.reading))

    # ---- external workers

    def complete_worker_job(
        self, uow: UnitOfWork, job_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """An external worker is done."""
        command, token = self._job(uow, job_key, actor)
        instance = token.workflow
        outside.check(variables)
        command.perform(instance, lambda: outside.done(token, variables))
        command.run()

    def throw_worker_error(
        self,
        uow: UnitOfWork,
        job_key: int,
        code: str,
        message: str,
        variables: Mapping[str, Json],
        actor: Actor,
    ) -> None:
        """An external worker throws a BPMN error; uncaught, it is an incident."""
        command, token = self._job(uow, job_key, actor)
        outside.throw(command, token, BpmnErrorThrown(code, message, variables), incident=True)
        command.run()

    def fail_worker_job(self, uow: UnitOfWork, job_key: int, message: str, actor: Actor) -> None:
        """No retries left: an incident on the token."""
        command, token = self._job(uow, job_key, actor)
        instance = token.workflow
        fault = Fault("job", message or "the worker failed without saying why")
        command.rows.close_job(instance.row.key, token.id)
        command.perform(instance, lambda: arming.fail(token, fault))
        command.run()

    def _job(self, uow: UnitOfWork, job_key: int, actor: Actor) -> tuple[Command, Token]:
        job = uow.processes.worker_job(job_key)
        if job is None:
            raise NotFound("job", job_key)
        command, instance = self._open(uow, job.instance_key, actor)
        token = instance.tasks.get(job.token)
        if token is None or "job" not in token.internal_data or "inc" in token.internal_data:
            raise Conflict("the job is not open any more", job=job_key)
        return command, token

    # ---- time and messages

    def fire_due(self, uow: UnitOfWork, instance_key: int) -> int:
        """Fire the timers of one instance that are due, and go on with work left over.

        A command leaves work over when it has done enough. How many timers fired and pieces of
        work went on: the worker looks again at once while something moves.
        """
        row = uow.processes.lock(instance_key)
        if row is None or row.status is not InstanceStatus.ACTIVE:
            return 0
        command = Command(self._engine, uow, system())
        try:
            instance = command.open(row)
        except StateUnreadable as broken:
            outside.park(command, row, broken)
            return 0
        command.dirty(instance)
        fired = 0 if instance.idle else 1
        for token in list(instance.tokens()):
            spec = token.task_spec
            if isinstance(spec, Multi) and spec.unfinished(token):
                command.perform(instance, partial(spec.plan_children, token))
                fired += 1
        instance.advance()
        while (due := outside.earliest(instance, command.now)) is not None:
            outside.ring(command, *due)
            fired += 1
            instance.advance()
        command.run()
        return fired

    def fire_due_start(self, uow: UnitOfWork, row: SubscriptionRow) -> None:
        """Start by a due timer start event and plan its next firing."""
        command = Command(self._engine, uow, system())
        program = self._engine.program(uow, row.definition_key)
        definition = uow.processes.definition(row.definition_key)
        held = definition is not None and definition.suspended_at is not None
        made = None if held else starts.begin(command, program, {}, event=row.element_id)
        starts.ring(uow, program, row, command.now, command.zone(made and made.row))
        command.run()

    def deliver(
        self, uow: UnitOfWork, row: SubscriptionRow, variables: Mapping[str, Json], actor: Actor
    ) -> int:
        """A message or signal reaches one subscription (instance or start event); which instance.

        For a start event `row.correlation_key` is the message's key: it becomes the business
        key. `Conflict` when the receiver does not wait any more, or lives already.
        """
        outside.check(variables)
        try:
            if row.instance_key is None:
                command = Command(self._engine, uow, actor)
                instance = starts.by_event(command, row, variables)
            else:
                command, instance = self._open(uow, row.instance_key, actor)
                token = instance.tasks.get(row.token)
                if token is None or not outside.waits_for(token, row.element_id):
                    raise Conflict("nobody waits there any more", element=row.element_id)
                command.perform(instance, lambda: arming.fire(token, arming.waited(row), variables))
        except Fault as fault:
            raise outside.refused(fault) from fault
        command.run()
        return instance.row.key

    # ---- looking

    def view(self, uow: UnitOfWork, instance_key: int) -> InstanceView:
        """Tokens, incidents and variables for a page."""
        return looking.view(Command(self._engine, uow, system()), instance_key)

    def outlook(
        self, uow: UnitOfWork, instance_key: int, token: int | None = None
    ) -> Sequence[tuple[int, int, Foresight]]:
        """What lies ahead of a token, or of all that wait there and below."""
        return looking.outlook(Command(self._engine, uow, system()), instance_key, token)

    def alarms(self, uow: UnitOfWork, row: InstanceRow) -> Sequence[tuple[datetime, str]]:
        """Every timer that is set in a row, earliest first."""
        return looking.alarms(Command(self._engine, uow, system()), row)

    def root_variables(
        self, uow: UnitOfWork, rows: Sequence[InstanceRow]
    ) -> Sequence[Mapping[str, Json]]:
        """Variables of the root scopes of instances, from their rows; none of unreadable ones."""
        return looking.root_variables(Command(self._engine, uow, system()), rows)

    def decide(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Json:
        """The result of the version that is valid at a date; `NotFound`, `Conflict`."""
        return consult(self._engine, uow, decision_id, scope, (as_of, agency_id)).value

    def consult(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Consulted:
        """The same with the version used and what it rests on."""
        return consult(self._engine, uow, decision_id, scope, (as_of, agency_id))

    def consult_version(
        self,
        uow: UnitOfWork,
        row: DecisionRow,
        scope: Mapping[str, Json],
        *,
        agency_id: str | None = None,
    ) -> Consulted:
        """What one version says, valid or not; `Conflict` when it has no answer."""
        return consult_version(self._engine, uow, row, scope, agency_id)

    def evaluate(self, text: str, scope: Mapping[str, Json]) -> tuple[Json, Sequence[str]]:
        """A FEEL expression over these values alone, with its warnings; `InputRefused`."""
        return evaluate_alone(text, scope, self._engine.clock.now())

    # ---- loading

    def _open(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> tuple[Command, Instance]:
        row = self._active(uow, instance_key)
        command = Command(self._engine, uow, actor)
        return command, self._loaded(command, row)

    @staticmethod
    def _active(uow: UnitOfWork, instance_key: int) -> InstanceRow:
        row = uow.processes.lock(instance_key)
        if row is None:
            raise NotFound("instance", instance_key)
        if row.status is not InstanceStatus.ACTIVE:
            raise Conflict(f"the instance is {row.status.value}", instance=instance_key)
        return row

    @staticmethod
    def _loaded(command: Command, row: InstanceRow) -> Instance:
        try:
            return command.open(row)
        except StateUnreadable as broken:
            raise Conflict(str(broken), instance=row.key) from broken
