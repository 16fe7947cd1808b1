"""Idempotency, audit, background jobs, outbox, clock, accounts and sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _idempotency()
    _audit()
    _audit_head()
    _background_job()
    _outbox()
    _clock()
    _node_counter()
    _account()
    _role_grant()
    _sign_in_failure()
    _session()
    for statement in append_only("audit", op.get_bind().dialect.name):
        op.execute(statement)
    op.execute("INSERT INTO clock (id) VALUES (1)")
    op.execute("INSERT INTO node_counter (id, next_node) VALUES (1, 0)")


def downgrade() -> None:
    for statement in not_append_only("audit", op.get_bind().dialect.name):
        op.execute(statement)
    for table in (
        "session",
        "sign_in_failure",
        "role_grant",
        "account",
        "node_counter",
        "clock",
        "outbox",
        "background_job",
        "audit_head",
        "audit",
        "idempotency",
    ):
        op.drop_table(table)


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("answer", JsonText(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency")),
        sqlite_with_rowid=False,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_seq")),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_audit")),
        sqlite_with_rowid=False,
    )


def _audit_head() -> None:
    op.create_table(
        "audit_head",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_head")),
    )


def _background_job() -> None:
    op.create_table(
        "background_job",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("args", JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("available_at", UtcDateTime(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("again_args", JsonText(), nullable=True),
        sa.Column("again_due_at", UtcDateTime(), nullable=True),
        sa.Column("enqueued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'dead')", name=op.f("ck_background_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_job")),
    )
    op.create_index(
        "ix_background_job_due",
        "background_job",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_background_job_waiting",
        "background_job",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", Key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", JsonText(), nullable=False),
        sa.Column("put_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["kind", "id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )


def _clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pinned_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )


def _node_counter() -> None:
    op.create_table(
        "node_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_node", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_node_counter_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_counter")),
    )


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )


def _role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_role_grant_validity")
        ),
        sa.ForeignKeyConstraint(
            ["login"], ["account.login"], name=op.f("fk_role_grant_login_account")
        ),
        sa.PrimaryKeyConstraint("login", "group_name", "valid_from", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_group", "role_grant", ["group_name", "login"], unique=False)


def _sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_login", "sign_in_failure", ["login", "at"], unique=False)


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["login"], ["account.login"], name=op.f("fk_session_login_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index("ix_session_login", "session", ["login"], unique=False)
