"""What can go wrong in FEEL: errors for the author, limits for the host, warnings for the data."""

from __future__ import annotations

from dataclasses import dataclass


class FeelError(Exception):
    """Root of the errors of this floor."""


class FeelSyntaxError(FeelError):
    """The text is no FEEL; `line` and `column` count from 1, `expected` says what would fit."""

    def __init__(self, text: str, line: int, column: int, expected: str) -> None:
        self.text = text
        self.line = line
        self.column = column
        self.expected = expected
        super().__init__(f"line {line}, column {column}: expected {expected}")


class FeelLimitError(FeelError):
    """An evaluation asked for more than it may have: `limit` names which, `allowed` how much."""

    def __init__(self, limit: str, allowed: int) -> None:
        self.limit = limit
        self.allowed = allowed
        super().__init__(f"FEEL limit reached: {limit} (at most {allowed})")


class Fault(FeelError):
    """A data fault inside an operation; the closure around it turns it into null and a warning."""


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Why an evaluation gave null somewhere; `line` and `column` count from 1.

    `where` is what the host calls the text, such as the id of a cell; empty for a text alone.
    """

    message: str
    line: int
    column: int
    where: str = ""


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Turn an offset into the line and column that an editor shows, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
