"""A definition version, compiled: its process spec and one small spec per multi-instance body."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.model import EventKind, Kind
from engine.runtime.drawing.reader import drawing_of
from engine.runtime.faults import DrawingDamaged
from engine.runtime.limits import MAX_PROGRAMS
from engine.runtime.specs import (
    activities,
    ad_hoc,
    beside,
    compensating,
    complex_gateway,
    event_subprocess,
    events,
    gateways,
    links,
    loops,
    tasks,
)
from engine.runtime.specs.base import Element, ProcessSpec
from engine.usecases.errors import DrawingRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.runtime.drawing.model import Node, Process
    from engine.usecases.ports.process import DefinitionRow

_BY_KIND: Final[dict[Kind, type[Element]]] = {
    Kind.USER_TASK: tasks.User,
    Kind.SCRIPT_TASK: tasks.Script,
    Kind.SERVICE_TASK: tasks.Service,
    Kind.SEND_TASK: tasks.Service,
    Kind.RECEIVE_TASK: tasks.Catch,
    Kind.CATCH_EVENT: tasks.Catch,
    Kind.SUB_PROCESS: activities.Sub,
    Kind.TRANSACTION: activities.Sub,
    Kind.CALL_ACTIVITY: activities.Call,
    Kind.EXCLUSIVE_GATEWAY: gateways.Exclusive,
    Kind.PARALLEL_GATEWAY: gateways.Parallel,
    Kind.INCLUSIVE_GATEWAY: gateways.Inclusive,
    Kind.EVENT_BASED_GATEWAY: gateways.EventBased,
    Kind.COMPLEX_GATEWAY: complex_gateway.Complex,
    Kind.AD_HOC_SUB_PROCESS: ad_hoc.AdHoc,
}
#: gateways that may wait for all that can still come
_WAITING: Final = frozenset({Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY})
_THROWS: Final[dict[EventKind, type[Element]]] = {
    EventKind.MESSAGE: tasks.Service,
    EventKind.SIGNAL: events.ThrowSignal,
    EventKind.ERROR: events.ThrowError,
    EventKind.ESCALATION: events.ThrowEscalation,
    EventKind.TERMINATE: events.Terminate,
    EventKind.COMPENSATE: compensating.Compensate,
    EventKind.CANCEL: compensating.CancelTransaction,
    EventKind.LINK: links.LinkThrow,
    EventKind.MULTIPLE: events.ThrowSeveral,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """All specs of one process; shared by instances and threads, never changed."""

    process: Process
    main: ProcessSpec
    #: by element id of the multi-instance
    bodies: Mapping[str, ProcessSpec]
    #: the version it was compiled from; None while a drawing is only checked
    row: DefinitionRow | None = None

    @property
    def definition(self) -> DefinitionRow:
        """The version it was compiled from."""
        if self.row is None:
            raise ValueError(self.process.id)
        return self.row

    def spec(self, body: str | None) -> ProcessSpec:
        """The spec of an execution root."""
        return self.main if body is None else self.bodies[body]


def build(process: Process, names: frozenset[str], row: DefinitionRow | None = None) -> Program:
    """Compile a process; `FeelSyntaxError` for a text that is no FEEL."""
    start = process.none_start
    main = _spec(process.id, process.nodes.values(), names, None)
    main.entries = (start.id,) if start is not None else ()
    bodies = {
        node.id: _body(process, node, names)
        for node in process.nodes.values()
        if node.multi_instance is not None
    }
    return Program(process=process, main=main, bodies=bodies, row=row)


def _body(process: Process, frame: Node, names: frozenset[str]) -> ProcessSpec:
    """The multi-instance activity alone, with what is inside it."""
    inside = {frame.id}
    # document order: a sub-process stands before its nodes
    for node in process.nodes.values():
        if node.parent in inside:
            inside.add(node.id)
    alone = replace(
        frame,
        multi_instance=None,
        incoming=(),
        outgoing=(),
        boundary=(),
        parent=None,
        default=None,
        handler=None,
    )
    nodes = [alone if i == frame.id else process.nodes[i] for i in process.nodes if i in inside]
    spec = _spec(f"{process.id}/{frame.id}", nodes, names, frame.id)
    spec.entries = (frame.id,)
    return spec


def _alone(frame: Node) -> Node:
    """An activity without what its frame holds: flows, boundary events, and tokens to gather."""
    return replace(
        frame,
        incoming=(),
        outgoing=(),
        boundary=(),
        default=None,
        start_quantity=1,
        completion_quantity=1,
    )


def _spec(name: str, nodes: Iterable[Node], names: frozenset[str], body: str | None) -> ProcessSpec:
    spec = ProcessSpec(name, names, body)
    drawn = list(nodes)
    turns = [replace(_alone(n), loop=None, turn=True) for n in drawn if n.loop is not None]
    nodes = [*drawn, *turns]
    for node in nodes:
        _element(spec, node)
    for node in nodes:
        element = spec.task_specs[node.key]
        for flow in node.outgoing:
            element.connect(spec.task_specs[flow.target])
        if isinstance(element, activities.Sub):
            element.entries = _entries(node, drawn)
    spec.inclusive = tuple(n.id for n in drawn if n.kind in _WAITING and len(n.incoming) > 1)
    beside.settle(spec, drawn)
    _settle_turns(spec, turns)
    spec.joining = bool(spec.inclusive) or any(
        (n.kind is Kind.PARALLEL_GATEWAY and len(n.incoming) > 1) or n.start_quantity > 1
        for n in drawn
    )
    spec.ad_hoc = any(n.ad_hoc is not None for n in drawn)
    spec.measure()
    return spec


def _settle_turns(spec: ProcessSpec, turns: list[Node]) -> None:
    """A loop leads to its turn; what is undone inside a turn is kept by the turn."""
    for node in turns:
        frame, turn = spec.task_specs[node.id], spec.task_specs[node.key]
        if isinstance(frame, loops.Loop):
            frame.turn = node.key
        if frame.undoing is not None:
            turn.undoing = replace(frame.undoing, handler=None)
            frame.undoing = replace(frame.undoing, inside=None)


def _entries(sub: Node, nodes: list[Node]) -> tuple[str, ...]:
    """The start event, or without one the nodes that nothing leads to."""
    if sub.entry is not None:
        return (sub.entry,)
    return tuple(n.id for n in nodes if n.parent == sub.id and n.begins)


def _element(spec: ProcessSpec, node: Node) -> Element:
    if node.multi_instance is not None:
        return activities.Multi(spec, node)
    if node.loop is not None:
        return loops.Loop(spec, node)
    if node.kind is Kind.BUSINESS_RULE_TASK:
        return tasks.BusinessRule(spec, node) if node.decision else tasks.Service(spec, node)
    return _of_kind(node)(spec, node)


def _of_kind(node: Node) -> type[Element]:
    kind = node.event.kind if node.event is not None else EventKind.NONE
    if node.triggered_by_event:
        return event_subprocess.EventSub
    if node.kind in {Kind.THROW_EVENT, Kind.END_EVENT}:
        return _THROWS.get(kind, Element)
    if node.kind is Kind.CATCH_EVENT and kind is EventKind.LINK:
        return Element
    return _BY_KIND.get(node.kind, Element)


@lru_cache(maxsize=MAX_PROGRAMS)
def compiled(xml: bytes, source: str, process_id: str, names: frozenset[str]) -> Program:
    """The program of a process of a file: the same bytes, kept twice, are compiled once.

    `DrawingRefused` for bytes that are no drawing, `FeelSyntaxError` for a text that is no FEEL.
    """
    drawing, findings = drawing_of(xml, source)
    if drawing is None:
        raise DrawingRefused(findings)
    return build(next(p for p in drawing.processes if p.id == process_id), names)


def of_row(row: DefinitionRow, names: frozenset[str]) -> Program:
    """The program of a version."""
    return replace(compiled(row.xml, row.resource_name, row.process_id, names), row=row)


class Programs:
    """Compiled versions by definition key, the least recently used forgotten first."""

    def __init__(self, names: frozenset[str], size: int = MAX_PROGRAMS) -> None:
        self._names = names
        self._size = size
        self._kept: OrderedDict[int, Program] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, row: DefinitionRow) -> Program:
        """Compile a version, or give the one compiled before.

        `DrawingDamaged` when the row is not what was deployed.
        """
        known = self.known(row.key)
        if known is not None:
            return known
        if hashlib.sha256(row.xml).hexdigest() != row.sha256:
            raise DrawingDamaged(row.key)
        program = of_row(row, self._names)
        with self._lock:
            self._kept[row.key] = program
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return program

    def known(self, key: int) -> Program | None:
        """The compiled version, if it is in memory: no row has to be read then."""
        with self._lock:
            program = self._kept.get(key)
            if program is not None:
                self._kept.move_to_end(key)
            return program
