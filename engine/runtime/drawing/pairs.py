"""What belongs together without a sequence flow: ends of links, activities and what undoes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.runtime.drawing.model import EventKind, Kind
from engine.runtime.drawing.source import everywhere, reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.model import EventDefinition, Node


def starting(node: Node) -> bool:
    """A start event, or a receive task that starts its process."""
    return node.kind is Kind.START_EVENT or (node.instantiate and not node.incoming)


def partners(one: EventDefinition, other: EventDefinition) -> bool:
    """Whether two links are ends of one: of the same name, or named by reference."""
    return (
        (bool(one.link) and one.link == other.link)
        or other.id in one.partners
        or one.id in other.partners
    )


def pair_links(nodes: dict[str, Node]) -> None:
    """Each throwing link gets the catching one of its scope at which its token goes on."""
    ends = [n for n in nodes.values() if n.event is not None and n.event.kind is EventKind.LINK]
    catches = [n for n in ends if n.kind is Kind.CATCH_EVENT]
    for node in ends:
        if node.kind is not Kind.THROW_EVENT or node.event is None:
            continue
        for other in catches:
            if (
                other.parent == node.parent
                and other.event is not None
                and partners(node.event, other.event)
            ):
                nodes[node.id] = replace(node, link=other.id)
                break


def pair_handlers(process: Xml, nodes: dict[str, Node]) -> None:
    """Each activity gets the one that undoes it, by the association of its boundary event."""
    for source, target in _associated(process):
        event, handler = nodes.get(source), nodes.get(target)
        if event is None or handler is None or event.kind is not Kind.BOUNDARY_EVENT:
            continue
        host = nodes.get(event.attached_to or "")
        undoes = event.event is not None and event.event.kind is EventKind.COMPENSATE
        if host is not None and undoes and handler.for_compensation:
            nodes[host.id] = replace(host, handler=handler.id)


def _associated(process: Xml) -> Iterator[tuple[str, str]]:
    root = process.getroottree().getroot()
    for drawn in everywhere(root, "association"):
        yield reference(drawn, "sourceRef") or "", reference(drawn, "targetRef") or ""
