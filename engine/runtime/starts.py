"""How instances begin: by a person or a call, a message, a signal, or a timer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.runtime import timing
from engine.runtime.arming import first_alarm
from engine.runtime.drawing.model import EventKind
from engine.usecases import piloting
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.process import (
    InstanceRow,
    InstanceStatus,
    SubscriptionKind,
    SubscriptionRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from engine.runtime.command import Command
    from engine.runtime.instance import Instance
    from engine.runtime.program import Program
    from engine.runtime.specs.base import Element, EventPlan
    from engine.usecases.ports.process import DefinitionRow, Json
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import UnitOfWork

_KINDS: Final = {
    EventKind.MESSAGE: SubscriptionKind.MESSAGE,
    EventKind.SIGNAL: SubscriptionKind.SIGNAL,
    EventKind.TIMER: SubscriptionKind.TIMER,
}


def begin(
    command: Command,
    program: Program,
    variables: Mapping[str, Json],
    *,
    business_key: str | None = None,
    event: str | None = None,
    agency_id: str | None = None,
) -> Instance:
    """A new process instance at its none start, the one that `event` names, or what happened.

    `Fault` when the variables are too large.
    """
    key = command.ids.key()
    named = variables.get("agency_id")
    # whoever belongs to an agency starts nothing in another one, whatever the variables say
    agency = agency_id or command.actor.agency_id or (named if isinstance(named, str) else None)
    row = InstanceRow(
        key=key,
        root_key=key,
        parent_key=None,
        parent_token=None,
        item_index=None,
        process_id=program.process.id,
        definition_key=program.definition.key,
        body=None,
        status=InstanceStatus.ACTIVE,
        business_key=business_key,
        state=b"",
        version=1,
        due_at=None,
        incidents=0,
        started_at=command.now,
        ended_at=None,
        started_by=command.actor.name,
        agency_id=agency,
    )
    plain = event is None or program.main.task_specs[event].event is None
    made = command.create(program, row, variables if plain else {})
    made.watch_over(None, 0)
    if plain:
        for entry in program.main.entries if event is None else (event,):
            made.perform(partial(made.add, entry, 0))
    elif event is not None:
        made.perform(partial(_happened, made, event, variables))
    command.wake(made)
    return made


def by_hand(
    command: Command,
    program: Program,
    variables: Mapping[str, Json],
    named: tuple[str | None, str | None],
) -> Instance:
    """Start as somebody asks, under a business key, at a start event; both may be None.

    `Conflict` without a none start event, `NotFound` for no start event of the process, `Fault`
    when the variables are too large.
    """
    key, start = named
    if start is None and not program.main.entries:
        raise Conflict("the process has no none start event", process=program.process.id)
    if start is not None and start not in program.process.starts:
        raise NotFound("start event", start)
    return begin(command, program, variables, business_key=key, event=start)


def _happened(made: Instance, event: str, variables: Mapping[str, Json]) -> None:
    token = made.add(event, 0)
    if token.task_spec.gives:
        made.open_local(token, ())
    made.finish(token, variables)


def start_events(program: Program) -> list[Element]:
    """Start events of the process itself that wait for something."""
    found = [program.main.task_specs[name] for name in program.process.starts]
    return [spec for spec in found if _awaited(spec)]


def _awaited(spec: Element) -> tuple[EventPlan, ...]:
    """What starts an instance there: the event, or any part of a multiple one."""
    return () if spec.event is None else tuple(p for p in spec.event.each if p.kind in _KINDS)


def subscriptions(program: Program, ids: Ids, now: datetime, zone: tzinfo) -> list[SubscriptionRow]:
    """The rows by which a version is started; `Fault` for a timer that cannot be set."""
    return [
        _subscription(program, (spec, plan), ids, now, zone)
        for spec in start_events(program)
        for plan in _awaited(spec)
    ]


def _subscription(
    program: Program, start: tuple[Element, EventPlan], ids: Ids, now: datetime, zone: tzinfo
) -> SubscriptionRow:
    spec, plan = start
    local = now.astimezone(zone)
    alarm = first_alarm(plan.timer, {"$now": local}, now, zone) if plan.timer else None
    name = str(plan.name.needed({"$now": local}, "the name")) if plan.name else spec.name
    return SubscriptionRow(
        key=ids.key(),
        kind=_KINDS[plan.kind],
        name=name,
        correlation_key=None,
        process_id=program.process.id,
        definition_key=program.definition.key,
        element_id=spec.name,
        due_at=alarm.due if alarm is not None else None,
        detail=_detail(alarm),
    )


def _detail(alarm: timing.Alarm | None) -> str | None:
    """Firings left and rule of a cycle: "3/PT1H", "/0 0 9 * * MON"; None: fires once."""
    if alarm is None or not alarm.rule:
        return None
    return f"{'' if alarm.left is None else alarm.left}/{alarm.rule}"


def ring(
    uow: UnitOfWork, program: Program, row: SubscriptionRow, now: datetime, zone: tzinfo
) -> None:
    """Plan the next firing of a timer start event, or end it."""
    left, _, rule = (row.detail or "1/").partition("/")
    alarm = timing.Alarm(row.due_at or now, int(left) if left else None, rule)
    then = timing.following(alarm, now, zone)
    rows: list[SubscriptionRow] = []
    for other in _standing(uow, program):
        if other.key != row.key:
            rows.append(other)
        elif then is not None:
            rows.append(_moved(row, then))
    uow.processes.replace_start_subscriptions(row.process_id, rows)


def _moved(row: SubscriptionRow, alarm: timing.Alarm) -> SubscriptionRow:
    return SubscriptionRow(
        key=row.key,
        kind=row.kind,
        name=row.name,
        correlation_key=None,
        process_id=row.process_id,
        definition_key=row.definition_key,
        element_id=row.element_id,
        due_at=alarm.due,
        detail=_detail(alarm),
    )


def _standing(uow: UnitOfWork, program: Program) -> Sequence[SubscriptionRow]:
    """The start subscriptions of a process as they are stored."""
    found: dict[int, SubscriptionRow] = {}
    for spec in start_events(program):
        for plan in _awaited(spec):
            name = plan.name.source if plan.name is not None else spec.name
            for row in uow.processes.subscriptions(_KINDS[plan.kind], name):
                if row.instance_key is None and row.process_id == program.process.id:
                    found[row.key] = row
    return list(found.values())


def by_event(command: Command, row: SubscriptionRow, variables: Mapping[str, Json]) -> Instance:
    """Start by a message or signal; `row.correlation_key` is the key of the message.

    In the version of the units that the variables name, else of those of who sent it. `Conflict`
    while an instance started by the same key lives, or when that version is suspended.
    """
    key, store = row.correlation_key or None, command.uow.processes
    if row.kind is SubscriptionKind.MESSAGE and key is not None:
        live = store.live_start(row.process_id, key)
        if live is not None:
            raise Conflict("an instance with this key lives", instance=live)
    standing = store.definition(row.definition_key)
    if standing is None:
        raise NotFound("process definition", row.definition_key)
    start = _Start(row.kind, row.name, row.element_id)
    definition, event = _taken(command, standing, start, command.units(variables))
    program = command.engine.programs.get(piloting.startable(definition))
    return begin(command, program, variables, business_key=key, event=event)


def next_by_message(command: Command, ended: InstanceRow) -> None:
    """When an instance with a business key ends, a message kept for that key starts another.

    In the version of the units that the message names: who sent it is not known any more.
    """
    key, uow = ended.business_key, command.uow
    standing = piloting.newest(uow, ended.process_id) if key else None
    if standing is None or not key:
        return
    for start in _starts(command.engine.programs.get(standing), command.now):
        if start.kind is not SubscriptionKind.MESSAGE:
            continue
        for message in uow.processes.waiting_messages(start.name, key, command.now):
            named = partial(piloting.units_around, uow, message.variables, None, command.now.date())
            definition, event = _taken(command, standing, start, named)
            if definition.suspended_at is not None:
                continue
            if uow.processes.mark_delivered(message.key, ended.process_id):
                begin(
                    command,
                    command.engine.programs.get(definition),
                    message.variables,
                    business_key=key,
                    event=event,
                    agency_id=message.agency_id,
                )
                return


class _Start(NamedTuple):
    """A start event by what it waits for."""

    kind: SubscriptionKind
    name: str
    element: str


def _starts(program: Program, now: datetime) -> list[_Start]:
    return [
        _Start(
            _KINDS[plan.kind],
            str(plan.name.needed({"$now": now}, "the name")) if plan.name else spec.name,
            spec.name,
        )
        for spec in start_events(program)
        for plan in _awaited(spec)
    ]


def _taken(
    command: Command, standing: DefinitionRow, start: _Start, units: piloting.Units
) -> tuple[DefinitionRow, str]:
    """The version that these units take, with its start event for the same event.

    A pilot that does not wait for that event leaves it to the version of all others.
    """
    newest = piloting.newest(command.uow, standing.process_id, units)
    if newest is not None and newest.key != standing.key:
        for other in _starts(command.engine.programs.get(newest), command.now):
            if (other.kind, other.name) == (start.kind, start.name):
                return newest, other.element
    return standing, start.element
