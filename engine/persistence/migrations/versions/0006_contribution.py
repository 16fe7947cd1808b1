"""Outputs, shares, claims, evidence and attestations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import ScaledDecimal, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _output()
    _share_plan()
    _share_line()
    _claim()
    _evidence()
    _attestation()


def downgrade() -> None:
    for table in ("attestation", "evidence", "claim", "share_line", "share_plan", "output"):
        op.drop_table(table)


def _output() -> None:
    op.create_table(
        "output",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("squad_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("value_points", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=36), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "delivered",
                "accepted",
                "sealed",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("attainment", ScaledDecimal(2), nullable=True),
        sa.Column("delivered_by", sa.String(length=36), nullable=True),
        sa.Column("accepted_by", sa.String(length=36), nullable=True),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("sealed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'sealed') = (sealed_at IS NOT NULL)", name=op.f("ck_output_sealed_whole")
        ),
        sa.CheckConstraint(
            "(status IN ('accepted', 'sealed')) = (attainment IS NOT NULL)",
            name=op.f("ck_output_accepted_whole"),
        ),
        sa.CheckConstraint("attainment BETWEEN 0 AND 12000", name=op.f("ck_output_attainment")),
        sa.CheckConstraint("delivered_by <> accepted_by", name=op.f("ck_output_four_eyes")),
        sa.CheckConstraint("value_points > 0", name=op.f("ck_output_value")),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name="output_acceptor"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="output_cycle"),
        sa.ForeignKeyConstraint(["delivered_by"], ["person.id"], name="output_deliverer"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="output_period"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="output_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output")),
        sa.UniqueConstraint("squad_id", "cycle_id", "number", name="output_number_once"),
    )
    op.create_index("output_by_cycle", "output", ["cycle_id", "squad_id"], unique=False)


def _share_plan() -> None:
    op.create_table(
        "share_plan",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="share_plan_output"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_plan")),
        sa.UniqueConstraint("output_id", "version", name="share_plan_version_once"),
    )


def _share_line() -> None:
    op.create_table(
        "share_line",
        sa.Column("share_plan_id", sa.String(length=36), nullable=False),
        sa.Column("membership_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("expected_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("expected_bp BETWEEN 0 AND 10000", name=op.f("ck_share_line_expected")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="share_line_membership"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="share_line_person"),
        sa.ForeignKeyConstraint(["share_plan_id"], ["share_plan.id"], name="share_line_plan"),
        sa.PrimaryKeyConstraint("share_plan_id", "membership_id", name=op.f("pk_share_line")),
        sa.UniqueConstraint("share_plan_id", "person_id", name="share_line_person_once"),
    )


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("claimed_bp", sa.Integer(), nullable=False),
        sa.Column(
            "contribution_type",
            sa.Enum(
                "conceptualisation",
                "methodology",
                "software",
                "validation",
                "analysis",
                "investigation",
                "resources",
                "data_curation",
                "drafting",
                "review",
                "visualisation",
                "supervision",
                "administration",
                "funding",
                name="contribution_type_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "degree",
            sa.Enum(
                "lead",
                "equal",
                "supporting",
                name="degree_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
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
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("claimed_bp BETWEEN 0 AND 10000", name=op.f("ck_claim_share")),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="claim_output"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="claim_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("output_id", "person_id", name="claim_once"),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=True),
        sa.Column("plan_item_id", sa.String(length=36), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unverified",
                "verified",
                "rejected",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("verified_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "length(sha256) = 64 OR link IS NOT NULL", name=op.f("ck_evidence_something")
        ),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_evidence_size")),
        sa.CheckConstraint("verified_by <> uploaded_by", name=op.f("ck_evidence_four_eyes")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="evidence_claim"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name="evidence_uploader"),
        sa.ForeignKeyConstraint(["verified_by"], ["person.id"], name="evidence_verifier"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("evidence_by_claim", "evidence", ["claim_id"], unique=False)
    op.create_index("evidence_by_item", "evidence", ["plan_item_id"], unique=False)


def _attestation() -> None:
    op.create_table(
        "attestation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("attester_id", sa.String(length=36), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "attest",
                "adjust",
                "return",
                name="decision_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("share_bp", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "commitment",
            sa.Enum(
                "met",
                "partly",
                "not_met",
                name="commitment_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("commitment_evidence", sa.Text(), nullable=False),
        sa.Column("cosigner_id", sa.String(length=36), nullable=True),
        sa.Column("cosigned_at", UtcDateTime(), nullable=True),
        sa.Column("member_answer", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(decision = 'return') = (share_bp IS NULL)",
            name=op.f("ck_attestation_share_or_return"),
        ),
        sa.CheckConstraint(
            "decision <> 'adjust' OR length(reason_code) > 0", name=op.f("ck_attestation_reasoned")
        ),
        sa.CheckConstraint(
            "cosigner_id <> attester_id", name=op.f("ck_attestation_two_signatures")
        ),
        sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name=op.f("ck_attestation_share")),
        sa.ForeignKeyConstraint(["attester_id"], ["person.id"], name="attestation_attester"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="attestation_claim"),
        sa.ForeignKeyConstraint(["cosigner_id"], ["person.id"], name="attestation_cosigner"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="attestation_behalf"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index("attestation_by_claim", "attestation", ["claim_id"], unique=False)
