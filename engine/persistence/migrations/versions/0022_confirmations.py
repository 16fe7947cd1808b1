"""Rows of decision tables from memory, confirmed by an agency's HR with document and page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.confirmations import APPEND_ONLY, CONFIRMATION_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)


def upgrade() -> None:
    op.create_table(
        "rule_confirmation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("rule_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("proposed_by", _ID, nullable=False),
        sa.Column("confirmed_by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "proposed_by <> confirmed_by", name=op.f("ck_rule_confirmation_four_eyes")
        ),
        sa.CheckConstraint(
            "withdrawn OR (length(document) > 0 AND length(page) > 0)",
            name=op.f("ck_rule_confirmation_shows_its_page"),
        ),
        sa.CheckConstraint("length(rule_hash) = 64", name=op.f("ck_rule_confirmation_hashed")),
        sa.CheckConstraint("number > 0", name=op.f("ck_rule_confirmation_number")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="rule_confirmation_agency"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="rule_confirmation_proposer"),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name="rule_confirmation_confirmer"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_confirmation")),
        sa.UniqueConstraint(
            *("agency_id", "decision_id", "rule_id", "rule_hash", "number"),
            name="rule_confirmation_number_once",
        ),
    )
    dialect = op.get_bind().dialect.name
    for guard in CONFIRMATION_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for guard in CONFIRMATION_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    op.drop_table("rule_confirmation")
