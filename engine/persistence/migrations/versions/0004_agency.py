"""Agencies, units, posts, people, appointments, substitutions, holidays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _agency()
    _unit()
    _post()
    _person()
    _appointment()
    _substitution()
    _holiday()


def downgrade() -> None:
    for table in ("holiday", "substitution", "appointment", "person", "post", "unit", "agency"):
        op.drop_table(table)


def _agency() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name="agency_code_once"),
    )


def _unit() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_unit_not_its_own_parent")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="unit_agency"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="unit_parent"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("agency_id", "code", name="unit_code_once"),
    )


def _post() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "job_class",
            sa.Enum(
                "JPT",
                "JA",
                "JF",
                "PELAKSANA",
                name="job_class_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="post_unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_index("post_by_unit", "post", ["unit_id", "is_head"], unique=False)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.CheckConstraint("length(nip) = 18", name=op.f("ck_person_nip_whole")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="person_agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("nip", name="person_nip_once"),
    )
    op.create_index("person_by_agency", "person", ["agency_id", "name"], unique=False)


def _appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("post_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "definitive",
                "plt",
                "plh",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rater_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("rater_id <> person_id", name=op.f("ck_appointment_not_own_rater")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_appointment_lasts")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="appointment_person"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="appointment_post"),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name="appointment_rater"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(
        "appointment_by_person", "appointment", ["person_id", "valid_from"], unique=False
    )
    op.create_index("appointment_by_post", "appointment", ["post_id", "valid_from"], unique=False)


def _substitution() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("absent_id", sa.String(length=36), nullable=False),
        sa.Column("substitute_id", sa.String(length=36), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.CheckConstraint("absent_id <> substitute_id", name=op.f("ck_substitution_by_another")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_substitution_lasts")),
        sa.ForeignKeyConstraint(["absent_id"], ["person.id"], name="substitution_absent"),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name="substitution_substitute"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index(
        "substitution_by_absent", "substitution", ["absent_id", "valid_from"], unique=False
    )
    op.create_index(
        "substitution_by_substitute", "substitution", ["substitute_id", "valid_from"], unique=False
    )


def _holiday() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="holiday_agency"),
    )
    op.create_index("holiday_agency_once", "holiday", ["agency_id", "day"], unique=True)
    op.create_index(
        "holiday_national_once",
        "holiday",
        ["day"],
        unique=True,
        sqlite_where=sa.text("agency_id IS NULL"),
        postgresql_where=sa.text("agency_id IS NULL"),
    )
