"""Functional levels of people, credit by month, papers of credit as snapshots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.functional import APPEND_ONLY, FUNCTIONAL_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, ScaledDecimal, UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_EMPLOYMENTS = "'pns', 'pppk'"
_LEVELS = (
    "'ahli_pertama', 'ahli_muda', 'ahli_madya', 'ahli_utama', "
    "'pemula', 'terampil', 'mahir', 'penyelia'"
)
_PREDIKATS = "'sangat_baik', 'baik', 'butuh_perbaikan', 'kurang', 'sangat_kurang'"
_LIVE = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    _standing()
    _paper()
    _month()
    _beside()
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in FUNCTIONAL_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def _standing() -> None:
    checks = {
        "employment_known": f"employment IN ({_EMPLOYMENTS})",
        "level_known": f"level IN ({_LEVELS})",
        "not_by_oneself": "recorded_by <> person_id",
        "brought": "brought >= 0",
        "contract": "(employment = 'pppk') = (contract_until IS NOT NULL)",
        "lasts": "contract_until >= valid_from",
        "credit_kept": "brought IS NULL OR (employment = 'pns' AND level IS NOT NULL)",
    }
    op.create_table(
        "functional_standing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("employment", sa.String(length=24), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("brought", ScaledDecimal(4), nullable=True),
        sa.Column("contract_until", sa.Date(), nullable=True),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="functional_standing_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functional_standing")),
        *_checks("functional_standing", checks),
    )
    op.create_index(
        "functional_standing_by_person", "functional_standing", ["person_id", "valid_from", "at"]
    )


def _paper() -> None:
    checks = {
        "kind_known": "kind IN ('conversion', 'pak')",
        "month": "month BETWEEN 1 AND 12",
        "hashed": "length(content_hash) = 64",
        "not_by_oneself": "issued_by <> person_id",
        "not_cancelled_by_oneself": "cancelled_by <> person_id",
        "converts_a_rating": "(kind = 'conversion') = "
        "(rating_id IS NOT NULL AND cycle_id IS NOT NULL)",
        "numbered": "kind <> 'pak' OR length(number) > 0",
        "cancelled_with_reason": "(cancelled_at IS NULL) = (cancelled_by IS NULL)"
        " AND (cancelled_at IS NULL) = (length(cancel_reason) = 0)",
    }
    op.create_table(
        "credit_paper",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=True),
        sa.Column("rating_id", sa.String(length=36), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="credit_paper_person"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="credit_paper_agency"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="credit_paper_cycle"),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name="credit_paper_rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_paper")),
        sa.UniqueConstraint("code", name="credit_paper_code_once"),
        *_checks("credit_paper", checks),
    )
    _once("credit_paper_once", "credit_paper", ["kind", "person_id", "year", "month"])
    op.create_index("credit_paper_by_person", "credit_paper", ["person_id", "issued_at"])
    op.create_index("credit_paper_by_rating", "credit_paper", ["rating_id"])


def _month() -> None:
    checks = {
        "level_known": f"level IN ({_LEVELS})",
        "predikat_known": f"predikat IN ({_PREDIKATS})",
        "month": "month BETWEEN 1 AND 12",
        "counts": "coefficient > 0 AND percent BETWEEN 0 AND 1000",
    }
    op.create_table(
        "credit_month",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("paper_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("coefficient", ScaledDecimal(4), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("predikat", sa.String(length=24), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["credit_paper.id"], name="credit_month_paper"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="credit_month_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_month")),
        *_checks("credit_month", checks),
    )
    _once("credit_month_once", "credit_month", ["person_id", "year", "month"])
    op.create_index("credit_month_by_paper", "credit_month", ["paper_id"])


def _beside() -> None:
    op.create_table(
        "pak_source",
        sa.Column("pak_id", sa.String(length=36), nullable=False),
        sa.Column("conversion_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["pak_id"], ["credit_paper.id"], name="pak_source_pak"),
        sa.ForeignKeyConstraint(
            ["conversion_id"], ["credit_paper.id"], name="pak_source_conversion"
        ),
        sa.PrimaryKeyConstraint("pak_id", "conversion_id", name=op.f("pk_pak_source")),
    )
    op.create_index("pak_source_by_conversion", "pak_source", ["conversion_id"])
    op.create_table(
        "paper_flag",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("paper_id", sa.String(length=36), nullable=False),
        sa.Column("rating_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["credit_paper.id"], name="paper_flag_paper"),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name="paper_flag_rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_flag")),
        sa.UniqueConstraint("paper_id", "rating_id", name="paper_flag_once"),
    )


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))
        for name, condition in checks.items()
    ]


def _once(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in FUNCTIONAL_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for table in ("paper_flag", "pak_source", "credit_month", "credit_paper"):
        op.drop_table(table)
    op.drop_table("functional_standing")
