"""Bimbingan kinerja and konseling kinerja: who coaches, sessions, forms B.1.8 and B.1.9."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

#: answers and competencies are scored from 1 to 5
SCORE_MIN: Final = 1
SCORE_MAX: Final = 5


class CoachingKind(StrEnum):
    """What it is about."""

    #: bimbingan kinerja: how the work is done
    BIMBINGAN = "bimbingan"
    #: konseling kinerja: conduct and personal obstacles; a safe space
    KONSELING = "konseling"


class CoachingSource(StrEnum):
    """What set it going."""

    #: a low interim rating
    INTERIM = "interim"
    #: the employee or his rater asked for it
    REQUEST = "request"
    #: results that nobody documents any more
    EARLY_WARNING = "early_warning"
    #: follow-up of a rating (tindak lanjut)
    FOLLOW_UP = "follow_up"


class CoachingState(StrEnum):
    """How far it came."""

    #: looks for a coach
    OPEN = "open"
    #: somebody was named and has not answered
    OFFERED = "offered"
    #: the coach has taken it on
    RUNNING = "running"
    #: done
    CLOSED = "closed"


class Competency(StrEnum):
    """Managerial and socio-cultural competencies (PermenPANRB 38/2017), and the technical one."""

    INTEGRITAS = "integritas"
    KERJA_SAMA = "kerja_sama"
    KOMUNIKASI = "komunikasi"
    ORIENTASI_HASIL = "orientasi_hasil"
    PELAYANAN_PUBLIK = "pelayanan_publik"
    PENGEMBANGAN_DIRI = "pengembangan_diri"
    MENGELOLA_PERUBAHAN = "mengelola_perubahan"
    PENGAMBILAN_KEPUTUSAN = "pengambilan_keputusan"
    PEREKAT_BANGSA = "perekat_bangsa"
    TEKNIS = "teknis"


class About(StrEnum):
    """Whom a statement of form B.1.8 is about."""

    EMPLOYEE = "employee"
    COACH = "coach"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStatement:
    """One of the nine statements of form B.1.8, in Regu's own words."""

    #: "employee_1" to "both_3"
    code: str
    #: whom it is about
    about: About
    #: words in Indonesian
    text: str
    #: words in English
    text_en: str


_B18: Final[Mapping[About, tuple[tuple[str, str], ...]]] = {
    About.EMPLOYEE: (
        ("Saya tahu apa yang harus saya lakukan selanjutnya", "I know what to do next"),
        ("Saya dapat berbicara dengan terbuka", "I could speak openly"),
        ("Saya yakin dapat memperbaiki kinerja saya", "I trust that I can improve"),
    ),
    About.COACH: (
        ("Pembimbing mendengarkan tanpa menghakimi", "The coach listened without judging"),
        ("Pembimbing memahami pekerjaan saya", "The coach understands my work"),
        (
            "Pembimbing membantu saya menemukan jalan keluar sendiri",
            "The coach helped me to find a way of my own",
        ),
    ),
    About.BOTH: (
        ("Kami sepakat tentang masalahnya", "We agree on what the problem is"),
        ("Kami membagi tindak lanjut dengan jelas", "We divided what is to be done clearly"),
        ("Waktu pertemuan kami cukup dan bermanfaat", "Our time was sufficient and well used"),
    ),
}

#: form B.1.8 in order
SESSION_STATEMENTS: Final[tuple[SessionStatement, ...]] = tuple(
    SessionStatement(code=f"{about.value}_{n}", about=about, text=text, text_en=text_en)
    for about, texts in _B18.items()
    for n, (text, text_en) in enumerate(texts, start=1)
)

_NAMES: Final[Mapping[Competency, tuple[str, str]]] = {
    Competency.INTEGRITAS: ("Integritas", "Integrity"),
    Competency.KERJA_SAMA: ("Kerja sama", "Cooperation"),
    Competency.KOMUNIKASI: ("Komunikasi", "Communication"),
    Competency.ORIENTASI_HASIL: ("Orientasi pada hasil", "Focus on results"),
    Competency.PELAYANAN_PUBLIK: ("Pelayanan publik", "Public service"),
    Competency.PENGEMBANGAN_DIRI: (
        "Pengembangan diri dan orang lain",
        "Development of self and others",
    ),
    Competency.MENGELOLA_PERUBAHAN: ("Mengelola perubahan", "Handling change"),
    Competency.PENGAMBILAN_KEPUTUSAN: ("Pengambilan keputusan", "Decision making"),
    Competency.PEREKAT_BANGSA: ("Perekat bangsa", "Bonding the nation"),
    Competency.TEKNIS: ("Kemampuan teknis pekerjaan", "Technical skill of the job"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coaching:
    """A line of sessions with one employee."""

    #: UUIDv7 text
    id: str
    #: the employee
    person_id: str
    #: in which cycle
    cycle_id: str
    #: work or conduct
    kind: CoachingKind
    #: what set it going
    source: CoachingSource
    #: who asked; None when a process did
    asked_by: str | None = None
    #: why, in words of who asked; read by the two only
    reason: str = ""
    #: the coach: the rater, or another with a special assignment
    coach_id: str | None = None
    #: number of the assignment letter of a coach who is not the rater
    letter_no: str = ""
    #: how far
    state: CoachingState = CoachingState.OPEN
    #: when it began
    at: datetime
    #: when it ended
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingSession:
    """One meeting."""

    #: UUIDv7 text
    id: str
    #: the coaching
    coaching_id: str
    #: 1-based
    number: int
    #: the day
    held_on: date
    #: what the two hold on to together, "" when nothing is shared
    summary: str = ""
    #: when it was recorded
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAnswer:
    """The employee's answer to one statement of form B.1.8."""

    #: UUIDv7 text
    id: str
    #: the session
    session_id: str
    #: code of the statement
    statement: str
    #: 1 (not at all) to 5 (fully)
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetencyScore:
    """The coach's evaluation of one competency, form B.1.9."""

    #: UUIDv7 text
    id: str
    #: the session
    session_id: str
    #: which
    competency: Competency
    #: 1 to 5
    score: int
    #: why
    reason: str


def competency_name(competency: Competency, *, english: bool = False) -> str:
    """Promise: the competency as people write it."""
    return _NAMES[competency][1 if english else 0]


def may_ask(person_id: str, by: str, raters: Sequence[str], kind: CoachingKind) -> bool:
    """Promise: who may set coaching going: the employee; his rater for the work, not the person."""
    return by == person_id or (kind is CoachingKind.BIMBINGAN and by in raters)


def offer(coaching: Coaching, coach_id: str, letter_no: str, *, special: bool) -> Coaching:
    """Promise: the coaching offered to a coach.

    `special`: the coach is not the rater and needs an assignment letter for guidance at work.
    Raises NotEntitled when the employee would coach himself, TransitionRefused once it runs.
    """
    if coach_id == coaching.person_id:
        raise NotEntitled("coach", coach_id, "nobody coaches himself")
    if coaching.state not in (CoachingState.OPEN, CoachingState.OFFERED):
        raise TransitionRefused("coaching", coaching.state, CoachingState.OFFERED)
    if special and coaching.kind is CoachingKind.BIMBINGAN and not letter_no.strip():
        raise NotEntitled("coach", coach_id, "another coach needs an assignment letter")
    return replace(
        coaching, coach_id=coach_id, letter_no=letter_no.strip(), state=CoachingState.OFFERED
    )


def take_on(coaching: Coaching, by: str, *, accepts: bool) -> Coaching:
    """Promise: it runs, or looks for another coach."""
    if by != coaching.coach_id:
        raise NotEntitled("take_on_coaching", by, "only who was named answers")
    if coaching.state is not CoachingState.OFFERED:
        raise TransitionRefused("coaching", coaching.state, CoachingState.RUNNING)
    if accepts:
        return replace(coaching, state=CoachingState.RUNNING)
    return replace(coaching, coach_id=None, letter_no="", state=CoachingState.OPEN)


def end(coaching: Coaching, at: datetime) -> Coaching:
    """Promise: the coaching closed; again it stays closed as it was."""
    if coaching.state is CoachingState.CLOSED:
        return coaching
    return replace(coaching, state=CoachingState.CLOSED, closed_at=at)


def check_answers(answers: Mapping[str, int]) -> tuple[Violation, ...]:
    """Promise: every statement of form B.1.8 answered from 1 to 5, and none that is not there."""
    wanted = [row.code for row in SESSION_STATEMENTS]
    missing = [_fault("missing", code, "has no answer") for code in wanted if code not in answers]
    return (*missing, *_scores(answers), *_unknown(answers, wanted))


def check_scores(scores: Sequence[CompetencyScore]) -> tuple[Violation, ...]:
    """Promise: at least one competency, each once, from 1 to 5, with its reason (form B.1.9)."""
    found: list[Violation] = []
    if not scores:
        found.append(_fault("nothing", "", "scores no competency"))
    names = [row.competency for row in scores]
    found.extend(
        _fault("twice", name, "is scored twice")
        for name in sorted(set(names))
        if names.count(name) > 1
    )
    found.extend(_scores({row.competency.value: row.score for row in scores}))
    found.extend(
        _fault("reason", row.competency, "has no reason")
        for row in scores
        if not row.reason.strip()
    )
    return tuple(found)


def _scores(given: Mapping[str, int]) -> tuple[Violation, ...]:
    return tuple(
        _fault("score", name, f"{score} is not {SCORE_MIN} to {SCORE_MAX}")
        for name, score in given.items()
        if not SCORE_MIN <= score <= SCORE_MAX
    )


def _unknown(given: Mapping[str, int], known: Sequence[str]) -> tuple[Violation, ...]:
    return tuple(_fault("unknown", name, "is no statement") for name in given if name not in known)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
