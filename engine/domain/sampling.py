"""Samples for internal audit: seeded, stratified, the same for whoever draws them again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, Violation, require
from engine.domain.scales import split_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

#: pieces that one sample may hold
SAMPLE_MOST: Final = 100


class Stratum(StrEnum):
    """Why something was drawn (crediting.md 0.11)."""

    #: an attainment above 100 that nothing shows
    EXCEEDING = "exceeding"
    #: two people attested each other
    MUTUAL = "mutual"
    #: handed in on the last days of its period
    LAST_DAY = "last_day"
    #: by chance
    RANDOM = "random"


#: parts of a sample, out of ten; what a stratum cannot fill goes to chance
QUOTAS: Final[Mapping[Stratum, int]] = {
    Stratum.EXCEEDING: 3,
    Stratum.MUTUAL: 3,
    Stratum.LAST_DAY: 2,
    Stratum.RANDOM: 2,
}


class SubjectKind(StrEnum):
    """What is looked at."""

    #: a member's claim to a share
    CLAIM = "claim"
    #: a result of the home post
    RESULT = "result"


class Verdict(StrEnum):
    """What the auditor found."""

    #: evidence, share and attainment agree
    IN_ORDER = "in_order"
    #: something cannot be seen from what is there
    DOUBTFUL = "doubtful"
    #: something is wrong
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that could be drawn, with what speaks for drawing it."""

    kind: SubjectKind
    #: the claim or the planned result
    subject_id: str
    #: whose
    person_id: str
    #: which of the marks it bears
    marks: frozenset[Stratum] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A candidate in the sample, and why."""

    candidate: Candidate
    stratum: Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSample:
    """One draw (uji petik)."""

    #: UUIDv7 text
    id: str
    #: whose people
    agency_id: str
    #: of which year
    cycle_id: str
    #: how many were asked for
    size: int
    #: what makes it repeatable
    seed: str
    #: hash of all that could be drawn, so that a second draw can show it is the same
    frame_hash: str
    #: who drew
    drawn_by: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleItem:
    """One piece of a sample."""

    #: UUIDv7 text
    id: str
    #: the sample
    sample_id: str
    #: 1-based
    number: int
    #: why it was drawn
    stratum: Stratum
    #: what it is
    kind: SubjectKind
    #: the claim or the planned result
    subject_id: str
    #: whose
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an auditor found about one piece; append-only."""

    #: the piece
    item_id: str
    #: whose work it was about
    person_id: str
    #: who looked
    auditor_id: str
    #: what he found
    verdict: Verdict
    #: words, needed unless all is in order
    note: str = ""
    #: whether a correction of the credit was asked for
    correction: bool = False
    #: when
    at: datetime


def draw(frame: Iterable[Candidate], *, size: int, seed: str) -> tuple[Drawn, ...]:
    """Promise: the sample of this seed: same frame and seed, same sample, in whatever order.

    Each stratum gets its part of the size; what it cannot fill is drawn by chance from the rest.
    Nothing is drawn twice; a small frame is drawn whole. Raises RuleBroken outside 1 to
    SAMPLE_MOST and without a seed.
    """
    require(_faults(size, seed))
    pool = sorted(set(frame), key=lambda one: _rank(seed, one))
    quotas = split_whole({s.value: Fraction(n) for s, n in QUOTAS.items()}, min(size, len(pool)))
    found: list[Drawn] = []
    taken: set[tuple[SubjectKind, str]] = set()
    for stratum in (Stratum.EXCEEDING, Stratum.MUTUAL, Stratum.LAST_DAY):
        marked = [one for one in pool if stratum in one.marks and _key(one) not in taken]
        for one in marked[: quotas[stratum.value]]:
            taken.add(_key(one))
            found.append(Drawn(candidate=one, stratum=stratum))
    rest = [one for one in pool if _key(one) not in taken]
    chance = rest[: min(size, len(pool)) - len(found)]
    return (*found, *(Drawn(candidate=one, stratum=Stratum.RANDOM) for one in chance))


def frame_hash(frame: Iterable[Candidate]) -> str:
    """Promise: one hash of all candidates with their marks, whatever their order."""
    lines = sorted(
        f"{one.kind}:{one.subject_id}:{one.person_id}:{','.join(sorted(one.marks))}"
        for one in set(frame)
    )
    return sha256("\n".join(lines).encode()).hexdigest()


def check_finding(found: Finding, acted: Collection[str]) -> None:
    """Promise: an auditor judges neither his own work nor his own acts, and says what is wrong.

    `acted` are those who attested, co-signed or rated it. Raises NotEntitled, RuleBroken.
    """
    if found.auditor_id == found.person_id or found.auditor_id in acted:
        raise NotEntitled("record_finding", found.auditor_id, "nobody audits his own act")
    faults: list[Violation] = []
    if found.verdict is not Verdict.IN_ORDER and not found.note.strip():
        faults.append(_fault("note_missing", "say what was found"))
    if found.correction and found.verdict is Verdict.IN_ORDER:
        faults.append(_fault("nothing_to_correct", "what is in order is not corrected"))
    require(faults)


def drawn_items(drawn: Sequence[Drawn], sample_id: str, ids: Sequence[str]) -> list[SampleItem]:
    """Promise: the rows of a sample, numbered in the order drawn."""
    return [
        SampleItem(
            id=row_id,
            sample_id=sample_id,
            number=n,
            stratum=one.stratum,
            kind=one.candidate.kind,
            subject_id=one.candidate.subject_id,
            person_id=one.candidate.person_id,
        )
        for n, (one, row_id) in enumerate(zip(drawn, ids, strict=True), start=1)
    ]


def _faults(size: int, seed: str) -> list[Violation]:
    found: list[Violation] = []
    if not 1 <= size <= SAMPLE_MOST:
        found.append(_fault("sample_size", f"a sample holds 1 to {SAMPLE_MOST} pieces"))
    if not seed.strip():
        found.append(_fault("seed_missing", "a seed makes the draw repeatable"))
    return found


def _key(one: Candidate) -> tuple[SubjectKind, str]:
    return one.kind, one.subject_id


def _rank(seed: str, one: Candidate) -> str:
    return sha256(f"{seed}:{one.kind}:{one.subject_id}".encode()).hexdigest()


def _fault(code: str, message: str) -> Violation:
    return Violation(code=code, subject="sample", message=message)
