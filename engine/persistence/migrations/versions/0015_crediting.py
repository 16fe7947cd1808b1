"""Contribution types, corrections after sealing, overlay lines, certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.domain.contribution_types import SHIPPED
from engine.persistence.migrations.tables_0015 import TABLES
from engine.persistence.tables.credit_guards import APPEND_ONLY, CREDIT_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CLAIM = (
    "id, output_id, person_id, round, claimed_bp, contribution_type, degree, note, state, "
    "submitted_at"
)


def upgrade() -> None:
    for make in TABLES:
        make()
    _ship_types()
    _claims_refer_to_codes()
    op.add_column(
        "attestation",
        sa.Column("needs_cosign", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "dispute", sa.Column("about", sa.String(length=24), nullable=False, server_default="line")
    )
    op.execute(
        "UPDATE claim SET submitted_by = person_id, acknowledged_at = submitted_at "
        "WHERE submitted_at IS NOT NULL"
    )
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in CREDIT_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in CREDIT_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    op.drop_column("dispute", "about")
    op.drop_column("attestation", "needs_cosign")
    _claims_know_fourteen()
    for make in reversed(TABLES):
        op.drop_table(make.__name__)


def _ship_types() -> None:
    table = sa.table(
        "contribution_type",
        *(sa.column(name) for name in ("id", "agency_id", "code", "label", "label_en")),
        sa.column("position", sa.Integer),
        sa.column("active", sa.Boolean),
    )
    rows = [
        {
            "id": kind.id,
            "agency_id": None,
            "code": kind.code,
            "label": kind.label,
            "label_en": kind.label_en,
            "position": kind.position,
            "active": True,
        }
        for kind in SHIPPED
    ]
    op.bulk_insert(table, rows)


def _claims_refer_to_codes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_claim_contribution_type_known"), "claim", type_="check")
        op.add_column("claim", sa.Column("submitted_by", sa.String(length=36), nullable=True))
        op.add_column("claim", sa.Column("acknowledged_at", UtcDateTime(), nullable=True))
        op.create_foreign_key("claim_submitter", "claim", "person", ["submitted_by"], ["id"])
        return
    _rebuild_claim(codes=True)


def _claims_know_fourteen() -> None:
    claim = sa.table("claim", sa.column("contribution_type"))
    op.execute(
        claim.update()
        .where(claim.c.contribution_type.not_in(_CODES))
        .values(contribution_type="administration")
    )
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("claim_submitter", "claim", type_="foreignkey")
        op.drop_column("claim", "acknowledged_at")
        op.drop_column("claim", "submitted_by")
        codes = ", ".join(f"'{kind.code}'" for kind in SHIPPED)
        op.create_check_constraint(
            op.f("ck_claim_contribution_type_known"), "claim", f"contribution_type IN ({codes})"
        )
        return
    _rebuild_claim(codes=False)


def _rebuild_claim(*, codes: bool) -> None:
    """SQLite changes a check by a new table; rows that refer to a claim wait till it is back."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TEMPORARY TABLE claim_kept AS SELECT {_CLAIM} FROM claim")  # noqa: S608 - names
    op.execute("DELETE FROM claim")
    op.execute("DROP TABLE claim")
    _claim(codes=codes)
    op.execute(f"INSERT INTO claim ({_CLAIM}) SELECT {_CLAIM} FROM claim_kept")  # noqa: S608 - names
    op.execute("DROP TABLE claim_kept")


def _claim(*, codes: bool) -> None:
    kind = sa.String(length=24) if codes else _word("contribution_type", *_CODES)
    later: tuple[sa.schema.SchemaItem, ...] = (
        sa.Column("submitted_by", sa.String(length=36), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name="claim_submitter"),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("claimed_bp", sa.Integer(), nullable=False),
        sa.Column("contribution_type", kind, nullable=False),
        sa.Column("degree", _word("degree", "lead", "equal", "supporting"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", _word("state", *_STATES), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        *(later if codes else ()),
        sa.CheckConstraint("claimed_bp BETWEEN 0 AND 10000", name=op.f("ck_claim_share")),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="claim_output"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="claim_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("output_id", "person_id", name="claim_once"),
    )


_CODES = tuple(kind.code for kind in SHIPPED)
_STATES = (
    "draft",
    "claimed",
    "returned",
    "attested",
    "adjusted",
    "disputed",
    "resolved",
    "sealed",
    "withdrawn",
    "lapsed",
)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )
