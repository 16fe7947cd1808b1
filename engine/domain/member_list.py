"""The list of members in an assignment letter: one line per person, read tolerantly.

A line holds a NIP (spaces, dots, hyphens allowed) and, in any order, the role (ketua, anggota) and
a percentage of working time; a number and a name around them are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation
from engine.domain.nip import LENGTH, read_nip
from engine.domain.squads import SquadRole

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS: Final = re.compile(r"\d(?:[\s.\-'\u00a0]?\d)*")
_PERCENT: Final = re.compile(r"(\d{1,4}(?:[.,]\d{1,4})?)\s*(?:%|persen\b|percent\b)", re.IGNORECASE)
_LEAD: Final = re.compile(r"\b(?:ketua|lead(?:er)?)\b", re.IGNORECASE)
_MEMBER: Final = re.compile(r"\b(?:anggota|member)\b", re.IGNORECASE)
#: "1." or "2)" before the entry
_COUNTER: Final = re.compile(r"^\s*\d{1,3}\s*[.)]\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMember:
    """One line that could be read."""

    #: 1-based line of the text
    line: int
    #: 18 digits
    nip: str
    #: ketua or anggota
    role: SquadRole
    #: part of full time, basis points; None: not said
    effort_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What was read of a whole text."""

    #: lines without a fault, in order
    members: tuple[ListedMember, ...]
    #: every fault; the subject is the line's number
    faults: tuple[Violation, ...]


def read_members(text: str) -> ReadList:
    """Promise: never raises; every line becomes a member or at least one fault of that line.

    Blank lines count but say nothing. Faults: nip_missing, nip, role_two, effort, nip_twice,
    lead_twice, and nobody for a text without a line.
    """
    members: list[ListedMember] = []
    faults: list[Violation] = []
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        found, wrong = _read_line(number, raw)
        faults.extend(wrong)
        if found is None:
            continue
        if found.nip in seen:
            faults.append(_fault("nip_twice", number, f"stands in line {seen[found.nip]} already"))
        seen.setdefault(found.nip, number)
        members.append(found)
    faults.extend(_leads(members))
    if not members and not faults:
        faults.append(_fault("nobody", 1, "the list is empty"))
    return ReadList(members=tuple(members), faults=tuple(faults))


def _read_line(number: int, raw: str) -> tuple[ListedMember | None, list[Violation]]:
    faults: list[Violation] = []
    percents = _PERCENT.findall(raw)
    rest = _COUNTER.sub("", _PERCENT.sub(" ; ", raw))
    nip, wrong = _nip(number, rest)
    faults.extend(wrong)
    leads, follows = _LEAD.search(raw), _MEMBER.search(raw)
    if leads and follows:
        faults.append(_fault("role_two", number, "names two roles"))
    effort, wrong = _effort(number, percents)
    faults.extend(wrong)
    if faults or nip is None:
        return None, faults
    role = SquadRole.KETUA if leads else SquadRole.ANGGOTA
    return ListedMember(line=number, nip=nip, role=role, effort_bp=effort), []


def _nip(number: int, text: str) -> tuple[str | None, list[Violation]]:
    runs = [re.sub(r"\D", "", run) for run in _DIGITS.findall(text)]
    runs = [run for run in runs if len(run) > 3]  # noqa: PLR2004 - shorter ones are counters
    if not runs:
        return None, [_fault("nip_missing", number, "no NIP in this line")]
    if len(runs) > 1:
        return None, [_fault("nip", number, "more than one number that could be a NIP")]
    reading = read_nip(runs[0])
    if reading.nip is None:
        why = "; ".join(finding.message for finding in reading.faults)
        return None, [_fault("nip", number, f"NIP of {LENGTH} digits: {why}")]
    return reading.nip.digits, []


def _effort(number: int, percents: Sequence[str]) -> tuple[int | None, list[Violation]]:
    if not percents:
        return None, []
    if len(percents) > 1:
        return None, [_fault("effort", number, "names two percentages")]
    scaled = Decimal(percents[0].replace(",", ".")) * 100
    if scaled != scaled.to_integral_value() or not 0 < scaled <= 10_000:  # noqa: PLR2004 - whole
        return None, [_fault("effort", number, f"{percents[0]} % is no part of full time")]
    return int(scaled), []


def _leads(members: Sequence[ListedMember]) -> list[Violation]:
    ketua = [row for row in members if row.role is SquadRole.KETUA]
    return [
        _fault("lead_twice", row.line, f"line {ketua[0].line} names a ketua already")
        for row in ketua[1:]
    ]


def _fault(code: str, line: int, message: str) -> Violation:
    return Violation(code=code, subject=str(line), message=f"line {line}: {message}")
