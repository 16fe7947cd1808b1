r"""Regular expressions of XQuery and XPath (the FEEL dialect) on Python's, with a bound on cost.

Python's matcher backtracks and cannot be stopped, so the translation estimates the worst case: each
quantifier in a row multiplies the work by the length of the text, one inside another makes it
exponential. Patterns that could run away on the text at hand raise FeelLimitError.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from engine.feel import limits
from engine.feel.errors import Fault, FeelLimitError

if TYPE_CHECKING:
    from collections.abc import Callable

_FLAGS: Final = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.NOFLAG}
_QUANTIFIER: Final = re.compile(r"([*+?]|\{([0-9]+)(,)?([0-9]+)?\})(\?)?")
_PLAIN_ESCAPES: Final = frozenset("nrt\\|.?*+(){}$-[]^")
_CLASS_ESCAPES: Final = {
    "s": r" \t\n\r", "d": r"\d", "w": r"\w",
    "i": r"\w:", "c": r"\w:.\-\u00b7",
}  # fmt: skip
_SHORT_TEXT: Final = 24
_BLOCKS: Final = {
    "BasicLatin": r"\x00-\x7f", "Latin-1Supplement": r"\x80-\xff",
    "LatinExtended-A": r"\u0100-\u017f",
    "LatinExtended-B": r"\u0180-\u024f", "Greek": r"\u0370-\u03ff", "Cyrillic": r"\u0400-\u04ff",
    "Hebrew": r"\u0590-\u05ff", "Arabic": r"\u0600-\u06ff", "Thai": r"\u0e00-\u0e7f",
    "Hiragana": r"\u3040-\u309f", "Katakana": r"\u30a0-\u30ff", "Javanese": r"\ua980-\ua9df",
    "CJKUnifiedIdeographs": r"\u4e00-\u9fff", "HangulSyllables": r"\uac00-\ud7af",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern:
    """A translated pattern: `degree` quantifiers in a row, `exponential` if one holds another."""

    regex: re.Pattern[str]
    degree: int
    exponential: bool

    def check(self, length: int) -> None:
        """Refuse a text on which matching could run away."""
        cost = 2.0**length if self.exponential else float(max(length, 1)) ** (self.degree + 1)
        if length > _SHORT_TEXT and cost > limits.REGEX_COST:
            raise FeelLimitError("regular expression", limits.REGEX_COST)

    def replacement(self, text: str) -> Callable[[re.Match[str]], str]:
        """Read a replacement text with its `$1`, for a pattern that never matches nothing."""
        if self.regex.match(""):
            raise Fault("the pattern matches an empty string")
        pieces = _replacement_pieces(text, self.regex.groups)

        def fill(match: re.Match[str]) -> str:
            return "".join(p if isinstance(p, str) else (match[p] or "") for p in pieces)

        return fill


def _replacement_pieces(text: str, groups: int) -> list[str | int]:
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            if text[at + 1 : at + 2] not in {"\\", "$"}:
                raise Fault("a lone \\ in the replacement")
            pieces.append(text[at + 1])
            at += 2
        elif sign == "$":
            end = at + 1
            while end < len(text) and text[end].isascii() and text[end].isdigit():
                end += 1
            if end == at + 1:
                raise Fault("a lone $ in the replacement")
            while end > at + 2 and int(text[at + 1 : end]) > groups:
                end -= 1
            group = int(text[at + 1 : end])
            pieces.append(group if group <= groups else "")
            at = end
        else:
            pieces.append(sign)
            at += 1
    return pieces


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Translate a pattern with the flags s, m, i, x, q; Fault if it is none."""
    if len(pattern) > limits.PATTERN_LENGTH:
        raise FeelLimitError("pattern length", limits.PATTERN_LENGTH)
    if set(flags) - set("smixq"):
        raise Fault(f"unknown flags '{flags}'")
    options = re.NOFLAG
    for flag in set(flags) - {"q"}:
        options |= _FLAGS[flag]
    if "q" in flags:
        return Pattern(re.compile(re.escape(pattern), options), 0, exponential=False)
    translation = _Translation(pattern, flags)
    try:
        regex = re.compile(translation.run(), options)
    except (re.error, OverflowError, RecursionError):
        raise Fault(f"'{pattern}' is no regular expression") from None
    return Pattern(regex, translation.degree, translation.exponential)


class _Translation:
    """One walk over a pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text = _without_space(pattern) if "x" in flags else pattern
        self.multiline = "m" in flags
        self.dotall = "s" in flags
        self.at = 0
        self.out: list[str] = []
        self.degree = 0
        self.exponential = False
        self.groups: list[tuple[int, int, bool]] = []
        self.closed: tuple[int, bool] | None = None

    def run(self) -> str:
        """Give Python's pattern."""
        while self.at < len(self.text):
            self._atom(self.text[self.at])
        if self.groups:
            raise Fault("a group is not closed")
        return "".join(self.out)

    def _atom(self, sign: str) -> None:
        match = _QUANTIFIER.match(self.text, self.at)
        if match is not None:
            self._quantify(match)
            return
        self.closed = None
        if sign == "(":
            self._open()
        elif sign == ")":
            self._close()
        elif sign == "[":
            self.out.append(self._class())
        elif sign == "\\":
            self.out.append(self._escape())
        else:
            self.at += 1
            self._single(sign)

    def _single(self, sign: str) -> None:
        if sign == "|" and self.groups:
            count, start, _ = self.groups[-1]
            self.groups[-1] = (count, start, True)
        if sign in "]{}":
            raise Fault(f"a lone {sign} in the pattern")
        anchors = {"$": "(?=\\n|\\Z)" if self.multiline else r"\Z", "^": "^"}
        if sign == ".":
            self.out.append("." if self.dotall else r"[^\n\r]")
        else:
            self.out.append(anchors.get(sign, sign if sign == "|" else re.escape(sign)))

    def _open(self) -> None:
        capture = not self.text.startswith("(?:", self.at)
        if capture and self.text.startswith("(?", self.at):
            raise Fault("a group of an unknown kind")
        self.groups.append((self.degree, len(self.out), False))
        self.out.append("(" if capture else "(?:")
        self.at += 1 if capture else 3

    def _close(self) -> None:
        if not self.groups:
            raise Fault("a lone ) in the pattern")
        degree, _, choice = self.groups.pop()
        self.closed = (self.degree - degree, choice)
        if choice and self.groups:
            count, start, _ = self.groups[-1]
            self.groups[-1] = (count, start, True)
        self.out.append(")")
        self.at += 1

    def _quantify(self, match: re.Match[str]) -> None:
        if not self.out:
            raise Fault("a quantifier without an expression")
        repeats = match[1] != "?"
        varies = match[1] in {"*", "+", "?"} or match[3] is not None
        if repeats and self.closed is not None and (self.closed[0] or self.closed[1]):
            self.exponential = True
        if varies:
            self.degree += 1
        self.closed = None
        self.out.append(match[0])
        self.at = match.end()
        if _QUANTIFIER.match(self.text, self.at):
            raise Fault("a quantifier behind a quantifier")

    def _escape(self) -> str:
        sign = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if sign in _PLAIN_ESCAPES and sign:
            return "\\" + sign
        if sign.isascii() and sign.isdigit() and sign != "0":
            return f"(?:\\{sign})"
        negated, members = self._members(sign)
        return f"[{'^' if negated else ''}{members}]"

    def _members(self, sign: str) -> tuple[bool, str]:
        """Give what stands inside a class for an escape, and whether it is the rest."""
        if sign in {"p", "P"}:
            match = re.compile(r"\{(Is)?([A-Za-z0-9-]+)\}").match(self.text, self.at)
            if match is None:
                raise Fault(f"\\{sign} without a category")
            self.at = match.end()
            members = _BLOCKS.get(match[2]) if match[1] else _category(match[2])
            if members is None:
                raise Fault(f"unknown category {match[2]}")
            return sign == "P", members
        members = _CLASS_ESCAPES.get(sign.lower())
        if members is None:
            raise Fault(f"unknown escape \\{sign}")
        return sign.isupper(), members

    def _class(self) -> str:
        """Translate `[...]`, also with `-[...]` subtracted."""
        self.at += 1
        negated = self.text.startswith("^", self.at)
        self.at += negated
        parts: list[str] = []
        rests: list[str] = []
        without = ""
        while not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise Fault("a class is not closed")
            if self.text.startswith("-[", self.at):
                self.at += 1
                without = f"(?!{self._class()})"
                if not self.text.startswith("]", self.at):
                    raise Fault("something behind a subtracted class")
                break
            self._member(parts, rests)
        self.at += 1
        return without + _join_class("".join(parts), rests, negated=negated)

    def _member(self, parts: list[str], rests: list[str]) -> None:
        sign = self.text[self.at]
        if sign != "\\":
            if sign == "[":
                raise Fault("a lone [ in a class")
            parts.append("\\" + sign if sign in "^&~|" else sign)
            self.at += 1
            return
        sign = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if sign and sign in _PLAIN_ESCAPES:
            parts.append("\\" + sign)
            return
        rest, members = self._members(sign)
        (rests if rest else parts).append(members)


def _join_class(members: str, rests: list[str], *, negated: bool) -> str:
    """Write a class; Python has no complement inside one, so those stand beside it."""
    if not members and not rests:
        raise Fault("an empty class")
    if not rests:
        return f"[{'^' if negated else ''}{members}]"
    choices = ([f"[{members}]"] if members else []) + [f"[^{rest}]" for rest in rests]
    either = f"(?:{'|'.join(choices)})"
    return f"(?:(?!{either})[\\s\\S])" if negated else either


def _without_space(pattern: str) -> str:
    """Drop blanks outside classes, as the flag x asks; it knows no escaped blank."""
    out: list[str] = []
    depth = 0
    escaped = False
    for sign in pattern:
        if not depth and sign in " \t\n\r":
            continue
        out.append(sign)
        depth += not escaped and ((sign == "[") - (sign == "]" and depth > 0))
        escaped = sign == "\\" and not escaped
    return "".join(out)


@lru_cache(maxsize=64)
def _category(name: str) -> str | None:
    """Give the code points of a Unicode category (`L`, `Lu`) as the inside of a class."""
    ranges: list[str] = []
    start = -1
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(name)
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = -1
    return "".join(ranges) or None
