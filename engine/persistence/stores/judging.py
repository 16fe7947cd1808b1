"""Recommendations, calibration, ratings per period, signatures on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain import calibration as c
from engine.domain import judging as j
from engine.domain.impartial import Act
from engine.domain.ratings import Rating
from engine.domain.signing import Signature
from engine.domain.voices import Invitation, VoiceRound
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.judging_counts import SqlJudgingCounts
from engine.persistence.stores.voices import SqlVoices
from engine.persistence.tables import judging as t
from engine.persistence.tables.performance import rating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.judging import JudgingEntity, JudgingKept

TABLES: Final = {
    j.Recommendation: t.recommendation,
    j.SelfEvaluation: t.self_evaluation,
    j.RoleJudgement: t.role_judgement,
    j.BehaviourMark: t.behaviour_mark,
    j.Deviation: t.deviation,
    j.PeriodRating: t.period_rating,
    j.PeriodOrgRating: t.period_org_rating,
    VoiceRound: t.voice_round,
    Invitation: t.voice_invitation,
    c.Calibration: t.calibration,
    c.CalibrationUnit: t.calibration_unit,
    c.Participant: t.calibration_participant,
    c.Move: t.calibration_move,
    Signature: t.signature,
    Rating: rating,
}

#: tables that name the person, with the column of who acted
_BY_PERSON: Final = (
    (rating, "rater_id"),
    (t.period_rating, "rater_id"),
    (t.recommendation, "recommender_id"),
)


class SqlJudgingStore(SqlJudgingCounts, SqlVoices):
    """`JudgingStore` on a connection."""

    def __init__(self, connection: sa.Connection, *, is_postgresql: bool) -> None:
        rows = Entities(connection, TABLES)
        SqlJudgingCounts.__init__(self, connection, rows)
        SqlVoices.__init__(self, connection, rows, is_postgresql=is_postgresql)
        self._rows = rows
        self._connection = connection

    def add(self, rows: Sequence[JudgingEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: JudgingKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[JudgingKept], row_id: str) -> JudgingKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def recommendations(
        self, person_id: str, cycle_id: str, occasion: str = j.YEAR
    ) -> Sequence[j.Recommendation]:
        """What leads said about a person's roles, silences included."""
        held = t.recommendation.c
        query = (
            sa.select(t.recommendation)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .where(held.occasion == occasion)
            .order_by(held.membership_id)
        )
        return self._rows.all(j.Recommendation, query)

    def self_evaluations(self, person_id: str, cycle_id: str) -> Sequence[j.SelfEvaluation]:
        """The employee's own words by role."""
        held = t.self_evaluation.c
        query = (
            sa.select(t.self_evaluation)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.role)
        )
        return self._rows.all(j.SelfEvaluation, query)

    def role_judgements(self, rating_id: str) -> Sequence[j.RoleJudgement]:
        """The rater's levels by role."""
        held = t.role_judgement.c
        query = sa.select(t.role_judgement).where(held.rating_id == rating_id).order_by(held.role)
        return self._rows.all(j.RoleJudgement, query)

    def marks(self, rating_id: str) -> Sequence[j.BehaviourMark]:
        """The rater's levels by statement."""
        held = t.behaviour_mark.c
        query = (
            sa.select(t.behaviour_mark)
            .where(held.rating_id == rating_id)
            .order_by(held.value, held.number)
        )
        return self._rows.all(j.BehaviourMark, query)

    def deviations(self, cycle_id: str) -> Sequence[j.Deviation]:
        """Departures of a cycle by rater, oldest first."""
        held = t.deviation.c
        query = (
            sa.select(t.deviation)
            .where(held.cycle_id == cycle_id)
            .order_by(held.rater_id, held.at, held.id)
        )
        return self._rows.all(j.Deviation, query)

    def deviations_about(self, person_id: str, cycle_id: str) -> Sequence[j.Deviation]:
        """Departures in every version of a person's rating, oldest first."""
        held = t.deviation.c
        query = sa.select(t.deviation).where(held.person_id == person_id, held.cycle_id == cycle_id)
        return self._rows.all(j.Deviation, query.order_by(held.at, held.id))

    def signatures(self, rating_id: str) -> Sequence[Signature]:
        """Signatures under one version, oldest first."""
        held = t.signature.c
        query = sa.select(t.signature).where(held.rating_id == rating_id)
        return self._rows.all(Signature, query.order_by(held.at, held.id))

    def versions(self, person_id: str, cycle_id: str) -> Sequence[Rating]:
        """Every version of a person's rating, oldest first."""
        held = rating.c
        query = (
            sa.select(rating)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.version)
        )
        return self._rows.all(Rating, query)

    def acts_on(self, person_id: str, cycle_id: str) -> Sequence[Act]:
        """Everybody who rated, recommended, moved or signed about a person; one statement."""
        here = (person_id, cycle_id)
        parts = [
            _acts(table.c[who], table.c.on_behalf_of)
            .where(table.c.person_id == person_id, table.c.cycle_id == cycle_id)
            .where(table.c[who].is_not(None))
            for table, who in _BY_PERSON
        ]
        moved, signed = t.calibration_move.c, t.signature.c
        parts += [
            _of_rating(_acts(moved.moved_by, moved.on_behalf_of), moved.rating_to, here),
            _of_rating(_acts(signed.signer_id, signed.on_behalf_of), signed.rating_id, here),
        ]
        found = sa.union(*parts)
        rows = self._connection.execute(found.order_by("actor_id", "on_behalf_of")).mappings()
        return [Act(**row) for row in rows if row["actor_id"] != person_id]

    def period_ratings(self, person_id: str, cycle_id: str) -> Sequence[j.PeriodRating]:
        """Ratings of a person by period, oldest first."""
        held = t.period_rating.c
        query = (
            sa.select(t.period_rating)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.at, held.id)
        )
        return self._rows.all(j.PeriodRating, query)

    def period_org_rating(self, unit_id: str, period_id: str) -> j.PeriodOrgRating | None:
        """Level of a unit in a period."""
        held = t.period_org_rating.c
        query = sa.select(t.period_org_rating).where(
            held.unit_id == unit_id, held.period_id == period_id
        )
        return self._rows.first(j.PeriodOrgRating, query)

    def calibration_of(self, unit_id: str, cycle_id: str) -> c.Calibration | None:
        """The session a unit is in."""
        inside = t.calibration_unit.c
        query = (
            sa.select(t.calibration)
            .join(t.calibration_unit, inside.calibration_id == t.calibration.c.id)
            .where(inside.unit_id == unit_id, t.calibration.c.cycle_id == cycle_id)
            .order_by(t.calibration.c.id.desc())
        )
        return self._rows.first(c.Calibration, query)

    def calibration_units(self, calibration_id: str) -> Sequence[str]:
        """Units of a session."""
        held = t.calibration_unit.c
        query = sa.select(held.unit_id).where(held.calibration_id == calibration_id)
        return list(self._connection.scalars(query.order_by(held.unit_id)))

    def participants(self, calibration_id: str) -> Sequence[c.Participant]:
        """Who takes part."""
        held = t.calibration_participant.c
        query = sa.select(t.calibration_participant).where(held.calibration_id == calibration_id)
        return self._rows.all(c.Participant, query.order_by(held.person_id))

    def moves(self, calibration_id: str) -> Sequence[c.Move]:
        """Moves of a session, oldest first."""
        held = t.calibration_move.c
        query = sa.select(t.calibration_move).where(held.calibration_id == calibration_id)
        return self._rows.all(c.Move, query.order_by(held.at, held.id))

    def moves_of(self, person_id: str, cycle_id: str) -> Sequence[c.Move]:
        """Moves of one person's rating, oldest first."""
        held = t.calibration_move.c
        query = (
            sa.select(t.calibration_move)
            .join(t.calibration, t.calibration.c.id == held.calibration_id)
            .where(held.person_id == person_id, t.calibration.c.cycle_id == cycle_id)
            .order_by(held.at, held.id)
        )
        return self._rows.all(c.Move, query)


def _acts(who: sa.Column[Any], behalf: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(who.label("actor_id"), behalf.label("on_behalf_of"))


def _of_rating(
    query: sa.Select[Any], rating_id: sa.Column[Any], here: tuple[str, str]
) -> sa.Select[Any]:
    about = sa.select(rating.c.id).where(
        rating.c.person_id == here[0], rating.c.cycle_id == here[1]
    )
    return query.where(rating_id.in_(about))
