"""Who read what about whom; append-only."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

#: one row for a reader, a person, a kind of record and a day
data_reading = sa.Table(
    "data_reading",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", sa.ForeignKey("person.id", name="data_reading_person"), nullable=False),
    sa.Column("reader", sa.Text, nullable=False),
    id_column(
        "reader_person_id",
        sa.ForeignKey("person.id", name="data_reading_reader"),
        nullable=True,
    ),
    sa.Column("resource", sa.Text, nullable=False),
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint(
        "person_id", "reader", "resource", "on_day", name="data_reading_once_a_day"
    ),
    sa.CheckConstraint("reader_person_id <> person_id", name="not_of_oneself"),
    sa.CheckConstraint("length(reader) > 0 AND length(resource) > 0", name="says_who_and_what"),
    sa.Index("data_reading_of_person", "person_id", "at", "id"),
    sa.Index("data_reading_by_reader", "reader", "at", "id"),
)

APPEND_ONLY: Final = ("data_reading",)
