"""Reads a pattern into a tree: letters, classes, groups, choices, repeats, anchors."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Accepts = Callable[[str], bool]

_WORD: Final = frozenset(string.ascii_letters + string.digits + "_")
_DIGIT: Final = frozenset(string.digits)
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r"}
_MAX_LENGTH: Final = 500
_MAX_DEPTH: Final = 20
_MAX_COUNT: Final = 1_000


class PatternRefused(ValueError):
    """The pattern lies outside the language; the message says where."""


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a pattern; `kind` is letter, anchor, sequence, choice or repeat."""

    kind: str
    text: str = ""
    accepts: Accepts | None = None
    parts: tuple[Node, ...] = ()
    least: int = 0
    most: int | None = None


def _one_of(letters: frozenset[str]) -> Accepts:
    return letters.__contains__


def _not(accepts: Accepts) -> Accepts:
    return lambda letter: not accepts(letter)


_CLASSES: Final[dict[str, Accepts]] = {
    "d": _one_of(_DIGIT),
    "D": _not(_one_of(_DIGIT)),
    "w": _one_of(_WORD),
    "W": _not(_one_of(_WORD)),
    "s": str.isspace,
    "S": _not(str.isspace),
}


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def take(self) -> str:
        letter = self.peek()
        if not letter:
            raise PatternRefused("the pattern ends too early")
        self.at += 1
        return letter

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise PatternRefused("groups are nested too deeply")
        parts = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Node("choice", parts=tuple(parts))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in {"", "|", ")"}:
            parts.append(self.repeated(self.atom()))
        return Node("sequence", parts=tuple(parts))

    def repeated(self, atom: Node) -> Node:
        sign = self.peek()
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign)
        if bounds is not None:
            self.at += 1
        elif sign == "{":
            bounds = self.counted()
        if bounds is None:
            return atom
        if atom.kind == "anchor":
            raise PatternRefused("an anchor cannot repeat")
        if self.peek() == "?":  # a lazy repeat finds the same texts
            self.at += 1
        if self.peek() in {"*", "+", "{"}:
            raise PatternRefused(f"two repeats in a row at {self.at}")
        return Node("repeat", parts=(atom,), least=bounds[0], most=bounds[1])

    def counted(self) -> tuple[int, int | None]:
        end = self.source.find("}", self.at)
        low, comma, high = (
            self.source[self.at + 1 : end].partition(",") if end > 0 else ("", "", "")
        )
        if not (low.isdecimal() and (high.isdecimal() or not high)):
            raise PatternRefused(f"a repeat count is unreadable at {self.at}")
        self.at = end + 1
        least = int(low)
        most = (int(high) if high else None) if comma else least
        if max(least, most or 0) > _MAX_COUNT or (most is not None and most < least):
            raise PatternRefused(f"a repeat count is out of bounds at {self.at}")
        return least, most

    def atom(self) -> Node:
        letter = self.take()
        if letter == "(":
            return self.group()
        if letter == "[":
            return Node("letter", accepts=self.letter_class())
        if letter == ".":
            return Node("letter", accepts=_not(_one_of(frozenset("\n\r"))))
        if letter in "^$":
            return Node("anchor", text=letter)
        if letter == "\\":
            return Node("letter", accepts=self.escape())
        if letter in "*+?{":
            raise PatternRefused(f"nothing to repeat at {self.at - 1}")
        return Node("letter", accepts=_one_of(frozenset(letter)))

    def group(self) -> Node:
        if self.peek() == "?":
            self.at += 1
            if self.take() != ":":
                raise PatternRefused("look-around and named groups are outside the language")
        inside = self.choice()
        if self.take() != ")":
            raise PatternRefused("a group is not closed")
        return inside

    def escape(self) -> Accepts:
        letter = self.take()
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter in _CONTROL:
            return _one_of(frozenset(_CONTROL[letter]))
        if letter.isalnum():
            raise PatternRefused(f"\\{letter} is outside the language")
        return _one_of(frozenset(letter))

    def letter_class(self) -> Accepts:
        negated = self.peek() == "^"
        self.at += negated
        tests: list[Accepts] = []
        while self.peek() != "]":
            tests.append(self.class_part())
        self.at += 1
        found: Accepts = lambda letter: any(test(letter) for test in tests)  # noqa: E731 - typed
        return _not(found) if negated else found

    def class_part(self) -> Accepts:
        first = self.take()
        if first == "\\":
            escaped = self.escape_letter()
            if callable(escaped):
                return escaped
            first = escaped
        if self.peek() == "-" and self.source[self.at + 1 : self.at + 2] not in {"", "]"}:
            self.at += 1
            last = self.take()
            if last == "\\":
                tail = self.escape_letter()
                if callable(tail):
                    raise PatternRefused("a range ends in a class")
                last = tail
            if last < first:
                raise PatternRefused(f"the range {first}-{last} is empty")
            return lambda letter: first <= letter <= last
        return _one_of(frozenset(first))

    def escape_letter(self) -> Accepts | str:
        letter = self.take()
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter in _CONTROL:
            return _CONTROL[letter]
        if letter.isalnum():
            raise PatternRefused(f"\\{letter} is outside the language")
        return letter


def parse(source: str) -> Node:
    """The tree of a pattern; `PatternRefused` when it lies outside the language."""
    if len(source) > _MAX_LENGTH:
        raise PatternRefused("the pattern is too long")
    reader = _Reader(source)
    tree = reader.choice()
    if reader.peek():
        raise PatternRefused(f"an unopened group is closed at {reader.at}")
    return tree
