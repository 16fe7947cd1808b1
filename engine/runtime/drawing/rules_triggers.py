"""Which events run where: the table of events applied, and what multiple events may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.classes import (
    BY_TRAIT,
    EVENTS_RUN,
    PARTS_CAUGHT,
    PARTS_GATHERED,
    PARTS_THROWN,
    TRIGGERS_RUN,
)
from engine.runtime.drawing.findings import error, with_article
from engine.runtime.drawing.model import EVENTS, THROWING, EventKind, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.drawing.model import EventDefinition, Node, Process
    from engine.usecases.errors import Finding


def events(process: Process) -> Iterator[Finding]:
    """The table of events: position by definition."""
    for node in process.nodes.values():
        if node.kind not in EVENTS or node.event is None:
            continue
        around = process.nodes.get(node.parent or "")
        inner = node.kind is Kind.START_EVENT and around is not None and around.triggered_by_event
        runs = TRIGGERS_RUN if inner else EVENTS_RUN[node.kind]
        if node.event.kind not in runs:
            yield _refused(node, node.event.kind)
        elif node.event.kind is EventKind.MULTIPLE:
            yield from _parts(node, node.event, runs)


def _refused(node: Node, kind: EventKind) -> Finding:
    what = f"{with_article(node.kind.value)} of kind {kind.value}"
    return error("refused-event", f"'{node.label}': {what} does not run. {_advice(kind)}", node)


def _advice(kind: EventKind) -> str:
    if kind is EventKind.NONE:
        return "Say what it waits for: a message, a timer or a signal."
    if kind is EventKind.CONDITIONAL:
        return "Start by a message, a signal or a timer, and wait for the condition inside."
    return "Use an event of another kind."


def _parts(node: Node, event: EventDefinition, runs: frozenset[EventKind]) -> Iterator[Finding]:
    """Parts of a multiple event can stand together; a process starts by any one of them."""
    may = PARTS_GATHERED if event.parallel else PARTS_CAUGHT
    if node.kind in THROWING:
        may = PARTS_THROWN
    wrong = sorted({part.kind.value for part in event.parts if part.kind not in may & runs})
    trait = BY_TRAIT["multiple-mixed"]
    if wrong:
        text = f"'{node.label}': a part of kind {', '.join(wrong)} does not run here."
        yield error("multiple-mixed", f"{text} {trait.instead}", node)
    if event.parallel and node.kind is Kind.START_EVENT and node.parent is None:
        text = f"'{node.label}': a process does not start by several events together."
        yield error("multiple-mixed", f"{text} {trait.instead}", node)
