"""A person says of which open calls he wants to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_KNOWN = "calls IN ('none', 'near', 'all')"


def upgrade() -> None:
    with op.batch_alter_table("preference") as table:
        table.add_column(
            sa.Column("calls", sa.String(length=24), nullable=False, server_default="near")
        )
        table.create_check_constraint(op.f("ck_preference_calls_known"), _KNOWN)


def downgrade() -> None:
    with op.batch_alter_table("preference") as table:
        table.drop_constraint(op.f("ck_preference_calls_known"), type_="check")
        table.drop_column("calls")
