"""Looking ahead from a token: the drawing's ways, with people and days as they are known now."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from engine.runtime import arming, worklist
from engine.runtime.drawing.model import EventKind, Kind, TimerKind
from engine.runtime.expressions import read_optional, read_text
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.specs.activities import Call, Multi
from engine.runtime.specs.loops import Loop
from engine.runtime.ways import Ways, following, later
from engine.usecases.ports.outlook import Ahead, Foresight, Silence, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.command import Command
    from engine.runtime.drawing.model import Node, Process
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.runtime.ways import Way

#: an assignment that asks the organisation names an office; any other may be a secret, such as
#: who gives 360 input or reviews blindly
_OFFICE: Final = re.compile(r"=.*\w\(.*", re.DOTALL)
_OWN: Final = "=person_id"
_COUNTED: Final = re.compile(r"\bnow\(\)|\btoday\(\)")
_KINDS: Final = {
    Kind.USER_TASK: StepKind.TASK,
    Kind.MANUAL_TASK: StepKind.TASK,
    Kind.CALL_ACTIVITY: StepKind.PROCESS,
    Kind.CATCH_EVENT: StepKind.WAIT,
    Kind.RECEIVE_TASK: StepKind.WAIT,
}


def foresight(token: Token) -> Foresight:
    """What lies ahead of a live token."""
    instance = token.workflow
    process, node = instance.program.process, _node(token)
    known = following(process, node)
    then = later(process, node, known)
    silence = _silence(token)
    return Foresight(
        element_id=node.id,
        name=node.name,
        lane=_lane(process, node),
        kind=_KINDS.get(node.kind, StepKind.WAIT),
        each=_each(process, node, None),
        until=_until(token),
        following=[_ahead(token, way) for way in known],
        later=[*(_ahead(token, way) for way in then), *_above(instance, known, then)],
        silence=silence,
    )


def standing(command: Command, instance: Instance) -> Iterator[Token]:
    """The tokens that wait for something outside, those in rows below included."""
    for token in instance.tokens():
        if isinstance(token.task_spec, (Call, Multi)):
            for row in command.uow.processes.children(instance.row.key, token.id):
                try:
                    yield from standing(command, command.open(row))
                except StateUnreadable:
                    continue
        elif token.task_spec.node.kind in _KINDS and not isinstance(token.task_spec, Loop):
            yield token


def _node(token: Token) -> Node:
    """As drawn: the body of a multi-instance knows its frame without flows."""
    return token.workflow.program.process.nodes[token.task_spec.node.id]


def _above(instance: Instance, known: list[Way], then: list[Way]) -> list[Ahead]:
    """Where this process ends, the one that called it goes on."""
    row = instance.row
    while row.body is not None and row.parent_key is not None:
        row = instance.command.instance(row.parent_key).row
    if row.parent_key is None or not any(way.ends for way in [*known, *then]):
        return []
    parent = instance.command.instance(row.parent_key)
    token = parent.tasks.get(row.parent_token)
    if token is None:
        return []
    ways = following(parent.program.process, _node(token))
    return [_ahead(token, way) for way in ways if way.normal and not way.ends]


def _ahead(token: Token, way: Way) -> Ahead:
    process, node = token.workflow.program.process, way.node
    each = _each(process, node, _node(token))
    due, counted = _due(token, node)
    return Ahead(
        element_id=node.id,
        name=node.name,
        kind=_KINDS.get(node.kind, StepKind.END),
        lane="" if way.ends else _lane(process, node),
        each=each,
        person_id=None if each else _person(token, node),
        groups=_groups(node),
        due_at=due,
        counted=counted,
        branch=way.branch,
    )


def _lane(process: Process, node: Node) -> str:
    """Words of the node's own lane; steps inside a sub-process have none."""
    return next((lane.name for lane in process.lanes if lane.id == node.lane), "")


def _each(process: Process, node: Node, seen_from: Node | None) -> bool:
    """Whether it happens once for each of several, as seen from a node."""
    inside = set()
    at = seen_from
    while at is not None:
        inside.add(at.id)
        at = process.nodes[at.parent] if at.parent else None
    step: Node | None = node
    while step is not None:
        if step.multi_instance is not None and step.id not in inside:
            return True
        step = process.nodes[step.parent] if step.parent else None
    return False


def _person(token: Token, node: Node) -> str | None:
    """The office-holder or the person concerned; None for anybody who must not be named."""
    text = node.user_task.assignee if node.user_task is not None else None
    if text is None or not (text.strip() == _OWN or _OFFICE.fullmatch(text.strip())):
        return None
    instance = token.workflow
    try:
        found = read_text(text, instance.spec.names).value(instance.view(token.reading))
    except Fault:
        return None
    return found if isinstance(found, str) and found else None


def _groups(node: Node) -> tuple[str, ...]:
    text = node.user_task.candidate_groups if node.user_task is not None else None
    if text is None or text.startswith("="):
        return ()
    return tuple(name.strip() for name in text.split(","))


def _due(token: Token, node: Node) -> tuple[datetime | None, bool]:
    """By when a step would be due, and whether that counts from its own beginning."""
    text = _due_text(node)
    if text is None:
        return None, False
    instance, command = token.workflow, token.workflow.command
    counted = _COUNTED.search(text) is not None or text.startswith("P") or _is_span(node)
    try:
        read = read_optional(text, instance.spec.names)
        view = instance.view(token.reading)
        zone = command.zone(instance.row)
        if read is None or node.kind is Kind.USER_TASK:
            return worklist.moment(read, view, command.now, zone), counted
        timer = node.event.timer if node.event is not None else None
        if timer is None:
            return None, False
        return arming.first_alarm((timer.kind, read), view, command.now, zone).due, counted
    except Fault:
        return None, False


def _due_text(node: Node) -> str | None:
    if node.user_task is not None:
        return node.user_task.due_date
    timer = node.event.timer if node.event is not None else None
    return timer.expression if timer is not None else None


def _is_span(node: Node) -> bool:
    timer = node.event.timer if node.event is not None else None
    return timer is not None and timer.kind is not TimerKind.DATE


def _until(token: Token) -> datetime | None:
    """When a timer on which the token itself waits will fire."""
    arms = token.internal_data.get("arms", {})
    alarm = arms.get(token.task_spec.name)
    return datetime.fromisoformat(alarm[0]) if alarm else None


def _silence(token: Token) -> Silence | None:
    """The first clock that takes the step away when nobody acts."""
    for host in _hosts(token):
        nodes = host.workflow.program.process.nodes
        arms = host.internal_data.get("arms", {})
        found = [
            (datetime.fromisoformat(arms[key][0]), nodes[key])
            for key in _node(host).boundary
            if key in arms and _interrupts(nodes[key])
        ]
        if found:
            at, event = min(found, key=lambda one: one[0])
            ways = Ways(host.workflow.program.process).after(event)
            return Silence(name=event.name, at=at, then=[_ahead(host, way) for way in ways])
    return None


def _interrupts(event: Node) -> bool:
    is_timer = event.event is not None and event.event.kind is EventKind.TIMER
    return event.interrupting and is_timer


def _hosts(token: Token) -> Iterator[Token]:
    """The token itself, and the loop or multi-instance whose only step it is."""
    yield token
    if token.task_spec.node.turn:
        frame = token.workflow.tasks.get(token.workflow.scopes[token.scope].owner)
        if frame is not None:
            yield frame
    row = token.workflow.row
    if row.body == token.task_spec.node.id and row.parent_key is not None:
        frame = token.workflow.command.instance(row.parent_key).tasks.get(row.parent_token)
        if frame is not None:
            yield frame
