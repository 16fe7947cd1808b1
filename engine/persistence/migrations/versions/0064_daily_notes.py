"""Notes of a day beside one's own results; append-only, each home's and its squads' alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables import row_rules
from engine.persistence.tables.daily_notes import APPEND_ONLY, NOTE_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0064"
down_revision = "0062"
branch_labels = None
depends_on = None

_CHECKS = {
    "act_known": "act IN ('written', 'corrected', 'withdrawn')",
    "said": "length(trim(text)) > 0 AND length(text) <= 1000",
    "not_ahead": "on_day <= written_on",
    "hours": "(from_minute IS NULL) = (until_minute IS NULL) AND (from_minute IS NULL"
    " OR (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440))",
    "rooted": "(act = 'written') = (replaces_id IS NULL) AND (act = 'written') = (root_id = id)",
}


def upgrade() -> None:
    op.create_table(
        "daily_note",
        *(_id(name) for name in ("id", "root_id", "person_id", "item_id")),
        sa.Column("on_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("from_minute", "until_minute")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text", "link")),
        sa.Column("act", sa.String(length=24), nullable=False),
        _id("replaces_id", nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_note")),
        sa.ForeignKeyConstraint(["root_id"], ["daily_note.id"], name="daily_note_root"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="daily_note_person"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="daily_note_item"),
        sa.ForeignKeyConstraint(["replaces_id"], ["daily_note.id"], name="daily_note_replaces"),
        sa.UniqueConstraint("replaces_id", name="daily_note_replaced_once"),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_daily_note_{name}"))
            for name, condition in _CHECKS.items()
        ),
    )
    op.create_index("daily_note_by_person", "daily_note", ["person_id", "on_day", "id"])
    op.create_index("daily_note_by_item", "daily_note", ["item_id"])
    dialect = op.get_bind().dialect.name
    for statement in _guarded(dialect):
        op.execute(statement)


def _guarded(dialect: str) -> list[str]:
    found = [line for table in APPEND_ONLY for line in append_only(table, dialect)]
    found += [line for guard in NOTE_GUARDS for line in create(guard, dialect)]
    if dialect == "postgresql":
        found += [line for table in row_rules.NOTES for line in row_rules.create(table)]
    return found


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in NOTE_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
        op.drop_table(table)
