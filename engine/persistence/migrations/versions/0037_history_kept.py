"""History is kept as long as its definition says: only that of ended, marked instances goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, kept_until_spent, not_append_only

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

#: table -> the column that names the instance that must be spent
_KEPT = (("history", "root_key"), ("remark", "instance_key"))


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    moment = "TIMESTAMP WITH TIME ZONE" if dialect == "postgresql" else "CHAR(26)"
    op.execute(
        "ALTER TABLE process_definition ADD COLUMN keep_days INTEGER "
        "CONSTRAINT ck_process_definition_keep_days CHECK (keep_days > 0)"
    )
    op.execute(
        f"ALTER TABLE process_instance ADD COLUMN spent_at {moment} "
        "CONSTRAINT ck_process_instance_spent CHECK (spent_at IS NULL OR ended_at IS NOT NULL)"
    )
    for table, instance in _KEPT:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
        for statement in kept_until_spent(table, instance, dialect):
            op.execute(statement)
    where = sa.text("parent_key IS NULL AND ended_at IS NOT NULL AND spent_at IS NULL")
    op.create_index(
        "ix_process_instance_ended",
        "process_instance",
        ["definition_key", "ended_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_index("ix_process_instance_ended", table_name="process_instance")
    for table, _ in _KEPT:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
        for statement in append_only(table, dialect):
            op.execute(statement)
    op.drop_column("process_instance", "spent_at")
    op.drop_column("process_definition", "keep_days")
