"""Notes of a day, append-only: a correction or withdrawal is a newer row that follows one."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.daily_notes import NoteAct
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _of(table: str, column: str, name: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(column, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


daily_note = sa.Table(
    "daily_note",
    metadata,
    id_column(primary_key=True),
    _of("daily_note", "root_id", "daily_note_root"),
    _of("person", "person_id", "daily_note_person"),
    _of("plan_item", "item_id", "daily_note_item"),
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("from_minute", sa.Integer, nullable=True),
    sa.Column("until_minute", sa.Integer, nullable=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    word("act", NoteAct),
    _of("daily_note", "replaces_id", "daily_note_replaces", nullable=True),
    sa.Column("written_on", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("replaces_id", name="daily_note_replaced_once"),
    sa.CheckConstraint("length(trim(text)) > 0 AND length(text) <= 1000", name="said"),
    sa.CheckConstraint("on_day <= written_on", name="not_ahead"),
    sa.CheckConstraint(
        "(from_minute IS NULL) = (until_minute IS NULL) AND (from_minute IS NULL"
        " OR (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440))",
        name="hours",
    ),
    sa.CheckConstraint(
        "(act = 'written') = (replaces_id IS NULL) AND (act = 'written') = (root_id = id)",
        name="rooted",
    ),
    sa.Index("daily_note_by_person", "person_id", "on_day", "id"),
    sa.Index("daily_note_by_item", "item_id"),
)

#: in the order in which they are made
APPEND_ONLY: Final = ("daily_note",)

#: guards that came with the table's revision
NOTE_GUARDS: Final = (
    # work serves a result of one's own plan that was fixed
    Guard(
        "daily_note_own_result",
        "daily_note",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM plan_item i JOIN plan p ON p.id = i.plan_id
        WHERE i.id = NEW.item_id AND p.person_id = NEW.person_id
        AND p.status IN ('fixed', 'superseded'))""",
    ),
    # on a day of that plan's year
    Guard(
        "daily_note_in_its_year",
        "daily_note",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM plan_item i JOIN plan p ON p.id = i.plan_id
        JOIN cycle c ON c.id = p.cycle_id WHERE i.id = NEW.item_id
        AND NEW.on_day BETWEEN c.starts_on AND c.ends_on)""",
    ),
    # a row follows a writing of the same note that was not withdrawn
    Guard(
        "daily_note_replaces_own",
        "daily_note",
        "INSERT",
        """NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM daily_note o
        WHERE o.id = NEW.replaces_id AND o.person_id = NEW.person_id
        AND o.root_id = NEW.root_id AND o.act <> 'withdrawn')""",
    ),
)
