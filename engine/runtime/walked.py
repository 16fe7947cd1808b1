"""Which sequence flows a drawing's history tells of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.runtime.drawing.model import Kind
from engine.runtime.drawing.reader import read_drawing
from engine.runtime.drawing.source import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runtime.drawing.model import Node


def nodes_of(xml: bytes, process_id: str) -> Mapping[str, Node]:
    """Nodes of a process by id, those of sub-processes included; empty when it is not there."""
    root, _ = parse(xml)
    if root is None:
        return {}
    processes = read_drawing(root, "").drawing.processes
    return next((found.nodes for found in processes if found.id == process_id), {})


def walked_by(
    nodes: Mapping[str, Node], element_id: str, event: str, detail: str | None
) -> frozenset[str]:
    """Ids of the sequence flows that one history row tells of.

    Where a node has several, or takes none (a turn of a loop, a child of a multi-instance), the
    row says so. An event-based gateway takes none itself: the event that happened tells of the one
    flow that leads to it.
    """
    node = nodes.get(element_id)
    if node is None or event != "completed":
        return frozenset()
    behind = frozenset(
        flow.id for flow in node.incoming if nodes[flow.source].kind is Kind.EVENT_BASED_GATEWAY
    )
    if node.kind is Kind.EVENT_BASED_GATEWAY:
        return behind
    if detail is not None:
        return behind | frozenset(json.loads(detail))
    return behind | frozenset(flow.id for flow in node.outgoing)
