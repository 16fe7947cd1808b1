"""A drawing read as steps: from the starts on, ways of a choice below it, each step once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.steplist.facts import Facts, facts_of, lane_names
from engine.steplist.graph import Graph
from engine.steplist.paper import NODES, SCOPES, Paper, child, local, text_of
from engine.steplist.runs import before, behind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

#: lists inside lists; what lies deeper is listed behind, under its own number
DEPTH_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A flow that leaves a step."""

    flow_id: str
    name: str
    #: FEEL with its "=", "" without
    condition: str
    default: bool
    #: id of the step it leads to
    target: str
    #: what is told along this way alone
    steps: tuple[Step, ...] = ()
    #: the target is the next step of the same list
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A flow node in its place."""

    id: str
    #: BPMN element name
    kind: str
    name: str
    facts: Facts
    ways: tuple[Way, ...] = ()
    #: events at its border, each with what follows it
    boundary: tuple[tuple[Step, ...], ...] = ()
    #: what happens inside a sub-process
    inside: tuple[Step, ...] = ()
    #: may change places with the step before or after
    moves_up: bool = False
    moves_down: bool = False

    @property
    def label(self) -> str:
        """Its name, else its id."""
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One process of the drawing."""

    id: str
    name: str
    about: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The drawing as sections of steps."""

    sections: tuple[Section, ...]
    #: step by id, in reading order
    steps: dict[str, Step]
    #: flow id -> the step that it leaves
    sources: dict[str, str]
    #: id of a step -> number, from 1 in reading order
    numbers: dict[str, int]
    #: id of a step -> id of the process or sub-process around it
    scopes: dict[str, str]
    #: steps without an id: only the drawing editor can name them
    unnamed: int = 0


def outline(paper: Paper) -> Outline:
    """All steps of a drawing; never fails, however it is drawn."""
    sections = tuple(_section(process) for process in paper.processes())
    steps = {step.id: step for section in sections for step in _all(section.steps)}
    return Outline(
        sections=sections,
        steps=steps,
        sources={way.flow_id: step.id for step in steps.values() for way in step.ways},
        numbers={key: number for number, key in enumerate(steps, 1)},
        scopes={
            one.get("id", ""): (around.get("id", "") if around is not None else "")
            for one in paper.nodes()
            for around in (one.getparent(),)
        },
        unnamed=sum(
            1
            for process in paper.processes()
            for one in process.iter()
            if local(one) in NODES and not one.get("id")
        ),
    )


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _all(step.inside)
        for told in step.boundary:
            yield from _all(told)
        for way in step.ways:
            yield from _all(way.steps)


def _section(process: Xml) -> Section:
    walk = _Walk(lanes=lane_names(process))
    return Section(
        id=process.get("id", ""),
        name=process.get("name", "").strip(),
        about=text_of(child(process, "documentation")),
        steps=tuple(walk.everything(process)),
    )


@dataclass(slots=True)
class _Walk:
    lanes: dict[str, str]
    seen: set[str] = field(default_factory=set)
    #: scopes that lie too deep for a list of their own
    later: deque[tuple[Xml, str]] = field(default_factory=deque)

    def everything(self, process: Xml) -> list[Step]:
        steps = self.scope(process, "", 0)
        while self.later:
            inner, lane = self.later.popleft()
            steps += self.scope(inner, lane, 0)
        return steps

    def scope(self, scope: Xml, lane: str, depth: int) -> list[Step]:
        """Steps of a process or sub-process, each once."""
        graph = Graph(scope)
        steps: list[Step] = []
        begins = graph.begins()
        others = [key for key in begins if not _leads(graph.nodes[key])]
        between = [key for key in graph.places if key not in others]
        for key in [*(one for one in begins if one not in others), *between, *others]:
            steps += self.run(_At(graph, lane, depth), key, 0)
        return steps

    def run(self, at: _At, key: str | None, stops: int) -> list[Step]:
        """From a node along the flows until a stop or a node told before."""
        steps: list[Step] = []
        while key is not None and key not in self.seen and not at.graph.has(stops, key):
            self.seen.add(key)
            step, key = self.step(at, key, stops)
            steps.append(step)
        return steps

    def step(self, at: _At, key: str, stops: int) -> tuple[Step, str | None]:
        graph, element = at.graph, at.graph.nodes[key]
        flows = graph.flows[key]
        onward = self.onward(at, key, stops)
        beyond = stops | (graph.reached[onward] if onward is not None else 0)
        lane = self.lanes.get(key, at.lane)
        inside = self.inside(element, lane, at.depth)
        events = graph.boundary[key] if at.depth < DEPTH_MAX else []
        boundary = [tuple(self.run(at.deeper(), one, beyond)) for one in events]
        ways = tuple(self.way(at, flow, element, onward, beyond) for flow in flows)
        step = Step(
            id=key,
            kind=local(element),
            name=" ".join(element.get("name", "").split()),
            facts=facts_of(element, lane),
            ways=ways,
            boundary=tuple(told for told in boundary if told),
            inside=tuple(inside),
            moves_up=before(graph, key) is not None,
            moves_down=behind(graph, key) is not None,
        )
        return step, onward

    def onward(self, at: _At, key: str, stops: int) -> str | None:
        """The next step of the same list."""
        graph = at.graph
        targets = [flow.get("targetRef", "") for flow in graph.flows[key]]
        ahead = [one for one in targets if graph.places[one] > graph.places[key]]
        found = graph.onward(ahead) if len(set(ahead)) > 1 else (ahead[0] if ahead else None)
        if found is None or found in self.seen or graph.has(stops, found):
            return None
        return found

    def way(self, at: _At, flow: Xml, source: Xml, onward: str | None, beyond: int) -> Way:
        target = flow.get("targetRef", "")
        steps = self.run(at.deeper(), target, beyond) if at.depth < DEPTH_MAX else []
        return Way(
            flow_id=flow.get("id", ""),
            name=" ".join(flow.get("name", "").split()),
            condition=text_of(child(flow, "conditionExpression")),
            default=bool(flow.get("id")) and source.get("default") == flow.get("id"),
            target=target,
            steps=tuple(steps),
            follows=target == onward,
        )

    def inside(self, element: Xml, lane: str, depth: int) -> list[Step]:
        if local(element) not in SCOPES:
            return []
        if depth >= DEPTH_MAX:
            self.later.append((element, lane))
            return []
        return self.scope(element, lane, depth + 1)


@dataclass(frozen=True, slots=True)
class _At:
    """Where the walk is."""

    graph: Graph
    lane: str
    depth: int

    def deeper(self) -> _At:
        return _At(self.graph, self.lane, self.depth + 1)


def _leads(element: Xml) -> bool:
    """Whether the story of a scope may begin here."""
    waits = element.get("triggeredByEvent") in {"true", "1"}
    return not waits and element.get("isForCompensation") not in {"true", "1"}
