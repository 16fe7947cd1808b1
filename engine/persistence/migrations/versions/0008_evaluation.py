"""Progress, feedback, ratings, objections, follow-up; guards over everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import DecimalText, IndexLines
from engine.persistence.tables.guards import GUARDS, create, drop
from engine.persistence.types import ScaledDecimal, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _progress()
    _feedback()
    _org_rating()
    _rating()
    _objection()
    _follow_up()
    for guard in GUARDS:
        for statement in create(guard, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for guard in GUARDS:
        for statement in drop(guard, op.get_bind().dialect.name):
            op.execute(statement)
    for table in ("follow_up", "objection", "rating", "org_rating", "feedback", "progress"):
        op.drop_table(table)


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=36), nullable=False),
        sa.Column("actual", DecimalText(), nullable=True),
        sa.Column("attainment", ScaledDecimal(2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=True),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("attainment BETWEEN 0 AND 12000", name=op.f("ck_progress_attainment")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="progress_evidence"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="progress_item"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="progress_period"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
        sa.UniqueConstraint("item_id", "period_id", name="progress_period_once"),
    )


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("giver_id", sa.String(length=36), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "rater",
                "lead",
                "peer",
                "subordinate",
                "self",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("period_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name="feedback_giver"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="feedback_item"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="feedback_period"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="feedback_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("feedback_by_plan", "feedback", ["plan_id"], unique=False)


def _org_rating() -> None:
    op.create_table(
        "org_rating",
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "istimewa",
                "baik",
                "butuh_perbaikan",
                "kurang",
                "sangat_kurang",
                name="level_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="org_rating_cycle"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="org_rating_decider"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="org_rating_unit"),
        sa.PrimaryKeyConstraint("unit_id", "cycle_id", name=op.f("pk_org_rating")),
    )


def _rating() -> None:
    op.create_table(
        "rating",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ihk", ScaledDecimal(2), nullable=False),
        sa.Column("index_lines", IndexLines(), nullable=False),
        sa.Column(
            "proposed_level",
            sa.Enum(
                "di_atas",
                "sesuai",
                "di_bawah",
                name="proposed_level_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "result_level",
            sa.Enum(
                "di_atas",
                "sesuai",
                "di_bawah",
                name="result_level_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "behaviour_level",
            sa.Enum(
                "di_atas",
                "sesuai",
                "di_bawah",
                name="behaviour_level_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "predikat",
            sa.Enum(
                "sangat_baik",
                "baik",
                "butuh_perbaikan",
                "kurang",
                "sangat_kurang",
                name="predikat_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("self_note", sa.Text(), nullable=True),
        sa.Column("rater_id", sa.String(length=36), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "rated",
                "final",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status <> 'final' OR (result_level IS NOT NULL AND predikat IS NOT NULL)",
            name=op.f("ck_rating_final_whole"),
        ),
        sa.CheckConstraint("ihk BETWEEN 0 AND 12000", name=op.f("ck_rating_index")),
        sa.CheckConstraint("on_behalf_of <> person_id", name=op.f("ck_rating_not_for_oneself")),
        sa.CheckConstraint("rater_id <> person_id", name=op.f("ck_rating_not_by_oneself")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="rating_cycle"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="rating_behalf"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="rating_person"),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name="rating_rater"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("person_id", "cycle_id", "version", name="rating_version_once"),
    )
    op.create_index("rating_by_cycle", "rating", ["cycle_id", "person_id"], unique=False)


def _objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rating_id", sa.String(length=36), nullable=False),
        sa.Column("raised_by", sa.String(length=36), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "heard",
                "decided",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rater_statement", sa.Text(), nullable=True),
        sa.Column("employee_statement", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "changed",
                name="outcome_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'decided') = (outcome IS NOT NULL)", name=op.f("ck_objection_outcome")
        ),
        sa.CheckConstraint(
            "decided_by <> raised_by", name=op.f("ck_objection_not_decided_by_raiser")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="objection_decider"),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name="objection_raiser"),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name="objection_rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("rating_id", name="objection_once"),
    )


def _follow_up() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rating_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "award",
                "development",
                "improvement",
                "coaching",
                "none",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name="follow_up_rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("rating_id", "kind", name="follow_up_kind_once"),
    )
