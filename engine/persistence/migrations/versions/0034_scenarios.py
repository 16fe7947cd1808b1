"""Scenario files travel with the drawings they test."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import Key, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario_file",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("deployment_key", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("deployed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_scenario_file")),
        sa.CheckConstraint(
            "length(process_id) > 0 AND length(resource_name) > 0",
            name=op.f("ck_scenario_file_named"),
        ),
    )
    op.create_index("scenario_file_by_name", "scenario_file", ["resource_name", "key"])
    for statement in append_only("scenario_file", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in not_append_only("scenario_file", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("scenario_file")
