"""How often a message of the outbox was tried, when it may be tried again, and how it ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column(
        "outbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("outbox", sa.Column("free_at", UtcDateTime(), nullable=True))
    op.add_column("outbox", sa.Column("error", sa.Text(), nullable=True))
    op.execute("UPDATE outbox SET outcome = 'sent' WHERE sent_at IS NOT NULL")


def downgrade() -> None:
    for column in ("error", "free_at", "attempts", "outcome"):
        op.drop_column("outbox", column)
