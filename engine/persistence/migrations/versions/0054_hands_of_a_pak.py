"""Who proposed a PAK; another establishes it."""

from __future__ import annotations

from alembic import op

from engine.persistence.tables.functional import HAND_GUARDS
from engine.persistence.tables.guards import create, drop

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE credit_paper ADD COLUMN proposed_by TEXT "
        "CONSTRAINT ck_credit_paper_two_hands CHECK (proposed_by <> issued_by)"
    )
    dialect = op.get_bind().dialect.name
    for guard in HAND_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in HAND_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    op.drop_column("credit_paper", "proposed_by")
