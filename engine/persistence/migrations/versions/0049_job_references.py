"""The reference of the request that caused a job; the beats of running processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import Key, UtcDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("background_job", sa.Column("reference", sa.Text(), nullable=True))
    op.create_table(
        "process_beat",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("role", "host")),
        sa.Column("process", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_beat")),
    )


def downgrade() -> None:
    op.drop_table("process_beat")
    op.drop_column("background_job", "reference")
