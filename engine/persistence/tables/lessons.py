"""Lessons of squads, their topics and outputs, and where they were taken up; append-only."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.lessons import TOPIC_SIGNS, Audience
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _of(table: str, column: str, name: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(column, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


def _key(table: str, column: str, name: str) -> sa.Column[str]:
    return id_column(column, sa.ForeignKey(f"{table}.id", name=name), primary_key=True)


#: a correction is a newer row that follows exactly one
lesson = sa.Table(
    "lesson",
    metadata,
    id_column(primary_key=True),
    _of("lesson", "root_id", "lesson_root"),
    _of("agency", "agency_id", "lesson_agency"),
    _of("unit", "unit_id", "lesson_unit"),
    _of("squad", "squad_id", "lesson_squad"),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("worked", sa.Text, nullable=False),
    sa.Column("failed", sa.Text, nullable=False),
    sa.Column("advice", sa.Text, nullable=False),
    word("audience", Audience),
    sa.Column("words", sa.Text, nullable=False),
    _of("person", "written_by", "lesson_writer"),
    sa.Column("at", UtcDateTime, nullable=False),
    _of("lesson", "corrects_id", "lesson_corrects", nullable=True),
    sa.Column("correction_reason", sa.Text, nullable=False),
    sa.UniqueConstraint("corrects_id", name="lesson_corrected_once"),
    sa.CheckConstraint(
        "length(worked) > 0 AND length(failed) > 0 AND length(advice) > 0", name="said"
    ),
    sa.CheckConstraint("(corrects_id IS NULL) = (root_id = id)", name="rooted"),
    sa.CheckConstraint(
        "(corrects_id IS NULL) = (length(correction_reason) = 0)", name="corrected_with_reason"
    ),
    sa.Index(
        "lesson_of_squad_once",
        "squad_id",
        unique=True,
        sqlite_where=sa.text("corrects_id IS NULL"),
        postgresql_where=sa.text("corrects_id IS NULL"),
    ),
    sa.Index("lesson_by_agency", "agency_id", "at", "id"),
    sa.Index("lesson_by_root", "root_id", "at"),
)

lesson_topic = sa.Table(
    "lesson_topic",
    metadata,
    _key("lesson", "lesson_id", "lesson_topic_lesson"),
    sa.Column("topic", sa.String(TOPIC_SIGNS), primary_key=True),
    sa.CheckConstraint("length(topic) > 0 AND topic = lower(topic)", name="small_letters"),
    sa.Index("lesson_topic_by_topic", "topic", "lesson_id"),
)

lesson_output = sa.Table(
    "lesson_output",
    metadata,
    _key("lesson", "lesson_id", "lesson_output_lesson"),
    _key("output", "output_id", "lesson_output_output"),
    sa.Index("lesson_output_by_output", "output_id"),
)

#: the result has no key of its own here: a draft may lose it again
lesson_use = sa.Table(
    "lesson_use",
    metadata,
    id_column(primary_key=True),
    _of("lesson", "root_id", "lesson_use_lesson"),
    _of("person", "used_by", "lesson_use_person"),
    sa.Column("at", UtcDateTime, nullable=False),
    _of("plan", "plan_id", "lesson_use_plan", nullable=True),
    id_column("item_id", nullable=True),
    _of("squad", "squad_id", "lesson_use_squad", nullable=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.UniqueConstraint("root_id", "item_id", name="lesson_use_once_in_result"),
    sa.UniqueConstraint("root_id", "squad_id", name="lesson_use_once_in_squad"),
    sa.CheckConstraint(
        "(item_id IS NULL) <> (squad_id IS NULL) AND (item_id IS NULL) = (plan_id IS NULL)",
        name="one_place",
    ),
    sa.Index("lesson_use_by_plan", "plan_id"),
    sa.Index("lesson_use_by_squad", "squad_id"),
)

#: in the order in which they are made
APPEND_ONLY: Final = ("lesson", "lesson_topic", "lesson_output", "lesson_use")

#: guards that came with this room's revision
LESSON_GUARDS: Final = (
    # a lesson is its squad's: of the same agency and unit
    Guard(
        "lesson_of_its_squad",
        "lesson",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM squad s WHERE s.id = NEW.squad_id
        AND s.host_agency_id = NEW.agency_id AND s.host_unit_id = NEW.unit_id)""",
    ),
    # a correction follows a writing of the same lesson
    Guard(
        "lesson_corrects_own",
        "lesson",
        "INSERT",
        """NEW.corrects_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lesson o
        WHERE o.id = NEW.corrects_id AND o.root_id = NEW.root_id AND o.squad_id = NEW.squad_id)""",
    ),
    # it speaks of outputs of its own squad
    Guard(
        "lesson_output_own",
        "lesson_output",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM lesson l JOIN output o ON o.squad_id = l.squad_id
        WHERE l.id = NEW.lesson_id AND o.id = NEW.output_id)""",
    ),
    # what is taken up is a lesson as a whole, in a plan of one's own or another squad
    Guard(
        "lesson_use_of_root",
        "lesson_use",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM lesson l WHERE l.id = NEW.root_id AND l.corrects_id IS NULL
        AND (NEW.squad_id IS NULL OR NEW.squad_id <> l.squad_id))""",
    ),
    Guard(
        "lesson_use_own_plan",
        "lesson_use",
        "INSERT",
        """NEW.plan_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plan p
        WHERE p.id = NEW.plan_id AND p.person_id = NEW.used_by)""",
    ),
)
