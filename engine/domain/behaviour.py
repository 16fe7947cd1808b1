"""BerAKHLAK: the seven values, three statements each, and incidents that bear on one of them.

Source: SE MenPANRB 20/2021 by its short content (domain.md section 2.2), in Regu's own words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from engine.domain.feedback import Voice

#: standard statements per value
STATEMENTS_PER_VALUE: Final = 3


class Value(StrEnum):
    """A core value of civil servants (nilai dasar BerAKHLAK), in the order of its letters."""

    #: serves people
    BERORIENTASI_PELAYANAN = "berorientasi_pelayanan"
    #: answers for what was entrusted
    AKUNTABEL = "akuntabel"
    #: keeps learning
    KOMPETEN = "kompeten"
    #: cares, and respects differences
    HARMONIS = "harmonis"
    #: puts nation and state first
    LOYAL = "loyal"
    #: renews, and meets change
    ADAPTIF = "adaptif"
    #: works together
    KOLABORATIF = "kolaboratif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One standard statement of conduct (panduan perilaku)."""

    #: stable name, such as "akuntabel_2"; forms and answers refer to it
    code: str
    #: whose value
    value: Value
    #: 1 to 3
    number: int
    #: words in Indonesian
    text: str
    #: words in English
    text_en: str


_VALUE_NAMES: Final[Mapping[Value, tuple[str, str]]] = {
    Value.BERORIENTASI_PELAYANAN: ("Berorientasi pelayanan", "Service-minded"),
    Value.AKUNTABEL: ("Akuntabel", "Accountable"),
    Value.KOMPETEN: ("Kompeten", "Competent"),
    Value.HARMONIS: ("Harmonis", "Harmonious"),
    Value.LOYAL: ("Loyal", "Loyal"),
    Value.ADAPTIF: ("Adaptif", "Adaptive"),
    Value.KOLABORATIF: ("Kolaboratif", "Collaborative"),
}

_TEXTS: Final[Mapping[Value, tuple[tuple[str, str], ...]]] = {
    Value.BERORIENTASI_PELAYANAN: (
        (
            "Mengenali kebutuhan masyarakat dan memenuhinya",
            "Recognises what the public needs and meets it",
        ),
        (
            "Melayani dengan ramah, cepat, memberi jalan keluar, dan dapat diandalkan",
            "Serves kindly, quickly and reliably, and finds a way",
        ),
        (
            "Terus memperbaiki cara melayani",
            "Keeps improving how the service is given",
        ),
    ),
    Value.AKUNTABEL: (
        (
            "Bekerja jujur, cermat, disiplin, dan berintegritas",
            "Works honestly, carefully, with discipline and integrity",
        ),
        (
            "Memakai barang dan uang negara dengan bertanggung jawab dan hemat",
            "Uses the state's goods and money responsibly and sparingly",
        ),
        (
            "Tidak memakai wewenang jabatan untuk kepentingan lain",
            "Does not turn the powers of the office to other ends",
        ),
    ),
    Value.KOMPETEN: (
        (
            "Menambah kemampuan diri untuk tuntutan yang berubah",
            "Adds to own abilities as demands change",
        ),
        (
            "Membantu orang lain belajar",
            "Helps others to learn",
        ),
        (
            "Menyelesaikan tugas dengan mutu terbaik",
            "Finishes the work at the best quality",
        ),
    ),
    Value.HARMONIS: (
        (
            "Menghormati setiap orang, apa pun latar belakangnya",
            "Respects everybody, whatever their background",
        ),
        (
            "Senang menolong orang lain",
            "Is glad to help others",
        ),
        (
            "Menjaga suasana kerja yang nyaman bagi semua",
            "Keeps a workplace in which everybody can work well",
        ),
    ),
    Value.LOYAL: (
        (
            "Setia kepada Pancasila, UUD 1945, NKRI, dan pemerintah yang sah",
            "Stands by Pancasila, the 1945 Constitution, the Republic and its lawful government",
        ),
        (
            "Menjaga nama baik rekan, pimpinan, instansi, dan negara",
            "Guards the good name of colleagues, leaders, agency and state",
        ),
        (
            "Menyimpan rahasia jabatan dan negara",
            "Keeps the secrets of office and state",
        ),
    ),
    Value.ADAPTIF: (
        (
            "Cepat menyesuaikan diri dengan perubahan",
            "Adjusts quickly to change",
        ),
        (
            "Terus mencari cara baru dan mengembangkan kreativitas",
            "Keeps looking for new ways and ideas",
        ),
        (
            "Bertindak sebelum diminta",
            "Acts before being asked",
        ),
    ),
    Value.KOLABORATIF: (
        (
            "Memberi kesempatan kepada berbagai pihak untuk ikut menyumbang",
            "Gives others room to contribute",
        ),
        (
            "Terbuka bekerja sama untuk hasil yang lebih bernilai",
            "Is open to working together for a better result",
        ),
        (
            "Menggerakkan sumber daya bersama untuk tujuan bersama",
            "Moves shared means towards shared goals",
        ),
    ),
}

#: the 21 statements in the order of the values
STATEMENTS: Final[tuple[Statement, ...]] = tuple(
    Statement(code=f"{value.value}_{n}", value=value, number=n, text=text, text_en=text_en)
    for value, texts in _TEXTS.items()
    for n, (text, text_en) in enumerate(texts, start=1)
)

#: a statement by its code
STATEMENT_BY_CODE: Final[Mapping[str, Statement]] = {row.code: row for row in STATEMENTS}


def value_name(value: Value, *, english: bool = False) -> str:
    """Promise: the value as people write it."""
    return _VALUE_NAMES[value][1 if english else 0]


def statements_of(value: Value) -> tuple[Statement, ...]:
    """Promise: the three statements of a value in order."""
    return tuple(row for row in STATEMENTS if row.value is value)


class IncidentKind(StrEnum):
    """Which way an incident speaks."""

    #: an example to follow
    POSITIVE = "positive"
    #: conduct that should change
    NEGATIVE = "negative"


class IncidentState(StrEnum):
    """How far an incident came."""

    #: recorded; the person has been told
    TOLD = "told"
    #: the person answered
    ANSWERED = "answered"
    #: the person let the time go by
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What somebody saw another do that bears on a value (critical incident)."""

    #: UUIDv7 text
    id: str
    #: whose conduct
    person_id: str
    #: the cycle it counts in
    cycle_id: str
    #: who saw it and says so by name
    recorded_by: str
    #: the official for whom a substitute recorded it
    on_behalf_of: str | None = None
    #: how he stands to the person
    voice: Voice
    #: which value
    value: Value
    #: which way
    kind: IncidentKind
    #: the day it happened
    happened_on: date
    #: what happened, in words
    text: str
    #: proof: an address, "" when there is none
    link: str = ""
    #: how far
    state: IncidentState = IncidentState.TOLD
    #: the person's own words about it
    answer: str = ""
    #: when it was recorded
    at: datetime
    #: when the person answered
    answered_at: datetime | None = None


def check_incident(incident: Incident, today: date) -> tuple[Violation, ...]:
    """Promise: every fault of an incident before it is kept.

    Nobody records his own; it has happened; it says what; a negative one is proven or described
    well enough to be answered (20 letters).
    """
    found: list[Violation] = []
    if incident.recorded_by == incident.person_id:
        found.append(_fault("own", incident, "nobody records his own conduct"))
    if incident.on_behalf_of == incident.person_id:
        found.append(_fault("own", incident, "nobody's conduct is recorded in his own name"))
    if incident.happened_on > today:
        found.append(_fault("future", incident, "has not happened yet"))
    if not incident.text.strip():
        found.append(_fault("text", incident, "does not say what happened"))
    elif incident.kind is IncidentKind.NEGATIVE and len(incident.text.strip()) < _DESCRIBED:
        found.append(_fault("text", incident, f"needs {_DESCRIBED} letters to be answerable"))
    return tuple(found)


#: letters from which a negative incident can be answered
_DESCRIBED: Final = 20


def answer_incident(incident: Incident, person_id: str, words: str, at: datetime) -> Incident:
    """Promise: the incident with the person's own words beside it, once.

    Raises NotEntitled for anybody else, TransitionRefused when it was answered or has lapsed.
    """
    if person_id != incident.person_id:
        raise NotEntitled("answer_incident", person_id, "only the person it is about answers")
    if incident.state is not IncidentState.TOLD:
        raise TransitionRefused("incident", incident.state, IncidentState.ANSWERED)
    return replace(incident, state=IncidentState.ANSWERED, answer=words.strip(), answered_at=at)


def lapse_incident(incident: Incident) -> Incident:
    """Promise: the incident as one the person let stand without words; an answer stays."""
    if incident.state is not IncidentState.TOLD:
        return incident
    return replace(incident, state=IncidentState.UNANSWERED)


def _fault(code: str, incident: Incident, message: str) -> Violation:
    return Violation(code=code, subject=incident.id, message=message)
