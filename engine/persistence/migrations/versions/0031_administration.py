"""Long work says more of itself, calendars keep who changed them, the log is read by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, UtcDateTime

revision = "0031"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _undertaking(anew=True)
    op.create_table(
        "calendar_change",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="calendar_change_agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
        sa.CheckConstraint(
            "length(letter_no) > 0 AND length(reason) > 0",
            name=op.f("ck_calendar_change_says_why"),
        ),
    )
    op.create_index("calendar_change_by_day", "calendar_change", ["agency_id", "day", "id"])
    for statement in append_only("calendar_change", dialect):
        op.execute(statement)
    op.create_index("ix_audit_at", "audit", ["at", "stream", "seq"])


def downgrade() -> None:
    op.drop_index("ix_audit_at", table_name="audit")
    for statement in not_append_only("calendar_change", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("calendar_change")
    _undertaking(anew=False)


def _undertaking(*, anew: bool) -> None:
    """The table of 0024, empty until now, with facts and for work of no agency."""
    op.drop_table("undertaking")
    op.create_table(
        "undertaking",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=anew),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("person_id", _ID, nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        *([sa.Column("facts", JsonText(), nullable=False)] if anew else []),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="undertaking_agency"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="undertaking_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertaking")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')",
            name=op.f("ck_undertaking_state_known"),
        ),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_undertaking_not_beyond")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_undertaking_ends_once"),
        ),
    )
    op.create_index("undertaking_by_agency", "undertaking", ["agency_id", "id"])
