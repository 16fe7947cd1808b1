"""Surveys of public services, their answers without names, and complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import DecimalText
from engine.persistence.tables.guards import create, drop
from engine.persistence.tables.surveys import APPEND_ONLY, SURVEY_GUARDS
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)

#: parents before children
_TABLES = (
    "survey",
    "survey_question",
    "survey_pass",
    "survey_answer",
    "survey_score",
    "survey_ruling",
    "survey_salt",
    "survey_mark",
    "complaint",
)


def upgrade() -> None:
    _survey()
    _survey_question()
    _survey_pass()
    _survey_answer()
    _survey_score()
    _survey_ruling()
    _survey_salt()
    _survey_mark()
    _complaint()
    dialect = op.get_bind().dialect.name
    for guard in SURVEY_GUARDS:
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
    for guard in SURVEY_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )


def _survey() -> None:
    op.create_table(
        "survey",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("kind", _word("kind", "service", "partner"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "weighing",
            _word("weighing", "equal", "hundredths", "thousandths", "own"),
            nullable=False,
        ),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("least_answers", sa.Integer(), nullable=False),
        sa.Column("open_link", sa.Boolean(), nullable=False),
        sa.Column("selector", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", _word("state", "planned", "open", "closed", "told"), nullable=False),
        sa.Column("opened_by", _ID, nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("improvement", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('closed', 'told')) = (closed_at IS NOT NULL)", name=op.f("ck_survey_closed")
        ),
        sa.CheckConstraint("least_answers >= 0", name=op.f("ck_survey_least")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_survey_titled")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_survey_window")),
        sa.CheckConstraint("population > 0", name=op.f("ck_survey_population")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="survey_agency"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="survey_item"),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name="survey_opener"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="survey_unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("selector", name=op.f("uq_survey_selector")),
    )
    op.create_index("survey_by_item", "survey", ["item_id"], unique=False)
    op.create_index("survey_by_unit", "survey", ["unit_id", "opens_at"], unique=False)


def _survey_question() -> None:
    op.create_table(
        "survey_question",
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "element",
            _word(
                "element",
                "requirements",
                "procedure",
                "time",
                "cost",
                "product",
                "competence",
                "conduct",
                "complaints",
                "facilities",
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("weight", DecimalText(), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_survey_question_worded")),
        sa.CheckConstraint("number > 0", name=op.f("ck_survey_question_number")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="question_survey"),
        sa.PrimaryKeyConstraint("survey_id", "number", name=op.f("pk_survey_question")),
        sa.UniqueConstraint("survey_id", "element", name="question_element_once"),
    )


def _survey_pass() -> None:
    op.create_table(
        "survey_pass",
        sa.Column("id", _ID, nullable=False),
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("selector", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("spent", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(secret_hash) = 64", name=op.f("ck_survey_pass_hashed")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="pass_survey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_pass")),
        sa.UniqueConstraint("selector", name=op.f("uq_survey_pass_selector")),
    )
    op.create_index("survey_pass_by_survey", "survey_pass", ["survey_id"], unique=False)


def _survey_answer() -> None:
    op.create_table(
        "survey_answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("flags", sa.String(length=60), nullable=False),
        sa.CheckConstraint("length(comment) <= 1000", name=op.f("ck_survey_answer_comment")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="answer_survey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("id", "survey_id", name="answer_of_survey"),
    )
    op.create_index("survey_answer_by_survey", "survey_answer", ["survey_id", "id"], unique=False)


def _survey_score() -> None:
    op.create_table(
        "survey_score",
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 4", name=op.f("ck_survey_score_score")),
        sa.ForeignKeyConstraint(
            ["answer_id", "survey_id"],
            ["survey_answer.id", "survey_answer.survey_id"],
            name="score_answer",
        ),
        sa.ForeignKeyConstraint(
            ["survey_id", "number"],
            ["survey_question.survey_id", "survey_question.number"],
            name="score_question",
        ),
        sa.PrimaryKeyConstraint("answer_id", "number", name=op.f("pk_survey_score")),
    )
    op.create_index(
        "survey_score_by_question", "survey_score", ["survey_id", "number"], unique=False
    )


def _survey_ruling() -> None:
    op.create_table(
        "survey_ruling",
        sa.Column("id", _ID, nullable=False),
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("standing", _word("standing", "aside", "counted"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(reason) >= 5", name=op.f("ck_survey_ruling_reasoned")),
        sa.ForeignKeyConstraint(["answer_id"], ["survey_answer.id"], name="ruling_answer"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="ruling_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_ruling")),
    )
    op.create_index("survey_ruling_by_answer", "survey_ruling", ["answer_id", "id"], unique=False)


def _survey_salt() -> None:
    op.create_table(
        "survey_salt",
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="salt_survey"),
        sa.PrimaryKeyConstraint("survey_id", "day", name=op.f("pk_survey_salt")),
    )


def _survey_mark() -> None:
    op.create_table(
        "survey_mark",
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.CheckConstraint("hits > 0", name=op.f("ck_survey_mark_hits")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="mark_survey"),
        sa.PrimaryKeyConstraint("survey_id", "day", "mark", name=op.f("pk_survey_mark")),
    )


def _complaint() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=False),
        sa.Column("survey_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("selector", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", _word("state", "received", "escalated", "answered"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", _ID, nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL AND answered_by IS NOT NULL"
            " AND length(answer) > 0)",
            name=op.f("ck_complaint_answered"),
        ),
        sa.CheckConstraint("length(secret_hash) = 64", name=op.f("ck_complaint_hashed")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 4000", name=op.f("ck_complaint_text")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="complaint_agency"),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name="complaint_answerer"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="complaint_item"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="complaint_survey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="complaint_unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("selector", name=op.f("uq_complaint_selector")),
    )
    op.create_index("complaint_by_unit", "complaint", ["unit_id", "received_on"], unique=False)
