"""Signing a rating: the digest of what is signed, and who signed it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.domain.judging import BehaviourMark, Deviation, RoleJudgement
    from engine.domain.ratings import Rating

#: letters of the digest that the signer types again, so that he has seen it
CODE_LENGTH: Final = 8


class SignaturePart(StrEnum):
    """As what somebody signs."""

    #: pejabat penilai, or who decided the objection
    RATER = "rater"
    #: the next superior, after a grievance
    SECOND = "second"
    #: the employee: received, not agreed
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature under one version of a rating."""

    #: UUIDv7 text
    id: str
    #: the version
    rating_id: str
    #: as what
    part: SignaturePart
    #: who
    signer_id: str
    #: whom he stands in for
    on_behalf_of: str | None = None
    #: SHA-256 of what he signed, 64 hexadecimal digits
    digest: str
    #: the second signer may refuse; the rater then rates anew
    refused: bool = False
    #: why
    words: str = ""
    #: when
    at: datetime


def digest(
    rating: Rating,
    roles: Iterable[RoleJudgement],
    marks: Iterable[BehaviourMark],
    deviations: Iterable[Deviation],
) -> str:
    """Promise: SHA-256 over the canonical text of a rating; the same wherever it is made.

    Status is left out: a rating that becomes final is the same document.
    """
    content = {
        "id": rating.id,
        "person": rating.person_id,
        "cycle": rating.cycle_id,
        "version": rating.version,
        "ihk": f"{rating.ihk:.2f}",
        "lines": [
            [line.role, line.weight_bp, f"{line.attainment:f}", f"{line.points:f}", line.level]
            for line in rating.index_lines
        ],
        "proposed": rating.proposed_level,
        "result": rating.result_level,
        "behaviour": rating.behaviour_level,
        "predikat": rating.predikat,
        "reason": rating.reason or "",
        "self": rating.self_note or "",
        "rater": [rating.rater_id, rating.on_behalf_of],
        "roles": sorted([row.role, row.recommended, row.level, row.reason] for row in roles),
        "marks": sorted([mark.value, mark.number, mark.level] for mark in marks),
        "deviations": sorted([row.kind, row.role or "", row.reason] for row in deviations),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def code(digest_text: str) -> str:
    """Promise: what a signer types again."""
    return digest_text[:CODE_LENGTH].upper()


def check_signature(
    *, person_id: str, signer_id: str, on_behalf_of: str | None, typed: str, digest_text: str
) -> tuple[Violation, ...]:
    """Promise: every reason not to take a rater's signature: his own rating, another content."""
    found: list[Violation] = []
    if person_id in (signer_id, on_behalf_of):
        found.append(_fault("own_rating", signer_id, "nobody signs his own rating as rater"))
    if typed.strip().upper() != code(digest_text):
        message = "the code is not that of the document as it stands"
        found.append(_fault("digest_changed", "code", message))
    return tuple(found)


def _fault(name: str, subject: str, message: str) -> Violation:
    return Violation(code=name, subject=subject, message=message)
