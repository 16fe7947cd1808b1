"""The ways of a drawing: which steps that people notice follow a step."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.model import SCOPES, EventKind, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.runtime.drawing.model import Flow, Node, Process

#: steps that people notice; all others pass by themselves
NOTICED: Final = frozenset(
    {Kind.USER_TASK, Kind.CALL_ACTIVITY, Kind.CATCH_EVENT, Kind.RECEIVE_TASK, Kind.MANUAL_TASK}
)
_CHOOSING: Final = frozenset({Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY})
#: steps told after the next ones
LATER_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Way:
    """A step that is reached, and the words of the branch that leads there."""

    node: Node
    branch: str = ""
    #: every choice on the way went as is normal
    normal: bool = True

    @property
    def ends(self) -> bool:
        """Whether the process ends there."""
        return self.node.kind not in NOTICED


class Ways:
    """The walk from one node; no node is entered twice."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._seen: set[str] = set()

    def after(self, node: Node, way: Way | None = None) -> Iterator[Way]:
        """The noticed steps that follow when a node is left."""
        found = way or Way(node)
        if node.outgoing:
            for flow in node.outgoing:
                yield from self._enter(flow.target, self._branch(node, flow, found))
        elif node.link is not None:
            yield from self._enter(node.link, found)
        elif node.for_compensation:
            return  # what was undone before it says what comes next
        elif node.triggered_by_event and not self._ends_scope(node):
            yield Way(node, found.branch, found.normal)
        elif node.parent is not None:
            yield from self.after(self._process.nodes[node.parent], found)
        elif node.kind not in SCOPES:
            yield Way(node, found.branch, found.normal)

    def _ends_scope(self, event_sub: Node) -> bool:
        """Whether what is around an event sub-process ends with it."""
        start = self._process.nodes.get(event_sub.entry or "")
        return event_sub.parent is not None and start is not None and start.interrupting

    def _enter(self, key: str, way: Way) -> Iterator[Way]:
        if key in self._seen:
            return
        self._seen.add(key)
        node = self._process.nodes[key]
        if node.kind in NOTICED:
            yield Way(node, way.branch, way.normal)
        elif node.kind is Kind.END_EVENT:
            yield from self._end(node, way)
        elif node.kind in SCOPES:
            for first in self._entries(node):
                yield from self._enter(first, way)
        else:
            yield from self.after(node, way)

    def _end(self, node: Node, way: Way) -> Iterator[Way]:
        """An end event ends its scope; an error or a cancellation goes where it is caught."""
        if node.parent is None:
            yield Way(node, way.branch, way.normal)
            return
        scope = self._process.nodes[node.parent]
        kind = None if node.event is None else node.event.kind
        if kind in {EventKind.ERROR, EventKind.CANCEL}:
            for key in scope.boundary:
                caught = self._process.nodes[key].event
                if caught is not None and caught.kind is kind:
                    yield from self.after(self._process.nodes[key], way)
            return
        yield from self.after(scope, way)

    def _entries(self, scope: Node) -> Sequence[str]:
        if scope.entry is not None:
            return (scope.entry,)
        return [n.id for n in self._process.inside(scope.id) if n.begins]

    @staticmethod
    def _branch(node: Node, flow: Flow, way: Way) -> Way:
        """The branch of the nearest choice is what people decide next."""
        chooses = node.kind in _CHOOSING or flow.condition is not None or flow.id == node.default
        if not chooses or len(node.outgoing) == 1:
            return Way(node, way.branch, way.normal)
        usual = node.default or node.outgoing[0].id
        words = way.branch or f"{node.name} {flow.name}".strip()
        return Way(node, words, way.normal and flow.id == usual)


def following(process: Process, node: Node) -> list[Way]:
    """What follows a node at once, all branches, the normal ones first."""
    return sorted(Ways(process).after(node), key=lambda way: not way.normal)


def later(process: Process, start: Node, known: Sequence[Way]) -> list[Way]:
    """What comes after the steps that follow, on the normal way, nearest first."""
    told = {start.id, *(way.node.id for way in known)}
    queue = deque(way for way in known if way.normal and not way.ends)
    found: list[Way] = []
    while queue and len(found) < LATER_MAX:
        for way in following(process, queue.popleft().node):
            if way.normal and way.node.id not in told:
                told.add(way.node.id)
                found.append(Way(way.node))
                queue.append(way)
    return found[:LATER_MAX]
