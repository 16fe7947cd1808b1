"""Patterns of form fields: a small regular language matched in linear time.

Python's `re` backtracks and has no time limit, so a process owner's `(a+)+$` would hold a worker
for hours. A pattern here becomes an automaton without backtracking: time is states times letters,
whatever the pattern. The language is what form-js patterns are written in, less what cannot be
matched that way (back-references, look-around); it searches, as JavaScript's `test` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forms.pattern_syntax import Node, PatternRefused, parse

if TYPE_CHECKING:
    from collections.abc import Callable

#: counted repeats unfold; a pattern of more states is refused
MAX_STATES: Final = 2_000

__all__ = ["MAX_STATES", "Pattern", "PatternRefused", "compile_pattern"]


@dataclass(slots=True)
class _State:
    """Consumes one letter, or passes on without one."""

    accepts: Callable[[str], bool] | None = None
    #: "^" or "$": passes only there
    anchor: str = ""
    to: tuple[int, ...] = ()


class Pattern:
    """A compiled pattern."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._states: list[_State] = []
        self._end = self._add(_State())
        self._start = self._unfold(parse(source), self._end)

    def found_in(self, text: str) -> bool:
        """Whether the pattern matches anywhere in the text."""
        live: set[int] = set()
        for position in range(len(text) + 1):
            live = self._closure(
                live | {self._start}, first=position == 0, size=len(text) - position
            )
            if self._end in live:
                return True
            if position < len(text):
                live = self._step(live, text[position])
        return False

    def _step(self, live: set[int], letter: str) -> set[int]:
        moved: set[int] = set()
        for number in live:
            state = self._states[number]
            if state.accepts is not None and state.accepts(letter):
                moved.update(state.to)
        return moved

    def _closure(self, live: set[int], *, first: bool, size: int) -> set[int]:
        reached, waiting = set(live), list(live)
        while waiting:
            state = self._states[waiting.pop()]
            closed = (state.anchor == "^" and not first) or (state.anchor == "$" and size)
            if state.accepts is None and not closed:
                fresh = set(state.to) - reached
                reached |= fresh
                waiting.extend(fresh)
        return reached

    def _add(self, state: _State) -> int:
        if len(self._states) >= MAX_STATES:
            raise PatternRefused("the pattern is too large")
        self._states.append(state)
        return len(self._states) - 1

    def _unfold(self, node: Node, then: int) -> int:
        """The entry of the part of the automaton for `node` that leads on to `then`."""
        if node.kind == "letter":
            return self._add(_State(accepts=node.accepts, to=(then,)))
        if node.kind == "anchor":
            return self._add(_State(anchor=node.text, to=(then,)))
        if node.kind == "sequence":
            for part in reversed(node.parts):
                then = self._unfold(part, then)
            return then
        if node.kind == "choice":
            return self._add(_State(to=tuple(self._unfold(part, then) for part in node.parts)))
        return self._unfold_repeat(node, then)

    def _unfold_repeat(self, node: Node, then: int) -> int:
        body = node.parts[0]
        if node.most is None:
            loop = self._add(_State())
            self._states[loop].to = (self._unfold(body, loop), then)
            entry = loop
        else:
            entry = then
            for _ in range(node.most - node.least):
                entry = self._add(_State(to=(self._unfold(body, entry), then)))
        for _ in range(node.least):
            entry = self._unfold(body, entry)
        return entry


def compile_pattern(source: str) -> Pattern:
    """Compile; `PatternRefused` with a sentence when it lies outside the language."""
    return Pattern(source)
