"""Recommendations, self-evaluation, answers of 360, calibration, ratings per period, signatures."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.behaviour import Value
from engine.domain.calibration import CalibrationState, Part
from engine.domain.judging import DeviationKind
from engine.domain.ratings import Level, OrgLevel, Predikat
from engine.domain.signing import SignaturePart
from engine.domain.voices import RoundState, Source
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


def _cycle(key: str) -> sa.Column[str]:
    return id_column("cycle_id", sa.ForeignKey("cycle.id", name=key), nullable=False)


def _rating(key: str, name: str = "rating_id") -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("rating.id", name=key), nullable=False)


def _unit(key: str, *, primary_key: bool = False) -> sa.Column[str]:
    target = sa.ForeignKey("unit.id", name=key)
    return id_column("unit_id", target, nullable=False, primary_key=primary_key)


recommendation = sa.Table(
    "recommendation",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "recommendation_person"),
    _cycle("recommendation_cycle"),
    id_column(
        "membership_id",
        sa.ForeignKey("membership.id", name="recommendation_membership"),
        nullable=False,
    ),
    # "year", or the id of a period
    id_column("occasion", nullable=False),
    _person("recommender_id", "recommendation_lead"),
    _person("on_behalf_of", "recommendation_behalf", nullable=True),
    word("level", Level, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("membership_id", "cycle_id", "occasion", name="recommendation_once"),
    sa.CheckConstraint("recommender_id <> person_id", name="not_for_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_in_own_name"),
    sa.CheckConstraint("level IS NULL OR length(words) > 0", name="with_words"),
    sa.Index("recommendation_by_person", "person_id", "cycle_id"),
)

self_evaluation = sa.Table(
    "self_evaluation",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "self_evaluation_person"),
    _cycle("self_evaluation_cycle"),
    sa.Column("role", sa.Text, nullable=False),
    word("level", Level, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("person_id", "cycle_id", "role", name="self_evaluation_once"),
)

role_judgement = sa.Table(
    "role_judgement",
    metadata,
    id_column(primary_key=True),
    _rating("role_judgement_rating"),
    sa.Column("role", sa.Text, nullable=False),
    word("recommended", Level, nullable=True),
    word("level", Level),
    sa.Column("reason", sa.Text, nullable=False),
    sa.UniqueConstraint("rating_id", "role", name="role_judgement_once"),
    sa.CheckConstraint(
        "recommended IS NULL OR recommended = level OR length(reason) > 0", name="reasoned"
    ),
)

behaviour_mark = sa.Table(
    "behaviour_mark",
    metadata,
    id_column(
        "rating_id", sa.ForeignKey("rating.id", name="behaviour_mark_rating"), primary_key=True
    ),
    sa.Column("value", word("value", Value).type, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    word("level", Level),
    sa.CheckConstraint("number BETWEEN 1 AND 3", name="statement"),
)

deviation = sa.Table(
    "deviation",
    metadata,
    id_column(primary_key=True),
    _rating("deviation_rating"),
    _person("person_id", "deviation_person"),
    _cycle("deviation_cycle"),
    word("kind", DeviationKind),
    sa.Column("role", sa.Text, nullable=True),
    _person("rater_id", "deviation_rater"),
    _person("on_behalf_of", "deviation_behalf", nullable=True),
    sa.Column("proposed", sa.Text, nullable=False),
    sa.Column("decided", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(reason) > 0", name="reasoned"),
    sa.CheckConstraint("rater_id <> person_id", name="not_own"),
    sa.Index("deviation_by_cycle", "cycle_id", "rater_id"),
    sa.Index("deviation_by_rating", "rating_id"),
)

period_rating = sa.Table(
    "period_rating",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "period_rating_person"),
    _cycle("period_rating_cycle"),
    id_column("period_id", sa.ForeignKey("period.id", name="period_rating_period"), nullable=False),
    word("result_level", Level),
    word("behaviour_level", Level),
    word("predikat", Predikat),
    sa.Column("note", sa.Text, nullable=False),
    _person("rater_id", "period_rating_rater"),
    _person("on_behalf_of", "period_rating_behalf", nullable=True),
    word("org_level", OrgLevel, nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("person_id", "period_id", name="period_rating_once"),
    sa.CheckConstraint("rater_id <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_oneself"),
    sa.Index("period_rating_by_cycle", "cycle_id", "person_id"),
)

period_org_rating = sa.Table(
    "period_org_rating",
    metadata,
    _unit("period_org_rating_unit", primary_key=True),
    id_column(
        "period_id", sa.ForeignKey("period.id", name="period_org_rating_period"), primary_key=True
    ),
    word("level", OrgLevel),
    _person("decided_by", "period_org_rating_decider"),
    _person("on_behalf_of", "period_org_rating_behalf", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
)

voice_round = sa.Table(
    "voice_round",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "voice_round_person"),
    _cycle("voice_round_cycle"),
    word("state", RoundState),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("person_id", "cycle_id", name="voice_round_once"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_whole"),
)

voice_invitation = sa.Table(
    "voice_invitation",
    metadata,
    id_column(primary_key=True),
    id_column(
        "round_id", sa.ForeignKey("voice_round.id", name="voice_invitation_round"), nullable=False
    ),
    _person("giver_id", "voice_invitation_giver"),
    word("source", Source),
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.UniqueConstraint("round_id", "giver_id", name="voice_invitation_once"),
)

# counters: nothing in it says who answered, and no moment says when
voice_tally = sa.Table(
    "voice_tally",
    metadata,
    id_column(
        "round_id", sa.ForeignKey("voice_round.id", name="voice_tally_round"), primary_key=True
    ),
    sa.Column("source", word("source", Source).type, primary_key=True),
    sa.Column("value", word("value", Value).type, primary_key=True),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.CheckConstraint("people >= 1", name="people"),
    sa.CheckConstraint("total BETWEEN people AND 3 * people", name="total"),
)

voice_words = sa.Table(
    "voice_words",
    metadata,
    # a hash, so that the order in which they came is not kept
    id_column(primary_key=True),
    id_column(
        "round_id", sa.ForeignKey("voice_round.id", name="voice_words_round"), nullable=False
    ),
    word("source", Source),
    sa.Column("words", sa.Text, nullable=False),
    sa.CheckConstraint("length(words) > 0", name="words"),
    sa.Index("voice_words_by_round", "round_id"),
)

calibration = sa.Table(
    "calibration",
    metadata,
    id_column(primary_key=True),
    _unit("calibration_unit_rated"),
    _cycle("calibration_cycle"),
    _person("leader_id", "calibration_leader"),
    word("state", CalibrationState),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("unit_id", "cycle_id", name="calibration_once"),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_whole"),
)

calibration_unit = sa.Table(
    "calibration_unit",
    metadata,
    id_column(
        "calibration_id",
        sa.ForeignKey("calibration.id", name="calibration_unit_session"),
        primary_key=True,
    ),
    _unit("calibration_unit_unit", primary_key=True),
)

calibration_participant = sa.Table(
    "calibration_participant",
    metadata,
    id_column(
        "calibration_id",
        sa.ForeignKey("calibration.id", name="calibration_participant_session"),
        primary_key=True,
    ),
    id_column(
        "person_id",
        sa.ForeignKey("person.id", name="calibration_participant_person"),
        primary_key=True,
    ),
    word("part", Part),
)

calibration_move = sa.Table(
    "calibration_move",
    metadata,
    id_column(primary_key=True),
    id_column(
        "calibration_id",
        sa.ForeignKey("calibration.id", name="calibration_move_session"),
        nullable=False,
    ),
    _person("person_id", "calibration_move_person"),
    _rating("calibration_move_from", "rating_from"),
    _rating("calibration_move_to", "rating_to"),
    word("before_result", Level),
    word("before_behaviour", Level),
    word("before_predikat", Predikat),
    word("after_result", Level),
    word("after_behaviour", Level),
    word("after_predikat", Predikat),
    _person("moved_by", "calibration_move_mover"),
    _person("on_behalf_of", "calibration_move_behalf", nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("rating_from", name="calibration_move_from_once"),
    sa.UniqueConstraint("rating_to", name="calibration_move_to_once"),
    sa.CheckConstraint("moved_by <> person_id", name="not_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_oneself"),
    sa.CheckConstraint("length(reason) > 0", name="reasoned"),
    sa.CheckConstraint(
        "before_result <> after_result OR before_behaviour <> after_behaviour", name="moves"
    ),
    sa.Index("calibration_move_by_person", "person_id"),
    sa.Index("calibration_move_by_session", "calibration_id"),
)

signature = sa.Table(
    "signature",
    metadata,
    id_column(primary_key=True),
    _rating("signature_rating"),
    word("part", SignaturePart),
    _person("signer_id", "signature_signer"),
    _person("on_behalf_of", "signature_behalf", nullable=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("refused", sa.Boolean, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("rating_id", "part", name="signature_once"),
    sa.CheckConstraint("length(digest) = 64", name="digest"),
    sa.CheckConstraint("NOT refused OR (part = 'second' AND length(words) > 0)", name="refusal"),
)
