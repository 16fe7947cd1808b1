"""What scenarios walked: flows and elements of drawings, rules of decision tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from engine.dmn.source import children, parse, text_of
from engine.runtime.walked import nodes_of, walked_by
from engine.usecases.ports.scenarios import WalkedPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.dmn.source import Element
    from engine.rehearsal.store import RehearsalStore
    from engine.runtime.drawing.model import Node
    from engine.usecases.ports.process import HistoryRow

#: events by which a token stood on an element
_STOOD = frozenset({"activated", "completed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How much of one drawing or table was walked."""

    #: "process" or "decision"
    kind: str
    name: str
    parts: int
    #: ids of flows, or numbers of rules, that no scenario walked
    missed: tuple[str, ...]
    #: flows and elements, or rules, as they stand there
    detail: tuple[WalkedPart, ...] = field(default=(), compare=False)

    @property
    def walked(self) -> int:
        """How many parts were walked."""
        return self.parts - len(self.missed)


@dataclass(slots=True)
class Coverage:
    """Gathers over scenarios; parts of the drawings and tables that were met."""

    #: process or table -> its parts, those of all versions that were met
    _drawings: dict[str, dict[str, WalkedPart]] = field(default_factory=dict)
    _tables: dict[str, dict[str, WalkedPart]] = field(default_factory=dict)
    #: (process or table, part) -> scenarios
    _times: Counter[tuple[str, str]] = field(default_factory=Counter)
    _nodes: dict[tuple[str, int], Mapping[str, Node]] = field(default_factory=dict)
    _read: set[int] = field(default_factory=set)

    def add(self, store: RehearsalStore, history: Iterable[HistoryRow]) -> None:
        """Count what a scenario's history tells of."""
        here: set[tuple[str, str]] = set()
        for row in history:
            nodes = self._nodes_of(store, row)
            flows = walked_by(nodes, row.element_id, row.event, row.detail)
            here.update((row.process_id, flow) for flow in flows)
            if row.event in _STOOD:
                here.add((row.process_id, row.element_id))
            if row.event == "decision" and row.detail:
                here.update(self._decided(store, orjson.loads(row.detail)))
        self._times.update(here)

    def told(self) -> tuple[Covered, ...]:
        """Drawings first, each by name."""
        return tuple(
            self._covered(kind, name, parts)
            for kind, found in (("process", self._drawings), ("decision", self._tables))
            for name, parts in sorted(found.items())
        )

    def _covered(self, kind: str, name: str, parts: Mapping[str, WalkedPart]) -> Covered:
        detail = tuple(
            replace(part, scenarios=self._times[name, part.id]) for part in parts.values()
        )
        counted = [part for part in detail if part.kind != "element"]
        missed = (part.id for part in counted if not part.scenarios)
        return Covered(
            kind=kind,
            name=name,
            parts=len(counted),
            missed=tuple(sorted(missed, key=_number)),
            detail=detail,
        )

    def _nodes_of(self, store: RehearsalStore, row: HistoryRow) -> Mapping[str, Node]:
        key = (row.process_id, row.definition_key)
        if key not in self._nodes:
            definition = store.definition(row.definition_key)
            nodes = nodes_of(definition.xml, row.process_id) if definition else {}
            self._nodes[key] = nodes
            parts = self._drawings.setdefault(row.process_id, {})
            parts.update((part.id, part) for part in _parts_of(nodes))
        return self._nodes[key]

    def _decided(
        self, store: RehearsalStore, facts: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        decision = store.decision(int(facts["key"]))
        if decision is not None and decision.key not in self._read:
            self._read.add(decision.key)
            for table in parse(decision.xml).iter("{*}decisionTable"):
                if table.get("id"):
                    parts = self._tables.setdefault(str(table.get("id")), {})
                    parts.update((part.id, part) for part in _rules_of(table))
        for told in facts.get("tables", ()):
            self._tables.setdefault(told["id"], {})
            yield from ((told["id"], str(rule["number"])) for rule in told["rules"])


def _parts_of(nodes: Mapping[str, Node]) -> Iterator[WalkedPart]:
    for node in nodes.values():
        yield WalkedPart(kind="element", id=node.id, name=node.name)
        for flow in node.outgoing:
            yield WalkedPart(
                kind="flow", id=flow.id, name=flow.name, source=flow.source, target=flow.target
            )


def _rules_of(table: Element) -> Iterator[WalkedPart]:
    """Rules by number from 1, each named by its conditions."""
    for number, rule in enumerate(children(table, "rule"), start=1):
        told = (text_of(entry, "text").strip() or "-" for entry in children(rule, "inputEntry"))
        yield WalkedPart(kind="rule", id=str(number), name=" · ".join(told))


def _number(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isdecimal() else (0, part)
