"""Feedback and requests for it, incidents, documentation of results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import DecimalText
from engine.persistence.tables.feedback import APPEND_ONLY, GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0016"
down_revision = "0016a"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)

#: parents before children
_TABLES = (
    "feedback_request",
    "feedback_asked",
    "feedback_note",
    "feedback_reply",
    "behaviour_incident",
    "documentation",
    "attachment",
)


def upgrade() -> None:
    _feedback_request()
    _feedback_asked()
    _feedback_note()
    _feedback_reply()
    _behaviour_incident()
    _documentation()
    _attachment()
    dialect = op.get_bind().dialect.name
    for guard in GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for guard in GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )


def _feedback_request() -> None:
    op.create_table(
        "feedback_request",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(question) > 0", name=op.f("ck_feedback_request_question")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="feedback_request_cycle"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="feedback_request_item"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="feedback_request_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_request")),
    )
    op.create_index(
        "feedback_request_by_person", "feedback_request", ["person_id", "cycle_id"], unique=False
    )


def _feedback_asked() -> None:
    op.create_table(
        "feedback_asked",
        sa.Column("id", _ID, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("giver_id", _ID, nullable=False),
        sa.Column(
            "state", _word("state", "asked", "answered", "declined", "lapsed"), nullable=False
        ),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (ended_at IS NULL)", name=op.f("ck_feedback_asked_ended")
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name="feedback_asked_giver"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["feedback_request.id"], name="feedback_asked_request"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_asked")),
        sa.UniqueConstraint("request_id", "giver_id", name="feedback_asked_once"),
    )


def _feedback_note() -> None:
    op.create_table(
        "feedback_note",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("giver_id", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column(
            "voice",
            _word("voice", "rater", "superior", "lead", "peer", "subordinate"),
            nullable=False,
        ),
        sa.Column(
            "tone",
            _word("tone", "observation", "appreciation", "suggestion", "criticism"),
            nullable=False,
        ),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column(
            "behaviour",
            _word(
                "behaviour",
                "berorientasi_pelayanan",
                "akuntabel",
                "kompeten",
                "harmonis",
                "loyal",
                "adaptif",
                "kolaboratif",
            ),
            nullable=True,
        ),
        sa.Column("period_id", _ID, nullable=True),
        sa.Column("request_id", _ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("on_behalf_of <> person_id", name=op.f("ck_feedback_note_not_for_own")),
        sa.CheckConstraint("giver_id <> person_id", name=op.f("ck_feedback_note_not_own")),
        sa.CheckConstraint(
            "item_id IS NULL OR behaviour IS NULL", name=op.f("ck_feedback_note_one_subject")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_feedback_note_text")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="feedback_note_behalf"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="feedback_note_cycle"),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name="feedback_note_giver"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="feedback_note_item"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="feedback_note_period"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="feedback_note_person"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["feedback_request.id"], name="feedback_note_request"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_note")),
    )
    op.create_index(
        "feedback_note_by_giver", "feedback_note", ["giver_id", "cycle_id"], unique=False
    )
    op.create_index(
        "feedback_note_by_person", "feedback_note", ["person_id", "cycle_id"], unique=False
    )


def _feedback_reply() -> None:
    op.create_table(
        "feedback_reply",
        sa.Column("id", _ID, nullable=False),
        sa.Column("feedback_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_feedback_reply_text")),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback_note.id"], name="feedback_reply_feedback"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_reply")),
        sa.UniqueConstraint("feedback_id", name="feedback_reply_once"),
    )


def _behaviour_incident() -> None:
    op.create_table(
        "behaviour_incident",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("recorded_by", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column(
            "voice",
            _word("voice", "rater", "superior", "lead", "peer", "subordinate"),
            nullable=False,
        ),
        sa.Column(
            "value",
            _word(
                "value",
                "berorientasi_pelayanan",
                "akuntabel",
                "kompeten",
                "harmonis",
                "loyal",
                "adaptif",
                "kolaboratif",
            ),
            nullable=False,
        ),
        sa.Column("kind", _word("kind", "positive", "negative"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("state", _word("state", "told", "answered", "unanswered"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL)",
            name=op.f("ck_behaviour_incident_answered"),
        ),
        sa.CheckConstraint(
            "on_behalf_of <> person_id", name=op.f("ck_behaviour_incident_not_for_own")
        ),
        sa.CheckConstraint("recorded_by <> person_id", name=op.f("ck_behaviour_incident_not_own")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_behaviour_incident_text")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="behaviour_incident_behalf"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="behaviour_incident_cycle"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="behaviour_incident_person"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="behaviour_incident_recorder"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour_incident")),
    )
    op.create_index(
        "behaviour_incident_by_person",
        "behaviour_incident",
        ["person_id", "cycle_id"],
        unique=False,
    )


def _documentation() -> None:
    op.create_table(
        "documentation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("period_id", _ID, nullable=False),
        sa.Column("way", _word("way", "as_planned", "measured", "noted"), nullable=False),
        sa.Column("actual", DecimalText(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(way = 'measured') = (actual IS NOT NULL)", name=op.f("ck_documentation_measured")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="documentation_item"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="documentation_period"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="documentation_recorder"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documentation")),
    )
    op.create_index(
        "documentation_by_item", "documentation", ["item_id", "period_id"], unique=False
    )


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("evidence_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("period_id", _ID, nullable=True),
        sa.Column("feedback_id", _ID, nullable=True),
        sa.Column("incident_id", _ID, nullable=True),
        sa.CheckConstraint(
            "(item_id IS NOT NULL AND feedback_id IS NULL AND incident_id IS NULL)"
            " OR (item_id IS NULL AND feedback_id IS NOT NULL AND incident_id IS NULL)"
            " OR (item_id IS NULL AND feedback_id IS NULL AND incident_id IS NOT NULL)",
            name=op.f("ck_attachment_one_subject"),
        ),
        sa.CheckConstraint(
            "(item_id IS NULL) = (period_id IS NULL)", name=op.f("ck_attachment_result_in_period")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="attachment_cycle"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="attachment_evidence"),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback_note.id"], name="attachment_feedback"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["behaviour_incident.id"], name="attachment_incident"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="attachment_item"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="attachment_period"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="attachment_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("attachment_by_evidence", "attachment", ["evidence_id"], unique=False)
    op.create_index("attachment_by_feedback", "attachment", ["feedback_id"], unique=False)
    op.create_index("attachment_by_incident", "attachment", ["incident_id"], unique=False)
    op.create_index("attachment_by_item", "attachment", ["item_id", "period_id"], unique=False)
