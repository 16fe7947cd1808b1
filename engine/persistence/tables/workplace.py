"""What the pages remember for a person, and long work that people wait for."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import JsonText, Key, UtcDateTime
from engine.usecases.ports.workplace import Calls, Digest, Pace


def _person(key: str, *, alone: bool = False, nullable: bool = False) -> sa.Column[str]:
    return id_column(
        "person_id", sa.ForeignKey("person.id", name=key), primary_key=alone, nullable=nullable
    )


notice = sa.Table(
    "notice",
    metadata,
    id_column(primary_key=True),
    _person("notice_person"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("facts", JsonText, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("read_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("person_id", "key", name="notice_key_once"),
    sa.CheckConstraint("path LIKE '/%' AND path NOT LIKE '//%'", name="path_inside"),
    sa.Index("notice_by_person", "person_id", "at", "id"),
    sa.Index(
        "notice_unread",
        "person_id",
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    ),
)

preference = sa.Table(
    "preference",
    metadata,
    _person("preference_person", alone=True),
    word("digest", Digest),
    word("calls", Calls),
    sa.Column("quiet_from_min", sa.Integer, nullable=False),
    sa.Column("quiet_to_min", sa.Integer, nullable=False),
    sa.CheckConstraint(
        "quiet_from_min BETWEEN 0 AND 1439 AND quiet_to_min BETWEEN 0 AND 1439", name="in_a_day"
    ),
)

saved_filter = sa.Table(
    "saved_filter",
    metadata,
    id_column(primary_key=True),
    _person("saved_filter_person"),
    sa.Column("screen", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    #: who reads it besides him: "" nobody, "agency", or a group of `rights.GROUPS`
    sa.Column("shared_with", sa.String(24), nullable=False, server_default=""),
    #: whose people read it; NULL: nobody's
    id_column("agency_id", sa.ForeignKey("agency.id", name="saved_filter_agency"), nullable=True),
    sa.UniqueConstraint("person_id", "screen", "name", name="saved_filter_name_once"),
    sa.CheckConstraint("shared_with = '' OR agency_id IS NOT NULL", name="shared_somewhere"),
    sa.Index(
        "saved_filter_shared",
        "agency_id",
        "screen",
        sqlite_where=sa.text("shared_with <> ''"),
        postgresql_where=sa.text("shared_with <> ''"),
    ),
)

snooze = sa.Table(
    "snooze",
    metadata,
    _person("snooze_person", alone=True),
    sa.Column("task_key", Key, primary_key=True, autoincrement=False),
    sa.Column("until_at", UtcDateTime, nullable=False),
)

visit = sa.Table(
    "visit",
    metadata,
    _person("visit_person", alone=True),
    sa.Column("screen", sa.Text, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("seen", JsonText, nullable=False),
)

undertaking = sa.Table(
    "undertaking",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="undertaking_agency"), nullable=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    _person("undertaking_person", nullable=True),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    word("state", Pace),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("facts", JsonText, nullable=False),
    sa.CheckConstraint("done BETWEEN 0 AND total", name="not_beyond"),
    sa.CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ends_once"),
    sa.Index("undertaking_by_agency", "agency_id", "id"),
)
