"""Read one token at a time; which words form one name depends on the names known at that place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from engine.feel.errors import FeelSyntaxError, line_and_column

_START: Final = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART: Final = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_NAME: Final = re.compile(f"[{_START}][{_PART}]*")
_SPACE: Final = re.compile(r"(?:[\s\u0085\u180e\u200b\ufeff]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+")
_NUMBER: Final = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OPERATOR: Final = re.compile(r"\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},.:]")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPES: Final = {
    "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\",
}  # fmt: skip
_SURROGATES: Final = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
#: A name as written before a colon or `in`, with spaces and FEEL's additional symbols.
LOOSE_NAME: Final = re.compile(f"[{_START}][{_PART}./'+*-]*(?:\\s+[{_PART}./'+*-]+)*?")

RESERVED: Final = frozenset(
    {
        "and", "between", "else", "every", "false", "for", "function", "if", "in", "instance",
        "null", "or", "return", "satisfies", "some", "then", "true",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text: `kind` is number, string, at, name, operator or end."""

    kind: str
    text: str
    start: int
    end: int


def normal_name(name: str) -> str:
    """Write a name with single spaces."""
    return " ".join(name.split())


def is_simple_name(name: str) -> bool:
    """Say whether a name needs no declaration to be read as one."""
    return _NAME.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _known(names: frozenset[str]) -> re.Pattern[str] | None:
    complex_names = sorted((n for n in names if n.strip() and not is_simple_name(n)), key=len)
    if not complex_names:
        return None
    written = (r"\s+".join(map(re.escape, name.split())) for name in reversed(complex_names))
    return re.compile(f"(?:{'|'.join(written)})(?![{_PART}])")


#: signs that other languages use, and what FEEL writes instead
_FOREIGN: Final = {
    "==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "&&": "and", "||": "or", "!": "not( )",
    "'": '"', "\u2018": '"', "\u2019": '"', "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "%": "/ 100", ";": ",",
}  # fmt: skip


def error_at(text: str, offset: int, expected: str) -> FeelSyntaxError:
    """Make the error for an offset."""
    line, column = line_and_column(text, offset)
    return FeelSyntaxError(text, line, column, expected + _foreign(text, offset))


def _foreign(text: str, offset: int) -> str:
    """Say what FEEL writes, if a sign of another language stands at the offset or around it."""
    for start, length in ((offset, 2), (max(offset - 1, 0), 2), (offset, 1)):
        sign = text[start : start + length]
        if sign in _FOREIGN:
            return f" (FEEL writes {_FOREIGN[sign]} for {sign})"
    return ""


def skip_space(text: str, offset: int) -> int:
    """Skip blanks and comments."""
    match = _SPACE.match(text, offset)
    return match.end() if match else offset


def read_token(text: str, offset: int, names: frozenset[str]) -> Token:
    """Read the token at or after `offset`; known names of several words are one token."""
    start = skip_space(text, offset)
    if start >= len(text):
        return Token("end", "", start, start)
    known = _known(names)
    match = known.match(text, start) if known else None
    if match is None:
        match = _NAME.match(text, start)
    if match is not None:
        return Token("name", normal_name(match[0]), start, match.end())
    return _read_other(text, start)


def _read_other(text: str, start: int) -> Token:
    if match := _NUMBER.match(text, start):
        return Token("number", match[0], start, match.end())
    if text[start] == "@":
        match = _STRING.match(text, skip_space(text, start + 1))
        if match is None:
            raise error_at(text, start, "a string after @")
        return Token("at", unescape(match[1]), start, match.end())
    if match := _STRING.match(text, start):
        return Token("string", unescape(match[1]), start, match.end())
    if match := _OPERATOR.match(text, start):
        return Token("operator", match[0], start, match.end())
    expected = "the end of the string" if text[start] == '"' else "an expression"
    raise error_at(text, start, expected)


def unescape(text: str) -> str:
    """Read the escapes of a string literal; an unknown escape stands for itself."""
    if "\\" not in text:
        return text
    plain = _ESCAPE.sub(_escape, text)
    return _SURROGATES.sub(_join_surrogates, plain)


def _escape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _ESCAPES.get(match[3], match[0])
    number = int(code, 16)
    return chr(number) if number < 0x110000 else match[0]  # noqa: PLR2004 - the end of Unicode


def _join_surrogates(match: re.Match[str]) -> str:
    return (match[1] + match[2]).encode("utf-16", "surrogatepass").decode("utf-16")
