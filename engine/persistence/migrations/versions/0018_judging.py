"""Role recommendations, answers of 360, calibration, ratings per period, signatures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.guards import create, drop
from engine.persistence.tables.judging_guards import APPEND_ONLY, JUDGING_GUARDS
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_LEVELS = ("di_atas", "sesuai", "di_bawah")
_PREDIKATS = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
_ORG_LEVELS = ("istimewa", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")
_VALUES = (
    "berorientasi_pelayanan",
    "akuntabel",
    "kompeten",
    "harmonis",
    "loyal",
    "adaptif",
    "kolaboratif",
)


def upgrade() -> None:
    for make in _TABLES.values():
        make()
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in JUDGING_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in JUDGING_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _to(name: str, table: str, key: str, *, nullable: bool = False) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{table}.id", name=key)
    return sa.Column(name, sa.String(length=36), target, nullable=nullable)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _recommendation() -> None:
    op.create_table(
        "recommendation",
        _id("id"),
        _to("person_id", "person", "recommendation_person"),
        _to("cycle_id", "cycle", "recommendation_cycle"),
        _to("membership_id", "membership", "recommendation_membership"),
        _id("occasion"),
        _to("recommender_id", "person", "recommendation_lead"),
        _to("on_behalf_of", "person", "recommendation_behalf", nullable=True),
        sa.Column("level", _words("level_known", *_LEVELS), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check("ck_recommendation_with_words", "level IS NULL OR length(words) > 0"),
        _check("ck_recommendation_not_in_own_name", "on_behalf_of <> person_id"),
        _check("ck_recommendation_not_for_oneself", "recommender_id <> person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("membership_id", "cycle_id", "occasion", name="recommendation_once"),
    )
    op.create_index(
        "recommendation_by_person", "recommendation", ["person_id", "cycle_id"], unique=False
    )


def _self_evaluation() -> None:
    op.create_table(
        "self_evaluation",
        _id("id"),
        _to("person_id", "person", "self_evaluation_person"),
        _to("cycle_id", "cycle", "self_evaluation_cycle"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("level", _words("level_known", *_LEVELS), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_evaluation")),
        sa.UniqueConstraint("person_id", "cycle_id", "role", name="self_evaluation_once"),
    )


def _role_judgement() -> None:
    op.create_table(
        "role_judgement",
        _id("id"),
        _to("rating_id", "rating", "role_judgement_rating"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("recommended", _words("recommended_known", *_LEVELS), nullable=True),
        sa.Column("level", _words("level_known", *_LEVELS), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _check(
            "ck_role_judgement_reasoned",
            "recommended IS NULL OR recommended = level OR length(reason) > 0",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_judgement")),
        sa.UniqueConstraint("rating_id", "role", name="role_judgement_once"),
    )


def _behaviour_mark() -> None:
    op.create_table(
        "behaviour_mark",
        _to("rating_id", "rating", "behaviour_mark_rating"),
        sa.Column("value", _words("value_known", *_VALUES), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", _words("level_known", *_LEVELS), nullable=False),
        _check("ck_behaviour_mark_statement", "number BETWEEN 1 AND 3"),
        sa.PrimaryKeyConstraint("rating_id", "value", "number", name=op.f("pk_behaviour_mark")),
    )


def _deviation() -> None:
    op.create_table(
        "deviation",
        _id("id"),
        _to("rating_id", "rating", "deviation_rating"),
        _to("person_id", "person", "deviation_person"),
        _to("cycle_id", "cycle", "deviation_cycle"),
        sa.Column(
            "kind",
            _words(
                "kind_known",
                "proposal",
                "recommendation",
                "behaviour",
                "evidence",
                "load",
                "calibration",
                "distribution",
            ),
            nullable=False,
        ),
        sa.Column("role", sa.Text(), nullable=True),
        _to("rater_id", "person", "deviation_rater"),
        _to("on_behalf_of", "person", "deviation_behalf", nullable=True),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check("ck_deviation_reasoned", "length(reason) > 0"),
        _check("ck_deviation_not_own", "rater_id <> person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
    )
    op.create_index("deviation_by_cycle", "deviation", ["cycle_id", "rater_id"], unique=False)
    op.create_index("deviation_by_rating", "deviation", ["rating_id"], unique=False)


def _period_rating() -> None:
    op.create_table(
        "period_rating",
        _id("id"),
        _to("person_id", "person", "period_rating_person"),
        _to("cycle_id", "cycle", "period_rating_cycle"),
        _to("period_id", "period", "period_rating_period"),
        sa.Column("result_level", _words("result_level_known", *_LEVELS), nullable=False),
        sa.Column("behaviour_level", _words("behaviour_level_known", *_LEVELS), nullable=False),
        sa.Column("predikat", _words("predikat_known", *_PREDIKATS), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _to("rater_id", "person", "period_rating_rater"),
        _to("on_behalf_of", "person", "period_rating_behalf", nullable=True),
        sa.Column("org_level", _words("org_level_known", *_ORG_LEVELS), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check("ck_period_rating_not_for_oneself", "on_behalf_of <> person_id"),
        _check("ck_period_rating_not_by_oneself", "rater_id <> person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_rating")),
        sa.UniqueConstraint("person_id", "period_id", name="period_rating_once"),
    )
    op.create_index(
        "period_rating_by_cycle", "period_rating", ["cycle_id", "person_id"], unique=False
    )


def _period_org_rating() -> None:
    op.create_table(
        "period_org_rating",
        _to("unit_id", "unit", "period_org_rating_unit"),
        _to("period_id", "period", "period_org_rating_period"),
        sa.Column("level", _words("level_known", *_ORG_LEVELS), nullable=False),
        _to("decided_by", "person", "period_org_rating_decider"),
        _to("on_behalf_of", "person", "period_org_rating_behalf", nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "period_id", name=op.f("pk_period_org_rating")),
    )


def _voice_round() -> None:
    op.create_table(
        "voice_round",
        _id("id"),
        _to("person_id", "person", "voice_round_person"),
        _to("cycle_id", "cycle", "voice_round_cycle"),
        sa.Column("state", _words("state_known", "open", "closed"), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        _check("ck_voice_round_closed_whole", "(state = 'closed') = (closed_at IS NOT NULL)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_round")),
        sa.UniqueConstraint("person_id", "cycle_id", name="voice_round_once"),
    )


def _voice_invitation() -> None:
    op.create_table(
        "voice_invitation",
        _id("id"),
        _to("round_id", "voice_round", "voice_invitation_round"),
        _to("giver_id", "person", "voice_invitation_giver"),
        sa.Column(
            "source", _words("source_known", "peer", "subordinate", "partner"), nullable=False
        ),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_invitation")),
        sa.UniqueConstraint("round_id", "giver_id", name="voice_invitation_once"),
    )


def _voice_tally() -> None:
    op.create_table(
        "voice_tally",
        _to("round_id", "voice_round", "voice_tally_round"),
        sa.Column(
            "source", _words("source_known", "peer", "subordinate", "partner"), nullable=False
        ),
        sa.Column("value", _words("value_known", *_VALUES), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        _check("ck_voice_tally_people", "people >= 1"),
        _check("ck_voice_tally_total", "total BETWEEN people AND 3 * people"),
        sa.PrimaryKeyConstraint("round_id", "source", "value", name=op.f("pk_voice_tally")),
    )


def _voice_words() -> None:
    op.create_table(
        "voice_words",
        _id("id"),
        _to("round_id", "voice_round", "voice_words_round"),
        sa.Column(
            "source", _words("source_known", "peer", "subordinate", "partner"), nullable=False
        ),
        sa.Column("words", sa.Text(), nullable=False),
        _check("ck_voice_words_words", "length(words) > 0"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_words")),
    )
    op.create_index("voice_words_by_round", "voice_words", ["round_id"], unique=False)


def _calibration() -> None:
    op.create_table(
        "calibration",
        _id("id"),
        _to("unit_id", "unit", "calibration_unit_rated"),
        _to("cycle_id", "cycle", "calibration_cycle"),
        _to("leader_id", "person", "calibration_leader"),
        sa.Column("state", _words("state_known", "open", "closed"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        _check("ck_calibration_closed_whole", "(state = 'closed') = (closed_at IS NOT NULL)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
        sa.UniqueConstraint("unit_id", "cycle_id", name="calibration_once"),
    )


def _calibration_unit() -> None:
    op.create_table(
        "calibration_unit",
        _to("calibration_id", "calibration", "calibration_unit_session"),
        _to("unit_id", "unit", "calibration_unit_unit"),
        sa.PrimaryKeyConstraint("calibration_id", "unit_id", name=op.f("pk_calibration_unit")),
    )


def _calibration_participant() -> None:
    op.create_table(
        "calibration_participant",
        _to("calibration_id", "calibration", "calibration_participant_session"),
        _to("person_id", "person", "calibration_participant_person"),
        sa.Column("part", _words("part_known", "rater", "leader"), nullable=False),
        sa.PrimaryKeyConstraint(
            "calibration_id", "person_id", name=op.f("pk_calibration_participant")
        ),
    )


def _calibration_move() -> None:
    op.create_table(
        "calibration_move",
        _id("id"),
        _to("calibration_id", "calibration", "calibration_move_session"),
        _to("person_id", "person", "calibration_move_person"),
        _to("rating_from", "rating", "calibration_move_from"),
        _to("rating_to", "rating", "calibration_move_to"),
        sa.Column("before_result", _words("before_result_known", *_LEVELS), nullable=False),
        sa.Column("before_behaviour", _words("before_behaviour_known", *_LEVELS), nullable=False),
        sa.Column("before_predikat", _words("before_predikat_known", *_PREDIKATS), nullable=False),
        sa.Column("after_result", _words("after_result_known", *_LEVELS), nullable=False),
        sa.Column("after_behaviour", _words("after_behaviour_known", *_LEVELS), nullable=False),
        sa.Column("after_predikat", _words("after_predikat_known", *_PREDIKATS), nullable=False),
        _to("moved_by", "person", "calibration_move_mover"),
        _to("on_behalf_of", "person", "calibration_move_behalf", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check(
            "ck_calibration_move_moves",
            "before_result <> after_result OR before_behaviour <> after_behaviour",
        ),
        _check("ck_calibration_move_reasoned", "length(reason) > 0"),
        _check("ck_calibration_move_not_oneself", "moved_by <> person_id"),
        _check("ck_calibration_move_not_for_oneself", "on_behalf_of <> person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_move")),
        sa.UniqueConstraint("rating_from", name="calibration_move_from_once"),
        sa.UniqueConstraint("rating_to", name="calibration_move_to_once"),
    )
    op.create_index("calibration_move_by_person", "calibration_move", ["person_id"], unique=False)
    op.create_index(
        "calibration_move_by_session", "calibration_move", ["calibration_id"], unique=False
    )


def _signature() -> None:
    op.create_table(
        "signature",
        _id("id"),
        _to("rating_id", "rating", "signature_rating"),
        sa.Column("part", _words("part_known", "rater", "second", "receipt"), nullable=False),
        _to("signer_id", "person", "signature_signer"),
        _to("on_behalf_of", "person", "signature_behalf", nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _check("ck_signature_digest", "length(digest) = 64"),
        _check("ck_signature_refusal", "NOT refused OR (part = 'second' AND length(words) > 0)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("rating_id", "part", name="signature_once"),
    )


_TABLES = {
    "recommendation": _recommendation,
    "self_evaluation": _self_evaluation,
    "role_judgement": _role_judgement,
    "behaviour_mark": _behaviour_mark,
    "deviation": _deviation,
    "period_rating": _period_rating,
    "period_org_rating": _period_org_rating,
    "voice_round": _voice_round,
    "voice_invitation": _voice_invitation,
    "voice_tally": _voice_tally,
    "voice_words": _voice_words,
    "calibration": _calibration,
    "calibration_unit": _calibration_unit,
    "calibration_participant": _calibration_participant,
    "calibration_move": _calibration_move,
    "signature": _signature,
}
