"""Coaching and counselling: who coaches, sessions, forms B.1.8 and B.1.9."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.coaching import CoachingKind, CoachingSource, CoachingState, Competency
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


coaching = sa.Table(
    "coaching",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "coaching_person"),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="coaching_cycle"), nullable=False),
    word("kind", CoachingKind),
    word("source", CoachingSource),
    _person("asked_by", "coaching_asker", nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    _person("coach_id", "coaching_coach", nullable=True),
    sa.Column("letter_no", sa.Text, nullable=False),
    word("state", CoachingState),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("coach_id <> person_id", name="not_own"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_whole"),
    sa.CheckConstraint(
        "state NOT IN ('offered', 'running') OR coach_id IS NOT NULL", name="has_coach"
    ),
    sa.CheckConstraint(
        "kind <> 'konseling' OR asked_by IS NULL OR asked_by = person_id", name="own_wish"
    ),
    sa.Index("coaching_by_person", "person_id", "cycle_id"),
    sa.Index("coaching_by_coach", "coach_id"),
)

coaching_session = sa.Table(
    "coaching_session",
    metadata,
    id_column(primary_key=True),
    id_column(
        "coaching_id",
        sa.ForeignKey("coaching.id", name="coaching_session_coaching"),
        nullable=False,
    ),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("coaching_id", "number", name="coaching_session_number_once"),
)

session_answer = sa.Table(
    "session_answer",
    metadata,
    id_column(primary_key=True),
    id_column(
        "session_id",
        sa.ForeignKey("coaching_session.id", name="session_answer_session"),
        nullable=False,
    ),
    sa.Column("statement", sa.String(24), nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.UniqueConstraint("session_id", "statement", name="session_answer_once"),
    sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
)

competency_score = sa.Table(
    "competency_score",
    metadata,
    id_column(primary_key=True),
    id_column(
        "session_id",
        sa.ForeignKey("coaching_session.id", name="competency_score_session"),
        nullable=False,
    ),
    word("competency", Competency),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.UniqueConstraint("session_id", "competency", name="competency_score_once"),
    sa.CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    sa.CheckConstraint("length(reason) > 0", name="reason"),
)

#: what was said in a session stays
APPEND_ONLY = ("coaching_session", "session_answer", "competency_score")

GUARDS = (
    Guard("coaching_closed", "coaching", "UPDATE", "OLD.state = 'closed'"),
    Guard(
        "coaching_kept_as_asked",
        "coaching",
        "UPDATE",
        """NEW.person_id <> OLD.person_id OR NEW.kind <> OLD.kind OR NEW.reason <> OLD.reason
        OR NEW.cycle_id <> OLD.cycle_id""",
    ),
    # competencies are scored in guidance at work, never out of counselling
    Guard(
        "counselling_scores_nobody",
        "competency_score",
        "INSERT",
        """EXISTS (SELECT 1 FROM coaching_session s JOIN coaching k ON k.id = s.coaching_id
        WHERE s.id = NEW.session_id AND k.kind = 'konseling')""",
    ),
    Guard(
        "session_while_running",
        "coaching_session",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM coaching k WHERE k.id = NEW.coaching_id
        AND k.state = 'running')""",
    ),
)
