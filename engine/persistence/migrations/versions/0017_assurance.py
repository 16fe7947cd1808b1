"""Verification of evidence, audit samples, peer reviews, guarded acts, overrides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.assurance_guards import ASSURANCE_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: all of them append-only
_TABLES = (
    "lowering_act",
    "evidence_check",
    "evidence_replacement",
    "audit_sample",
    "audit_item",
    "audit_finding",
    "peer_review",
    "peer_seat",
    "peer_answer",
    "override_act",
)


def upgrade() -> None:
    for make in (
        _lowering_act,
        _evidence_check,
        _evidence_replacement,
        _audit_sample,
        _audit_item,
        _audit_finding,
        _peer_review,
        _peer_seat,
        _peer_answer,
        _override_act,
    ):
        make()
    for table in _TABLES:
        for statement in append_only(table, op.get_bind().dialect.name):
            op.execute(statement)
    for guard in ASSURANCE_GUARDS:
        for statement in create(guard, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for guard in ASSURANCE_GUARDS:
        for statement in drop(guard, op.get_bind().dialect.name):
            op.execute(statement)
    for table in _TABLES:
        for statement in not_append_only(table, op.get_bind().dialect.name):
            op.execute(statement)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _lowering_act() -> None:
    op.create_table(
        "lowering_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "line",
                "result",
                "membership",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("guarded", sa.Boolean(), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT guarded OR second_id IS NOT NULL", name=op.f("ck_lowering_act_two_signatures")
        ),
        sa.CheckConstraint("actor_id <> person_id", name=op.f("ck_lowering_act_not_own")),
        sa.CheckConstraint("on_behalf_of <> person_id", name=op.f("ck_lowering_act_not_for_own")),
        sa.CheckConstraint("second_id <> actor_id", name=op.f("ck_lowering_act_second_not_actor")),
        sa.CheckConstraint(
            "second_id <> on_behalf_of", name=op.f("ck_lowering_act_second_not_absent")
        ),
        sa.CheckConstraint(
            "second_id <> person_id", name=op.f("ck_lowering_act_second_not_person")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="lowering_act_actor"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="lowering_act_behalf"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="lowering_act_person"),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name="lowering_act_second"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lowering_act")),
    )
    op.create_index(
        "lowering_act_by_person", "lowering_act", ["person_id", "actor_id"], unique=False
    )


def _evidence_check() -> None:
    op.create_table(
        "evidence_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("verifier_id", sa.String(length=36), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "verified",
                "rejected",
                name="outcome_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'rejected' OR length(reason) > 0", name=op.f("ck_evidence_check_reasoned")
        ),
        sa.CheckConstraint("on_behalf_of <> owner_id", name=op.f("ck_evidence_check_not_for_own")),
        sa.CheckConstraint("verifier_id <> owner_id", name=op.f("ck_evidence_check_not_own")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="evidence_check_of"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="evidence_check_behalf"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="evidence_check_owner"),
        sa.ForeignKeyConstraint(["verifier_id"], ["person.id"], name="evidence_check_verifier"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_check")),
        sa.UniqueConstraint("evidence_id", name="evidence_checked_once"),
    )


def _evidence_replacement() -> None:
    op.create_table(
        "evidence_replacement",
        sa.Column("old_id", sa.String(length=36), nullable=False),
        sa.Column("new_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_evidence_replacement_another")),
        sa.ForeignKeyConstraint(["new_id"], ["evidence.id"], name="evidence_replacing"),
        sa.ForeignKeyConstraint(["old_id"], ["evidence.id"], name="evidence_replaced"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="evidence_replacement_owner"),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_evidence_replacement")),
        sa.UniqueConstraint("new_id", name="evidence_replaces_once"),
    )


def _audit_sample() -> None:
    op.create_table(
        "audit_sample",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=36), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("frame_hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_by", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(frame_hash) = 64", name=op.f("ck_audit_sample_framed")),
        sa.CheckConstraint("length(seed) > 0", name=op.f("ck_audit_sample_seeded")),
        sa.CheckConstraint("size BETWEEN 1 AND 100", name=op.f("ck_audit_sample_size")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="audit_sample_agency"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="audit_sample_cycle"),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name="audit_sample_drawer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_sample")),
    )
    op.create_index("audit_sample_by_cycle", "audit_sample", ["cycle_id"], unique=False)


def _audit_item() -> None:
    op.create_table(
        "audit_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sample_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "stratum",
            sa.Enum(
                "exceeding",
                "mutual",
                "last_day",
                "random",
                name="stratum_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "claim",
                "result",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="audit_item_person"),
        sa.ForeignKeyConstraint(["sample_id"], ["audit_sample.id"], name="audit_item_sample"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_item")),
        sa.UniqueConstraint("id", "person_id", name="audit_item_whose"),
        sa.UniqueConstraint("sample_id", "kind", "subject_id", name="audit_item_drawn_once"),
        sa.UniqueConstraint("sample_id", "number", name="audit_item_number_once"),
    )


def _audit_finding() -> None:
    op.create_table(
        "audit_finding",
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("auditor_id", sa.String(length=36), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "in_order",
                "doubtful",
                "wrong",
                name="verdict_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT correction OR verdict <> 'in_order'",
            name=op.f("ck_audit_finding_something_to_correct"),
        ),
        sa.CheckConstraint(
            "verdict = 'in_order' OR length(note) > 0", name=op.f("ck_audit_finding_reasoned")
        ),
        sa.CheckConstraint("auditor_id <> person_id", name=op.f("ck_audit_finding_not_own")),
        sa.ForeignKeyConstraint(["auditor_id"], ["person.id"], name="audit_finding_auditor"),
        sa.ForeignKeyConstraint(
            ["item_id", "person_id"],
            ["audit_item.id", "audit_item.person_id"],
            name="audit_finding_of",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_audit_finding")),
    )


def _peer_review() -> None:
    op.create_table(
        "peer_review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="peer_review_asker"),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"], name="peer_review_output"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_review")),
        sa.UniqueConstraint("id", "output_id", name="peer_review_what"),
    )
    op.create_index("peer_review_by_output", "peer_review", ["output_id"], unique=False)


def _peer_seat() -> None:
    op.create_table(
        "peer_seat",
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("output_id", sa.String(length=36), nullable=False),
        sa.Column("reviewer_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id", "output_id"],
            ["peer_review.id", "peer_review.output_id"],
            name="peer_seat_review",
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name="peer_seat_reviewer"),
        sa.PrimaryKeyConstraint("review_id", "reviewer_id", name=op.f("pk_peer_seat")),
    )


def _peer_answer() -> None:
    op.create_table(
        "peer_answer",
        sa.Column("review_id", sa.String(length=36), nullable=False),
        sa.Column("reviewer_id", sa.String(length=36), nullable=False),
        sa.Column(
            "meets_target",
            sa.Enum(
                "yes",
                "partly",
                "no",
                name="meets_target_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "sound",
            sa.Enum(
                "yes",
                "partly",
                "no",
                name="sound_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "usable",
            sa.Enum(
                "yes",
                "partly",
                "no",
                name="usable_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("improvements", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(meets_target = 'yes' AND sound = 'yes' AND usable = 'yes')"
            " OR length(improvements) > 0",
            name=op.f("ck_peer_answer_reasoned"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id", "reviewer_id"],
            ["peer_seat.review_id", "peer_seat.reviewer_id"],
            name="peer_answer_seat",
        ),
        sa.PrimaryKeyConstraint("review_id", "reviewer_id", name=op.f("pk_peer_answer")),
    )


def _override_act() -> None:
    op.create_table(
        "override_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rating",
                "calibration",
                "distribution",
                "objection",
                "share",
                "consent",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("in_election", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_override_act_reasoned")),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="override_act_actor"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="override_act_behalf"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override_act")),
    )
    op.create_index("override_act_by_time", "override_act", ["at"], unique=False)
