"""The runner: BPMN behind the narrow port, inside an open unit of work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.dmn import DmnError
from engine.feel import FeelError
from engine.runtime import arming, asking, deploy, starts, worklist
from engine.runtime.command import Command
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.house import Engine
from engine.runtime.jsonvalues import clean
from engine.runtime.specs.activities import Multi
from engine.runtime.specs.tasks import Service, User
from engine.runtime.token import PENDING, READY, WAITING
from engine.usecases.actor import system
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.ports.process import (
    InstanceStatus,
    InstanceView,
    ProcessChanges,
    TaskState,
)
from engine.usecases.ports.runner import BpmnErrorThrown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.usecases.actor import Actor
    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import InstanceRow, Json, Resource, SubscriptionRow
    from engine.usecases.ports.runner import Deployed, ProcessHost
    from engine.usecases.ports.time import Clock, Ids
    from engine.usecases.ports.work import UnitOfWork


class Runner:
    """`ProcessRunner` on SpiffWorkflow; holds compiled definitions and nothing of an instance."""

    def __init__(self, host: ProcessHost, clock: Clock, ids: Ids) -> None:
        self._engine = Engine(host, clock, ids)

    # ---- definitions

    def check(self, resources: Sequence[Resource]) -> tuple[Finding, ...]:
        """All findings about these files, errors and warnings."""
        return tuple(deploy.read_bundle(self._engine, resources).findings)

    def deploy(self, uow: UnitOfWork, resources: Sequence[Resource], actor: Actor) -> Deployed:
        """Compile and keep the files together or refuse them all (`DrawingRefused`)."""
        bundle = deploy.read_bundle(self._engine, resources, uow)
        zone = self._engine.zone
        place = zone(uow, actor.agency_id) if zone is not None else ZoneInfo("Asia/Jakarta")
        return deploy.Deployment(self._engine, uow, actor, place).keep(bundle)

    # ---- instances

    def start(
        self,
        uow: UnitOfWork,
        process_id: str,
        variables: Mapping[str, Json],
        actor: Actor,
        *,
        definition_key: int | None = None,
        business_key: str | None = None,
    ) -> int:
        """Start an instance (of the newest version unless a key is given); its key."""
        command = Command(self._engine, uow, actor)
        store = uow.processes
        row = (
            store.latest_definition(process_id)
            if definition_key is None
            else store.definition(definition_key)
        )
        if row is None or row.process_id != process_id:
            raise NotFound("process", process_id)
        program = self._engine.programs.get(row)
        if not program.main.entries:
            raise Conflict("the process has no none start event", process=process_id)
        try:
            made = starts.begin(command, program, variables, business_key=business_key)
        except Fault as fault:
            raise _refused(fault) from fault
        command.run()
        return made.row.key

    def cancel(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Cancel an instance with all below it; a called one ends with its caller only."""
        command, instance = self._open(uow, instance_key, actor)
        if instance.row.parent_key is not None:
            raise Conflict("cancel the process that called it", root=instance.row.root_key)
        command.perform(instance, instance.cancel_all)
        command.run()

    def set_variables(
        self, uow: UnitOfWork, instance_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """Change variables of the root scope."""
        command, instance = self._open(uow, instance_key, actor)
        try:
            for name, value in variables.items():
                instance.put(0, name, value)
        except Fault as fault:
            raise _refused(fault) from fault
        command.dirty(instance)
        command.run()

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
                command.perform(at, lambda at=at, t=incident.token: _resume(at, t))
        command.run()

    # ---- user tasks

    def complete_task(
        self, uow: UnitOfWork, task_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """End a user task with these variables (the form is already valid); runs its submit
        operation first, then advances. `NotFound`, `Conflict`, `InputRefused`.
        """
        found = uow.processes.task_with_lock(task_key)
        if found is None:
            raise NotFound("task", task_key)
        task, row = found
        if task.state is not TaskState.CREATED:
            at = task.completed_at.isoformat() if task.completed_at else None
            raise Conflict(f"the task is {task.state.value}", by=task.completed_by, at=at)
        command = Command(self._engine, uow, actor)
        instance = self._loaded(command, row)
        token = instance.tasks.get(task.token)
        if token is None or token._state != READY:  # noqa: SLF001 - hot
            raise Conflict("the task does not wait any more", state=task.state.value)
        command.rows.close_task(task_key, TaskState.COMPLETED, actor.name)
        try:
            results = _submitted(command, token, variables)
        except BpmnErrorThrown as thrown:
            _thrown(command, token, thrown)
        except Fault as fault:
            raise _refused(fault) from fault
        else:
            command.perform(instance, lambda: _done(token, results))
        command.run()

    def task_variables(self, uow: UnitOfWork, task_key: int) -> Mapping[str, Json]:
        """Variables visible at an open user task."""
        task = uow.processes.task(task_key)
        row = uow.processes.instance(task.instance_key) if task is not None else None
        if task is None or row is None:
            raise NotFound("task", task_key)
        instance = self._loaded(Command(self._engine, uow, system()), row)
        token = instance.tasks.get(task.token)
        return dict(instance.view(0 if token is None else token.reading))

    # ---- external workers

    def complete_worker_job(
        self, uow: UnitOfWork, job_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """An external worker is done."""
        command, token = self._job(uow, job_key, actor)
        instance = token.workflow
        _check(variables)
        command.perform(instance, lambda: _done(token, variables))
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
        _thrown(command, token, BpmnErrorThrown(code, message, variables), incident=True)
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
        """Fire the timers of one instance that are due, and go on with work left over by a
        command that did enough; how many timers fired.
        """
        row = uow.processes.lock(instance_key)
        if row is None or row.status is not InstanceStatus.ACTIVE:
            return 0
        command = Command(self._engine, uow, system())
        try:
            instance = command.open(row)
        except StateUnreadable as broken:
            _park(command, row, broken)
            return 0
        command.dirty(instance)
        for token in list(instance.tokens()):
            spec = token.task_spec
            if isinstance(spec, Multi) and spec.unfinished(token):
                command.perform(instance, lambda s=spec, t=token: s.plan_children(t))
        fired = 0
        instance.advance()
        while (due := _earliest(instance, command.now)) is not None:
            _ring(command, *due)
            fired += 1
            instance.advance()
        command.run()
        return fired

    def fire_due_start(self, uow: UnitOfWork, row: SubscriptionRow) -> None:
        """Start by a due timer start event and plan its next firing."""
        command = Command(self._engine, uow, system())
        program = self._engine.program(uow, row.definition_key)
        made = starts.begin(command, program, {}, event=row.element_id)
        starts.ring(uow, program, row, command.now, command.zone(made.row))
        command.run()

    def deliver(
        self, uow: UnitOfWork, row: SubscriptionRow, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """A message or signal reaches one subscription (instance or start event).

        For a start event `row.correlation_key` is the message's key: it becomes the business
        key. `Conflict` when the receiver does not wait any more, or lives already.
        """
        _check(variables)
        try:
            if row.instance_key is None:
                command = Command(self._engine, uow, actor)
                starts.by_event(command, row, variables)
            else:
                command, instance = self._open(uow, row.instance_key, actor)
                token = instance.tasks.get(row.token)
                if token is None or not _waits_for(token, row.element_id):
                    raise Conflict("nobody waits there any more", element=row.element_id)
                command.perform(
                    instance, lambda: arming.fire(token, row.element_id, variables)
                )
        except Fault as fault:
            raise _refused(fault) from fault
        command.run()

    # ---- looking

    def view(self, uow: UnitOfWork, instance_key: int) -> InstanceView:
        """Tokens, incidents and variables for a page."""
        row = uow.processes.instance(instance_key)
        if row is None:
            raise NotFound("instance", instance_key)
        definition = uow.processes.definition(row.definition_key)
        if definition is None:
            raise NotFound("definition", row.definition_key)
        tokens: dict[str, int] = {}
        variables: dict[str, Json] = {}
        try:
            instance = Command(self._engine, uow, system()).open(row)
        except StateUnreadable:
            pass  # its incident says so
        else:
            for token in instance.tokens():
                tokens[token.task_spec.name] = tokens.get(token.task_spec.name, 0) + 1
            variables = dict(instance.scopes[0].variables)
        incidents = [
            i for i in uow.processes.incidents(row.root_key) if i.instance_key == instance_key
        ]
        return InstanceView(
            row=row,
            definition=definition,
            tokens=tokens,
            incidents=tuple(incidents),
            variables=variables,
        )

    def decide(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Json:
        """Evaluate the version of a decision that is valid at a date; `NotFound`, `Conflict`."""
        zone = self._engine.zone
        place = zone(uow, agency_id) if zone is not None else ZoneInfo("Asia/Jakarta")
        day = (as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)).astimezone(place).date()
        now = self._engine.clock.now().astimezone(place)
        try:
            return self._engine.decisions.evaluate(
                uow, decision_id, {"$now": now, **scope}, as_of=day, agency_id=agency_id
            )[1]
        except (DmnError, FeelError) as problem:
            raise Conflict(f"decision {decision_id}: {problem}") from problem

    # ---- loading

    def _open(
        self, uow: UnitOfWork, instance_key: int, actor: Actor
    ) -> tuple[Command, Instance]:
        row = uow.processes.lock(instance_key)
        if row is None:
            raise NotFound("instance", instance_key)
        if row.status is not InstanceStatus.ACTIVE:
            raise Conflict(f"the instance is {row.status.value}", instance=instance_key)
        command = Command(self._engine, uow, actor)
        return command, self._loaded(command, row)

    @staticmethod
    def _loaded(command: Command, row: InstanceRow) -> Instance:
        try:
            return command.open(row)
        except StateUnreadable as broken:
            raise Conflict(str(broken), instance=row.key) from broken


def _submitted(
    command: Command, token: Token, variables: Mapping[str, Json]
) -> dict[str, Json]:
    """The form's values and what the submit operation adds; whatever it refuses, refuses all."""
    spec = token.task_spec
    results = dict(variables)
    if isinstance(spec, User) and spec.submit:
        command.current = (token.workflow, token)
        operation = asking.operation_for(command, spec.submit)
        with command.uow.savepoint():
            call = asking.call_for(command, token, command.actor, variables)
            results.update(operation(call) or {})
    _check(results)
    return results


def _done(token: Token, results: Mapping[str, Json]) -> None:
    """Somebody completed what the token waited for."""
    instance = token.workflow
    instance.finish(token, results)
    token.internal_data["by"] = instance.command.actor.name


def _check(variables: Mapping[str, Json]) -> None:
    """Refuse variables that cannot be kept, before anything happens."""
    faults = []
    for name, value in variables.items():
        try:
            clean(name, value)
        except Fault as fault:
            faults.append(FieldFault(field=name, code=fault.kind, message=fault.message))
    if faults:
        raise InputRefused(*faults)


def _thrown(
    command: Command, token: Token, thrown: BpmnErrorThrown, *, incident: bool = False
) -> None:
    """A BPMN error from outside a step; uncaught it refuses the command, or is an incident."""
    instance = token.workflow
    try:
        command.perform(
            instance,
            lambda: instance.throw_error(token, thrown.code, thrown.message, thrown.variables),
        )
    except Fault as fault:
        if not incident:
            raise Conflict(f"nobody catches error '{thrown.code}'", code=thrown.code) from thrown
        uncaught = fault
    else:
        return
    instance.undo()
    command.rows.close_job(instance.row.key, token.id)
    command.perform(instance, lambda: arming.fail(token, uncaught))


def _resume(instance: Instance, number: int) -> None:
    """Take the incident from a token and let it try again."""
    token = instance.tasks.get(number)
    if token is None or "inc" not in token.internal_data:
        return
    instance.touch(token)
    del token.internal_data["inc"]
    row, rows = instance.row, instance.command.rows
    instance.effects.append(lambda: rows.close_incident(row, number))
    instance.note(token, "resolved")
    if token._state == PENDING:  # noqa: SLF001 - hot
        instance.waken(token)
    elif "job" in token.internal_data and isinstance(token.task_spec, Service):
        view = instance.view(token.reading)
        kind = str(token.task_spec.type.needed(view, "the task type"))
        worklist.open_job(token, kind, 1)


def _waits_for(token: Token, event: str) -> bool:
    if "go" in token.internal_data or "subs" not in token.internal_data:
        return False
    node = token.task_spec.node
    return (
        event == node.id
        or event in node.boundary
        or (token._state == WAITING and any(w.target == event for w in token.task_spec.outgoing))  # noqa: SLF001 - hot
    )


def _earliest(instance: Instance, now: datetime) -> tuple[Token, str] | None:
    found = [
        (moment, token.id, event)
        for token in instance.tokens()
        if "arms" in token.internal_data and "go" not in token.internal_data
        if (due := arming.due(token, now)) is not None
        for moment, event in [due]
    ]
    if not found:
        return None
    _, number, event = min(found)
    return instance.tasks[number], event


def _ring(command: Command, token: Token, event: str) -> None:
    instance = token.workflow
    command.wake(instance)
    try:
        instance.perform(lambda: arming.ring(token, event))
    except Fault as fault:
        broken = fault
    else:
        return
    instance.undo()
    instance.perform(lambda: _disarm_and_fail(token, event, broken))


def _disarm_and_fail(token: Token, event: str, fault: Fault) -> None:
    """A cycle that cannot be set again must not fire for ever."""
    token.workflow.touch(token)
    arms = dict(token.internal_data["arms"])
    arms.pop(event, None)
    token.internal_data["arms"] = arms
    arming.fail(token, fault)


def _park(command: Command, row: InstanceRow, broken: StateUnreadable) -> None:
    """An unreadable state is an incident of that instance alone; its timers rest."""
    incident = arming.incident(
        command, row, token=0, element="", fault=Fault("state", str(broken), broken.cause)
    )
    row.due_at = None
    row.version += 1
    command.rows.open_incident(row, incident)
    command.uow.processes.flush(
        ProcessChanges(changed_instances=[row], opened_incidents=[incident])
    )


def _refused(fault: Fault) -> InputRefused:
    return InputRefused(FieldFault(field="", code=fault.kind, message=fault.message))
