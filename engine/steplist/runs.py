"""Straight runs: two steps that follow each other and may change places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.steplist.paper import ACTIVITIES, child, local

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

    from engine.steplist.graph import Graph

_MOVABLE: Final = ACTIVITIES | {"intermediateCatchEvent", "intermediateThrowEvent"}


def behind(graph: Graph, key: str) -> str | None:
    """The step with which this one may change places further down."""
    if not _single(graph, key):
        return None
    after = graph.flows[key][0].get("targetRef", "")
    ahead = graph.into[key][0].get("sourceRef", "")
    awaited = local(graph.nodes[ahead]) == "eventBasedGateway"
    if awaited or after in {key, ahead} or not _single(graph, after):
        return None
    return None if graph.flows[after][0].get("targetRef", "") in {key, after} else after


def before(graph: Graph, key: str) -> str | None:
    """The step with which this one may change places further up."""
    if len(graph.into[key]) != 1:
        return None
    ahead = graph.into[key][0].get("sourceRef", "")
    return ahead if behind(graph, ahead) == key else None


def _single(graph: Graph, key: str) -> bool:
    """One way in, one way out, and no place of its own."""
    element = graph.nodes[key]
    return (
        local(element) in _MOVABLE
        and len(graph.into[key]) == 1
        and len(graph.flows[key]) == 1
        and not _bound(element)
    )


def _bound(element: Xml) -> bool:
    undoes = element.get("isForCompensation") in {"true", "1"}
    return undoes or child(element, "linkEventDefinition") is not None
