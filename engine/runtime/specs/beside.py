"""What a compiled process knows beside its flows: waiting event sub-processes and undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.model import EventKind
from engine.runtime.specs.base import Undoing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.runtime.drawing.model import EventDefinition, Node
    from engine.runtime.specs.base import ProcessSpec


def settle(spec: ProcessSpec, nodes: Sequence[Node]) -> None:
    """Fill in, from the nodes of a process or of one multi-instance body."""
    spec.conditional = any(_has(node.event, EventKind.CONDITIONAL) for node in nodes)
    by_id = {node.id: node for node in nodes}
    watched: dict[str | None, list[str]] = {}
    undoing: dict[str, str] = {}
    for node in nodes:
        if not node.triggered_by_event or node.entry not in by_id:
            continue
        if _has(by_id[node.entry].event, EventKind.COMPENSATE):
            undoing[node.parent or ""] = node.id
        else:
            watched.setdefault(node.parent, []).append(node.id)
    spec.watched = {around: tuple(inside) for around, inside in watched.items()}
    _undoing(spec, nodes, undoing)


def _has(event: EventDefinition | None, kind: EventKind) -> bool:
    return event is not None and any(part.kind is kind for part in event.parts or (event,))


def _undoing(spec: ProcessSpec, nodes: Sequence[Node], inside: dict[str, str]) -> None:
    """Mark what can be undone; a sub-process around it too. Inner nodes stand after outer ones."""
    for node in reversed(nodes):
        element = spec.task_specs[node.id]
        if node.handler is not None or node.id in inside:
            element.undoing = Undoing(handler=node.handler, inside=inside.get(node.id))
        if element.undoing is not None and node.parent in spec.task_specs:
            around = spec.task_specs[node.parent]
            around.undoing = around.undoing or Undoing()
