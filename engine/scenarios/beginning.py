"""How a run of a process may begin: at each of its start events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.model import EventKind, Kind
from engine.runtime.walked import nodes_of
from engine.usecases.ports.process import SubscriptionKind
from engine.usecases.ports.sandbox import Beginning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rehearsal.stage import Stage
    from engine.runtime.drawing.model import Node

_KINDS: Final = {
    SubscriptionKind.MESSAGE: "message",
    SubscriptionKind.SIGNAL: "signal",
    SubscriptionKind.TIMER: "timer",
}


def beginnings(stage: Stage, process_id: str) -> Iterator[Beginning]:
    """The start events of the newest version: by hand first, then those that wait."""
    definition = stage.store.latest_definition(process_id)
    nodes = nodes_of(definition.xml, process_id) if definition else {}
    inside = [node for node in nodes.values() if node.parent is None]
    start = next((node for node in inside if _by_hand(node)), None)
    if start is None and all(node.kind is not Kind.START_EVENT for node in inside):
        start = next((node for node in inside if node.begins), None)
    if start is not None:
        yield _none(start)
    waiting = [
        row
        for row in stage.tables.subscriptions.values()
        if row.instance_key is None and row.process_id == process_id
    ]
    for row in sorted(waiting, key=lambda row: row.key):
        element = row.element_id.partition("|")[0]
        yield Beginning(
            element_id=element,
            name=nodes[element].name if element in nodes else "",
            kind=_KINDS[row.kind],
            message="" if row.kind is SubscriptionKind.TIMER else row.name,
            due_at=row.due_at,
        )


def _by_hand(node: Node) -> bool:
    """A none start event of the process itself."""
    event = node.event
    return node.kind is Kind.START_EVENT and event is not None and event.kind is EventKind.NONE


def _none(start: Node) -> Beginning:
    return Beginning(
        element_id=start.id,
        name=start.name,
        kind="form" if start.starters else "none",
        starters=start.starters,
    )
