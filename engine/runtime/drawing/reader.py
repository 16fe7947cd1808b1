"""XML elements to the model: every node and flow gets an id, every reference is resolved.

What cannot be resolved is left out of the model and is a finding of the rules, which see both
the elements and the model.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.runtime.drawing.definitions import Definitions, read_definitions
from engine.runtime.drawing.details import called_task, node_details, read_properties
from engine.runtime.drawing.model import GROUP, SCOPES, Drawing, Flow, Kind, Lane, Node, Process
from engine.runtime.drawing.pairs import pair_handlers, pair_links, starting
from engine.runtime.drawing.source import (
    child,
    children,
    everywhere,
    flag,
    line_of,
    local,
    parse,
    reference,
    text_of,
    zeebe,
)
from engine.runtime.limits import MAX_DRAWINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.usecases.errors import Finding

KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as read: the elements and the model made of them."""

    root: Xml
    drawing: Drawing
    #: ids of nodes and flows, also of those that had none
    ids: dict[Xml, str]
    #: process elements with their model
    processes: tuple[tuple[Xml, Process], ...]

    def nodes(self, *kinds: str) -> Iterator[tuple[Xml, Node, Process]]:
        """Elements of those kinds that stand where nodes stand, with their nodes."""
        for element, process in self.processes:
            for drawn in everywhere(element, *kinds):
                node = process.nodes.get(self.ids[drawn])
                if node is not None:
                    yield drawn, node, process


@dataclass(slots=True)
class _Reading:
    """What is known while one process is read."""

    ids: dict[Xml, str]
    known: Definitions
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)


def read_drawing(root: Xml, source: str) -> Document:
    """The model of a file that is well-formed BPMN XML; never fails for any content."""
    known = read_definitions(root)
    ids = _ids(root)
    processes = tuple((e, _process(e, ids, known)) for e in children(root, "process"))
    drawing = Drawing(
        source=source,
        processes=tuple(p for _, p in processes),
        messages=known.messages,
        signals=known.signals,
        errors=known.errors,
        escalations=known.escalations,
    )
    return Document(root=root, drawing=drawing, ids=ids, processes=processes)


@lru_cache(maxsize=MAX_DRAWINGS)
def drawing_of(data: bytes, source: str) -> tuple[Drawing | None, tuple[Finding, ...]]:
    """The model of a file, or why it is no BPMN XML; the same bytes are read once."""
    root, findings = parse(data)
    return (None if root is None else read_drawing(root, source).drawing), tuple(findings)


def _ids(root: Xml) -> dict[Xml, str]:
    """Ids of processes, nodes and flows; a missing or repeated one is made from its place.

    Stored states name elements and flows by these ids. A version keeps its bytes for ever, so the
    rule that makes them is part of the stored format: it must not change (decision 0008).
    """
    taken = {e.get("id", "") for e in root.iter()}
    given: dict[Xml, str] = {}
    seen: set[str] = set()
    counts: dict[tuple[str, str], int] = {}
    for element in everywhere(root, "process", "sequenceFlow", *KINDS):
        own = element.get("id", "").strip()
        if not own or own in seen:
            around = element.getparent()
            scope = "" if around is None else given.get(around, "")
            own = _made_id(scope, local(element), counts, taken)
        seen.add(own)
        given[element] = own
    return given


def _made_id(scope: str, tag: str, counts: dict[tuple[str, str], int], taken: set[str]) -> str:
    while True:
        number = counts[scope, tag] = counts.get((scope, tag), 0) + 1
        made = f"{scope}.{tag}.{number}".lstrip(".")
        if made not in taken:
            taken.add(made)
            return made


def _process(element: Xml, ids: dict[Xml, str], known: Definitions) -> Process:
    reading = _Reading(ids=ids, known=known)
    flows: list[Xml] = []
    _read_scope(element, None, reading, flows)
    _connect(flows, reading)
    pair_links(reading.nodes)
    pair_handlers(element, reading.nodes)
    lanes = _lanes(element)
    _assign_lanes(lanes, reading.nodes)
    _attach(reading.nodes)
    tag = zeebe(element, "versionTag")
    contents: dict[str | None, tuple[str, ...]] = {
        parent: tuple(n.id for n in inside) for parent, inside in _by_parent(reading.nodes).items()
    }
    return Process(
        id=ids[element],
        name=element.get("name", "").strip(),
        line=line_of(element),
        nodes=MappingProxyType(reading.nodes),
        flows=MappingProxyType(reading.flows),
        starts=_starts(reading.nodes, None),
        contents=MappingProxyType(contents),
        lanes=lanes,
        executable=flag(element, "isExecutable", default=False),
        version_tag=None if tag is None else tag.get("value"),
        properties=read_properties(element),
        about=text_of(child(element, "documentation")),
    )


def _read_scope(box: Xml, parent: str | None, reading: _Reading, flows: list[Xml]) -> None:
    """Nodes of a scope in document order; depth is capped by the source."""
    for element in box:
        tag = local(element)
        if tag == "sequenceFlow":
            flows.append(element)
        elif tag in KINDS:
            key = reading.ids[element]
            kind = KINDS[tag]
            details = node_details(element, kind, reading.known)
            task = called_task(element, reading.known) if kind is Kind.CALL_ACTIVITY else None
            if task is not None:
                kind, details = task[0], details | task[1]
            reading.nodes[key] = Node(id=key, kind=kind, parent=parent, **details)
            if kind in SCOPES:
                _read_scope(element, key, reading, flows)


def _connect(elements: list[Xml], reading: _Reading) -> None:
    """Flows whose two ends are nodes of the same scope, put on their nodes."""
    incoming: dict[str, list[Flow]] = {}
    outgoing: dict[str, list[Flow]] = {}
    for element in elements:
        flow = _flow(element, reading.ids[element])
        ends = reading.nodes.get(flow.source), reading.nodes.get(flow.target)
        if ends[0] is None or ends[1] is None or ends[0].parent != ends[1].parent:
            continue
        reading.flows[flow.id] = flow
        outgoing.setdefault(flow.source, []).append(flow)
        incoming.setdefault(flow.target, []).append(flow)
    for key, node in reading.nodes.items():
        reading.nodes[key] = replace(
            node,
            incoming=tuple(incoming.get(key, ())),
            outgoing=tuple(outgoing.get(key, ())),
        )


def _flow(element: Xml, key: str) -> Flow:
    condition = child(element, "conditionExpression")
    return Flow(
        id=key,
        name=element.get("name", "").strip(),
        source=reference(element, "sourceRef") or "",
        target=reference(element, "targetRef") or "",
        condition=None if condition is None else text_of(condition),
        line=line_of(element),
    )


def _lanes(process: Xml) -> tuple[Lane, ...]:
    return tuple(
        Lane(
            id=element.get("id", ""),
            name=element.get("name", "").strip(),
            line=line_of(element),
            group=read_properties(element).get(GROUP, "") or element.get("name", "").strip(),
            nodes=tuple(text_of(ref) for ref in children(element, "flowNodeRef")),
        )
        for lane_set in everywhere(process, "laneSet", "childLaneSet")
        for element in children(lane_set, "lane")
    )


def _assign_lanes(lanes: tuple[Lane, ...], nodes: dict[str, Node]) -> None:
    """Innermost lane wins: lanes come outermost first; nodes inside a sub-process inherit."""
    for lane in lanes:
        for key in lane.nodes:
            if key in nodes:
                nodes[key] = replace(nodes[key], lane=lane.id, group=lane.group or None)
    for key, node in nodes.items():
        if node.lane is None and node.parent is not None:
            around = nodes[node.parent]
            nodes[key] = replace(node, lane=around.lane, group=around.group)


def _by_parent(nodes: dict[str, Node]) -> dict[str | None, list[Node]]:
    inside: dict[str | None, list[Node]] = {}
    for node in nodes.values():
        inside.setdefault(node.parent, []).append(node)
    return inside


def _attach(nodes: dict[str, Node]) -> None:
    """Boundary events to hosts, start events to sub-processes."""
    hosted: dict[str, list[str]] = {}
    starting = {n.parent: n.id for n in reversed(nodes.values()) if n.kind is Kind.START_EVENT}
    for node in nodes.values():
        if node.attached_to is not None:
            hosted.setdefault(node.attached_to, []).append(node.id)
    for key, node in nodes.items():
        boundary = tuple(hosted.get(key, ()))
        entry = starting.get(key)
        if boundary or entry:
            nodes[key] = replace(node, boundary=boundary, entry=entry)


def _starts(nodes: dict[str, Node], parent: str | None) -> tuple[str, ...]:
    return tuple(n.id for n in nodes.values() if starting(n) and n.parent == parent)
