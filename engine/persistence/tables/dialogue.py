"""Check-ins, promises made in them, private notes."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.dialogue import CheckInState, CommitmentState
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


def _cycle(key: str) -> sa.Column[str]:
    return id_column("cycle_id", sa.ForeignKey("cycle.id", name=key), nullable=False)


def _to(name: str, target: str, key: str, *, nullable: bool = True) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey(f"{target}.id", name=key), nullable=nullable)


check_in = sa.Table(
    "check_in",
    metadata,
    id_column(primary_key=True),
    _person("leader_id", "check_in_leader"),
    _person("person_id", "check_in_person"),
    _cycle("check_in_cycle"),
    _person("asked_by", "check_in_asker"),
    sa.Column("meets_at", UtcDateTime, nullable=False),
    sa.Column("proposed_at", UtcDateTime, nullable=True),
    word("state", CheckInState),
    sa.Column("held_on", sa.Date, nullable=True),
    sa.Column("agreed_text", sa.Text, nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    _person("recorded_by", "check_in_recorder", nullable=True),
    sa.Column("recorded_at", UtcDateTime, nullable=True),
    sa.Column("confirmed_at", UtcDateTime, nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("leader_id <> person_id", name="two_people"),
    sa.CheckConstraint("asked_by IN (leader_id, person_id)", name="asked_by_one"),
    sa.CheckConstraint("recorded_by <> person_id", name="not_recorded_by_employee"),
    sa.CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="both_words"),
    sa.CheckConstraint(
        "state NOT IN ('recorded', 'confirmed', 'unconfirmed')"
        " OR (held_on IS NOT NULL AND recorded_by IS NOT NULL AND recorded_at IS NOT NULL)",
        name="recorded_whole",
    ),
    sa.Index("check_in_by_leader", "leader_id", "cycle_id"),
    sa.Index("check_in_by_person", "person_id", "cycle_id"),
)

agenda_item = sa.Table(
    "agenda_item",
    metadata,
    id_column(primary_key=True),
    _to("check_in_id", "check_in", "agenda_item_check_in", nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    _person("raised_by", "agenda_item_raiser"),
    sa.UniqueConstraint("check_in_id", "number", name="agenda_item_number_once"),
    sa.CheckConstraint("length(topic) > 0", name="topic"),
)

commitment = sa.Table(
    "commitment",
    metadata,
    id_column(primary_key=True),
    _to("check_in_id", "check_in", "commitment_check_in"),
    _to("coaching_id", "coaching", "commitment_coaching"),
    _cycle("commitment_cycle"),
    _person("owner_id", "commitment_owner"),
    _person("counterpart_id", "commitment_counterpart"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("first_due_on", sa.Date, nullable=False),
    word("state", CommitmentState),
    sa.Column("carried", sa.Integer, nullable=False),
    sa.Column("confidential", sa.Boolean, nullable=False),
    sa.Column("closed_on", sa.Date, nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("owner_id <> counterpart_id", name="two_people"),
    sa.CheckConstraint("(check_in_id IS NULL) <> (coaching_id IS NULL)", name="one_origin"),
    sa.CheckConstraint("due_on >= first_due_on", name="only_later"),
    sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed_whole"),
    sa.CheckConstraint("carried >= 0", name="carried"),
    sa.CheckConstraint("length(text) > 0", name="text"),
    sa.Index("commitment_by_owner", "owner_id", "state"),
    sa.Index("commitment_by_counterpart", "counterpart_id", "state"),
    sa.Index("commitment_by_check_in", "check_in_id"),
)

private_note = sa.Table(
    "private_note",
    metadata,
    id_column(primary_key=True),
    _person("author_id", "private_note_author"),
    _person("about_id", "private_note_about"),
    _to("check_in_id", "check_in", "private_note_check_in"),
    _to("coaching_id", "coaching", "private_note_coaching"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(text) > 0", name="text"),
    sa.Index("private_note_by_author", "author_id", "at"),
)

#: facts that nobody rewrites
APPEND_ONLY = ("agenda_item", "private_note")

GUARDS = (
    # both gave their word, or it ended without: nothing about it changes any more
    Guard(
        "check_in_ended",
        "check_in",
        "UPDATE",
        "OLD.state IN ('confirmed', 'unconfirmed', 'not_held', 'called_off')",
    ),
    Guard(
        "check_in_people_kept",
        "check_in",
        "UPDATE",
        """NEW.leader_id <> OLD.leader_id OR NEW.person_id <> OLD.person_id
        OR NEW.cycle_id <> OLD.cycle_id OR NEW.asked_by <> OLD.asked_by""",
    ),
    # a promise stays what it was; closed it stays closed; it is never due earlier
    Guard("commitment_closed", "commitment", "UPDATE", "OLD.state <> 'open'"),
    Guard(
        "commitment_kept_as_made",
        "commitment",
        "UPDATE",
        """NEW.text <> OLD.text OR NEW.owner_id <> OLD.owner_id
        OR NEW.counterpart_id <> OLD.counterpart_id OR NEW.first_due_on <> OLD.first_due_on
        OR NEW.due_on < OLD.due_on OR NEW.confidential <> OLD.confidential""",
    ),
)
