"""Recommendations, 360, calibration, ratings per period, signatures: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.calibration import (
    Calibration,
    CalibrationState,
    CalibrationUnit,
    Move,
    Participant,
)
from engine.domain.judging import (
    BehaviourMark,
    Deviation,
    PeriodOrgRating,
    PeriodRating,
    Recommendation,
    RoleJudgement,
    SelfEvaluation,
)
from engine.domain.signing import Signature
from engine.domain.voices import Invitation, VoiceRound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.impartial import Act
    from engine.domain.ratings import Predikat, Rating
    from engine.domain.spread import Sums
    from engine.domain.voices import Source, VoiceAnswer, VoiceCount

#: what this store keeps
JudgingEntity = (
    Recommendation
    | SelfEvaluation
    | RoleJudgement
    | BehaviourMark
    | Deviation
    | PeriodRating
    | PeriodOrgRating
    | VoiceRound
    | Invitation
    | Calibration
    | CalibrationUnit
    | Participant
    | Move
    | Signature
)
#: those of them that change state
JudgingKept = TypeVar("JudgingKept", SelfEvaluation, VoiceRound, Invitation, Calibration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """People of a unit whose predikat was one and is now another (or the same)."""

    unit_id: str
    before: Predikat
    after: Predikat
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterSums:
    """Levels of results that one rater gave in a cycle, beside those of all raters."""

    rater_id: str
    own: Sums
    everybody: Sums
    #: departures with a reason, by any kind, that count for him
    deviations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A calibration session of a cycle with its figures."""

    id: str
    unit_id: str
    leader_id: str
    state: CalibrationState
    opened_at: datetime
    closed_at: datetime | None
    people: int
    rated: int
    moved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRating:
    """The newest rating of somebody whose definitive post is in a unit."""

    unit_id: str
    person_name: str
    rating: Rating


class JudgingStore(Protocol):
    """What stands beside ratings; part of the unit of work.

    Answers of 360 have no reading of single rows: they go in as counters and come out by
    `voices` and `voice_words`, whose queries hold the least numbers.
    """

    def add(self, rows: Sequence[JudgingEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: JudgingKept) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[JudgingKept], row_id: str) -> JudgingKept | None:
        """A row by id."""
        ...

    def recommendations(
        self, person_id: str, cycle_id: str, occasion: str = "year"
    ) -> Sequence[Recommendation]:
        """What leads said about a person's roles, silences included, by membership."""
        ...

    def self_evaluations(self, person_id: str, cycle_id: str) -> Sequence[SelfEvaluation]:
        """The employee's own words by role."""
        ...

    def role_judgements(self, rating_id: str) -> Sequence[RoleJudgement]:
        """The rater's levels by role."""
        ...

    def marks(self, rating_id: str) -> Sequence[BehaviourMark]:
        """The rater's levels by statement."""
        ...

    def deviations(self, cycle_id: str) -> Sequence[Deviation]:
        """Departures of a cycle by rater, oldest first."""
        ...

    def deviations_about(self, person_id: str, cycle_id: str) -> Sequence[Deviation]:
        """Departures in every version of a person's rating, oldest first."""
        ...

    def signatures(self, rating_id: str) -> Sequence[Signature]:
        """Signatures under one version, oldest first."""
        ...

    def versions(self, person_id: str, cycle_id: str) -> Sequence[Rating]:
        """Every version of a person's rating, oldest first."""
        ...

    def acts_on(self, person_id: str, cycle_id: str) -> Sequence[Act]:
        """Everybody who rated, recommended, moved or signed about a person; one statement."""
        ...

    def period_ratings(self, person_id: str, cycle_id: str) -> Sequence[PeriodRating]:
        """Ratings of a person by period, oldest first."""
        ...

    def period_org_rating(self, unit_id: str, period_id: str) -> PeriodOrgRating | None:
        """Level of a unit in a period."""
        ...

    def round_of(self, person_id: str, cycle_id: str) -> VoiceRound | None:
        """The round of answers about a person."""
        ...

    def circles(self, person_id: str, cycle_id: str, on: date) -> Mapping[Source, Sequence[str]]:
        """Who works around a person: below him, beside him, and for another agency."""
        ...

    def invitation(self, round_id: str, giver_id: str) -> Invitation | None:
        """Whether somebody was asked."""
        ...

    def count_answer(self, invitation: Invitation, answer: VoiceAnswer, words_id: str) -> None:
        """Add an answer to the counters; nothing of it stays on its own but words of choice."""
        ...

    def voices(self, round_id: str) -> Sequence[VoiceCount]:
        """Aggregates of a closed round, those from enough answers only."""
        ...

    def voice_words(self, round_id: str) -> Sequence[tuple[Source, str]]:
        """Words of a closed round, of sources with enough answers only, in no order of time."""
        ...

    def calibration_of(self, unit_id: str, cycle_id: str) -> Calibration | None:
        """The session a unit is in."""
        ...

    def sessions(
        self, cycle_id: str, on: date, *, person_id: str | None, after: str = "", limit: int
    ) -> Sequence[SessionLine]:
        """Sessions of a cycle (in which a person takes part) with their people of a day.

        Keyset paged by the code of the unit.
        """
        ...

    def calibration_units(self, calibration_id: str) -> Sequence[str]:
        """Units of a session."""
        ...

    def participants(self, calibration_id: str) -> Sequence[Participant]:
        """Who takes part."""
        ...

    def moves(self, calibration_id: str) -> Sequence[Move]:
        """Moves of a session, oldest first."""
        ...

    def moves_of(self, person_id: str, cycle_id: str) -> Sequence[Move]:
        """Moves of one person's rating, oldest first."""
        ...

    def headcount(self, agency_id: str, on: date) -> Mapping[str, int]:
        """Unit -> people whose definitive post is in it."""
        ...

    def ratings_of(self, unit_ids: Sequence[str], cycle_id: str, on: date) -> Sequence[UnitRating]:
        """The newest ratings of everybody in the units, by name."""
        ...

    def unrated(self, unit_ids: Sequence[str], cycle_id: str, on: date) -> int:
        """How many of the units have no predikat yet; one statement."""
        ...

    def shifts(self, cycle_id: str, on: date) -> Sequence[Shift]:
        """Predikats before and after calibration by home unit; one statement."""
        ...

    def rater_sums(self, cycle_id: str) -> Sequence[RaterSums]:
        """Levels per rater and of all raters together; one statement."""
        ...
