"""What people say beside the work, with files, and what they follow."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import JsonText, Key, UtcDateTime

#: append-only by trigger; no reference to the instance, so that it outlives its rows
remark = sa.Table(
    "remark",
    metadata,
    id_column(primary_key=True),
    sa.Column("instance_key", Key, nullable=False),
    #: the task beside which it was said; NULL: beside the process
    sa.Column("task_key", Key),
    id_column("author_id", sa.ForeignKey("person.id", name="remark_author"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    #: ids of people who were called by it
    sa.Column("mentions", JsonText, nullable=False),
    id_column("evidence_id", sa.ForeignKey("evidence.id", name="remark_file"), nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(text) > 0 OR evidence_id IS NOT NULL", name="says_something"),
    sa.Index("remark_by_instance", "instance_key", "id"),
)

#: one row per person and what he follows; it goes when he was told of the end
watch = sa.Table(
    "watch",
    metadata,
    id_column("person_id", sa.ForeignKey("person.id", name="watch_person"), primary_key=True),
    sa.Column("instance_key", Key, primary_key=True, autoincrement=False),
    #: 0: the whole instance
    sa.Column("task_key", Key, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("watch_by_instance", "instance_key", "task_key"),
)
