"""Bounds on what one expression may cost: FeelLimitError, or FeelSyntaxError for the text.

The figures keep the worst expression below about a second and some tens of megabytes; no drawing
that people read comes near them.
"""

from __future__ import annotations

from engine.feel.errors import FeelLimitError

TEXT_LENGTH = 100_000
NESTING = 48
CHAIN = 10_000
STEPS = 500_000
CALL_DEPTH = 48
LIST_LENGTH = 100_000
STRING_LENGTH = 1_000_000
PATTERN_LENGTH = 1_000
REGEX_COST = 20_000_000
#: different warnings of one evaluation; further ones are not kept
WARNINGS = 100


def check_list(length: int) -> None:
    """Refuse a list longer than LIST_LENGTH."""
    if length > LIST_LENGTH:
        raise FeelLimitError("list length", LIST_LENGTH)


def check_string(length: int) -> None:
    """Refuse a string longer than STRING_LENGTH code points."""
    if length > STRING_LENGTH:
        raise FeelLimitError("string length", STRING_LENGTH)
