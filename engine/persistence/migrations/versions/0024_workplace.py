"""What the pages remember for a person, and long work that people wait for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_TABLES = ("notice", "preference", "saved_filter", "snooze", "visit", "undertaking")
_UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    _notices()
    _habits()
    _undertakings()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _person(table: str, *, nullable: bool = False) -> tuple[sa.Column[str], sa.Constraint]:
    return (
        sa.Column("person_id", _ID, nullable=nullable),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"{table}_person"),
    )


def _words(table: str, column: str, *words: str) -> tuple[sa.Column[str], sa.Constraint]:
    known = ", ".join(f"'{word}'" for word in words)
    return (
        sa.Column(column, sa.String(length=24), nullable=False),
        sa.CheckConstraint(f"{column} IN ({known})", name=op.f(f"ck_{table}_{column}_known")),
    )


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", _ID, nullable=False),
        *_person("notice"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("facts", JsonText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "key", name="notice_key_once"),
        sa.CheckConstraint(
            "path LIKE '/%' AND path NOT LIKE '//%'", name=op.f("ck_notice_path_inside")
        ),
    )
    op.create_index("notice_by_person", "notice", ["person_id", "at", "id"])
    op.create_index(
        *("notice_unread", "notice", ["person_id"]),
        sqlite_where=_UNREAD,
        postgresql_where=_UNREAD,
    )


def _habits() -> None:
    op.create_table(
        "preference",
        *_person("preference"),
        *_words("preference", "digest", "each", "daily", "weekly"),
        sa.Column("quiet_from_min", sa.Integer(), nullable=False),
        sa.Column("quiet_to_min", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preference")),
        sa.CheckConstraint(
            "quiet_from_min BETWEEN 0 AND 1439 AND quiet_to_min BETWEEN 0 AND 1439",
            name=op.f("ck_preference_in_a_day"),
        ),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", _ID, nullable=False),
        *_person("saved_filter"),
        sa.Column("screen", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("person_id", "screen", "name", name="saved_filter_name_once"),
    )
    op.create_table(
        "snooze",
        *_person("snooze"),
        sa.Column("task_key", Key, nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "task_key", name=op.f("pk_snooze")),
    )
    op.create_table(
        "visit",
        *_person("visit"),
        sa.Column("screen", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "screen", name=op.f("pk_visit")),
    )


def _undertakings() -> None:
    op.create_table(
        "undertaking",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        *_person("undertaking", nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        *_words("undertaking", "state", "waiting", "running", "done", "failed"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="undertaking_agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking")),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_undertaking_not_beyond")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_undertaking_ends_once"),
        ),
    )
    op.create_index("undertaking_by_agency", "undertaking", ["agency_id", "id"])
