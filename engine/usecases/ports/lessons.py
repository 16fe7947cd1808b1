"""What the unit of work keeps of lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.domain.lessons import Lesson, LessonOutput, LessonTopic, LessonUse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LessonEntity = Lesson | LessonTopic | LessonOutput | LessonUse


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonScope:
    """Which lessons are asked for."""

    agency_id: str
    #: every one of these words is in it, in small letters
    terms: tuple[str, ...] = ()
    topic: str = ""
    unit_id: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRow:
    """The newest writing of a lesson, as lists show it."""

    lesson: Lesson
    squad: str
    unit: str
    writer: str
    #: how often it was taken up
    uses: int
    #: how often it was corrected
    corrections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """A lesson taken up somewhere, with what reads well."""

    use: LessonUse
    #: newest advice of the lesson
    advice: str
    #: squad that learnt it
    squad: str
    #: unit of the squad that took it up, "" for a plan
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonBeside:
    """Topics and outputs of one writing."""

    topics: Sequence[str]
    #: (id, title)
    outputs: Sequence[tuple[str, str]]


class LessonStore(Protocol):
    """Part of the unit of work."""

    def add(self, rows: Sequence[LessonEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def page(
        self, scope: LessonScope, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> Sequence[LessonRow]:
        """The newest writings, newest first, keyset paged by (at, id)."""
        ...

    def newest(self, root_id: str) -> LessonRow | None:
        """The newest writing of one lesson."""
        ...

    def of_squad(self, squad_id: str) -> LessonRow | None:
        """The newest writing of a squad's lesson."""
        ...

    def writings(self, root_id: str) -> Sequence[Lesson]:
        """Every writing of a lesson, the first one first."""
        ...

    def beside(self, lesson_ids: Sequence[str]) -> dict[str, LessonBeside]:
        """Topics and outputs of writings, in two statements."""
        ...

    def topics(self, agency_id: str) -> Sequence[str]:
        """Topics of the newest writings of an agency, by name."""
        ...

    def years(self, agency_id: str) -> Sequence[int]:
        """Years with lessons, newest first."""
        ...

    def uses(self, *, root_id: str = "", squad_id: str = "", plan_id: str = "") -> Sequence[UseRow]:
        """Where a lesson was taken up, or what a squad or a plan took up, oldest first."""
        ...
