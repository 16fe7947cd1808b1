"""What people, workers, clocks and messages do to an instance from outside its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime import arming, asking, worklist
from engine.runtime.conditions import mend
from engine.runtime.faults import Fault
from engine.runtime.jsonvalues import clean
from engine.runtime.specs.tasks import Service, User
from engine.runtime.throwing import throw_error
from engine.runtime.token import PENDING, WAITING
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.ports.process import InstanceStatus, ProcessChanges

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.runtime.command import Command
    from engine.runtime.faults import StateUnreadable
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.usecases.ports.process import InstanceRow, Json
    from engine.usecases.ports.runner import BpmnErrorThrown


def submitted(command: Command, token: Token, variables: Mapping[str, Json]) -> dict[str, Json]:
    """The form's values, or what the submit operation makes of them; its refusal refuses all.

    With an operation the words of a form stay in its records: they become no variables, unless
    the task's output mappings say so.
    """
    spec = token.task_spec
    results = dict(variables)
    if isinstance(spec, User) and spec.submit:
        command.current = (token.workflow, token)
        operation = asking.operation_for(command, spec.submit)
        with command.uow.savepoint():
            call = asking.call_for(command, token, command.actor, variables)
            made = operation(call) or {}
        results = {**variables, **made} if spec.gives else dict(made)
    check(results)
    return results


def done(token: Token, results: Mapping[str, Json]) -> None:
    """Somebody completed what the token waited for."""
    instance = token.workflow
    instance.finish(token, results)
    actor = instance.command.actor
    token.internal_data["by"] = actor.name
    if actor.person_id is not None and actor.on_behalf_of is not None:
        token.internal_data["for"] = actor.on_behalf_of


def check(variables: Mapping[str, Json]) -> None:
    """Refuse variables that cannot be kept, before anything happens."""
    faults = []
    for name, value in variables.items():
        try:
            clean(name, value)
        except Fault as fault:
            faults.append(FieldFault(field=name, code=fault.kind, message=fault.message))
    if faults:
        raise InputRefused(*faults)


def throw(
    command: Command, token: Token, thrown: BpmnErrorThrown, *, incident: bool = False
) -> None:
    """A BPMN error from outside a step; uncaught it refuses the command, or is an incident."""
    instance = token.workflow
    try:
        command.perform(
            instance,
            lambda: throw_error(token, thrown.code, thrown.message, thrown.variables),
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


def resume(instance: Instance, number: int) -> None:
    """Take the incident from a token and let it try again."""
    row, rows = instance.row, instance.command.rows
    if number == 0:  # the state could not be read; now it can
        instance.effects.append(lambda: rows.close_incident(row, number))
        return
    token = instance.tasks.get(number)
    if token is None or "inc" not in token.internal_data:
        return
    instance.touch(token)
    del token.internal_data["inc"]
    mend(token)
    instance.effects.append(lambda: rows.close_incident(row, number))
    instance.note(token, "resolved")
    kept = token.internal_data.pop("kept", None)
    if kept is not None and "subs" in token.internal_data:
        event, *waits_for = kept
        instance.effects.append(
            lambda: instance.command.take_kept(instance, token, event, tuple(waits_for))
        )
    if token._state == PENDING:  # noqa: SLF001 - hot
        instance.waken(token)
    elif "job" in token.internal_data and isinstance(token.task_spec, Service):
        view = instance.view(token.reading)
        kind = str(token.task_spec.type.needed(view, "the task type"))
        worklist.open_job(token, kind, 1)


def waits_for(token: Token, event: str) -> bool:
    """Whether a token still waits for that event."""
    if "go" in token.internal_data or "subs" not in token.internal_data:
        return False
    node = token.task_spec.node
    return (
        event == token.task_spec.name
        or ("watch" in token.internal_data and event == node.entry)
        or event in node.boundary
        or (token._state == WAITING and any(w.target == event for w in token.task_spec.outgoing))  # noqa: SLF001 - hot
    )


def earliest(instance: Instance, now: datetime) -> tuple[Token, str] | None:
    """The timer of an instance that is due first, if any is due."""
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


def ring(command: Command, token: Token, event: str) -> None:
    """Fire a timer; one that cannot be set again is an incident and fires no more."""
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


def park(command: Command, row: InstanceRow, broken: StateUnreadable) -> None:
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


def bury(command: Command, row: InstanceRow) -> None:
    """Cancel an instance whose state cannot be read, by its rows alone."""
    store, rows = command.uow.processes, command.rows
    for task in store.open_tasks(row.key):
        rows.close_task(task.key)
    for incident in store.incidents(row.root_key):
        if incident.instance_key == row.key:
            rows.close_incident(row, incident.token)
    for child in store.children(row.key):
        command.end(child)
    row.status, row.ended_at, row.due_at = InstanceStatus.CANCELLED, command.now, None
    row.version += 1
    command.changes.changed_instances.append(row)


def refused(fault: Fault) -> InputRefused:
    """A fault about what somebody gave, as an answer to them."""
    return InputRefused(FieldFault(field="", code=fault.kind, message=fault.message))
