"""Tasks of posts with their yearly volume and hours each, for the workload analysis."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import ScaledDecimal

revision = "0059"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_task",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("post_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("volume", ScaledDecimal(2), nullable=False),
        sa.Column("hours", ScaledDecimal(4), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_task")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="job_task_post"),
        sa.UniqueConstraint("post_id", "name", name="job_task_once"),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_job_task_task_named")),
        sa.CheckConstraint("volume > 0", name=op.f("ck_job_task_task_volume_positive")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_job_task_task_hours_positive")),
    )


def downgrade() -> None:
    op.drop_table("job_task")
