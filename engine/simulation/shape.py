"""What of a drawing takes time or is chosen: what a simulation must be told about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.kinds import EventKind, Kind
from engine.runtime.drawing.reader import read_drawing
from engine.runtime.drawing.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.runtime.drawing.model import Flow, Node, Process

#: prefix of the engine's own operations, which take no time
_OWN: Final = "regu."
_CHOOSING: Final = frozenset({Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY})
_COMES: Final = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
_JOBS: Final = frozenset({Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.BUSINESS_RULE_TASK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A task of people or of another program, or something that comes from outside."""

    id: str
    name: str
    #: "task", "job" or "event"
    kind: str
    #: who does a task, as the drawing says it: its lane, else its group
    role: str = ""
    #: of an event: the gateway that waits for it beside others, or the activity it stands on
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """A gateway with several ways."""

    id: str
    name: str
    #: flow -> its name, else that of the element it leads to
    ways: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One drawing."""

    name: str
    steps: tuple[Step, ...] = ()
    forks: tuple[Fork, ...] = ()


def shape_of(xml: bytes, process_id: str) -> Shape:
    """Steps and forks in the order of the drawing; of none when the process is not there."""
    root, _ = parse(xml)
    processes = () if root is None else read_drawing(root, "").drawing.processes
    found = next((one for one in processes if one.id == process_id), None)
    if found is None:
        return Shape(name=process_id)
    return Shape(
        name=found.name or process_id,
        steps=tuple(_steps(found)),
        forks=tuple(_forks(found)),
    )


def _steps(process: Process) -> Iterator[Step]:
    lanes = {lane.id: lane.name for lane in process.lanes}
    for node in process.nodes.values():
        kind = _kind(node)
        if kind is not None:
            yield Step(
                id=node.id,
                name=node.label,
                kind=kind,
                role=_role(node, lanes) if kind == "task" else "",
                beside=_beside(node, process) if kind == "event" else "",
            )


def _kind(node: Node) -> str | None:
    if node.kind in {Kind.USER_TASK, Kind.MANUAL_TASK}:
        return "task"
    if node.kind in _JOBS and node.task is not None and not node.task.type.startswith(_OWN):
        return "job"
    comes = node.event is not None and node.event.kind in _COMES
    if node.kind in {Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT} and comes:
        return "event"
    return "event" if node.kind is Kind.RECEIVE_TASK else None


def _role(node: Node, lanes: Mapping[str, str]) -> str:
    groups = node.user_task.candidate_groups if node.user_task else None
    literal = groups if groups and not groups.startswith("=") else None
    return lanes.get(node.lane or "") or node.group or literal or ""


def _beside(node: Node, process: Process) -> str:
    if node.attached_to is not None:
        return node.attached_to
    before = (process.nodes[flow.source] for flow in node.incoming)
    return next((one.id for one in before if one.kind is Kind.EVENT_BASED_GATEWAY), "")


def _forks(process: Process) -> Iterator[Fork]:
    for node in process.nodes.values():
        if node.kind in _CHOOSING and len(node.outgoing) > 1:
            ways = {flow.id: _way(flow, process) for flow in node.outgoing}
            yield Fork(id=node.id, name=node.name, ways=ways)


def _way(flow: Flow, process: Process) -> str:
    target = process.nodes[flow.target].label
    return f"{flow.name} → {target}" if flow.name else f"→ {target}"
