"""Who wants SIASN to take a period back, and why; no period goes there without its coefficient."""

from __future__ import annotations

from alembic import op

from engine.persistence.tables.exchange import COEFFICIENT_GUARDS
from engine.persistence.tables.guards import create, drop

revision = "0057"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE exchange ADD COLUMN withdrawn_by VARCHAR(36) "
        "CONSTRAINT exchange_withdrawer REFERENCES person (id) "
        "CONSTRAINT ck_exchange_taken_back_by_its_id "
        "CHECK (withdrawn_by IS NULL OR (kind = 'periodic' AND length(remote_id) > 0))"
    )
    op.execute(
        "ALTER TABLE exchange ADD COLUMN withdraw_reason TEXT NOT NULL DEFAULT '' "
        "CONSTRAINT ck_exchange_says_why_taken_back "
        "CHECK ((withdrawn_by IS NULL) = (length(withdraw_reason) = 0))"
    )
    dialect = op.get_bind().dialect.name
    for guard in COEFFICIENT_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in COEFFICIENT_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    if dialect == "postgresql":  # its constraints go with a column
        op.drop_column("exchange", "withdraw_reason")
        op.drop_column("exchange", "withdrawn_by")
        return
    with op.batch_alter_table("exchange") as table:
        for name in ("says_why_taken_back", "taken_back_by_its_id"):
            table.drop_constraint(op.f(f"ck_exchange_{name}"), type_="check")
        for column in ("withdraw_reason", "withdrawn_by"):
            table.drop_column(column)
