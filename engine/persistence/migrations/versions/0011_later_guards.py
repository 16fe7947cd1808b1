"""Guards for consented membership, budgets, and whose an output is."""

from __future__ import annotations

from alembic import op

from engine.persistence.tables.guards import LATER_GUARDS, MEMBERSHIP_IN_PERIOD, create, drop

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for guard in (*LATER_GUARDS, MEMBERSHIP_IN_PERIOD):
        for statement in create(guard, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for guard in (*LATER_GUARDS, MEMBERSHIP_IN_PERIOD):
        for statement in drop(guard, op.get_bind().dialect.name):
            op.execute(statement)
