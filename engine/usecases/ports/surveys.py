"""Surveys of services, answers without names, complaints: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.domain.complaints import Complaint, ComplaintState
    from engine.domain.surveys import (
        Answer,
        Question,
        SinglePass,
        Standing,
        Survey,
        Tally,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many answers a survey has."""

    #: all that came
    taken: int = 0
    #: set aside by a person
    aside: int = 0
    #: looked odd when they came, and count
    odd: int = 0

    @property
    def counted(self) -> int:
        """Those in the index."""
        return self.taken - self.aside


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """An answer with what a person last said about it, None before anybody did."""

    answer: Answer
    standing: Standing | None
    reason: str
    #: question number -> score
    scores: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What may be surveyed: a unit, and a planned result (RHK) of who heads it."""

    unit_id: str
    unit: str
    item_id: str
    title: str


class SurveyStore(Protocol):
    """Surveys and complaints; part of the unit of work."""

    def add(self, rows: Sequence[Any]) -> None:
        """Insert rows; `Conflict` names a broken constraint."""
        ...

    def put(self, row: Any) -> None:
        """Write all fields of a row with an id; `Conflict` names a broken constraint."""
        ...

    def survey(self, survey_id: str) -> Survey | None:
        """A survey by id."""
        ...

    def complaint(self, complaint_id: str) -> Complaint | None:
        """A complaint by id."""
        ...

    def by_selector(self, selector: str) -> Survey | None:
        """The survey that a public link names."""
        ...

    def pass_by_selector(self, selector: str) -> SinglePass | None:
        """The single link of a selector."""
        ...

    def complaint_by_selector(self, selector: str) -> Complaint | None:
        """The complaint that a code names."""
        ...

    def spend(self, pass_id: str) -> bool:
        """Use a single link; False when it was used before, whoever came first."""
        ...

    def passes(self, survey_ids: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Single links by survey: made, and used."""
        ...

    def questions(self, survey_ids: Collection[str]) -> Mapping[str, Sequence[Question]]:
        """Questions by survey, in order."""
        ...

    def of_units(self, unit_ids: Collection[str], *, limit: int) -> Sequence[Survey]:
        """Surveys of units, newest window first."""
        ...

    def of_items(self, item_ids: Collection[str]) -> Sequence[Survey]:
        """Closed surveys of planned results, newest window first."""
        ...

    def counts(self, survey_ids: Collection[str]) -> Mapping[str, Counts]:
        """Answers by survey; a survey without any is missing."""
        ...

    def tallies(
        self, survey_ids: Collection[str], *, sound: bool = False
    ) -> Mapping[str, Sequence[Tally]]:
        """Sums by question of what counts; `sound` leaves odd ones out that nobody looked at."""
        ...

    def answers(
        self, survey_id: str, *, after: str = "", odd: bool = False, limit: int
    ) -> Sequence[AnswerRow]:
        """Answers in no order of time; `odd` for those with a flag or set aside."""
        ...

    def answer(self, answer_id: str) -> Answer | None:
        """An answer by id."""
        ...

    def salt(self, survey_id: str, day: date, fresh: str) -> str:
        """The salt of a day; `fresh` becomes it when the day has none."""
        ...

    def hit(self, survey_id: str, day: date, mark: str) -> int:
        """Count a mark; how often it came that day."""
        ...

    def forget_marks(self, *, before: date | None = None, survey_id: str | None = None) -> None:
        """Delete salts and marks of earlier days, or all of a survey."""
        ...

    def complaints(self, unit_id: str, *, limit: int) -> Sequence[Complaint]:
        """Complaints about a unit, newest first."""
        ...

    def complaint_counts(
        self, item_ids: Collection[str]
    ) -> Mapping[str, Mapping[ComplaintState, int]]:
        """How many complaints about planned results stand in each state; by result."""
        ...

    def complaints_about(self, item_ids: Collection[str], *, limit: int) -> Sequence[Complaint]:
        """Complaints about planned results, newest first."""
        ...

    def subjects(self, agency_id: str, cycle_id: str, on: date) -> Sequence[Subject]:
        """Fixed results of heads in a cycle, by unit and number."""
        ...
