"""Drawings that are not published yet."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import Key, UtcDateTime

process_draft = sa.Table(
    "process_draft",
    metadata,
    id_column(primary_key=True),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    #: the version it was drawn from; versions are never deleted
    sa.Column("base_key", Key, nullable=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
    sa.Column("aside", sa.Boolean, nullable=False),
    sa.CheckConstraint("length(process_id) > 0 AND revision > 0", name="named"),
    sa.Index("process_draft_by_process", "process_id", "saved_at"),
    sa.Index(
        "process_draft_current",
        "process_id",
        unique=True,
        sqlite_where=sa.text("NOT aside"),
        postgresql_where=sa.text("NOT aside"),
    ),
)
