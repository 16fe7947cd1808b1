"""Second factors, identities of single sign-on, and what a session knows about itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import UtcDateTime

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _factors()
    op.create_table(
        "login_identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("bound_at", UtcDateTime(), nullable=False),
        _of_account("login_identity"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_login_identity")),
        sa.UniqueConstraint("issuer", "login", name="login_identity_once"),
    )
    op.create_table(
        "spent_ticket",
        sa.Column("ticket_hash", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_spent_ticket")),
    )
    op.create_index("ix_spent_ticket_at", "spent_ticket", ["at"])
    op.add_column("session", sa.Column("seen_at", UtcDateTime()))
    for name, first in (("agent", ""), ("entered_by", "password"), ("held_groups", "")):
        op.add_column("session", sa.Column(name, sa.Text(), nullable=False, server_default=first))
    op.add_column(
        "sign_in_failure", sa.Column("address", sa.Text(), nullable=False, server_default="")
    )
    op.create_index("ix_sign_in_failure_address", "sign_in_failure", ["address", "at"])


def _factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("last_step", sa.BigInteger()),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR last_step IS NOT NULL",
            name=op.f("ck_second_factor_confirmed_by_a_code"),
        ),
        _of_account("second_factor"),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["login"], ["second_factor.login"], name=op.f("fk_recovery_code_login_second_factor")
        ),
        sa.PrimaryKeyConstraint("login", "code_hash", name=op.f("pk_recovery_code")),
    )


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_login_account")
    return sa.ForeignKeyConstraint(["login"], ["account.login"], name=name)


def downgrade() -> None:
    op.drop_index("ix_sign_in_failure_address", table_name="sign_in_failure")
    op.drop_column("sign_in_failure", "address")
    for name in ("held_groups", "entered_by", "agent", "seen_at"):
        op.drop_column("session", name)
    for table in ("spent_ticket", "login_identity", "recovery_code", "second_factor"):
        op.drop_table(table)
