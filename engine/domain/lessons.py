"""Lessons of a squad (pelajaran): what worked, what did not, advice, for whom; rows only added."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

#: topics of one lesson, and signs of one topic
TOPICS_MAX: Final = 10
TOPIC_SIGNS: Final = 40
#: signs that say something
_SAID_MIN: Final = 3


class Audience(StrEnum):
    """For whom a lesson is."""

    #: whoever leads a squad (ketua tim)
    LEADS = "leads"
    #: whoever works in one (anggota)
    MEMBERS = "members"
    #: whoever forms one (pemberi tugas)
    SPONSORS = "sponsors"
    #: heads of units
    HEADS = "heads"
    #: everybody of the agency
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One writing of a squad's lesson; a correction is another row that follows it."""

    #: UUIDv7 text
    id: str
    #: the first writing; its own id for the first
    root_id: str
    #: agency that hosted the squad
    agency_id: str
    #: unit that hosted the squad
    unit_id: str
    #: the squad
    squad_id: str
    #: year in which the squad ended
    year: int
    #: what worked
    worked: str
    #: what did not
    failed: str
    #: what the next squad should do
    advice: str
    #: for whom it is
    audience: Audience
    #: everything a search looks through, in small letters
    words: str
    #: who wrote it
    written_by: str
    #: when
    at: datetime
    #: the writing that this one corrects
    corrects_id: str | None = None
    #: why
    correction_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTopic:
    """A topic of one writing."""

    #: the writing
    lesson_id: str
    #: in small letters
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonOutput:
    """An output that one writing speaks of."""

    #: the writing
    lesson_id: str
    #: the squad's output
    output_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonUse:
    """A lesson taken up in a plan's result or in another squad."""

    #: UUIDv7 text
    id: str
    #: first writing of the lesson
    root_id: str
    #: who took it up
    used_by: str
    #: when
    at: datetime
    #: his plan, for a result
    plan_id: str | None = None
    #: the result; a draft may lose it again
    item_id: str | None = None
    #: or the squad
    squad_id: str | None = None
    #: result or squad as it was called then
    title: str
    #: what is done with it
    note: str


def topics_of(text: str) -> tuple[str, ...]:
    """Promise: the topics of a line, parted by commas, in small letters, each once, in order."""
    parts = (" ".join(part.split()).lower() for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def check_lesson(lesson: Lesson, topics: Sequence[str]) -> tuple[Violation, ...]:
    """Promise: every part that says nothing, and topics that are missing, many or long."""
    found = [
        _fault(f"{name}_missing", name, "say it in words")
        for name in ("worked", "failed", "advice")
        if len(getattr(lesson, name).strip()) < _SAID_MIN
    ]
    if not topics:
        found.append(_fault("topic_missing", "topics", "name at least one topic"))
    if len(topics) > TOPICS_MAX:
        found.append(_fault("topics_many", "topics", f"at most {TOPICS_MAX}"))
    if any(len(topic) > TOPIC_SIGNS for topic in topics):
        found.append(_fault("topic_long", "topics", f"at most {TOPIC_SIGNS} signs each"))
    if lesson.corrects_id is not None and not lesson.correction_reason.strip():
        found.append(_fault("reason_missing", "reason", "say why it is corrected"))
    return tuple(found)


def searched(lesson: Lesson, topics: Iterable[str], squad_name: str) -> str:
    """Promise: the words of a lesson as a search compares them."""
    parts = (squad_name, lesson.worked, lesson.failed, lesson.advice, *topics)
    return " ".join(" ".join(parts).lower().split())


def terms(text: str) -> tuple[str, ...]:
    """Promise: the words asked for, in small letters, each once; at most ten."""
    return tuple(dict.fromkeys(text.lower().split()))[:10]


def check_use(use: LessonUse, lesson: Lesson) -> tuple[Violation, ...]:
    """Promise: a lesson goes into one result or one other squad, never back into its own."""
    found: list[Violation] = []
    if (use.item_id is None) == (use.squad_id is None):
        found.append(_fault("one_place", "place", "a result or a squad"))
    if use.squad_id == lesson.squad_id:
        found.append(_fault("own_squad", "place", "the squad wrote it itself"))
    return tuple(found)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
