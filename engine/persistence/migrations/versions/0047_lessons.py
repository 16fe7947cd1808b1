"""Lessons of squads, their topics and outputs, and where they were taken up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.guards import create, drop
from engine.persistence.tables.lessons import APPEND_ONLY, LESSON_GUARDS
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_FIRST = sa.text("corrects_id IS NULL")


def upgrade() -> None:
    _lesson()
    _beside()
    _use()
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in LESSON_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def _lesson() -> None:
    checks = {
        "audience_known": "audience IN ('leads', 'members', 'sponsors', 'heads', 'everybody')",
        "said": "length(worked) > 0 AND length(failed) > 0 AND length(advice) > 0",
        "rooted": "(corrects_id IS NULL) = (root_id = id)",
        "corrected_with_reason": "(corrects_id IS NULL) = (length(correction_reason) = 0)",
    }
    op.create_table(
        "lesson",
        _id("id"),
        *(_id(name) for name in ("root_id", "agency_id", "unit_id", "squad_id")),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("worked", "failed", "advice")),
        sa.Column("audience", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _id("written_by"),
        sa.Column("at", UtcDateTime(), nullable=False),
        _id("corrects_id", nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["lesson.id"], name="lesson_root"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="lesson_agency"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="lesson_unit"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="lesson_squad"),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name="lesson_writer"),
        sa.ForeignKeyConstraint(["corrects_id"], ["lesson.id"], name="lesson_corrects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("corrects_id", name="lesson_corrected_once"),
        *_checks("lesson", checks),
    )
    op.create_index(
        "lesson_of_squad_once",
        "lesson",
        ["squad_id"],
        unique=True,
        sqlite_where=_FIRST,
        postgresql_where=_FIRST,
    )
    op.create_index("lesson_by_agency", "lesson", ["agency_id", "at", "id"])
    op.create_index("lesson_by_root", "lesson", ["root_id", "at"])


def _beside() -> None:
    small = {"small_letters": "length(topic) > 0 AND topic = lower(topic)"}
    op.create_table(
        "lesson_topic",
        _id("lesson_id"),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name="lesson_topic_lesson"),
        sa.PrimaryKeyConstraint("lesson_id", "topic", name=op.f("pk_lesson_topic")),
        *_checks("lesson_topic", small),
    )
    op.create_index("lesson_topic_by_topic", "lesson_topic", ["topic", "lesson_id"])
    op.create_table(
        "lesson_output",
        _id("lesson_id"),
        _id("output_id"),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name="lesson_output_lesson"),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="lesson_output_output"),
        sa.PrimaryKeyConstraint("lesson_id", "output_id", name=op.f("pk_lesson_output")),
    )
    op.create_index("lesson_output_by_output", "lesson_output", ["output_id"])


def _use() -> None:
    checks = {
        "one_place": "(item_id IS NULL) <> (squad_id IS NULL)"
        " AND (item_id IS NULL) = (plan_id IS NULL)",
    }
    op.create_table(
        "lesson_use",
        *(_id(name) for name in ("id", "root_id", "used_by")),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(_id(name, nullable=True) for name in ("plan_id", "item_id", "squad_id")),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["root_id"], ["lesson.id"], name="lesson_use_lesson"),
        sa.ForeignKeyConstraint(["used_by"], ["person.id"], name="lesson_use_person"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="lesson_use_plan"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="lesson_use_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_use")),
        sa.UniqueConstraint("root_id", "item_id", name="lesson_use_once_in_result"),
        sa.UniqueConstraint("root_id", "squad_id", name="lesson_use_once_in_squad"),
        *_checks("lesson_use", checks),
    )
    op.create_index("lesson_use_by_plan", "lesson_use", ["plan_id"])
    op.create_index("lesson_use_by_squad", "lesson_use", ["squad_id"])


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in checks.items()
    ]


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in LESSON_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in reversed(APPEND_ONLY):
        for statement in not_append_only(table, dialect):
            op.execute(statement)
        op.drop_table(table)
