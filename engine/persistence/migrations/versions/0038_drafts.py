"""Drawings that are not published yet are kept on the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import Key, UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process_draft",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_key", Key, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_draft")),
        sa.CheckConstraint(
            "length(process_id) > 0 AND revision > 0", name=op.f("ck_process_draft_named")
        ),
    )
    op.create_index("process_draft_by_process", "process_draft", ["process_id", "saved_at"])
    op.create_index(
        "process_draft_current",
        "process_draft",
        ["process_id"],
        unique=True,
        sqlite_where=sa.text("NOT aside"),
        postgresql_where=sa.text("NOT aside"),
    )


def downgrade() -> None:
    op.drop_table("process_draft")
