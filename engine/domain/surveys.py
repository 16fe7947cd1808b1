"""Surveys of a public service (Survei Kepuasan Masyarakat, SKM) and their index (IKM).

PermenPANRB 14/2017: nine elements, answers 1 to 4, IKM = sum(mean x weight) x 25. The weights of
an index sum to 1; agencies may add elements and weigh anew (domain.md 9). The names of the
elements are from memory.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from engine.domain.errors import TransitionRefused, Violation
from engine.domain.scales import at_scale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal


class Element(StrEnum):
    """The nine elements of a service that citizens are asked about."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    COST = "cost"
    PRODUCT = "product"
    COMPETENCE = "competence"
    CONDUCT = "conduct"
    COMPLAINTS = "complaints"
    FACILITIES = "facilities"


class SurveyKind(StrEnum):
    """Who is asked."""

    #: citizens who used a service; its index has a grade
    SERVICE = "service"
    #: people of partner agencies; means only
    PARTNER = "partner"


class Weighing(StrEnum):
    """How the elements weigh in the index."""

    #: 1/n each, exactly
    EQUAL = "equal"
    #: 1/n cut to two decimals, 0.11 for nine: the figures of older papers
    HUNDREDTHS = "hundredths"
    #: 1/n cut to three decimals, 0.111 for nine
    THOUSANDTHS = "thousandths"
    #: as the agency weighs; the sum is 1
    OWN = "own"


class SurveyState(StrEnum):
    """State of a survey; it only moves on."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    TOLD = "told"


class Flag(StrEnum):
    """What made an answer look unlike a person's when it came; nobody decides by it alone."""

    #: a field that people do not see was filled
    TRAP = "trap"
    #: sent sooner than the questions can be read
    HASTE = "haste"
    #: several answers from one place within a day
    SAME_PLACE = "same_place"


class Standing(StrEnum):
    """Whether an answer counts: said by a person, with a reason."""

    ASIDE = "aside"
    COUNTED = "counted"


SCORES: Final = (1, 2, 3, 4)
#: an index runs from 25 to 100
FACTOR: Final = 25
#: decimals of an index, of a mean, of a weight
INDEX_SCALE: Final = 2
MEAN_SCALE: Final = 2
WEIGHT_SCALE: Final = 4
#: characters of a comment, of a complaint, of a reason
COMMENT_MAX: Final = 1_000
COMPLAINT_MAX: Final = 4_000
REASON_LEAST: Final = 5
QUESTIONS_MAX: Final = 20
#: longest window, in days
WINDOW_MAX: Final = 366
#: chi square of one degree at 5 per cent, share of half, error of 5 per cent: the table of Krejcie
#: and Morgan that the regulation's annex holds (from memory)
_CHI_SQUARE: Final = Fraction(3841, 1000)
_ERROR: Final = Fraction(5, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One window in which a service is spoken about."""

    #: UUIDv7 text
    id: str
    agency_id: str
    #: whose service
    unit_id: str
    #: the planned result (RHK) that the service is, None when no plan names it
    item_id: str | None
    kind: SurveyKind
    #: what the service is called where it is asked about
    title: str
    weighing: Weighing
    opens_at: datetime
    closes_at: datetime
    #: people served in the window, as far as known
    population: int | None
    #: answers below which the index carries a warning
    least_answers: int
    #: whether everybody who holds the public link may answer
    open_link: bool
    #: where the public link is found, and what proves it; it hangs on walls
    selector: str
    secret: str
    state: SurveyState = SurveyState.PLANNED
    opened_by: str
    closed_at: datetime | None = None
    #: what the unit does about it, in the words of its head; "" before he says
    improvement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a survey."""

    survey_id: str
    #: from 1, the order on the page
    number: int
    #: one of the nine, None for the agency's own
    element: Element | None
    text: str
    text_en: str
    #: weight when the survey has its own weights
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SinglePass:
    """A link that serves once; it says that it was used, never for what or when."""

    id: str
    survey_id: str
    selector: str
    #: SHA-256 of its secret; the secret itself is shown once
    secret_hash: str
    made_on: date
    spent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody answered: no name, no address, no hour."""

    id: str
    survey_id: str
    #: whether by a single link
    single: bool
    given_on: date
    comment: str
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One answer to one question."""

    answer_id: str
    survey_id: str
    number: int
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A person set an answer aside, or counts it again; the newest ruling holds."""

    id: str
    answer_id: str
    standing: Standing
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How a question was answered by those who count."""

    number: int
    people: int
    total: int

    @property
    def mean(self) -> Fraction:
        """Nilai rata-rata (NRR), 1 to 4, exact."""
        return Fraction(self.total, self.people)


ELEMENT_TEXTS: Final[Mapping[Element, tuple[str, str, str]]] = {
    Element.REQUIREMENTS: (
        "Persyaratan",
        "Bagaimana kesesuaian persyaratan pelayanan dengan jenis pelayanannya?",
        "How well do the requirements fit the service?",
    ),
    Element.PROCEDURE: (
        "Sistem, mekanisme, dan prosedur",
        "Bagaimana kemudahan prosedur pelayanan?",
        "How easy is the procedure?",
    ),
    Element.TIME: (
        "Waktu penyelesaian",
        "Bagaimana kecepatan waktu pelayanan?",
        "How quick is the service?",
    ),
    Element.COST: (
        "Biaya/tarif",
        "Bagaimana kewajaran biaya atau tarif pelayanan?",
        "How fair is the cost?",
    ),
    Element.PRODUCT: (
        "Produk pelayanan",
        "Bagaimana kesesuaian hasil pelayanan dengan yang dijanjikan?",
        "How well does the result keep what was promised?",
    ),
    Element.COMPETENCE: (
        "Kompetensi pelaksana",
        "Bagaimana kemampuan petugas yang melayani?",
        "How able are the people who serve?",
    ),
    Element.CONDUCT: (
        "Perilaku pelaksana",
        "Bagaimana kesopanan dan keramahan petugas?",
        "How polite and kind are the people who serve?",
    ),
    Element.COMPLAINTS: (
        "Penanganan pengaduan",
        "Bagaimana penanganan pengaduan, saran, dan masukan?",
        "How are complaints and suggestions handled?",
    ),
    Element.FACILITIES: (
        "Sarana dan prasarana",
        "Bagaimana mutu sarana dan prasarana pelayanan?",
        "How good are the place and its equipment?",
    ),
}
PARTNER_TEXTS: Final = (
    ("Bagaimana kejelasan komunikasi kami?", "How clear is our communication?"),
    ("Bagaimana ketepatan kami memenuhi janji?", "How well do we keep what we promise?"),
    ("Bagaimana mutu hasil kerja bersama?", "How good is what we make together?"),
)


def weights(survey: Survey, questions: Sequence[Question]) -> dict[int, Fraction]:
    """Promise: question number -> weight; of all modes but the rounded ones the sum is 1."""
    if survey.weighing is Weighing.OWN:
        return {row.number: Fraction(row.weight or 0) for row in questions}
    equal = Fraction(1, len(questions))
    scale = {Weighing.HUNDREDTHS: 100, Weighing.THOUSANDTHS: 1000}.get(survey.weighing)
    one = equal if scale is None else Fraction(int(equal * scale), scale)
    return {row.number: one for row in questions}


def index(means: Mapping[int, Fraction], by: Mapping[int, Fraction]) -> Decimal | None:
    """Promise: the IKM with two decimals, half up; None while a question has no answer.

    The one rounding is the last step, so that a value never falls between two bands.
    """
    if not by or not by.keys() <= means.keys():
        return None
    return at_scale(FACTOR * sum((means[n] * w for n, w in by.items()), Fraction(0)), INDEX_SCALE)


def least_sample(population: int) -> int:
    """Promise: answers that speak for so many people (Krejcie and Morgan), rounded up."""
    if population < 1:
        return 0
    spread = _CHI_SQUARE / 4
    exact = spread * population / (_ERROR**2 * (population - 1) + spread)
    return min(population, -(-exact.numerator // exact.denominator))


def check_survey(
    survey: Survey, questions: Sequence[Question], opens_on: date, closes_on: date
) -> tuple[Violation, ...]:
    """Promise: every reason not to plan this survey."""
    found: list[Violation] = []
    if closes_on < opens_on or (closes_on - opens_on).days >= WINDOW_MAX:
        found.append(_fault("window", closes_on.isoformat(), "ends before it begins, or too late"))
    if not questions or len(questions) > QUESTIONS_MAX:
        found.append(_fault("questions", str(len(questions)), f"1 to {QUESTIONS_MAX} questions"))
    asked = [row.element for row in questions if row.element is not None]
    if len(asked) != len(set(asked)):
        found.append(_fault("questions", "element", "an element stands twice"))
    if survey.kind is SurveyKind.SERVICE and set(asked) != set(Element):
        found.append(_fault("questions", "element", "all nine elements are asked"))
    if any(not row.text for row in questions):
        found.append(_fault("questions", "text", "a question has no words"))
    if survey.weighing is Weighing.OWN:
        given = [row.weight for row in questions]
        if any(w is None or w <= 0 for w in given) or sum(w for w in given if w) != 1:
            found.append(_fault("weights_sum", "weight", "own weights are above 0 and sum to 1"))
    return tuple(found)


def begin(survey: Survey) -> Survey:
    """Promise: the window is open. TransitionRefused unless it was planned."""
    return _moved(survey, SurveyState.PLANNED, SurveyState.OPEN, "open")


def extend(survey: Survey, until: datetime) -> Survey:
    """Promise: a window that ran out runs on until a later moment."""
    if survey.state is not SurveyState.OPEN or until <= survey.closes_at:
        raise TransitionRefused("survey", survey.state, "extend")
    return replace(survey, closes_at=until)


def close(survey: Survey, at: datetime) -> Survey:
    """Promise: no answer comes in any more. TransitionRefused unless it was open."""
    return replace(_moved(survey, SurveyState.OPEN, SurveyState.CLOSED, "close"), closed_at=at)


def told(survey: Survey) -> Survey:
    """Promise: the results are out. TransitionRefused unless it was closed."""
    return _moved(survey, SurveyState.CLOSED, SurveyState.TOLD, "tell")


def takes_answers(survey: Survey, at: datetime) -> bool:
    """Whether somebody may answer now."""
    return survey.state is SurveyState.OPEN and survey.opens_at <= at <= survey.closes_at


def check_scores(questions: Sequence[Question], scores: Mapping[int, int]) -> tuple[Violation, ...]:
    """Promise: every question without an answer from 1 to 4, by its number."""
    return tuple(
        _fault("score_missing", str(row.number), "choose one of the four answers")
        for row in questions
        if scores.get(row.number) not in SCORES
    )


def secret_hash(secret: str) -> str:
    """Promise: what is kept of a secret of 128 bits or more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _moved(survey: Survey, before: SurveyState, after: SurveyState, act: str) -> Survey:
    if survey.state is not before:
        raise TransitionRefused("survey", survey.state, act)
    return replace(survey, state=after)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
