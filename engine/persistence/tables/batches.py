"""Acts over many instances: the operation and what became of each instance.

No foreign keys to instances: what was done outlives what it was done to.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import key_column, metadata
from engine.persistence.types import JsonText, Key, UtcDateTime
from engine.usecases.ports.batches import BatchKind, BatchState, ItemState

batch_operation = sa.Table(
    "batch_operation",
    metadata,
    key_column("key"),
    word("kind", BatchKind),
    word("state", BatchState),
    sa.Column("agency_id", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    id_column("person_id", nullable=True),
    sa.Column("groups", JsonText, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("args", JsonText, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    id_column("undertaking_id", nullable=True),
    sa.CheckConstraint("length(reason) > 0", name="says_why"),
    sa.CheckConstraint("done >= 0 AND failed >= 0 AND done + failed <= total", name="not_beyond"),
    sa.Index("ix_batch_operation_agency", "agency_id", "key"),
)

batch_item = sa.Table(
    "batch_item",
    metadata,
    sa.Column(
        "batch_key",
        Key,
        sa.ForeignKey("batch_operation.key", name="batch_item_batch"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("instance_key", Key, primary_key=True, autoincrement=False),
    word("state", ItemState),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime),
    #: what an undo needs; last, because it is large
    sa.Column("before", sa.LargeBinary),
    sa.Index("ix_batch_item_state", "batch_key", "state", "instance_key"),
    sa.Index("ix_batch_item_instance", "instance_key", "batch_key"),
)
