"""What a decision table leaves open or says twice, each with an example that shows it.

Overlaps where only one rule may match, inputs that no rule meets, rules that never count. Rules are
boxes of samples (`engine.dmn.samples`); what is not covered is found column by column, rules that
meet the same samples taken together. A table that would take too long is left, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from engine.dmn.hits import POLICIES
from engine.dmn.itemtypes import ItemTypes
from engine.dmn.reader import names_of
from engine.dmn.samples import Cells, Column, Language, column_of
from engine.dmn.source import (
    EMPTY,
    Element,
    child,
    children,
    found,
    from_memory,
    kind,
    notes_of,
    parse,
    text_of,
)
from engine.feel.equality import text_of as value_text
from engine.feel.signatures import BUILTINS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.dmn.errors import Finding

#: overlaps told of one table
OVERLAPS_MAX: Final = 10
#: steps that looking for one gap may take
STEPS_MAX: Final = 20_000
_SINGLE: Final = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})


class Flaw(StrEnum):
    """What is wrong with a table that runs all the same."""

    #: two rules match at once, where only one may
    OVERLAP = "overlap"
    #: nothing matches
    GAP = "gap"
    #: no input makes this rule count
    NEVER = "never"
    #: the table could not be looked through
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Advice:
    """One flaw: numbers of its rules from 1, and an input by column that shows it."""

    flaw: Flaw
    rules: tuple[int, ...]
    example: Mapping[str, Any]
    where: Finding


@lru_cache(maxsize=64)
def advise(xml: bytes, names: frozenset[str] = frozenset()) -> tuple[Advice, ...]:
    """Look through every table of a file that was read without findings; in order of the file."""
    root = parse(xml)
    known = names_of(root) | names | frozenset(BUILTINS)
    types = ItemTypes(root, known, [], {})
    language = Language(known, types.known)
    return tuple(
        advice
        for table in root.iter("{*}decisionTable")
        for advice in _Table(table, types, language).advice()
    )


class _OutOfSteps(Exception):
    """The search for a gap is given up."""


class _Table:
    """One table as boxes of samples."""

    def __init__(self, table: Element, types: ItemTypes, language: Language) -> None:
        self._element = table
        self._policy = POLICIES.get(table.get("hitPolicy", "UNIQUE").upper(), "")
        self._rules = children(table, "rule")
        self._outputs = [_texts(rule, "outputEntry") for rule in self._rules]
        #: rows from memory count only once confirmed, so they hide nothing
        self._resting = {n for n, (_, notes) in enumerate(notes_of(table)) if from_memory(notes)}
        read = list(self._read(types, language))
        self._columns = [column for column in read if column is not None]
        self._unseen = len(self._columns) < len(read)
        self._has_default = any(
            text_of(child(output, "defaultOutputEntry"), "text")
            for output in children(table, "output")
        )

    def _read(self, types: ItemTypes, language: Language) -> Iterator[Column | None]:
        rows = [_texts(rule, "inputEntry") for rule in self._rules]
        for place, element in enumerate(children(self._element, "input")):
            expression = child(element, "inputExpression")
            label = element.get("label") or text_of(expression, "text")
            texts = [row[place] if place < len(row) else "" for row in rows]
            allowed = text_of(child(element, "inputValues"), "text")
            cells = Cells(label, texts, allowed, types.of(expression))
            if all(text in EMPTY for text in texts):
                continue
            yield column_of(cells, language)

    def advice(self) -> Iterator[Advice]:
        """Everything that is to be said about this table."""
        if not self._rules:
            return
        if self._unseen:
            yield self._told(Flaw.UNSEEN, ())
            return
        dead = tuple(n for n in range(len(self._rules)) if self._contradicts(n))
        for number in dead:
            yield self._told(Flaw.NEVER, (number,))
        alive = [n for n in range(len(self._rules)) if n not in dead]
        if self._policy in {"UNIQUE", "ANY"}:
            yield from self._overlaps(alive)
        if self._policy == "FIRST":
            yield from self._hidden(alive)
        if self._policy in _SINGLE and not self._has_default:
            yield from self._gap(alive)

    def _bits(self, column: Column, rule: int, unknown: int) -> int:
        met = column.met[rule]
        return unknown if met is None else met

    def _contradicts(self, rule: int) -> bool:
        return any(column.met[rule] == 0 for column in self._columns)

    def _overlaps(self, rules: Sequence[int]) -> Iterator[Advice]:
        told = 0
        for one, other in combinations([n for n in rules if n not in self._resting], 2):
            if self._policy == "ANY" and self._outputs[one] == self._outputs[other]:
                continue
            shared = [
                self._bits(column, one, 0) & self._bits(column, other, 0)
                for column in self._columns
            ]
            if all(shared):
                yield self._told(Flaw.OVERLAP, (one, other), shared)
                told += 1
            if told == OVERLAPS_MAX:
                return

    def _hidden(self, rules: Sequence[int]) -> Iterator[Advice]:
        """Rules all of whose inputs meet an earlier rule first."""
        for place, rule in enumerate(rules):
            box = [self._bits(column, rule, column.everything) for column in self._columns]
            try:
                before = [one for one in rules[:place] if one not in self._resting]
                open_place = self._uncovered(box, before, surely=True)
            except _OutOfSteps:
                continue
            if open_place is None:
                yield self._told(Flaw.NEVER, (rule,))

    def _gap(self, rules: Sequence[int]) -> Iterator[Advice]:
        box = [column.everything for column in self._columns]
        try:
            open_place = self._uncovered(box, rules, surely=False)
        except _OutOfSteps:
            yield self._told(Flaw.UNSEEN, ())
            return
        if open_place is not None:
            yield self._told(Flaw.GAP, (), open_place)

    def _uncovered(
        self, box: Sequence[int], rules: Sequence[int], *, surely: bool
    ) -> list[int] | None:
        """Samples inside the box that no rule meets, one set of bits per column; None: none.

        A cell that reads variables covers nothing when it must be sure, else everything.
        """
        covers = [
            [self._bits(column, rule, 0 if surely else column.everything) for rule in rules]
            for column in self._columns
        ]
        seen: set[tuple[int, frozenset[int]]] = set()
        steps = 0

        def search(place: int, left: frozenset[int]) -> list[int] | None:
            nonlocal steps
            if not left:
                return list(box[place:])
            if place == len(covers) or (place, left) in seen:
                return None
            for samples, meeting in _groups(box[place], covers[place], left).items():
                steps += 1
                if steps > STEPS_MAX:
                    raise _OutOfSteps
                rest = search(place + 1, meeting)
                if rest is not None:
                    return [samples, *rest]
            seen.add((place, left))
            return None

        return search(0, frozenset(range(len(rules))))

    def _told(self, flaw: Flaw, rules: tuple[int, ...], samples: Sequence[int] = ()) -> Advice:
        example = {
            column.label: column.samples[(bits & -bits).bit_length() - 1]
            for column, bits in zip(self._columns, samples, strict=False)
            if column.samples != (None,)
        }
        element = self._rules[rules[-1]] if rules else self._element
        numbers = tuple(rule + 1 for rule in rules)
        return Advice(flaw, numbers, example, self._where(element, flaw, numbers, example))

    def _where(
        self, element: Element, flaw: Flaw, rules: tuple[int, ...], example: Mapping[str, Any]
    ) -> Finding:
        shown = ", ".join(f"{label} = {value_text(value)}" for label, value in example.items())
        named = found(element, _WORDS[flaw].format(*rules, example=shown or "any input"))
        owner = next((e for e in element.iterancestors() if e.get("name")), None)
        title = "" if owner is None or kind(owner) == "definitions" else owner.get("name", "")
        return replace(named, element_name=title)


_WORDS: Final[Mapping[Flaw, str]] = {
    Flaw.OVERLAP: "rules {0} and {1} both match, for example {example}",
    Flaw.GAP: "no rule matches, for example {example}",
    Flaw.NEVER: "rule {0} never counts",
    Flaw.UNSEEN: "this table could not be looked through for gaps and overlaps",
}


def _groups(box: int, covers: Sequence[int], left: frozenset[int]) -> dict[int, frozenset[int]]:
    """The samples of a box in groups that the same rules meet: bits -> those rules."""
    found_groups: dict[frozenset[int], int] = {}
    while box:
        bit = box & -box
        box ^= bit
        meeting = frozenset(rule for rule in left if covers[rule] & bit)
        found_groups[meeting] = found_groups.get(meeting, 0) | bit
    ordered = sorted(found_groups.items(), key=lambda pair: len(pair[0]))
    return {bits: meeting for meeting, bits in ordered}


def _texts(rule: Element, of_kind: str) -> list[str]:
    return [text_of(entry, "text") for entry in children(rule, of_kind)]
