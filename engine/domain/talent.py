"""What HR and superiors record of a person for the IP ASN and the talent box, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime


class FactKind(StrEnum):
    """What is recorded; the newest row of a kind stands."""

    #: potential by an assessment (PermenPANRB 3/2020)
    POTENTIAL = "potential"
    #: highest education
    EDUCATION = "education"
    #: hukuman disiplin that still counts
    DISCIPLINE = "discipline"
    #: diklat kepemimpinan
    LEADERSHIP = "leadership"
    #: diklat fungsional
    FUNCTIONAL = "functional"
    #: diklat teknis of at least 20 hours in the cycle
    TECHNICAL = "technical"
    #: seminar, workshop and the like in the cycle
    SEMINAR = "seminar"


#: kinds that are training; their word says whether they were taken
TRAINING: Final = (
    FactKind.LEADERSHIP,
    FactKind.FUNCTIONAL,
    FactKind.TECHNICAL,
    FactKind.SEMINAR,
)
#: kinds that count only when they lie in the cycle (from memory)
YEARLY: Final = frozenset({FactKind.TECHNICAL, FactKind.SEMINAR})
#: kinds that HR alone records; the others also a superior
OF_HR: Final = frozenset({FactKind.EDUCATION, FactKind.DISCIPLINE})
DONE: Final = "done"
#: kind -> its words, best first
WORDS: Final[Mapping[FactKind, tuple[str, ...]]] = {
    FactKind.POTENTIAL: ("tinggi", "menengah", "rendah"),
    FactKind.EDUCATION: ("s3", "s2", "s1_d4", "d3", "d2_slta", "below"),
    FactKind.DISCIPLINE: ("none", "light", "medium", "heavy"),
    **dict.fromkeys(TRAINING, (DONE, "not_done")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFact:
    """One recorded fact; append-only, a newer row of its kind takes its place."""

    #: UUIDv7 text
    id: str
    person_id: str
    kind: FactKind
    #: one of `WORDS`
    word: str
    #: the day of the assessment, certificate or decision
    on_day: date
    #: where it stands: the document with its number
    source: str
    recorded_by: str
    #: official for whom he stood in
    on_behalf_of: str | None = None
    at: datetime


def check_fact(made: PersonFact, today: date) -> tuple[Violation, ...]:
    """Promise: every fault of a fact: a known word, a source, no day to come, not one's own."""
    found: list[Violation] = []
    if made.word not in WORDS[made.kind]:
        found.append(_fault("unknown_word", made.word, f"one of {', '.join(WORDS[made.kind])}"))
    if not made.source.strip():
        found.append(_fault("source_missing", "source", "name the document it stands in"))
    if made.on_day > today:
        found.append(_fault("future", made.on_day.isoformat(), "lies in the future"))
    if made.person_id in (made.recorded_by, made.on_behalf_of):
        found.append(_fault("own_fact", made.person_id, "nobody records about himself"))
    return tuple(found)


def standing(facts: Iterable[PersonFact]) -> dict[FactKind, PersonFact]:
    """Promise: the newest row of each kind, by time of recording."""
    found: dict[FactKind, PersonFact] = {}
    for fact in sorted(facts, key=lambda row: (row.at, row.id)):
        found[fact.kind] = fact
    return found


def counts(fact: PersonFact, first: date, last: date) -> bool:
    """Promise: whether a training counts for a cycle from `first` to `last`."""
    if fact.word != DONE or fact.on_day > last:
        return False
    return fact.kind not in YEARLY or fact.on_day >= first


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
