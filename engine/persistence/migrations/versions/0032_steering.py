"""Acts over many instances; versions that nobody starts, or some units only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_SUSPENDED = sa.text("business_key IS NOT NULL AND status = 'suspended'")


def upgrade() -> None:
    op.add_column("process_definition", sa.Column("suspended_at", UtcDateTime(), nullable=True))
    op.add_column("process_definition", sa.Column("pilot_units", JsonText(), nullable=True))
    op.create_index(
        "ix_process_instance_suspended_key",
        "process_instance",
        ["process_id", "business_key"],
        sqlite_where=_SUSPENDED,
        postgresql_where=_SUSPENDED,
    )
    _operation()
    _item()


def _operation() -> None:
    kinds = (
        "'migrate', 'migration_check', 'migration_undo', 'suspend', 'resume', 'cancel', "
        "'retry', 'modify'"
    )
    states = "'created', 'active', 'suspended', 'completed', 'cancelled', 'failed'"
    op.create_table(
        "batch_operation",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("groups", JsonText(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("args", JsonText(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("undertaking_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_batch_operation")),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_batch_operation_kind_known")),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_batch_operation_state_known")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_batch_operation_says_why")),
        sa.CheckConstraint(
            "done >= 0 AND failed >= 0 AND done + failed <= total",
            name=op.f("ck_batch_operation_not_beyond"),
        ),
    )
    op.create_index("ix_batch_operation_agency", "batch_operation", ["agency_id", "key"])


def _item() -> None:
    op.create_table(
        "batch_item",
        sa.Column("batch_key", Key, autoincrement=False, nullable=False),
        sa.Column("instance_key", Key, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["batch_key"], ["batch_operation.key"], name="batch_item_batch"),
        sa.PrimaryKeyConstraint("batch_key", "instance_key", name=op.f("pk_batch_item")),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed', 'undone', 'skipped')",
            name=op.f("ck_batch_item_state_known"),
        ),
    )
    op.create_index("ix_batch_item_state", "batch_item", ["batch_key", "state", "instance_key"])
    op.create_index("ix_batch_item_instance", "batch_item", ["instance_key", "batch_key"])


def downgrade() -> None:
    op.drop_table("batch_item")
    op.drop_table("batch_operation")
    op.drop_index("ix_process_instance_suspended_key", table_name="process_instance")
    op.drop_column("process_definition", "pilot_units")
    op.drop_column("process_definition", "suspended_at")
