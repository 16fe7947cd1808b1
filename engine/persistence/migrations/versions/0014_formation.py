"""Squad formation: calls, letters, signatures, consents, changes of members, and their guards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.formation import FORMATION_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: in the order of their keys
_TABLES = (
    "formation",
    "candidate",
    "squad_letter",
    "membership_signature",
    "home_result",
    "consent_decision",
    "head_signature",
    "share_reply",
    "squad_change",
)
#: words once said stay as they were
_APPEND_ONLY = (
    "squad_letter",
    "membership_signature",
    "home_result",
    "consent_decision",
    "head_signature",
    "share_reply",
)
_AT_MOST_A_YEAR = (
    "CAST(REPLACE(CAST(ends_on AS TEXT), '-', '') AS INTEGER) "
    "< CAST(REPLACE(CAST(starts_on AS TEXT), '-', '') AS INTEGER) + 10000"
)


def upgrade() -> None:
    _formation()
    _candidate()
    _squad_letter()
    _membership_signature()
    _home_result()
    _consent_decision()
    _head_signature()
    _share_reply()
    _squad_change()
    dialect = op.get_bind().dialect.name
    for table in _APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in FORMATION_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in FORMATION_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in _APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _word(name: str, *words: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )
    return sa.Column(name, kind, nullable=nullable)


def _formation() -> None:
    op.create_table(
        "formation",
        _id("id"),
        _id("agency_id"),
        _id("host_unit_id"),
        _word("way", "letter", "appointed", "volunteers"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        _id("sponsor_id"),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("person_days", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("apply_until", sa.Date(), nullable=True),
        _word("status", "gathering", "formed", "dropped"),
        _id("squad_id", nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(status = 'formed') = (squad_id IS NOT NULL) "
            "AND (status <> 'formed' OR length(letter_no) > 0)",
            name=op.f("ck_formation_formed_by_letter"),
        ),
        sa.CheckConstraint(
            "(way = 'volunteers') = (apply_until IS NOT NULL)", name=op.f("ck_formation_call")
        ),
        sa.CheckConstraint(_AT_MOST_A_YEAR, name=op.f("ck_formation_at_most_a_year")),
        sa.CheckConstraint(
            "way = 'letter' OR COALESCE(places, 0) > 0", name=op.f("ck_formation_places")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_formation_lasts")),
        sa.CheckConstraint("person_days > 0", name=op.f("ck_formation_person_days")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="formation_agency"),
        sa.ForeignKeyConstraint(["host_unit_id"], ["unit.id"], name="formation_unit"),
        sa.ForeignKeyConstraint(["sponsor_id"], ["person.id"], name="formation_sponsor"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="formation_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formation")),
        sa.UniqueConstraint("squad_id", name="formation_squad_once"),
    )
    op.create_index(
        "formation_open_calls", "formation", ["agency_id", "status", "apply_until"], unique=False
    )


def _candidate() -> None:
    op.create_table(
        "candidate",
        _id("id"),
        _id("formation_id"),
        _id("person_id"),
        _word("role", "ketua", "anggota"),
        sa.Column("effort_bp", sa.Integer(), nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        _word("state", "proposed", "chosen", "passed"),
        sa.Column("reason", sa.Text(), nullable=False),
        _id("decided_by", nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state <> 'passed' OR length(reason) > 0", name=op.f("ck_candidate_passed_with_reason")
        ),
        sa.CheckConstraint("decided_by <> person_id", name=op.f("ck_candidate_not_by_himself")),
        sa.CheckConstraint("effort_bp BETWEEN 1 AND 10000", name=op.f("ck_candidate_effort")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="candidate_decider"),
        sa.ForeignKeyConstraint(["formation_id"], ["formation.id"], name="candidate_formation"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="candidate_person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("formation_id", "person_id", name="candidate_once"),
    )


def _squad_letter() -> None:
    op.create_table(
        "squad_letter",
        _id("id"),
        _id("squad_id"),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(_AT_MOST_A_YEAR, name=op.f("ck_squad_letter_at_most_a_year")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_squad_letter_lasts")),
        sa.CheckConstraint("length(letter_no) > 0", name=op.f("ck_squad_letter_numbered")),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="squad_letter_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squad_letter")),
        sa.UniqueConstraint("squad_id", "letter_no", name="squad_letter_once"),
    )


def _membership_signature() -> None:
    op.create_table(
        "membership_signature",
        _id("id"),
        _id("membership_id"),
        sa.Column("round", sa.Integer(), nullable=False),
        _word("answer", "pending", "accepted", "overload"),
        sa.Column("home_effort_bp", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("answer <> 'pending'", name=op.f("ck_membership_signature_answered")),
        sa.CheckConstraint(
            "home_effort_bp BETWEEN 0 AND 10000", name=op.f("ck_membership_signature_home_effort")
        ),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="signature_membership"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_signature")),
        sa.UniqueConstraint("membership_id", "round", name="signature_round_once"),
    )


def _home_result() -> None:
    op.create_table(
        "home_result",
        _id("signature_id"),
        _id("plan_item_id"),
        _word("change", "reduced", "dropped", "kept"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "change <> 'kept' OR length(reason) > 0", name=op.f("ck_home_result_kept_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["membership_signature.id"], name="home_result_signature"
        ),
        sa.PrimaryKeyConstraint("signature_id", "plan_item_id", name=op.f("pk_home_result")),
    )


def _consent_decision() -> None:
    op.create_table(
        "consent_decision",
        _id("id"),
        _id("membership_id"),
        _word("stage", "home", "common"),
        _word("answer", "given", "refused", "silent"),
        _id("holder_id", nullable=True),
        _id("decided_by", nullable=True),
        _word(
            "reason_code", "workload", "absence", "competence", "conflict", "other", nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(answer = 'refused') = (reason_code IS NOT NULL)",
            name=op.f("ck_consent_decision_refusal_coded"),
        ),
        sa.CheckConstraint(
            "(answer = 'silent') = (decided_by IS NULL)",
            name=op.f("ck_consent_decision_silent_by_nobody"),
        ),
        sa.CheckConstraint(
            "stage = 'home' OR answer <> 'silent'", name=op.f("ck_consent_decision_common_speaks")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="consent_decider"),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name="consent_holder"),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name="consent_membership"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_decision")),
        sa.UniqueConstraint("membership_id", "stage", name="consent_once_per_stage"),
    )
    op.create_index("consent_by_holder", "consent_decision", ["holder_id", "answer"], unique=False)


def _head_signature() -> None:
    op.create_table(
        "head_signature",
        _id("id"),
        _id("membership_id"),
        _id("head_id"),
        sa.Column("effort_bp", sa.Integer(), nullable=False),
        sa.Column("load_bp", sa.Integer(), nullable=False),
        _word("answer", "approve", "refuse"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "answer <> 'refuse' OR length(reason) > 0",
            name=op.f("ck_head_signature_refused_with_reason"),
        ),
        sa.ForeignKeyConstraint(["head_id"], ["person.id"], name="head_signature_head"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="head_signature_membership"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_signature")),
        sa.UniqueConstraint("membership_id", "head_id", "effort_bp", name="head_signs_once"),
    )


def _share_reply() -> None:
    op.create_table(
        "share_reply",
        _id("id"),
        _id("share_plan_id"),
        _id("person_id"),
        _word("answer", "agree", "differ"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "answer <> 'differ' OR length(note) > 0", name=op.f("ck_share_reply_differs_with_note")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="share_reply_person"),
        sa.ForeignKeyConstraint(["share_plan_id"], ["share_plan.id"], name="share_reply_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_reply")),
        sa.UniqueConstraint("share_plan_id", "person_id", name="share_reply_once"),
    )


def _squad_change() -> None:
    op.create_table(
        "squad_change",
        _id("id"),
        _id("squad_id"),
        _word("kind", "effort", "exit", "join", "lead"),
        _id("person_id"),
        _word("role", "ketua", "anggota", nullable=True),
        sa.Column("effort_bp", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("handover", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("second_by", sa.Text(), nullable=True),
        _word("status", "proposed", "refused", "written", "done"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'lead' OR length(handover) > 0", name=op.f("ck_squad_change_handed_over")
        ),
        sa.CheckConstraint("effective_on > decided_on", name=op.f("ck_squad_change_forward_dated")),
        sa.CheckConstraint("effort_bp BETWEEN 1 AND 10000", name=op.f("ck_squad_change_effort")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_squad_change_with_reason")),
        sa.CheckConstraint(
            "proposed_by <> person_id", name=op.f("ck_squad_change_not_for_himself")
        ),
        sa.CheckConstraint(
            "second_by <> proposed_by AND second_by <> person_id",
            name=op.f("ck_squad_change_two_signatures"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="squad_change_person"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="squad_change_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squad_change")),
    )
    op.create_index(
        "squad_change_by_squad", "squad_change", ["squad_id", "effective_on"], unique=False
    )
