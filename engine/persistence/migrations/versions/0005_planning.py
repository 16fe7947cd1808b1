"""Cycles, periods, squads, memberships, plans with results and indicators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import DecimalText
from engine.persistence.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _cycle()
    _period()
    _squad()
    _membership()
    _plan()
    _plan_item()
    _indicator()


def downgrade() -> None:
    for table in ("indicator", "plan_item", "plan", "membership", "squad", "period", "cycle"):
        op.drop_table(table)


def _cycle() -> None:
    op.create_table(
        "cycle",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "planning",
                "running",
                "evaluating",
                "closed",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_cycle_lasts")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="cycle_agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("agency_id", "year", name="cycle_year_once"),
    )


def _period() -> None:
    op.create_table(
        "period",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "closing",
                "sealed",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_period_lasts")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="period_cycle"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("cycle_id", "number", name="period_number_once"),
    )


def _squad() -> None:
    op.create_table(
        "squad",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("host_agency_id", sa.String(length=36), nullable=False),
        sa.Column("host_unit_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("sponsor_id", sa.String(length=36), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("budget_points", sa.Integer(), nullable=False),
        sa.CheckConstraint("budget_points >= 0", name=op.f("ck_squad_budget")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_squad_lasts")),
        sa.CheckConstraint("length(letter_no) > 0", name=op.f("ck_squad_letter")),
        sa.ForeignKeyConstraint(["host_agency_id"], ["agency.id"], name="squad_agency"),
        sa.ForeignKeyConstraint(["host_unit_id"], ["unit.id"], name="squad_unit"),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"], name="squad_sponsor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squad")),
        sa.UniqueConstraint("host_agency_id", "code", name="squad_code_once"),
    )
    op.create_index("squad_by_unit", "squad", ["host_unit_id"], unique=False)


def _membership() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("squad_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("home_agency_id", sa.String(length=36), nullable=False),
        sa.Column("home_unit_id", sa.String(length=36), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "ketua",
                "anggota",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("effort_bp", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "consent",
            sa.Enum(
                "pending",
                "given",
                "refused",
                name="consent_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("consent_by", sa.String(length=36), nullable=True),
        sa.Column("consent_at", UtcDateTime(), nullable=True),
        sa.Column(
            "acceptance",
            sa.Enum(
                "pending",
                "accepted",
                "overload",
                name="acceptance_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("consent_by <> person_id", name=op.f("ck_membership_not_own_consent")),
        sa.CheckConstraint("effort_bp BETWEEN 1 AND 10000", name=op.f("ck_membership_effort")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_membership_lasts")),
        sa.ForeignKeyConstraint(["consent_by"], ["person.id"], name="membership_consenter"),
        sa.ForeignKeyConstraint(["home_agency_id"], ["agency.id"], name="membership_agency"),
        sa.ForeignKeyConstraint(["home_unit_id"], ["unit.id"], name="membership_unit"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="membership_person"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="membership_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("squad_id", "person_id", "valid_from", name="membership_start_once"),
    )
    op.create_index("membership_by_person", "membership", ["person_id"], unique=False)


def _plan() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "clarified",
                "fixed",
                "superseded",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("home_effort_bp", sa.Integer(), nullable=True),
        sa.Column("fixed_by", sa.String(length=36), nullable=True),
        sa.Column("fixed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("fixed_by <> person_id", name=op.f("ck_plan_not_fixed_by_owner")),
        sa.CheckConstraint("home_effort_bp BETWEEN 0 AND 20000", name=op.f("ck_plan_home_effort")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="plan_cycle"),
        sa.ForeignKeyConstraint(["fixed_by"], ["person.id"], name="plan_fixer"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="plan_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("person_id", "cycle_id", "version", name="plan_version_once"),
    )
    op.create_index("plan_by_cycle", "plan", ["cycle_id", "status"], unique=False)


def _plan_item() -> None:
    op.create_table(
        "plan_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "utama",
                "tambahan",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "role_kind",
            sa.Enum(
                "home",
                "squad",
                name="role_kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("membership_id", sa.String(length=36), nullable=True),
        sa.Column("parent_item_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("weight_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(role_kind = 'squad') = (membership_id IS NOT NULL)", name=op.f("ck_plan_item_role")
        ),
        sa.CheckConstraint("parent_item_id <> id", name=op.f("ck_plan_item_not_its_own_parent")),
        sa.CheckConstraint("weight_bp BETWEEN 0 AND 10000", name=op.f("ck_plan_item_weight")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="plan_item_membership"),
        sa.ForeignKeyConstraint(["parent_item_id"], ["plan_item.id"], name="plan_item_parent"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="plan_item_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("plan_id", "number", name="plan_item_number_once"),
    )
    op.create_index("plan_item_by_membership", "plan_item", ["membership_id"], unique=False)


def _indicator() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column(
            "aspect",
            sa.Enum(
                "kuantitas",
                "kualitas",
                "waktu",
                "biaya",
                name="aspect_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("target", DecimalText(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "higher",
                "lower",
                "range",
                name="direction_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("target_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="indicator_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    op.create_index("indicator_by_item", "indicator", ["item_id"], unique=False)
