"""What the scenarios of a file walked: sequence flows of drawings, rules of decision tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from engine.dmn.source import children, parse
from engine.runtime.walked import flows_of, nodes_of, walked_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.rehearsal.store import RehearsalStore
    from engine.runtime.drawing.model import Node
    from engine.usecases.ports.process import HistoryRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How much of one drawing or table was walked."""

    #: "process" or "decision"
    kind: str
    name: str
    parts: int
    #: ids of flows, or numbers of rules, that no scenario walked
    missed: tuple[str, ...]

    @property
    def walked(self) -> int:
        """How many parts were walked."""
        return self.parts - len(self.missed)


@dataclass(slots=True)
class Coverage:
    """Gathers over scenarios; parts of the drawings and tables that were met."""

    _nodes: dict[tuple[str, int], Mapping[str, Node]] = field(default_factory=dict)
    _flows: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    _rules: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    _read: set[int] = field(default_factory=set)

    def add(self, store: RehearsalStore, history: Iterable[HistoryRow]) -> None:
        """Count what a scenario's history tells of."""
        for row in history:
            nodes = self._nodes_of(store, row)
            walked = walked_by(nodes, row.element_id, row.event, row.detail)
            self._flows[row.process_id][0].update(walked)
            if row.event == "decision" and row.detail:
                self._decided(store, orjson.loads(row.detail))

    def told(self) -> tuple[Covered, ...]:
        """Drawings first, each by name."""
        return tuple(
            Covered(
                kind=kind,
                name=name,
                parts=len(parts),
                missed=tuple(sorted(parts - walked, key=_number)),
            )
            for kind, found in (("process", self._flows), ("decision", self._rules))
            for name, (walked, parts) in sorted(found.items())
        )

    def _nodes_of(self, store: RehearsalStore, row: HistoryRow) -> Mapping[str, Node]:
        key = (row.process_id, row.definition_key)
        if key not in self._nodes:
            definition = store.definition(row.definition_key)
            nodes = nodes_of(definition.xml, row.process_id) if definition else {}
            self._nodes[key] = nodes
            self._flows.setdefault(row.process_id, (set(), set()))[1].update(flows_of(nodes))
        return self._nodes[key]

    def _decided(self, store: RehearsalStore, facts: Mapping[str, Any]) -> None:
        decision = store.decision(int(facts["key"]))
        if decision is not None and decision.key not in self._read:
            self._read.add(decision.key)
            for table, rules in _rules_of(decision.xml).items():
                self._rules.setdefault(table, (set(), set()))[1].update(rules)
        for table in facts.get("tables", ()):
            hit = {str(rule["number"]) for rule in table["rules"]}
            self._rules.setdefault(table["id"], (set(), set()))[0].update(hit)


def _rules_of(xml: bytes) -> Mapping[str, set[str]]:
    """Numbers of the rules of each decision table that has an id."""
    return {
        str(table.get("id")): {str(number + 1) for number in range(len(children(table, "rule")))}
        for table in parse(xml).iter("{*}decisionTable")
        if table.get("id")
    }


def _number(part: str) -> tuple[int, str]:
    return (int(part), "") if part.isdecimal() else (0, part)
