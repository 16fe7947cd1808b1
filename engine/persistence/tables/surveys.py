"""Surveys of public services, their answers without names, and complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from engine.domain.complaints import ComplaintState
from engine.domain.surveys import Element, Flag, Standing, SurveyKind, SurveyState, Weighing
from engine.persistence.tables.columns import DecimalText, id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

#: hexadecimal digits of a SHA-256
_HASH = 64
_SELECTOR = 16


class Flags(TypeDecorator[tuple[Flag, ...]]):
    """What made an answer look odd, as words with spaces between."""

    impl = sa.String(60)
    cache_ok = True

    def process_bind_param(self, value: tuple[Flag, ...] | None, dialect: Dialect) -> str:
        """Words."""
        del dialect
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Flag, ...]:
        """Flags again."""
        del dialect
        return tuple(map(Flag, (value or "").split()))


def _found(prefix: str) -> list[sa.Column[str]]:
    return [
        sa.Column("selector", sa.String(_SELECTOR), nullable=False, unique=True),
        sa.Column(prefix, sa.String(_HASH), nullable=False),
    ]


survey = sa.Table(
    "survey",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="survey_agency"), nullable=False),
    id_column("unit_id", sa.ForeignKey("unit.id", name="survey_unit"), nullable=False),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="survey_item"), nullable=True),
    word("kind", SurveyKind),
    sa.Column("title", sa.Text, nullable=False),
    word("weighing", Weighing),
    sa.Column("opens_at", UtcDateTime, nullable=False),
    sa.Column("closes_at", UtcDateTime, nullable=False),
    sa.Column("population", sa.Integer, nullable=True),
    sa.Column("least_answers", sa.Integer, nullable=False),
    sa.Column("open_link", sa.Boolean, nullable=False),
    *_found("secret"),
    word("state", SurveyState),
    id_column("opened_by", sa.ForeignKey("person.id", name="survey_opener"), nullable=False),
    sa.Column("closed_at", UtcDateTime, nullable=True),
    sa.Column("improvement", sa.Text, nullable=False),
    sa.CheckConstraint("length(title) > 0", name="titled"),
    sa.CheckConstraint("opens_at < closes_at", name="window"),
    sa.CheckConstraint("population > 0", name="population"),
    sa.CheckConstraint("least_answers >= 0", name="least"),
    sa.CheckConstraint("(state IN ('closed', 'told')) = (closed_at IS NOT NULL)", name="closed"),
    sa.Index("survey_by_unit", "unit_id", "opens_at"),
    sa.Index("survey_by_item", "item_id"),
)

survey_question = sa.Table(
    "survey_question",
    metadata,
    id_column("survey_id", sa.ForeignKey("survey.id", name="question_survey"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
    word("element", Element, nullable=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("weight", DecimalText, nullable=True),
    sa.PrimaryKeyConstraint("survey_id", "number"),
    sa.UniqueConstraint("survey_id", "element", name="question_element_once"),
    sa.CheckConstraint("number > 0", name="number"),
    sa.CheckConstraint("length(text) > 0", name="worded"),
)

#: links that serve once: whether, never when or for what
survey_pass = sa.Table(
    "survey_pass",
    metadata,
    id_column(primary_key=True),
    id_column("survey_id", sa.ForeignKey("survey.id", name="pass_survey"), nullable=False),
    *_found("secret_hash"),
    sa.Column("made_on", sa.Date, nullable=False),
    sa.Column("spent", sa.Boolean, nullable=False),
    sa.CheckConstraint(f"length(secret_hash) = {_HASH}", name="hashed"),
    sa.Index("survey_pass_by_survey", "survey_id"),
)

survey_answer = sa.Table(
    "survey_answer",
    metadata,
    id_column(primary_key=True),
    id_column("survey_id", sa.ForeignKey("survey.id", name="answer_survey"), nullable=False),
    sa.Column("single", sa.Boolean, nullable=False),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("flags", Flags, nullable=False),
    sa.UniqueConstraint("id", "survey_id", name="answer_of_survey"),
    sa.CheckConstraint("length(comment) <= 1000", name="comment"),
    sa.Index("survey_answer_by_survey", "survey_id", "id"),
)

survey_score = sa.Table(
    "survey_score",
    metadata,
    id_column("answer_id", nullable=False),
    id_column("survey_id", nullable=False),
    sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("answer_id", "number"),
    sa.ForeignKeyConstraint(
        ["answer_id", "survey_id"], ["survey_answer.id", "survey_answer.survey_id"],
        name="score_answer",
    ),
    sa.ForeignKeyConstraint(
        ["survey_id", "number"], ["survey_question.survey_id", "survey_question.number"],
        name="score_question",
    ),
    sa.CheckConstraint("score BETWEEN 1 AND 4", name="score"),
    sa.Index("survey_score_by_question", "survey_id", "number"),
)  # fmt: skip

survey_ruling = sa.Table(
    "survey_ruling",
    metadata,
    id_column(primary_key=True),
    id_column("answer_id", sa.ForeignKey("survey_answer.id", name="ruling_answer"), nullable=False),
    word("standing", Standing),
    sa.Column("reason", sa.Text, nullable=False),
    id_column("by", sa.ForeignKey("person.id", name="ruling_person"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(reason) >= 5", name="reasoned"),
    sa.Index("survey_ruling_by_answer", "answer_id", "id"),
)

#: the salt of a day and what it makes of addresses; both go when the day is over
survey_salt = sa.Table(
    "survey_salt",
    metadata,
    id_column("survey_id", sa.ForeignKey("survey.id", name="salt_survey"), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("salt", sa.String(_HASH), nullable=False),
    sa.PrimaryKeyConstraint("survey_id", "day"),
)
survey_mark = sa.Table(
    "survey_mark",
    metadata,
    id_column("survey_id", sa.ForeignKey("survey.id", name="mark_survey"), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("mark", sa.String(_HASH), nullable=False),
    sa.Column("hits", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("survey_id", "day", "mark"),
    sa.CheckConstraint("hits > 0", name="hits"),
)

complaint = sa.Table(
    "complaint",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="complaint_agency"), nullable=False),
    id_column("survey_id", sa.ForeignKey("survey.id", name="complaint_survey"), nullable=False),
    id_column("unit_id", sa.ForeignKey("unit.id", name="complaint_unit"), nullable=False),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="complaint_item"), nullable=True),
    sa.Column("text", sa.Text, nullable=False),
    *_found("secret_hash"),
    sa.Column("received_on", sa.Date, nullable=False),
    word("state", ComplaintState),
    sa.Column("answer", sa.Text, nullable=False),
    id_column("answered_by", sa.ForeignKey("person.id", name="complaint_answerer"), nullable=True),
    sa.Column("answered_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("length(text) BETWEEN 1 AND 4000", name="text"),
    sa.CheckConstraint(f"length(secret_hash) = {_HASH}", name="hashed"),
    sa.CheckConstraint(
        "(state = 'answered') = (answered_at IS NOT NULL AND answered_by IS NOT NULL"
        " AND length(answer) > 0)",
        name="answered",
    ),
    sa.Index("complaint_by_unit", "unit_id", "received_on"),
)


def _same(*names: str) -> str:
    return " OR ".join(f"COALESCE(NEW.{n}, '') <> COALESCE(OLD.{n}, '')" for n in names)


_OPEN = "EXISTS (SELECT 1 FROM survey s WHERE s.id = NEW.survey_id AND s.state = 'open')"
_PLANNED = "EXISTS (SELECT 1 FROM survey s WHERE s.id = NEW.survey_id AND s.state = 'planned')"
_ORDER = (
    "(CASE {row}.state WHEN 'planned' THEN 1 WHEN 'open' THEN 2 WHEN 'closed' THEN 3 ELSE 4 END)"
)

#: guards that came with the tables
SURVEY_GUARDS = (
    Guard("survey_answer_in_window", "survey_answer", "INSERT", f"NOT {_OPEN}"),
    Guard("survey_score_in_window", "survey_score", "INSERT", f"NOT {_OPEN}"),
    Guard("survey_question_planned", "survey_question", "INSERT", f"NOT {_PLANNED}"),
    # a survey moves on and never back; what was asked, of whom and until when stays
    Guard(
        "survey_moves_on",
        "survey",
        "UPDATE",
        f"{_ORDER.format(row='NEW')} < {_ORDER.format(row='OLD')}"
        f" OR {_ORDER.format(row='NEW')} > {_ORDER.format(row='OLD')} + 1",
    ),
    Guard(
        "survey_stays",
        "survey",
        "UPDATE",
        _same("unit_id", "item_id", "kind", "title", "weighing", "selector", "secret", "opened_by")
        + " OR NEW.open_link <> OLD.open_link OR NEW.opens_at <> OLD.opens_at"
        + " OR NEW.closes_at < OLD.closes_at"
        + " OR (OLD.state IN ('closed', 'told') AND NEW.closes_at <> OLD.closes_at)",
    ),
    Guard("survey_kept", "survey", "DELETE", "1 = 1"),
    # a link serves once, while its window is open
    Guard("survey_pass_once", "survey_pass", "UPDATE", "OLD.spent"),
    Guard("survey_pass_in_window", "survey_pass", "UPDATE", f"NOT {_OPEN}"),
    Guard(
        "survey_pass_stays",
        "survey_pass",
        "UPDATE",
        _same("survey_id", "selector", "secret_hash"),
    ),
    # an answered complaint stays; what was complained about stays in any case
    Guard("complaint_answered_once", "complaint", "UPDATE", "OLD.state = 'answered'"),
    Guard(
        "complaint_stays",
        "complaint",
        "UPDATE",
        _same("survey_id", "unit_id", "item_id", "text", "selector", "secret_hash"),
    ),
    Guard("complaint_kept", "complaint", "DELETE", "1 = 1"),
)
#: tables that are only added to
APPEND_ONLY = ("survey_question", "survey_answer", "survey_score", "survey_ruling")
