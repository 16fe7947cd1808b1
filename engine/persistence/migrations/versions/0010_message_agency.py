"""In which agency a message was sent, and whether it may leave it.

Messages kept before could reach every agency: they still do until they expire.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("agency_id", sa.Text(), nullable=True))
    op.add_column(
        "message",
        sa.Column("everywhere", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE message SET everywhere = true")


def downgrade() -> None:
    for column in ("everywhere", "agency_id"):
        op.drop_column("message", column)
