"""Tables that revision 0015 makes, as they stood then; in order, parents first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import UtcDateTime


def contribution_type() -> None:
    op.create_table(
        "contribution_type",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=True),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "length(label) > 0 AND length(label_en) > 0", name=op.f("ck_contribution_type_named")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="contribution_type_agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_type")),
        sa.UniqueConstraint("agency_id", "code", name="contribution_type_code_once"),
    )


def overlay_credit() -> None:
    op.create_table(
        "overlay_credit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "penelaah",
                "mentor",
                "narasumber",
                "penghubung",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_link", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "declined",
                "lapsed",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("transfer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (answered_at IS NULL)", name=op.f("ck_overlay_credit_answered")
        ),
        sa.CheckConstraint(
            "transfer_id IS NULL OR state = 'accepted'", name=op.f("ck_overlay_credit_posted")
        ),
        sa.CheckConstraint("length(note) > 0", name=op.f("ck_overlay_credit_said")),
        sa.CheckConstraint("proposed_by <> person_id", name=op.f("ck_overlay_credit_not_own")),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="overlay_output"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="overlay_person"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="overlay_proposer"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name="overlay_transfer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlay_credit")),
    )
    op.create_index("overlay_by_person", "overlay_credit", ["person_id"], unique=False)
    op.create_index(
        "overlay_once",
        "overlay_credit",
        ["output_id", "person_id", "role"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'accepted')"),
        postgresql_where=sa.text("state IN ('proposed', 'accepted')"),
    )


def point_budget() -> None:
    op.create_table(
        "point_budget",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("squad_id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=36), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_point_budget_points")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="budget_period"),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name="budget_setter"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="budget_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_budget")),
        sa.UniqueConstraint("squad_id", "period_id", name="budget_once"),
    )


def silence() -> None:
    op.create_table(
        "silence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "accept",
                "attest",
                "cosign",
                "allocate",
                "consent",
                name="act_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="silence_output"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="silence_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index("silence_by_output", "silence", ["output_id", "act"], unique=False)
    op.create_index("silence_by_person", "silence", ["person_id"], unique=False)


def period_seal() -> None:
    op.create_table(
        "period_seal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("period_id", sa.String(length=36), nullable=False),
        sa.Column("seal_hash", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(minutes) > 0", name=op.f("ck_period_seal_said")),
        sa.CheckConstraint("length(seal_hash) = 64", name=op.f("ck_period_seal_hashed")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="seal_decider"),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="seal_period"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_seal")),
        sa.UniqueConstraint("period_id", name="period_sealed_once"),
    )


def credit_correction() -> None:
    op.create_table(
        "credit_correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("old_bp", sa.Integer(), nullable=False),
        sa.Column("new_bp", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence_link", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "refused",
                "posted",
                "done",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL)", name=op.f("ck_credit_correction_decided")
        ),
        sa.CheckConstraint(
            "asked_by <> person_id", name=op.f("ck_credit_correction_not_asked_by_holder")
        ),
        sa.CheckConstraint(
            "decided_by <> asked_by AND decided_by <> person_id",
            name=op.f("ck_credit_correction_not_decided_by_asker"),
        ),
        sa.CheckConstraint(
            "length(reason) > 0 AND length(evidence_link) > 0",
            name=op.f("ck_credit_correction_grounded"),
        ),
        sa.CheckConstraint(
            "new_bp >= 0 AND new_bp < old_bp AND old_bp <= 10000",
            name=op.f("ck_credit_correction_less"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="correction_asker"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="correction_decider"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="correction_behalf"),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="correction_output"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="correction_person"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name="correction_transfer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_correction")),
    )
    op.create_index(
        "correction_one_open",
        "credit_correction",
        ["output_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'posted')"),
        postgresql_where=sa.text("state IN ('asked', 'posted')"),
    )


def correction_hearing() -> None:
    op.create_table(
        "correction_hearing",
        sa.Column("correction_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["credit_correction.id"], name="correction_hearing_correction"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="correction_hearing_person"),
        sa.PrimaryKeyConstraint("correction_id", "person_id", name=op.f("pk_correction_hearing")),
    )


def snapshot_flag() -> None:
    op.create_table(
        "snapshot_flag",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "rating",
                "certificate",
                "allowance",
                name="subject_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("correction_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("cleared_by", sa.String(length=36), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(cleared_by IS NULL) = (cleared_at IS NULL)", name=op.f("ck_snapshot_flag_cleared")
        ),
        sa.CheckConstraint("cleared_by <> person_id", name=op.f("ck_snapshot_flag_not_own")),
        sa.ForeignKeyConstraint(["cleared_by"], ["person.id"], name="flag_clearer"),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["credit_correction.id"], name="flag_correction"
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="flag_cycle"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="flag_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_flag")),
        sa.UniqueConstraint("correction_id", "person_id", "subject", name="flag_once"),
    )
    op.create_index("flag_by_person", "snapshot_flag", ["person_id", "cycle_id"], unique=False)


def certificate() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("ledger_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(code) = 12", name=op.f("ck_certificate_code")),
        sa.CheckConstraint(
            "length(ledger_hash) = 64 AND length(content_hash) = 64",
            name=op.f("ck_certificate_hashed"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="certificate_agency"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="certificate_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name="certificate_code_once"),
    )
    op.create_index("certificate_by_person", "certificate", ["person_id"], unique=False)


def certificate_row() -> None:
    op.create_table(
        "certificate_row",
        sa.Column("certificate_id", sa.String(length=36), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name="certificate_row_certificate"
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name="certificate_row_transfer"),
        sa.PrimaryKeyConstraint("certificate_id", "transfer_id", name=op.f("pk_certificate_row")),
    )


TABLES = (
    contribution_type,
    overlay_credit,
    point_budget,
    silence,
    period_seal,
    credit_correction,
    correction_hearing,
    snapshot_flag,
    certificate,
    certificate_row,
)
