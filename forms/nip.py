"""The NIP: 18 digits, always text (as a number it loses its last digits)."""

from __future__ import annotations

import re
from datetime import date

_DIGITS = re.compile(r"\d{18}")
_GAPS = str.maketrans("", "", " .-\u00a0")


def clean(text: str) -> str:
    """The digits alone: spaces, dots and hyphens that people group with are dropped."""
    return text.translate(_GAPS)


def is_valid(nip: str) -> bool:
    """Whether 18 digits begin with a real birth date and name sex 1 or 2 (8 + 6 + 1 + 3).

    Digits 13 and 14 are not judged: a month for a PNS, a contract count for a PPPK.
    """
    if not (nip.isascii() and _DIGITS.fullmatch(nip)):
        return False
    try:
        date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        return False
    return nip[14] in "12"


def grouped(nip: str) -> str:
    """As people read it: "19900101 201504 2 001"; anything else unchanged."""
    if not _DIGITS.fullmatch(nip):
        return nip
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
