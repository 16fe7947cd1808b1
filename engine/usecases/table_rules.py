"""The parts of a DMN file that a reviewer tells apart: tables, their rules, other expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from engine.dmn.errors import DmnInvalid
from engine.dmn.source import kind, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.dmn.source import Element

#: children of a decision that say nothing of what it decides
_SILENT: Final = frozenset({"description", "extensionElements", "variable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its place in the table, and its cells by column."""

    id: str
    #: counted from 1
    number: int
    facts: Mapping[str, str]

    @property
    def asks(self) -> tuple[str, ...]:
        """Its conditions."""
        return tuple(text for name, text in self.facts.items() if name.startswith("input:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A decision or a piece of knowledge: what it is as a whole, and its rules."""

    name: str
    facts: Mapping[str, str]
    rules: Sequence[Rule] = field(default=())


def parts(content: bytes | None) -> Mapping[str, Part]:
    """By id; a text that is no DMN file has none."""
    try:
        root = parse(content or b"")
    except DmnInvalid:
        return {}
    wanted = [one for one in root.iter() if kind(one) in {"decision", "businessKnowledgeModel"}]
    return {str(one.get("id") or one.get("name")): _part(one) for one in wanted}


def _part(decision: Element) -> Part:
    name = str(decision.get("name") or decision.get("id") or "")
    table = next((one for one in decision.iter() if kind(one) == "decisionTable"), None)
    if table is not None:
        return Part(name=name, facts=_whole(table), rules=list(_rules(table)))
    told = [_said(one) for one in decision if kind(one) not in _SILENT]
    return Part(name=name, facts={"outputs": " ".join(text for text in told if text)})


def _whole(table: Element) -> dict[str, str]:
    facts = {"hitPolicy": table.get("hitPolicy") or "UNIQUE"}
    if table.get("aggregation"):
        facts["aggregation"] = str(table.get("aggregation"))
    for column in (one for one in table if kind(one) == "input"):
        facts[f"asks:{_column(column)}"] = _said(column)
    for column in (one for one in table if kind(one) == "output"):
        facts[f"gives:{_column(column)}"] = _said(column) or "-"
    return facts


def _rules(table: Element) -> Iterator[Rule]:
    inputs = _names(table, "input")
    outputs = _names(table, "output")
    for number, rule in enumerate((one for one in table if kind(one) == "rule"), 1):
        facts = dict(_cells(rule, "inputEntry", "input", inputs))
        facts |= dict(_cells(rule, "outputEntry", "output", outputs))
        remarks = [_said(one) for one in rule if kind(one) == "annotationEntry"]
        if any(remarks):
            facts["annotations"] = " | ".join(remarks)
        yield Rule(id=str(rule.get("id") or ""), number=number, facts=facts)


def _cells(
    rule: Element, wanted: str, begin: str, columns: Sequence[str]
) -> Iterator[tuple[str, str]]:
    entries = [one for one in rule if kind(one) == wanted]
    for place, entry in enumerate(entries):
        name = columns[place] if place < len(columns) else str(place + 1)
        yield f"{begin}:{name}", _said(entry) or "-"


def _names(table: Element, wanted: str) -> Sequence[str]:
    """Titles of columns; the place is added to one that stands there twice."""
    found: list[str] = []
    for column in (one for one in table if kind(one) == wanted):
        name = _column(column) or str(len(found) + 1)
        found.append(f"{name} ({len(found) + 1})" if name in found else name)
    return found


def _column(column: Element) -> str:
    return str(column.get("label") or column.get("name") or "") or _said(column)


def _said(element: Element) -> str:
    """All that is written in it."""
    return " ".join(" ".join(str(text) for text in element.itertext()).split())
