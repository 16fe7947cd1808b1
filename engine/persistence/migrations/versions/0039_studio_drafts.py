"""Decisions, forms and scenarios have drafts like drawings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import Key, UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_KIND = sa.Enum(
    *("process", "decision", "form", "scenarios"),
    name="kind_known",
    native_enum=False,
    create_constraint=True,
    length=24,
)
_KEPT = "id, revision, base_key, content, saved_by, saved_at, aside"


def upgrade() -> None:
    _table("studio_draft", "subject_id", "subject", sa.Column("kind", _KIND, nullable=False))
    op.execute(
        f"INSERT INTO studio_draft (kind, subject_id, {_KEPT}) "  # noqa: S608 - own words
        f"SELECT 'process', process_id, {_KEPT} FROM process_draft"
    )
    op.drop_table("process_draft")


def downgrade() -> None:
    _table("process_draft", "process_id", "process")
    op.execute(
        f"INSERT INTO process_draft (process_id, {_KEPT}) "  # noqa: S608 - own words
        f"SELECT subject_id, {_KEPT} FROM studio_draft WHERE kind = 'process'"
    )
    op.drop_table("studio_draft")


def _table(name: str, subject: str, by: str, *more: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(length=36), nullable=False),
        *more,
        sa.Column(subject, sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_key", Key, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.CheckConstraint(
            f"length({subject}) > 0 AND revision > 0", name=op.f(f"ck_{name}_named")
        ),
    )
    found = [*(column.name for column in more), subject]
    op.create_index(f"{name}_by_{by}", name, [*found, "saved_at"])
    op.create_index(
        f"{name}_current",
        name,
        found,
        unique=True,
        sqlite_where=sa.text("NOT aside"),
        postgresql_where=sa.text("NOT aside"),
    )
