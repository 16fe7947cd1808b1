"""How the scenarios of a process went when they were played last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import JsonText, UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trial_result",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("against", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("passed", "failed", "flows", "flows_walked", "rules", "rules_walked")
        ),
        sa.Column("stories", JsonText(), nullable=False),
        sa.CheckConstraint(
            "against IN ('table', 'published')",
            name=op.f("ck_trial_result_against_known"),
        ),
        sa.CheckConstraint(
            "passed >= 0 AND failed >= 0 AND flows_walked BETWEEN 0 AND flows"
            " AND rules_walked BETWEEN 0 AND rules",
            name=op.f("ck_trial_result_counted"),
        ),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_trial_result")),
    )


def downgrade() -> None:
    op.drop_table("trial_result")
