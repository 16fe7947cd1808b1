"""Events, external jobs, incidents, history and messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _subscription()
    _worker_job()
    _incident()
    _history()
    _message()
    _message_delivery()
    for statement in append_only("history", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in not_append_only("history", op.get_bind().dialect.name):
        op.execute(statement)
    for table in (
        "message_delivery",
        "message",
        "history",
        "incident",
        "worker_job",
        "subscription",
    ):
        op.drop_table(table)


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=True),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("definition_key", Key, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("instance_key", Key, nullable=True),
        sa.Column("token", Key, nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('message', 'signal', 'timer')", name=op.f("ck_subscription_kind")
        ),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_subscription_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_subscription")),
    )
    op.create_index(
        "ix_subscription_due",
        "subscription",
        ["due_at", "key"],
        unique=False,
        sqlite_where=sa.text("kind = 'timer'"),
        postgresql_where=sa.text("kind = 'timer'"),
    )
    op.create_index(
        "ix_subscription_name",
        "subscription",
        ["kind", "name", "correlation_key", "key"],
        unique=False,
    )
    op.create_index(
        "ix_subscription_start",
        "subscription",
        ["process_id"],
        unique=False,
        sqlite_where=sa.text("instance_key IS NULL"),
        postgresql_where=sa.text("instance_key IS NULL"),
    )
    op.create_index(
        "ix_subscription_token", "subscription", ["instance_key", "token"], unique=False
    )


def _worker_job() -> None:
    op.create_table(
        "worker_job",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("instance_key", Key, nullable=False),
        sa.Column("root_key", Key, nullable=False),
        sa.Column("token", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("definition_key", Key, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("headers", JsonText(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("deadline_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_worker_job_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_worker_job")),
    )
    op.create_index("ix_worker_job_token", "worker_job", ["instance_key", "token"], unique=False)
    op.create_index("ix_worker_job_type", "worker_job", ["type", "state", "key"], unique=False)


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("instance_key", Key, nullable=False),
        sa.Column("root_key", Key, nullable=False),
        sa.Column("token", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("definition_key", Key, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_incident_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incident")),
    )
    op.create_index(
        "ix_incident_open",
        "incident",
        ["key"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index("ix_incident_token", "incident", ["instance_key", "token"], unique=False)
    op.create_index("ix_incident_tree", "incident", ["root_key", "key"], unique=False)


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("instance_key", Key, nullable=False),
        sa.Column("root_key", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("definition_key", Key, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("element_type", sa.Text(), nullable=False),
        sa.Column("token", Key, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_history")),
    )
    op.create_index("ix_history_tree", "history", ["root_key", "key"], unique=False)


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("variables", JsonText(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message")),
    )
    op.create_index(
        "ix_message_waiting", "message", ["name", "correlation_key", "expires_at"], unique=False
    )


def _message_delivery() -> None:
    op.create_table(
        "message_delivery",
        sa.Column("message_key", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_key"], ["message.key"], name=op.f("fk_message_delivery_message_key_message")
        ),
        sa.PrimaryKeyConstraint("message_key", "process_id", name=op.f("pk_message_delivery")),
    )
