"""Cycles, plans, progress, feedback, ratings, objections, follow-up."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.cycles import CycleStatus, PeriodStatus
from engine.domain.followup import FollowUpKind
from engine.domain.indicators import Aspect, Direction
from engine.domain.objections import ObjectionOutcome, ObjectionState
from engine.domain.plans import Approach, FeedbackRole, ItemKind, PlanStatus, RoleKind
from engine.domain.ratings import Level, OrgLevel, Predikat, RatingStatus
from engine.persistence.tables.columns import DecimalText, IndexLines, id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import ScaledDecimal, UtcDateTime

cycle = sa.Table(
    "cycle",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="cycle_agency"), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    word("status", CycleStatus),
    sa.UniqueConstraint("agency_id", "year", name="cycle_year_once"),
    sa.CheckConstraint("ends_on > starts_on", name="lasts"),
)

period = sa.Table(
    "period",
    metadata,
    id_column(primary_key=True),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="period_cycle"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    word("status", PeriodStatus),
    sa.UniqueConstraint("cycle_id", "number", name="period_number_once"),
    sa.CheckConstraint("ends_on > starts_on", name="lasts"),
)

plan = sa.Table(
    "plan",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", sa.ForeignKey("person.id", name="plan_person"), nullable=False),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="plan_cycle"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    word("status", PlanStatus),
    word("approach", Approach),
    sa.Column("valid_from", sa.Date, nullable=True),
    sa.Column("home_effort_bp", sa.Integer, nullable=True),
    id_column("fixed_by", sa.ForeignKey("person.id", name="plan_fixer"), nullable=True),
    sa.Column("fixed_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("person_id", "cycle_id", "version", name="plan_version_once"),
    sa.CheckConstraint("home_effort_bp BETWEEN 0 AND 20000", name="home_effort"),
    sa.CheckConstraint("fixed_by <> person_id", name="not_fixed_by_owner"),
    sa.CheckConstraint("valid_from IS NULL OR status IN ('fixed', 'superseded')", name="dated"),
    sa.Index("plan_by_cycle", "cycle_id", "status"),
    sa.Index(
        "plan_fixed_once",
        "person_id",
        "cycle_id",
        unique=True,
        sqlite_where=sa.text("status = 'fixed'"),
        postgresql_where=sa.text("status = 'fixed'"),
    ),
)

plan_item = sa.Table(
    "plan_item",
    metadata,
    id_column(primary_key=True),
    id_column("plan_id", sa.ForeignKey("plan.id", name="plan_item_plan"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    word("kind", ItemKind),
    word("role_kind", RoleKind),
    id_column(
        "membership_id",
        sa.ForeignKey("membership.id", name="plan_item_membership"),
        nullable=True,
    ),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("weight_bp", sa.Integer, nullable=False),
    id_column("origin_item_id", sa.ForeignKey("plan_item.id", name="plan_item_origin")),
    sa.UniqueConstraint("plan_id", "number", name="plan_item_number_once"),
    sa.CheckConstraint("weight_bp BETWEEN 0 AND 10000", name="weight"),
    sa.CheckConstraint("(role_kind = 'squad') = (membership_id IS NOT NULL)", name="role"),
    sa.CheckConstraint("origin_item_id <> id", name="not_its_own_origin"),
    sa.Index("plan_item_by_membership", "membership_id"),
)

indicator = sa.Table(
    "indicator",
    metadata,
    id_column(primary_key=True),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="indicator_item"), nullable=False),
    word("aspect", Aspect),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("target", DecimalText, nullable=True),
    sa.Column("unit", sa.Text, nullable=False),
    word("direction", Direction),
    sa.Column("target_text", sa.Text, nullable=False),
    sa.Column("lower", DecimalText, nullable=True),
    sa.Column("upper", DecimalText, nullable=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("weight", sa.Integer, nullable=False),
    id_column(
        "origin_indicator_id", sa.ForeignKey("indicator.id", name="indicator_origin"), nullable=True
    ),
    sa.CheckConstraint("weight >= 1 AND number >= 1", name="weight"),
    sa.CheckConstraint(
        "(direction = 'range') = (lower IS NOT NULL) AND (lower IS NULL) = (upper IS NULL)",
        name="range_ends",
    ),
    sa.CheckConstraint(
        "target IS NULL OR direction IN ('higher', 'lower')", name="target_is_a_number"
    ),
    sa.CheckConstraint("origin_indicator_id <> id", name="not_its_own_origin"),
    sa.Index("indicator_by_item", "item_id"),
)

progress = sa.Table(
    "progress",
    metadata,
    id_column(primary_key=True),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="progress_item"), nullable=False),
    id_column("period_id", sa.ForeignKey("period.id", name="progress_period"), nullable=False),
    sa.Column("actual", DecimalText, nullable=True),
    sa.Column("attainment", ScaledDecimal(2), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    id_column("evidence_id", sa.ForeignKey("evidence.id", name="progress_evidence")),
    id_column("recorded_by", nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("item_id", "period_id", name="progress_period_once"),
    sa.CheckConstraint("attainment BETWEEN 0 AND 12000", name="attainment"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    id_column(primary_key=True),
    id_column("plan_id", sa.ForeignKey("plan.id", name="feedback_plan"), nullable=False),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="feedback_item"), nullable=True),
    id_column("giver_id", sa.ForeignKey("person.id", name="feedback_giver"), nullable=False),
    word("role", FeedbackRole),
    sa.Column("text", sa.Text, nullable=False),
    id_column("period_id", sa.ForeignKey("period.id", name="feedback_period"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("feedback_by_plan", "plan_id"),
)

org_rating = sa.Table(
    "org_rating",
    metadata,
    id_column("unit_id", sa.ForeignKey("unit.id", name="org_rating_unit"), primary_key=True),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="org_rating_cycle"), primary_key=True),
    word("level", OrgLevel),
    id_column("decided_by", sa.ForeignKey("person.id", name="org_rating_decider"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

rating = sa.Table(
    "rating",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", sa.ForeignKey("person.id", name="rating_person"), nullable=False),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="rating_cycle"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("ihk", ScaledDecimal(2), nullable=False),
    sa.Column("index_lines", IndexLines, nullable=False),
    word("proposed_level", Level),
    word("result_level", Level, nullable=True),
    word("behaviour_level", Level, nullable=True),
    word("predikat", Predikat, nullable=True),
    sa.Column("reason", sa.Text, nullable=True),
    sa.Column("self_note", sa.Text, nullable=True),
    id_column("rater_id", sa.ForeignKey("person.id", name="rating_rater"), nullable=True),
    id_column("on_behalf_of", sa.ForeignKey("person.id", name="rating_behalf"), nullable=True),
    word("status", RatingStatus),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("person_id", "cycle_id", "version", name="rating_version_once"),
    sa.CheckConstraint("rater_id <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_oneself"),
    sa.CheckConstraint("ihk BETWEEN 0 AND 12000", name="index"),
    sa.CheckConstraint(
        "status <> 'final' OR (result_level IS NOT NULL AND predikat IS NOT NULL)",
        name="final_whole",
    ),
    sa.Index("rating_by_cycle", "cycle_id", "person_id"),
)

objection = sa.Table(
    "objection",
    metadata,
    id_column(primary_key=True),
    id_column("rating_id", sa.ForeignKey("rating.id", name="objection_rating"), nullable=False),
    id_column("raised_by", sa.ForeignKey("person.id", name="objection_raiser"), nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    word("state", ObjectionState),
    sa.Column("rater_statement", sa.Text, nullable=True),
    sa.Column("employee_statement", sa.Text, nullable=True),
    id_column("decided_by", sa.ForeignKey("person.id", name="objection_decider"), nullable=True),
    word("outcome", ObjectionOutcome, nullable=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("raised_at", UtcDateTime, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("rating_id", name="objection_once"),
    sa.CheckConstraint("decided_by <> raised_by", name="not_decided_by_raiser"),
    sa.CheckConstraint("(state = 'decided') = (outcome IS NOT NULL)", name="outcome"),
)

follow_up = sa.Table(
    "follow_up",
    metadata,
    id_column(primary_key=True),
    id_column("rating_id", sa.ForeignKey("rating.id", name="follow_up_rating"), nullable=False),
    word("kind", FollowUpKind),
    sa.Column("note", sa.Text, nullable=False),
    id_column("confirmed_by", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("rating_id", "kind", name="follow_up_kind_once"),
)
