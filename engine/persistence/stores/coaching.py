"""Coaching and counselling on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.coaching import Coaching, CoachingSession, CompetencyScore, SessionAnswer
from engine.persistence.tables import coaching as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.persistence.stores.entities import Entities

TABLES: Final[dict[type[Any], sa.Table]] = {
    Coaching: t.coaching,
    CoachingSession: t.coaching_session,
    SessionAnswer: t.session_answer,
    CompetencyScore: t.competency_score,
}


class SqlCoaching:
    """The part of `DialogueStore` about coaching."""

    _rows: Entities

    def coachings_of(self, person_id: str, cycle_id: str) -> Sequence[Coaching]:
        """Coaching of a person, oldest first."""
        held = t.coaching.c
        query = (
            sa.select(t.coaching)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.at, held.id)
        )
        return self._rows.all(Coaching, query)

    def sessions(self, coaching_id: str) -> Sequence[CoachingSession]:
        """Sessions in order."""
        held = t.coaching_session.c
        query = sa.select(t.coaching_session).where(held.coaching_id == coaching_id)
        return self._rows.all(CoachingSession, query.order_by(held.number))

    def answers(self, session_id: str) -> Sequence[SessionAnswer]:
        """Form B.1.8 of a session, by statement."""
        held = t.session_answer.c
        query = sa.select(t.session_answer).where(held.session_id == session_id)
        return self._rows.all(SessionAnswer, query.order_by(held.statement))

    def scores(self, session_id: str) -> Sequence[CompetencyScore]:
        """Form B.1.9 of a session, by competency."""
        held = t.competency_score.c
        query = sa.select(t.competency_score).where(held.session_id == session_id)
        return self._rows.all(CompetencyScore, query.order_by(held.competency))
