"""Rows of the work list know whom and what they concern; letters wait for their hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_COLUMNS = ("about_id", "squad_id", "output_id")
_OPEN = sa.text("state = 'created' AND output_id IS NOT NULL")
_WAITING = sa.text("sent_at IS NULL AND recipient_id IS NOT NULL")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("user_task", sa.Column(name, sa.Text(), nullable=True))
    op.create_index(
        *("ix_user_task_output", "user_task", ["output_id", "about_id"]),
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.add_column("outbox", sa.Column("recipient_id", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("due_at", UtcDateTime(), nullable=True))
    op.create_index(
        *("ix_outbox_recipient", "outbox", ["recipient_id", "id"]),
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_recipient", table_name="outbox")
    op.drop_column("outbox", "due_at")
    op.drop_column("outbox", "recipient_id")
    op.drop_index("ix_user_task_output", table_name="user_task")
    for name in reversed(_COLUMNS):
        op.drop_column("user_task", name)
