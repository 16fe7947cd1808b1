"""The credit ledger, disputes and hearings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import RestatedLines
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _transfer()
    _dispute()
    _hearing()
    for statement in append_only("transfer", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in not_append_only("transfer", op.get_bind().dialect.name):
        op.execute(statement)
    for table in ("hearing", "dispute", "transfer"):
        op.drop_table(table)


def _transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("debit_account", sa.Text(), nullable=False),
        sa.Column("credit_account", sa.Text(), nullable=False),
        sa.Column("amount_bp", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "open",
                "attest",
                "adjust",
                "resolve",
                "reverse",
                "collective",
                "release",
                name="code_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("work_period_id", sa.String(length=36), nullable=False),
        sa.Column("posting_period_id", sa.String(length=36), nullable=False),
        sa.Column("home_agency_id", sa.String(length=36), nullable=False),
        sa.Column("home_unit_id", sa.String(length=36), nullable=False),
        sa.Column("host_agency_id", sa.String(length=36), nullable=False),
        sa.Column("host_unit_id", sa.String(length=36), nullable=False),
        sa.Column("squad_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("plan_item_id", sa.String(length=36), nullable=True),
        sa.Column(
            "line_class",
            sa.Enum(
                "PRIMARY",
                "OVERLAY",
                name="line_class_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(code = 'reverse') = (reverses_id IS NOT NULL)", name=op.f("ck_transfer_reverses")
        ),
        sa.CheckConstraint(
            "code <> 'open' OR (debit_account = 'ISSUE' AND credit_account = 'POOL' AND "
            "amount_bp = 10000 AND line_class = 'PRIMARY')",
            name=op.f("ck_transfer_opening"),
        ),
        sa.CheckConstraint(
            "credit_account <> 'ISSUE'", name=op.f("ck_transfer_never_back_to_issue")
        ),
        sa.CheckConstraint(
            "debit_account <> 'ISSUE' OR code = 'open' OR line_class = 'OVERLAY'",
            name=op.f("ck_transfer_issued_once"),
        ),
        sa.CheckConstraint(
            "line_class = 'OVERLAY' OR debit_account = 'POOL' OR credit_account = 'POOL'",
            name=op.f("ck_transfer_through_pool"),
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR credit_account = 'person:' || person_id OR debit_account "
            "= 'person:' || person_id",
            name=op.f("ck_transfer_person_account"),
        ),
        sa.CheckConstraint("amount_bp > 0 AND amount_bp <= 10000", name=op.f("ck_transfer_amount")),
        sa.CheckConstraint("debit_account <> credit_account", name=op.f("ck_transfer_moves")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_transfer_hashed")),
        sa.ForeignKeyConstraint(["home_agency_id"], ["agency.id"], name="transfer_home_agency"),
        sa.ForeignKeyConstraint(["home_unit_id"], ["unit.id"], name="transfer_home_unit"),
        sa.ForeignKeyConstraint(["host_agency_id"], ["agency.id"], name="transfer_host_agency"),
        sa.ForeignKeyConstraint(["host_unit_id"], ["unit.id"], name="transfer_host_unit"),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="transfer_output"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="transfer_person"),
        sa.ForeignKeyConstraint(["plan_item_id"], ["plan_item.id"], name="transfer_item"),
        sa.ForeignKeyConstraint(
            ["posting_period_id"], ["period.id"], name="transfer_posting_period"
        ),
        sa.ForeignKeyConstraint(["reverses_id"], ["transfer.id"], name="transfer_reversed"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="transfer_squad"),
        sa.ForeignKeyConstraint(["work_period_id"], ["period.id"], name="transfer_work_period"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("output_id", "prev_hash", name="transfer_chain_no_fork"),
        sa.UniqueConstraint("reverses_id", name="transfer_reversed_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("transfer_by_home", "transfer", ["home_unit_id"], unique=False)
    op.create_index("transfer_by_host", "transfer", ["host_unit_id"], unique=False)
    op.create_index("transfer_by_person", "transfer", ["person_id", "output_id"], unique=False)
    op.create_index(
        "transfer_opened_once",
        "transfer",
        ["output_id"],
        unique=True,
        sqlite_where=sa.text("code = 'open'"),
        postgresql_where=sa.text("code = 'open'"),
    )


def _dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("raised_by", sa.String(length=36), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "hearing",
                "resolved",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("restated", RestatedLines(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'resolved') = (decided_by IS NOT NULL)", name=op.f("ck_dispute_decided")
        ),
        sa.CheckConstraint(
            "decided_by <> raised_by", name=op.f("ck_dispute_not_decided_by_raiser")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="dispute_claim"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="dispute_decider"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="dispute_evidence"),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="dispute_output"),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name="dispute_raiser"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(
        "dispute_one_open",
        "dispute",
        ["output_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'resolved'"),
        postgresql_where=sa.text("state <> 'resolved'"),
    )


def _hearing() -> None:
    op.create_table(
        "hearing",
        sa.Column("dispute_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name="hearing_dispute"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="hearing_person"),
        sa.PrimaryKeyConstraint("dispute_id", "person_id", name=op.f("pk_hearing")),
    )
