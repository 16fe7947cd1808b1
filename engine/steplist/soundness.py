"""What an edit of flows must not take away: that every step is reached, and can come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.steplist.faults import EditRefused
from engine.steplist.graph import Graph
from engine.steplist.paper import child, local, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper


class Sound:
    """The scope before the edit; `check` compares it with what it has become."""

    def __init__(self, scope: Xml) -> None:
        self._scope = scope
        graph = Graph(scope)
        self._begins = graph.begins()
        self._reached = _walk(_forward(graph), self._begins)
        self._ending = _walk(_backward(graph), _ends(graph))

    def check(self) -> None:
        """`EditRefused` for the first step that is reached no more or ends no more."""
        graph = Graph(self._scope)
        begins = [key for key in self._begins if key in graph.nodes]
        reached = _walk(_forward(graph), begins)
        for key in self._reached:
            if key in graph.nodes and key not in reached:
                raise EditRefused("cut_off", named=key)
        ending = _walk(_backward(graph), _ends(graph))
        for key in self._ending:
            if key in graph.nodes and key not in ending:
                raise EditRefused("never_ends", named=key)


def _walk(after: Mapping[str, list[str]], begins: Iterable[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(begins)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = None
            waiting += after.get(key, ())
    return found


def _forward(graph: Graph) -> dict[str, list[str]]:
    return {key: graph.after(key) for key in graph.nodes}


def _backward(graph: Graph) -> dict[str, list[str]]:
    """Over flows alone: an exception is no way to an end that one may count on."""
    found: dict[str, list[str]] = {key: [] for key in graph.nodes}
    for key in graph.nodes:
        for flow in graph.flows[key]:
            found[flow.get("targetRef", "")].append(key)
    return found


def _ends(graph: Graph) -> list[str]:
    return [key for key in graph.nodes if not graph.flows[key]]


def awaits(node: Xml) -> bool:
    """Whether this is a gateway whose ways are chosen by what happens first."""
    return local(node) == "eventBasedGateway"


def may_lead(paper: Paper, source: Xml, target: Xml, field: str) -> None:
    """`EditRefused` when no flow may lead from one step to the other."""
    shared = any(awaits(paper.node(f.get("sourceRef", ""))) for f in paper.into(target))
    if shared or not is_target(target) or scope_of(target) is not scope_of(source):
        raise EditRefused("target_wrong", field=field, named=target.get("id", ""))


def is_target(node: Xml) -> bool:
    """Whether a flow may lead to a node."""
    undoes = node.get("isForCompensation") in {"true", "1"}
    waits = node.get("triggeredByEvent") in {"true", "1"}
    if local(node) in {"startEvent", "boundaryEvent"} or undoes or waits:
        return False
    linked = child(node, "linkEventDefinition") is not None
    return not (linked and local(node) == "intermediateCatchEvent")


def goes_on(node: Xml) -> bool:
    """Whether a flow may leave a step at all."""
    undoes = node.get("isForCompensation") in {"true", "1"}
    waits = node.get("triggeredByEvent") in {"true", "1"}
    kinds = {local(one) for one in node}
    compensates = local(node) == "boundaryEvent" and "compensateEventDefinition" in kinds
    thrown = local(node) == "intermediateThrowEvent" and "linkEventDefinition" in kinds
    return not (local(node) == "endEvent" or undoes or waits or compensates or thrown)
