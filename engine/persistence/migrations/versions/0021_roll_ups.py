"""Roll-ups read an output's points and cycle from one index instead of its whole row."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("output_points", "output", ["id", "cycle_id", "value_points"])


def downgrade() -> None:
    op.drop_index("output_points", table_name="output")
