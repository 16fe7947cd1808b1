"""Rows carry the value of their output; outputs know when they were delivered; I10 heeds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.guards import MEMBERSHIP_IN_PERIOD, WORK_GUARDS, create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_index("output_points", table_name="output")
    op.add_column("output", sa.Column("delivered_at", UtcDateTime(), nullable=True))
    op.add_column(
        "transfer", sa.Column("value_points", sa.Integer(), nullable=False, server_default="0")
    )
    _stamp(dialect)
    for statement in drop(MEMBERSHIP_IN_PERIOD, dialect):
        op.execute(statement)
    for guard in WORK_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in WORK_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for statement in create(MEMBERSHIP_IN_PERIOD, dialect):
        op.execute(statement)
    op.drop_column("transfer", "value_points")
    op.drop_column("output", "delivered_at")
    op.create_index("output_points", "output", ["id", "cycle_id", "value_points"])


def _stamp(dialect: str) -> None:
    """Rows from before take the value that their output has kept since its ledger was opened."""
    for statement in not_append_only("transfer", dialect):
        op.execute(statement)
    op.execute(
        """UPDATE transfer SET value_points =
        (SELECT o.value_points FROM output o WHERE o.id = transfer.output_id)"""
    )
    for statement in append_only("transfer", dialect):
        op.execute(statement)
