"""Feedback and requests for it, behaviour incidents, documentation of results, what proves them."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.behaviour import Value
from engine.domain.documentation import Way
from engine.domain.feedback import AskedState, Tone, Voice
from engine.domain.incidents import IncidentKind, IncidentState
from engine.persistence.tables.columns import DecimalText, id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


def _cycle(key: str) -> sa.Column[str]:
    return id_column("cycle_id", sa.ForeignKey("cycle.id", name=key), nullable=False)


def _to(name: str, target: str, key: str, *, nullable: bool = True) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey(f"{target}.id", name=key), nullable=nullable)


feedback_request = sa.Table(
    "feedback_request",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "feedback_request_person"),
    _cycle("feedback_request_cycle"),
    _to("item_id", "plan_item", "feedback_request_item"),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(question) > 0", name="question"),
    sa.Index("feedback_request_by_person", "person_id", "cycle_id"),
)

feedback_asked = sa.Table(
    "feedback_asked",
    metadata,
    id_column(primary_key=True),
    _to("request_id", "feedback_request", "feedback_asked_request", nullable=False),
    _person("giver_id", "feedback_asked_giver"),
    word("state", AskedState),
    sa.Column("ended_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("request_id", "giver_id", name="feedback_asked_once"),
    sa.CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended"),
)

feedback_note = sa.Table(
    "feedback_note",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "feedback_note_person"),
    _cycle("feedback_note_cycle"),
    _person("giver_id", "feedback_note_giver"),
    _person("on_behalf_of", "feedback_note_behalf", nullable=True),
    word("voice", Voice),
    word("tone", Tone),
    _to("item_id", "plan_item", "feedback_note_item"),
    word("behaviour", Value, nullable=True),
    _to("period_id", "period", "feedback_note_period"),
    _to("request_id", "feedback_request", "feedback_note_request"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("giver_id <> person_id", name="not_own"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_own"),
    sa.CheckConstraint("item_id IS NULL OR behaviour IS NULL", name="one_subject"),
    sa.CheckConstraint("length(text) > 0", name="text"),
    sa.Index("feedback_note_by_person", "person_id", "cycle_id"),
    sa.Index("feedback_note_by_giver", "giver_id", "cycle_id"),
)

feedback_reply = sa.Table(
    "feedback_reply",
    metadata,
    id_column(primary_key=True),
    _to("feedback_id", "feedback_note", "feedback_reply_feedback", nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("feedback_id", name="feedback_reply_once"),
    sa.CheckConstraint("length(text) > 0", name="text"),
)

behaviour_incident = sa.Table(
    "behaviour_incident",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "behaviour_incident_person"),
    _cycle("behaviour_incident_cycle"),
    _person("recorded_by", "behaviour_incident_recorder"),
    _person("on_behalf_of", "behaviour_incident_behalf", nullable=True),
    word("voice", Voice),
    word("value", Value),
    word("kind", IncidentKind),
    sa.Column("happened_on", sa.Date, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    word("state", IncidentState),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("answered_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("recorded_by <> person_id", name="not_own"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_own"),
    sa.CheckConstraint("length(text) > 0", name="text"),
    sa.CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered"),
    sa.Index("behaviour_incident_by_person", "person_id", "cycle_id"),
)

documentation = sa.Table(
    "documentation",
    metadata,
    id_column(primary_key=True),
    _to("item_id", "plan_item", "documentation_item", nullable=False),
    _to("period_id", "period", "documentation_period", nullable=False),
    word("way", Way),
    sa.Column("actual", DecimalText, nullable=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("obstacles", sa.Text, nullable=False),
    _person("recorded_by", "documentation_recorder"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("(way = 'measured') = (actual IS NOT NULL)", name="measured"),
    sa.Index("documentation_by_item", "item_id", "period_id"),
)

attachment = sa.Table(
    "attachment",
    metadata,
    id_column(primary_key=True),
    _to("evidence_id", "evidence", "attachment_evidence", nullable=False),
    _person("person_id", "attachment_person"),
    _cycle("attachment_cycle"),
    _to("item_id", "plan_item", "attachment_item"),
    _to("period_id", "period", "attachment_period"),
    _to("feedback_id", "feedback_note", "attachment_feedback"),
    _to("incident_id", "behaviour_incident", "attachment_incident"),
    sa.CheckConstraint("(item_id IS NULL) = (period_id IS NULL)", name="result_in_period"),
    sa.CheckConstraint(
        "(item_id IS NOT NULL AND feedback_id IS NULL AND incident_id IS NULL)"
        " OR (item_id IS NULL AND feedback_id IS NOT NULL AND incident_id IS NULL)"
        " OR (item_id IS NULL AND feedback_id IS NULL AND incident_id IS NOT NULL)",
        name="one_subject",
    ),
    sa.Index("attachment_by_evidence", "evidence_id"),
    sa.Index("attachment_by_item", "item_id", "period_id"),
    sa.Index("attachment_by_feedback", "feedback_id"),
    sa.Index("attachment_by_incident", "incident_id"),
)

#: facts that nobody rewrites
APPEND_ONLY = (
    "feedback_request",
    "feedback_note",
    "feedback_reply",
    "documentation",
    "attachment",
)

GUARDS = (
    # what was said about conduct stays; the person answers once
    Guard("incident_answered", "behaviour_incident", "UPDATE", "OLD.state <> 'told'"),
    Guard(
        "incident_kept_as_told",
        "behaviour_incident",
        "UPDATE",
        """NEW.text <> OLD.text OR NEW.person_id <> OLD.person_id OR NEW.value <> OLD.value
        OR NEW.recorded_by <> OLD.recorded_by OR NEW.kind <> OLD.kind
        OR NEW.happened_on <> OLD.happened_on OR NEW.link <> OLD.link""",
    ),
    Guard("feedback_asked_ended", "feedback_asked", "UPDATE", "OLD.state <> 'asked'"),
    # feedback in answer to a request comes from who was asked, and is about who asked
    Guard(
        "feedback_answers_request",
        "feedback_note",
        "INSERT",
        """NEW.request_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM feedback_asked k
        JOIN feedback_request r ON r.id = k.request_id WHERE r.id = NEW.request_id
        AND r.person_id = NEW.person_id AND k.giver_id = NEW.giver_id)""",
    ),
    # a result that feedback is about belongs to whom it is about
    Guard(
        "feedback_on_own_result",
        "feedback_note",
        "INSERT",
        """NEW.item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plan_item i
        JOIN plan p ON p.id = i.plan_id WHERE i.id = NEW.item_id
        AND p.person_id = NEW.person_id)""",
    ),
)
