"""Signed checkpoints over all audit streams.

Three empty tables: nothing that exists is rewritten or locked. Entries of before get their leaf
from the sequencer, batch by batch.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.checkpoints import APPEND_ONLY
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import Key, UtcDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, append-only."""
    op.create_table(
        "audit_leaf",
        sa.Column("log_index", Key, autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log_index", name=op.f("pk_audit_leaf")),
        sa.UniqueConstraint("stream", "seq", name="audit_leaf_entry_once"),
        *_checks("audit_leaf", from_zero="log_index >= 0", hashed="length(hash) = 32"),
    )
    op.create_table(
        "audit_block",
        sa.Column("number", Key, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_block")),
        *_checks("audit_block", hashed="length(root) = 32"),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", Key, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("nodes", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reached_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
        *_checks(
            "audit_checkpoint",
            not_empty="size > 0",
            hashed="length(root) = 32",
            signed="length(note) > 0",
        ),
    )
    for table in APPEND_ONLY:
        for statement in append_only(table, op.get_bind().dialect.name):
            op.execute(statement)


def _checks(table: str, **checks: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in checks.items()
    ]


def downgrade() -> None:
    """Forget the log: it can be made anew, but checkpoints given away no longer fit it."""
    for table in reversed(APPEND_ONLY):
        for statement in not_append_only(table, op.get_bind().dialect.name):
            op.execute(statement)
        op.drop_table(table)
