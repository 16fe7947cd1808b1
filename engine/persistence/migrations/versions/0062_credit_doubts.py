"""What made a paper of credit doubtful; an accumulation stands beside its PAK."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.functional import ACCUMULATION_GUARDS, DOUBT_GUARDS
from engine.persistence.tables.guards import create, drop

revision = "0062"
down_revision = "0059"
branch_labels = None
depends_on = None

_REASONS = "'predikat', 'level', 'grade', 'brought', 'months', 'table'"
_TWO = "kind IN ('conversion', 'pak')"
_THREE = "kind IN ('conversion', 'pak', 'accumulation')"
_ADD_TWO = (
    "ALTER TABLE credit_paper ADD CONSTRAINT ck_credit_paper_kind_known "
    "CHECK (kind IN ('conversion', 'pak')) NOT VALID"
)
_ADD_THREE = (
    "ALTER TABLE credit_paper ADD CONSTRAINT ck_credit_paper_kind_known "
    "CHECK (kind IN ('conversion', 'pak', 'accumulation')) NOT VALID"
)
_NEEDED, _FREE = "rating_id VARCHAR(36) NOT NULL", "rating_id VARCHAR(36)"
_OF_PREDIKAT = (
    "CONSTRAINT ck_paper_flag_rating_of_predikat CHECK (rating_id IS NULL OR reason = 'predikat')"
)


def upgrade() -> None:
    # flags from before were all raised by a corrected predikat
    op.execute(
        "ALTER TABLE paper_flag ADD COLUMN reason VARCHAR(24) NOT NULL DEFAULT 'predikat' "
        f"CONSTRAINT ck_paper_flag_reason_known CHECK (reason IN ({_REASONS})) {_OF_PREDIKAT}"
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("ALTER TABLE paper_flag ALTER COLUMN rating_id DROP NOT NULL")
        _kinds(_ADD_THREE)
    else:
        _rebuilt("paper_flag", _NEEDED, _FREE)
        _rebuilt("credit_paper", _TWO, _THREE)
    for guard in (*DOUBT_GUARDS, *ACCUMULATION_GUARDS):
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    """Refused by the database where a new reason or an accumulation is on record: both stay."""
    dialect = op.get_bind().dialect.name
    for guard in (*DOUBT_GUARDS, *ACCUMULATION_GUARDS):
        for statement in drop(guard, dialect):
            op.execute(statement)
    if dialect == "postgresql":
        _kinds(_ADD_TWO)
        op.execute("ALTER TABLE paper_flag ALTER COLUMN rating_id SET NOT NULL")
        op.drop_column("paper_flag", "reason")
        return
    _rebuilt("credit_paper", _THREE, _TWO)
    _rebuilt("paper_flag", _FREE, _NEEDED)
    op.execute("ALTER TABLE paper_flag DROP COLUMN reason")


def _kinds(statement: str) -> None:
    """PostgreSQL: the new words at once, the old rows looked at under a light lock."""
    op.execute("ALTER TABLE credit_paper DROP CONSTRAINT ck_credit_paper_kind_known")
    op.execute(statement)
    op.execute("ALTER TABLE credit_paper VALIDATE CONSTRAINT ck_credit_paper_kind_known")


def _rebuilt(table: str, before: str, after: str) -> None:
    """SQLite: the table made anew with other words in its text; indexes and triggers come along."""
    bind = op.get_bind()
    kept = bind.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    ).all()
    [text] = [row.sql for row in kept if row.type == "table"]
    if text.count(before) != 1:
        raise ValueError(f"{table}: {before!r} does not stand in its text once")
    head, body = text.replace(before, after).split("(", 1)
    bind.exec_driver_sql(f"{head.replace(table, table + '_anew')}({body}")
    bind.exec_driver_sql(f"INSERT INTO {table}_anew SELECT * FROM {table}")  # noqa: S608 - ours
    bind.exec_driver_sql(f"DROP TABLE {table}")
    bind.exec_driver_sql(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for row in kept:
        if row.type != "table":
            bind.exec_driver_sql(row.sql)
