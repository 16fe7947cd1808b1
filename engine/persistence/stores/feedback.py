"""Feedback, requests, incidents and documentation of results on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import Evidence
from engine.domain.documentation import Attachment, Documentation
from engine.domain.feedback import (
    FeedbackAsked,
    FeedbackNote,
    FeedbackReply,
    FeedbackRequest,
    Tone,
    Voice,
)
from engine.domain.incidents import Incident, IncidentKind
from engine.domain.protection import Grievance, GrievanceKind
from engine.persistence.tables import feedback as t
from engine.persistence.tables.contributions import evidence
from engine.persistence.tables.performance import plan_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.persistence.stores.entities import Entities

TABLES: Final[dict[type[Any], sa.Table]] = {
    FeedbackRequest: t.feedback_request,
    FeedbackAsked: t.feedback_asked,
    FeedbackNote: t.feedback_note,
    FeedbackReply: t.feedback_reply,
    Incident: t.behaviour_incident,
    Documentation: t.documentation,
    Attachment: t.attachment,
}


class SqlFeedback:
    """The part of `DialogueStore` about what people say of each other and of results."""

    _rows: Entities
    _connection: sa.Connection

    def feedback_about(self, person_id: str, cycle_id: str) -> Sequence[FeedbackNote]:
        """Feedback about a person, oldest first."""
        held = t.feedback_note.c
        return self._notes(held.person_id == person_id, held.cycle_id == cycle_id)

    def feedback_by(self, giver_id: str, cycle_id: str) -> Sequence[FeedbackNote]:
        """Feedback that a person gave, oldest first."""
        held = t.feedback_note.c
        return self._notes(held.giver_id == giver_id, held.cycle_id == cycle_id)

    def feedback_for(self, request_id: str) -> Sequence[FeedbackNote]:
        """Answers to a request, oldest first."""
        return self._notes(t.feedback_note.c.request_id == request_id)

    def replies(self, feedback_ids: Sequence[str]) -> Mapping[str, FeedbackReply]:
        """What was replied, by the feedback's id."""
        held = t.feedback_reply.c
        query = sa.select(t.feedback_reply).where(held.feedback_id.in_(feedback_ids))
        return {row.feedback_id: row for row in self._rows.all(FeedbackReply, query)}

    def asked(self, request_id: str) -> Sequence[FeedbackAsked]:
        """Whom a request asked."""
        held = t.feedback_asked.c
        query = sa.select(t.feedback_asked).where(held.request_id == request_id)
        return self._rows.all(FeedbackAsked, query.order_by(held.id))

    def upward(self, person_id: str, about: Sequence[str]) -> Sequence[Grievance]:
        """Critical feedback and negative incidents of a person about people above him."""
        spoken = sa.union(*spoken_upward()).subquery("spoken")
        query = (
            sa.select(spoken)
            .where(spoken.c.person_id == person_id, spoken.c.about_id.in_(about))
            .order_by(spoken.c.at)
        )
        return [
            Grievance(**{**row, "kind": GrievanceKind(row["kind"])})
            for row in self._connection.execute(query).mappings()
        ]

    def incidents_about(self, person_id: str, cycle_id: str) -> Sequence[Incident]:
        """Incidents about a person, oldest first."""
        held = t.behaviour_incident.c
        return self._incidents(held.person_id == person_id, held.cycle_id == cycle_id)

    def incidents_by(self, recorder_id: str, cycle_id: str) -> Sequence[Incident]:
        """Incidents that a person recorded, oldest first."""
        held = t.behaviour_incident.c
        return self._incidents(held.recorded_by == recorder_id, held.cycle_id == cycle_id)

    def documented(self, plan_id: str, period_id: str) -> Mapping[str, Documentation]:
        """The newest documentation of each result of a plan in a period, by result."""
        held = t.documentation.c
        query = (
            sa.select(t.documentation)
            .join(plan_item, plan_item.c.id == held.item_id)
            .where(plan_item.c.plan_id == plan_id, held.period_id == period_id)
            .order_by(held.at, held.id)
        )
        return {row.item_id: row for row in self._rows.all(Documentation, query)}

    def periods_documented(self, plan_id: str) -> Mapping[str, int]:
        """In how many periods each result of a plan was documented, by result."""
        held = t.documentation.c
        query = (
            sa.select(held.item_id, sa.func.count(held.period_id.distinct()))
            .join(plan_item, plan_item.c.id == held.item_id)
            .where(plan_item.c.plan_id == plan_id)
            .group_by(held.item_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def attached(self, item_id: str, period_id: str) -> Sequence[Evidence]:
        """Evidence beside a result in a period, oldest first."""
        held = t.attachment.c
        query = (
            sa.select(evidence)
            .join(t.attachment, held.evidence_id == evidence.c.id)
            .where(held.item_id == item_id, held.period_id == period_id)
            .order_by(evidence.c.at, evidence.c.id)
        )
        return self._rows.all(Evidence, query)

    def attachments_of(self, evidence_id: str) -> Sequence[Attachment]:
        """Beside what a piece of evidence lies."""
        held = t.attachment.c
        query = sa.select(t.attachment).where(held.evidence_id == evidence_id)
        return self._rows.all(Attachment, query.order_by(held.id))

    def _notes(self, *which: sa.ColumnElement[bool]) -> Sequence[FeedbackNote]:
        held = t.feedback_note.c
        query = sa.select(t.feedback_note).where(*which).order_by(held.at, held.id)
        return self._rows.all(FeedbackNote, query)

    def _incidents(self, *which: sa.ColumnElement[bool]) -> Sequence[Incident]:
        held = t.behaviour_incident.c
        query = sa.select(t.behaviour_incident).where(*which).order_by(held.at, held.id)
        return self._rows.all(Incident, query)


def spoken_upward() -> tuple[sa.Select[Any], ...]:
    """Who spoke critically of somebody above him, as (person_id, about_id, kind, at).

    Critical feedback upward, and negative incidents that a subordinate recorded with his voice:
    both are grievances of kind FEEDBACK (crediting.md 0.10).
    """
    note, seen = t.feedback_note.c, t.behaviour_incident.c
    kind = sa.literal(GrievanceKind.FEEDBACK.value).label("kind")
    return (
        sa.select(
            note.giver_id.label("person_id"),
            note.person_id.label("about_id"),
            kind,
            note.at.label("at"),
        ).where(note.voice == Voice.SUBORDINATE, note.tone == Tone.CRITICISM),
        sa.select(
            seen.recorded_by.label("person_id"),
            seen.person_id.label("about_id"),
            kind,
            seen.at.label("at"),
        ).where(seen.voice == Voice.SUBORDINATE, seen.kind == IncidentKind.NEGATIVE),
    )
