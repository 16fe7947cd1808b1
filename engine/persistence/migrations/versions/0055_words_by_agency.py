"""Row-level security over words about people on PostgreSQL (decision 0023).

Nothing is rewritten: a policy is a row of the catalogue, and its lock is over at once.
"""

from __future__ import annotations

from alembic import op

from engine.persistence.tables.row_rules import WORDS, create, drop

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in WORDS:
        for statement in create(table):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in reversed(WORDS):
        for statement in drop(table):
            op.execute(statement)
