"""Coaching and counselling, check-ins, promises, private notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables import coaching, dialogue
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0016a"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_GUARDS = (*coaching.GUARDS, *dialogue.GUARDS)
_APPEND_ONLY = (*coaching.APPEND_ONLY, *dialogue.APPEND_ONLY)

#: parents before children
_TABLES = (
    "coaching",
    "coaching_session",
    "session_answer",
    "competency_score",
    "check_in",
    "agenda_item",
    "commitment",
    "private_note",
)


def upgrade() -> None:
    _coaching()
    _coaching_session()
    _session_answer()
    _competency_score()
    _check_in()
    _agenda_item()
    _commitment()
    _private_note()
    dialect = op.get_bind().dialect.name
    for guard in _GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)
    for table in _APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in _APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for guard in _GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )


def _coaching() -> None:
    op.create_table(
        "coaching",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("kind", _word("kind", "bimbingan", "konseling"), nullable=False),
        sa.Column(
            "source",
            _word("source", "interim", "request", "early_warning", "follow_up"),
            nullable=False,
        ),
        sa.Column("asked_by", _ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("coach_id", _ID, nullable=True),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("state", _word("state", "open", "offered", "running", "closed"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_coaching_closed_whole")
        ),
        sa.CheckConstraint(
            "state NOT IN ('offered', 'running') OR coach_id IS NOT NULL",
            name=op.f("ck_coaching_has_coach"),
        ),
        sa.CheckConstraint("coach_id <> person_id", name=op.f("ck_coaching_not_own")),
        sa.CheckConstraint(
            "kind <> 'konseling' OR asked_by IS NULL OR asked_by = person_id",
            name=op.f("ck_coaching_own_wish"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="coaching_asker"),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name="coaching_coach"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="coaching_cycle"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="coaching_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching")),
    )
    op.create_index("coaching_by_coach", "coaching", ["coach_id"], unique=False)
    op.create_index("coaching_by_person", "coaching", ["person_id", "cycle_id"], unique=False)


def _coaching_session() -> None:
    op.create_table(
        "coaching_session",
        sa.Column("id", _ID, nullable=False),
        sa.Column("coaching_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["coaching_id"], ["coaching.id"], name="coaching_session_coaching"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_session")),
        sa.UniqueConstraint("coaching_id", "number", name="coaching_session_number_once"),
    )


def _session_answer() -> None:
    op.create_table(
        "session_answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column("statement", sa.String(length=24), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_session_answer_score")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_session.id"], name="session_answer_session"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_answer")),
        sa.UniqueConstraint("session_id", "statement", name="session_answer_once"),
    )


def _competency_score() -> None:
    op.create_table(
        "competency_score",
        sa.Column("id", _ID, nullable=False),
        sa.Column("session_id", _ID, nullable=False),
        sa.Column(
            "competency",
            _word(
                "competency",
                "integritas",
                "kerja_sama",
                "komunikasi",
                "orientasi_hasil",
                "pelayanan_publik",
                "pengembangan_diri",
                "mengelola_perubahan",
                "pengambilan_keputusan",
                "perekat_bangsa",
                "teknis",
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_competency_score_reason")),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_competency_score_score")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_session.id"], name="competency_score_session"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_score")),
        sa.UniqueConstraint("session_id", "competency", name="competency_score_once"),
    )


def _check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", _ID, nullable=False),
        sa.Column("leader_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("asked_by", _ID, nullable=False),
        sa.Column("meets_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column(
            "state",
            _word(
                "state",
                "invited",
                "agreed",
                "recorded",
                "confirmed",
                "unconfirmed",
                "not_held",
                "called_off",
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("agreed_text", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "asked_by IN (leader_id, person_id)", name=op.f("ck_check_in_asked_by_one")
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_check_in_both_words"),
        ),
        sa.CheckConstraint(
            "recorded_by <> person_id", name=op.f("ck_check_in_not_recorded_by_employee")
        ),
        sa.CheckConstraint(
            "state NOT IN ('recorded', 'confirmed', 'unconfirmed')"
            " OR (held_on IS NOT NULL AND recorded_by IS NOT NULL AND recorded_at IS NOT NULL)",
            name=op.f("ck_check_in_recorded_whole"),
        ),
        sa.CheckConstraint("leader_id <> person_id", name=op.f("ck_check_in_two_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="check_in_asker"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="check_in_cycle"),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name="check_in_leader"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="check_in_person"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="check_in_recorder"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index("check_in_by_leader", "check_in", ["leader_id", "cycle_id"], unique=False)
    op.create_index("check_in_by_person", "check_in", ["person_id", "cycle_id"], unique=False)


def _agenda_item() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("check_in_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("raised_by", _ID, nullable=False),
        sa.CheckConstraint("length(topic) > 0", name=op.f("ck_agenda_item_topic")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name="agenda_item_check_in"),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name="agenda_item_raiser"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("check_in_id", "number", name="agenda_item_number_once"),
    )


def _commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("check_in_id", _ID, nullable=True),
        sa.Column("coaching_id", _ID, nullable=True),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("counterpart_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("state", _word("state", "open", "kept", "dropped"), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("carried >= 0", name=op.f("ck_commitment_carried")),
        sa.CheckConstraint(
            "(state = 'open') = (closed_on IS NULL)", name=op.f("ck_commitment_closed_whole")
        ),
        sa.CheckConstraint(
            "(check_in_id IS NULL) <> (coaching_id IS NULL)", name=op.f("ck_commitment_one_origin")
        ),
        sa.CheckConstraint("due_on >= first_due_on", name=op.f("ck_commitment_only_later")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_commitment_text")),
        sa.CheckConstraint("owner_id <> counterpart_id", name=op.f("ck_commitment_two_people")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name="commitment_check_in"),
        sa.ForeignKeyConstraint(["coaching_id"], ["coaching.id"], name="commitment_coaching"),
        sa.ForeignKeyConstraint(["counterpart_id"], ["person.id"], name="commitment_counterpart"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="commitment_cycle"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="commitment_owner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index("commitment_by_check_in", "commitment", ["check_in_id"], unique=False)
    op.create_index(
        "commitment_by_counterpart", "commitment", ["counterpart_id", "state"], unique=False
    )
    op.create_index("commitment_by_owner", "commitment", ["owner_id", "state"], unique=False)


def _private_note() -> None:
    op.create_table(
        "private_note",
        sa.Column("id", _ID, nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("about_id", _ID, nullable=False),
        sa.Column("check_in_id", _ID, nullable=True),
        sa.Column("coaching_id", _ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_private_note_text")),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name="private_note_about"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="private_note_author"),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name="private_note_check_in"),
        sa.ForeignKeyConstraint(["coaching_id"], ["coaching.id"], name="private_note_coaching"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_note")),
    )
    op.create_index("private_note_by_author", "private_note", ["author_id", "at"], unique=False)
