"""Papers of functional credit: conversion, accumulation and PAK, as snapshots.

A paper says what held on the day it was issued and is never edited: it is cancelled with a reason,
and a new one is issued. What is corrected later flags it (Peraturan BKN 3/2023, Lampiran II no.
10-12, read as excerpts).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.domain.credit_doubts import DoubtReason
from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.domain.functional import CreditLine, Target


class PaperKind(StrEnum):
    """What a paper is."""

    #: konversi predikat kinerja ke angka kredit
    CONVERSION = "conversion"
    #: penetapan angka kredit
    PAK = "pak"
    #: akumulasi angka kredit; issued with its PAK, ends with it
    ACCUMULATION = "accumulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPaper:
    """A paper as it was issued."""

    #: UUIDv7 text
    id: str
    kind: PaperKind
    #: what a reader types; see certificates.code_of
    code: str
    person_id: str
    agency_id: str
    #: cycle of the rating that a conversion converts
    cycle_id: str | None = None
    #: rating that a conversion converts
    rating_id: str | None = None
    #: year and last month that it speaks of
    year: int
    month: int
    #: number of the letter, "" for a conversion
    number: str = ""
    #: all it says, in plain values
    content: Mapping[str, Any]
    #: over everything above
    content_hash: str = ""
    #: who proposed a PAK, another than who established it; None for a conversion
    proposed_by: str | None = None
    issued_by: str
    issued_at: datetime
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    cancel_reason: str = ""

    @property
    def live(self) -> bool:
        """Whether it was not cancelled."""
        return self.cancelled_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSource:
    """A conversion that a PAK adds up."""

    pak_id: str
    conversion_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFlag:
    """What the paper rests on changed after it was issued; the paper stays as it is."""

    #: UUIDv7 text
    id: str
    paper_id: str
    #: a rating that came since, where it changed the predikat; None for an interim one
    rating_id: str | None = None
    #: what changed
    reason: DoubtReason = DoubtReason.PREDIKAT
    #: on the paper and now; see credit_doubts.Doubt
    before: str
    after: str
    at: datetime


def line_facts(line: CreditLine) -> dict[str, Any]:
    """Promise: a line as plain values; numbers as text, so that they stay exact."""
    return {
        "year": line.year,
        "first_month": line.first_month,
        "last_month": line.last_month,
        "level": line.level.value,
        "coefficient": str(line.coefficient),
        "percent": line.percent,
        "predikat": line.predikat.value,
        "units": str(line.units),
    }


def target_facts(target: Target | None) -> dict[str, Any] | None:
    """Promise: a target as plain values."""
    if target is None:
        return None
    return {
        "needed": str(target.needed),
        "missing_units": str(target.missing_units),
        "met": target.met,
    }


def content_hash(paper: CreditPaper) -> str:
    """Promise: the same hash for the same paper on every machine; its end is not part of it."""
    facts = {
        "kind": paper.kind.value,
        "code": paper.code,
        "person": [paper.person_id, paper.agency_id],
        "of": [paper.cycle_id or "", paper.rating_id or "", paper.year, paper.month],
        "number": paper.number,
        "content": paper.content,
        "issued": [
            paper.issued_by,
            paper.issued_at.astimezone(UTC).isoformat(timespec="microseconds"),
            *([paper.proposed_by] if paper.proposed_by else []),
        ],
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def intact(paper: CreditPaper) -> bool:
    """Promise: whether the paper says what was issued."""
    return content_hash(paper) == paper.content_hash


def check_hands(proposed_by: str, issued_by: str) -> tuple[Violation, ...]:
    """Promise: a PAK that one person proposed is established by another."""
    if proposed_by == issued_by:
        return (_fault("one_hand", proposed_by, "who proposed it does not establish it"),)
    return ()


def check_cancel(paper: CreditPaper, reason: str, *, cited: bool) -> tuple[Violation, ...]:
    """Promise: every reason why a paper is not cancelled; `cited`: a live PAK adds it up."""
    found: list[Violation] = []
    if paper.kind is PaperKind.ACCUMULATION:
        found.append(_fault("paper_beside", paper.id, "it ends with its PAK: cancel that one"))
    if not paper.live:
        found.append(_fault("paper_cancelled", paper.id, "it is cancelled already"))
    if not reason.strip():
        found.append(_fault("cancel_reason", paper.id, "say why"))
    if cited:
        found.append(_fault("paper_cited", paper.id, "cancel the PAK that adds it up first"))
    return tuple(found)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
