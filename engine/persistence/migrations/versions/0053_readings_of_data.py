"""Who read what about whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.readings import APPEND_ONLY
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_reading",
        *(sa.Column(name, sa.String(36), nullable=False) for name in ("id", "person_id")),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("reader_person_id", sa.String(36), nullable=True),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=False) for name in ("at", "recorded_at")),
        sa.CheckConstraint(
            "reader_person_id <> person_id", name=op.f("ck_data_reading_not_of_oneself")
        ),
        sa.CheckConstraint(
            "length(reader) > 0 AND length(resource) > 0",
            name=op.f("ck_data_reading_says_who_and_what"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="data_reading_person"),
        sa.ForeignKeyConstraint(["reader_person_id"], ["person.id"], name="data_reading_reader"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_reading")),
        sa.UniqueConstraint(
            "person_id", "reader", "resource", "on_day", name="data_reading_once_a_day"
        ),
    )
    op.create_index("data_reading_of_person", "data_reading", ["person_id", "at", "id"])
    op.create_index("data_reading_by_reader", "data_reading", ["reader", "at", "id"])
    for table in APPEND_ONLY:
        for statement in append_only(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in not_append_only(table, op.get_bind().dialect.name):
            op.execute(statement)
    op.drop_table("data_reading")
