"""Accounts of programs with the job types they may do; history is found by its token."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_account",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login"], ["account.login"], name=op.f("fk_service_account_login_account")
        ),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_service_account")),
    )
    op.create_table(
        "service_job_type",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("job_type", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login"],
            ["service_account.login"],
            name=op.f("fk_service_job_type_login_service_account"),
        ),
        sa.PrimaryKeyConstraint("login", "job_type", name=op.f("pk_service_job_type")),
    )
    op.create_index("ix_history_token", "history", ["instance_key", "token", "key"])


def downgrade() -> None:
    op.drop_index("ix_history_token", table_name="history")
    op.drop_table("service_job_type")
    op.drop_table("service_account")
