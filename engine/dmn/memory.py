"""Rows of a file that were written from memory, with their words and a hash over their cells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from engine.dmn.enclosed import enclosed
from engine.dmn.source import (
    EMPTY,
    Element,
    child,
    children,
    from_memory,
    kind,
    notes_of,
    parse,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWNERS: Final = frozenset({"decision", "businessKnowledgeModel"})


@dataclass(frozen=True, slots=True)
class MemoryRule:
    """One row; `number` counts from 1 in its table."""

    #: id of the decision (or business knowledge model) whose table it is
    owner_id: str
    #: what the file calls the decision
    title: str
    rule_id: str
    number: int
    #: (column, cell) of the conditions that say something
    conditions: tuple[tuple[str, str], ...]
    #: (column, cell) of the results
    results: tuple[tuple[str, str], ...]
    #: where the author believes it comes from
    source: str
    #: hash over what the row says: expressions and cells of its inputs and outputs
    digest: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a confirmation names."""
        return (self.owner_id, self.rule_id, self.digest)


def memory_rules(xml: bytes, *, carried: bool = False) -> tuple[MemoryRule, ...]:
    """Every row with the status `memory` and an id; if asked, also those of the models it carries.

    `DmnInvalid` for what is no DMN file.
    """
    root = parse(xml)
    title = root.get("name") or ""
    own = (
        rule
        for table in root.iter("{*}decisionTable")
        for rule in _of_table(table, title)
        if rule.rule_id
    )
    inner = enclosed(root).values() if carried else ()
    return (*own, *(rule for one in inner for rule in memory_rules(one, carried=True)))


def _of_table(table: Element, title: str) -> Iterator[MemoryRule]:
    owner = next((e for e in table.iterancestors() if kind(e) in _OWNERS), None)
    if owner is None:
        return
    for number, (row, notes) in enumerate(notes_of(table), 1):
        if from_memory(notes):
            yield _rule(owner, title, table, (number, row, notes.get("source", "")))


def _rule(owner: Element, title: str, table: Element, row: tuple[int, Element, str]) -> MemoryRule:
    number, element, source = row
    asked = [
        (e.get("label") or text_of(child(e, "inputExpression"), "text"), _expression(e))
        for e in children(table, "input")
    ]
    given = [e.get("name") or e.get("label") or "" for e in children(table, "output")]
    tests = [text_of(e, "text") for e in children(element, "inputEntry")]
    results = [text_of(e, "text") for e in children(element, "outputEntry")]
    said = [
        owner.get("id", ""),
        element.get("id", ""),
        [[read, cell] for (_, read), cell in zip(asked, tests, strict=False)],
        [list(pair) for pair in zip(given, results, strict=False)],
    ]
    return MemoryRule(
        owner_id=owner.get("id", ""),
        title=title or owner.get("name", ""),
        rule_id=element.get("id", ""),
        number=number,
        conditions=tuple(
            (label, cell)
            for (label, _), cell in zip(asked, tests, strict=False)
            if cell not in EMPTY
        ),
        results=tuple(zip(given, results, strict=False)),
        source=source,
        digest=sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest(),
    )


def _expression(column: Element) -> str:
    return text_of(child(column, "inputExpression"), "text")
