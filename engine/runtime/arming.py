"""Events that wait at a token: timers in the state, messages and signals as subscription rows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.runtime import timing
from engine.runtime.drawing.model import EventKind, Kind, TimerKind
from engine.runtime.token import PENDING
from engine.usecases.ports.process import IncidentRow, SubscriptionKind, SubscriptionRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.runtime.command import Command
    from engine.runtime.expressions import Text
    from engine.runtime.faults import Fault
    from engine.runtime.instance import Instance
    from engine.runtime.specs.base import EventPlan
    from engine.runtime.token import Token
    from engine.usecases.ports.process import InstanceRow, Json

#: between an event and the number of one of its parts; no id of XML holds it
PART: Final = "|"
#: `watch` of a token of which history tells, since it failed once: its end must be told too
TOLD: Final = 2


def first_alarm(
    plan: tuple[TimerKind, Text], scope: Mapping[str, Any], now: datetime, zone: tzinfo
) -> timing.Alarm:
    """The first firing of a timer; fixed from now on, whatever the variables become."""
    kind, text = plan
    value = text.needed(scope, "the timer")
    if kind is TimerKind.DATE:
        return timing.Alarm(timing.read_moment(value, zone, "timer"), 1, "")
    if kind is TimerKind.DURATION:
        return timing.once_after(str(value), now, zone)
    return timing.cycle(str(value), now, zone)


def correlation(text: Text | None, scope: Mapping[str, Any]) -> str:
    """The correlation key, as text; null is a fault."""
    if text is None:
        return ""
    value = text.needed(scope, "the correlation key")
    if value is True or value is False or not isinstance(value, (str, int, Decimal)):
        raise text.fault("a correlation key is a text or a number")
    return str(value)


def arm(token: Token, event: str) -> None:
    """Wait for one event at a token, or for the parts of one; errors and the like need nothing."""
    plan = token.workflow.spec.task_specs[event].event
    if plan is None:
        return
    if not plan.parts:
        _arm(token, event, plan)
    for number, part in enumerate(plan.parts):
        _arm(token, f"{event}{PART}{number}", part)


def _arm(token: Token, event: str, plan: EventPlan) -> None:
    instance = token.workflow
    view = instance.view(token.reading)
    if plan.timer is not None:
        command = instance.command
        _set(token, event, first_alarm(plan.timer, view, command.now, command.zone(instance.row)))
    elif plan.kind in {EventKind.MESSAGE, EventKind.SIGNAL}:
        _subscribe(token, event, plan, view)
    elif plan.kind is EventKind.CONDITIONAL:
        token.internal_data["conds"] = {**token.internal_data.get("conds", {}), event: 0}
        instance.altered = True


def plan_of(instance: Instance, event: str) -> EventPlan:
    """What an event, or a part of one (`event|part`), waits for."""
    name, _, part = event.partition(PART)
    plan = instance.spec.task_specs[name].event
    if plan is None:
        raise ValueError(event)
    return plan.parts[int(part)] if part else plan


def waited(row: SubscriptionRow) -> str:
    """The event, or the part of one, for which a token opened a subscription."""
    return row.element_id + (row.detail or "")


def _set(token: Token, event: str, alarm: timing.Alarm) -> None:
    arms = dict(token.internal_data.get("arms", ()))
    arms[event] = [alarm.due.isoformat(), alarm.left, alarm.rule]
    token.internal_data["arms"] = arms


def _subscribe(token: Token, event: str, plan: EventPlan, view: Mapping[str, Any]) -> None:
    instance, command = token.workflow, token.workflow.command
    if plan.name is None:
        return
    name = str(plan.name.needed(view, "the name of the event"))
    message = plan.kind is EventKind.MESSAGE
    element, mark, part = event.partition(PART)
    row = SubscriptionRow(
        key=command.ids.key(),
        kind=SubscriptionKind.MESSAGE if message else SubscriptionKind.SIGNAL,
        name=name,
        correlation_key=correlation(plan.key, view) if message else None,
        process_id=instance.row.process_id,
        definition_key=instance.row.definition_key,
        element_id=element,
        instance_key=instance.row.key,
        token=token.id,
        detail=mark + part or None,
    )
    token.internal_data["subs"] = 1
    if not message:
        known = token.internal_data.get("sigs", {})
        token.internal_data["sigs"] = {**known, event: [name, row.key]}
    instance.effects.append(lambda: command.subscribe(instance, token, row))


def disarm(token: Token) -> None:
    """A token waits no more: its timers, subscriptions, job, work-list row and incident end."""
    data, instance = token.internal_data, token.workflow
    rows, row, number = instance.command.rows, instance.row, token.id
    for waiting in ("arms", "conds", "sigs", "seen", "got"):
        data.pop(waiting, None)
    if data.pop("subs", None):
        instance.effects.append(lambda: rows.close_subscriptions(row.key, number))
    if data.pop("job", None):
        instance.effects.append(lambda: rows.close_job(row.key, number))
    task = data.pop("task", None)
    if task is not None:
        instance.effects.append(lambda: rows.close_task(task))
    if data.pop("inc", None):
        instance.effects.append(lambda: rows.close_incident(row, number))


def fire(token: Token, event: str, variables: Mapping[str, Json]) -> None:
    """An event happens at a token: its own, a boundary's, or one behind an event-based gateway.

    `event` may be one part of a multiple event; of a parallel one the others may be missing yet.
    """
    instance = token.workflow
    name, _, part = event.partition(PART)
    spec = instance.spec.task_specs[name]
    if part and spec.event is not None and spec.event.parallel:
        gathered = _gathered(token, name, part, variables)
        if gathered is None:
            return
        variables = gathered
    if "watch" in token.internal_data:
        token.task_spec.happened(token, variables)
        return
    if spec is token.task_spec:
        instance.finish(token, variables)
        return
    caught = instance.add(name, token.scope, state=PENDING)
    if spec.gives:
        instance.open_local(caught, ())
    instance.finish(caught, variables)
    if spec.node.kind is not Kind.BOUNDARY_EVENT:
        _resolve_gateway(token)
    elif spec.node.interrupting:
        token.cancel()


def _gathered(
    token: Token, event: str, part: str, variables: Mapping[str, Json]
) -> dict[str, Json] | None:
    """What all parts of a parallel multiple event brought; None while some are missing."""
    instance = token.workflow
    instance.touch(token)
    data, plan = token.internal_data, instance.spec.task_specs[event].event
    seen = {**data.get("seen", {}).get(event, {}), part: 1}
    brought = {**data.get("got", {}).get(event, {}), **variables}
    complete = plan is not None and len(seen) == len(plan.parts)
    data["seen"] = {**data.get("seen", {}), event: {} if complete else seen}
    data["got"] = {**data.get("got", {}), event: {} if complete else brought}
    return brought if complete else None


def _resolve_gateway(token: Token) -> None:
    """The race is decided: the gateway's token ends without taking a flow itself."""
    instance = token.workflow
    disarm(token)
    instance.note(token, "completed")
    instance.remove(token)


def due(token: Token, now: datetime) -> tuple[datetime, str] | None:
    """The earliest timer of a token that is due, and its event."""
    found: tuple[datetime, str] | None = None
    for event, (text, _left, _rule) in token.internal_data.get("arms", {}).items():
        at = datetime.fromisoformat(text)
        if at <= now and (found is None or at < found[0]):
            found = (at, event)
    return found


def ring(token: Token, event: str) -> None:
    """A timer fires; a cycle is set for its next time."""
    instance = token.workflow
    command = instance.command
    instance.touch(token)
    arms = dict(token.internal_data["arms"])
    at, left, rule = arms.pop(event)
    alarm = timing.Alarm(datetime.fromisoformat(at), left, rule)
    then = timing.following(alarm, command.now, command.zone(instance.row))
    token.internal_data["arms"] = arms
    if then is not None:
        _set(token, event, then)
    fire(token, event, {})


def incident(
    command: Command, row: InstanceRow, *, token: int, element: str, fault: Fault
) -> IncidentRow:
    """The row of an incident."""
    return IncidentRow(
        key=command.ids.key(),
        instance_key=row.key,
        root_key=row.root_key,
        token=token,
        process_id=row.process_id,
        definition_key=row.definition_key,
        element_id=element,
        kind=fault.kind,
        message=fault.message,
        cause=fault.cause,
        created_at=command.now,
    )


def fail(token: Token, fault: Fault) -> None:
    """A step failed: the token stays where it is, an incident says why."""
    instance, command = token.workflow, token.workflow.command
    instance.touch(token)
    element = token.task_spec.node.id
    row = incident(command, instance.row, token=token.id, element=element, fault=fault)
    token.internal_data["inc"] = 1
    if "watch" in token.internal_data:
        token.internal_data["watch"] = TOLD
    instance.note(token, "incident", fault.kind)
    instance.effects.append(lambda: command.rows.open_incident(instance.row, row))
