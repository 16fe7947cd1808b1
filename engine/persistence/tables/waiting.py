"""Tables of what waits or happened outside the work list: events, external jobs, history."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import key_column, metadata
from engine.persistence.types import JsonText, Key, UtcDateTime

subscription = sa.Table(
    "subscription",
    metadata,
    key_column("key"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("definition_key", Key, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("instance_key", Key, sa.ForeignKey("process_instance.key")),
    sa.Column("token", Key),
    sa.Column("due_at", UtcDateTime),
    sa.Column("detail", sa.Text),
    sa.CheckConstraint("kind IN ('message', 'signal', 'timer')", name="kind"),
    sa.Index("ix_subscription_name", "kind", "name", "correlation_key", "key"),
    sa.Index("ix_subscription_token", "instance_key", "token"),
    sa.Index(
        "ix_subscription_start",
        "process_id",
        sqlite_where=sa.text("instance_key IS NULL"),
        postgresql_where=sa.text("instance_key IS NULL"),
    ),
    sa.Index(
        "ix_subscription_due",
        "due_at",
        "key",
        sqlite_where=sa.text("kind = 'timer'"),
        postgresql_where=sa.text("kind = 'timer'"),
    ),
)

worker_job = sa.Table(
    "worker_job",
    metadata,
    key_column("key"),
    sa.Column("instance_key", Key, sa.ForeignKey("process_instance.key"), nullable=False),
    sa.Column("root_key", Key, nullable=False),
    sa.Column("token", Key, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("definition_key", Key, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("headers", JsonText, nullable=False),
    sa.Column("retries", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("deadline_at", UtcDateTime),
    sa.Column("error", sa.Text),
    sa.Index("ix_worker_job_type", "type", "state", "key"),
    sa.Index("ix_worker_job_token", "instance_key", "token"),
)

incident = sa.Table(
    "incident",
    metadata,
    key_column("key"),
    sa.Column("instance_key", Key, sa.ForeignKey("process_instance.key"), nullable=False),
    sa.Column("root_key", Key, nullable=False),
    sa.Column("token", Key, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("definition_key", Key, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("resolved_at", UtcDateTime),
    sa.Index("ix_incident_tree", "root_key", "key"),
    sa.Index("ix_incident_token", "instance_key", "token"),
    sa.Index(
        "ix_incident_open",
        "key",
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    ),
)

#: append-only by trigger; no foreign keys, so that it outlives what it tells of
history = sa.Table(
    "history",
    metadata,
    key_column("key"),
    sa.Column("instance_key", Key, nullable=False),
    sa.Column("root_key", Key, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("definition_key", Key, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("element_type", sa.Text, nullable=False),
    sa.Column("token", Key, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("detail", sa.Text),
    #: the absent official in whose name the actor did it
    sa.Column("on_behalf_of", sa.Text),
    sa.Index("ix_history_tree", "root_key", "key"),
    #: its first row is the element instance that a token is
    sa.Index("ix_history_token", "instance_key", "token", "key"),
)

message = sa.Table(
    "message",
    metadata,
    key_column("key"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text),
    sa.Column("variables", JsonText, nullable=False),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("agency_id", sa.Text),
    sa.Column("everywhere", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_message_waiting", "name", "correlation_key", "expires_at"),
)

message_delivery = sa.Table(
    "message_delivery",
    metadata,
    sa.Column("message_key", Key, sa.ForeignKey("message.key"), primary_key=True),
    sa.Column("process_id", sa.Text, primary_key=True),
)
