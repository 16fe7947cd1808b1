"""What the studio keeps before it is published."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import Key, UtcDateTime
from engine.usecases.ports.drafts import DraftKind

studio_draft = sa.Table(
    "studio_draft",
    metadata,
    id_column(primary_key=True),
    word("kind", DraftKind),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    #: the version it was drawn from; versions are never deleted
    sa.Column("base_key", Key, nullable=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
    sa.Column("aside", sa.Boolean, nullable=False),
    sa.CheckConstraint("length(subject_id) > 0 AND revision > 0", name="named"),
    sa.Index("studio_draft_by_subject", "kind", "subject_id", "saved_at"),
    sa.Index(
        "studio_draft_current",
        "kind",
        "subject_id",
        unique=True,
        sqlite_where=sa.text("NOT aside"),
        postgresql_where=sa.text("NOT aside"),
    ),
)
