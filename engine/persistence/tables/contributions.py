"""Squads, memberships, outputs, shares, claims, attestations, the ledger, disputes."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.claims import (
    AttestDecision,
    ClaimState,
    Commitment,
    Degree,
    EvidenceStatus,
)
from engine.domain.disputes import DisputeState, DisputeSubject
from engine.domain.ledger import LineClass, TransferCode
from engine.domain.outputs import OutputStatus
from engine.domain.squads import Acceptance, Consent, SquadRole
from engine.persistence.tables.columns import RestatedLines, id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import ScaledDecimal, UtcDateTime


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


squad = sa.Table(
    "squad",
    metadata,
    id_column(primary_key=True),
    id_column("host_agency_id", sa.ForeignKey("agency.id", name="squad_agency"), nullable=False),
    id_column("host_unit_id", sa.ForeignKey("unit.id", name="squad_unit"), nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("letter_no", sa.Text, nullable=False),
    _person("sponsor_id", "squad_sponsor"),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("budget_points", sa.Integer, nullable=False),
    sa.UniqueConstraint("host_agency_id", "code", name="squad_code_once"),
    sa.CheckConstraint("ends_on > starts_on", name="lasts"),
    sa.CheckConstraint("budget_points >= 0", name="budget"),
    sa.CheckConstraint("length(letter_no) > 0", name="letter"),
    sa.Index("squad_by_unit", "host_unit_id"),
)

membership = sa.Table(
    "membership",
    metadata,
    id_column(primary_key=True),
    id_column("squad_id", sa.ForeignKey("squad.id", name="membership_squad"), nullable=False),
    _person("person_id", "membership_person"),
    id_column(
        "home_agency_id", sa.ForeignKey("agency.id", name="membership_agency"), nullable=False
    ),
    id_column("home_unit_id", sa.ForeignKey("unit.id", name="membership_unit"), nullable=False),
    word("role", SquadRole),
    sa.Column("effort_bp", sa.Integer, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=True),
    word("consent", Consent),
    _person("consent_by", "membership_consenter", nullable=True),
    sa.Column("consent_at", UtcDateTime, nullable=True),
    word("acceptance", Acceptance),
    sa.Column("accepted_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("squad_id", "person_id", "valid_from", name="membership_start_once"),
    sa.CheckConstraint("effort_bp BETWEEN 1 AND 10000", name="effort"),
    sa.CheckConstraint("valid_to > valid_from", name="lasts"),
    sa.CheckConstraint("consent_by <> person_id", name="not_own_consent"),
    sa.Index("membership_by_person", "person_id"),
)

output = sa.Table(
    "output",
    metadata,
    id_column(primary_key=True),
    id_column("squad_id", sa.ForeignKey("squad.id", name="output_squad"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("indicator", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("value_points", sa.Integer, nullable=False),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="output_cycle"), nullable=False),
    id_column("period_id", sa.ForeignKey("period.id", name="output_period"), nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    word("status", OutputStatus),
    sa.Column("attainment", ScaledDecimal(2), nullable=True),
    _person("delivered_by", "output_deliverer", nullable=True),
    sa.Column("delivered_at", UtcDateTime, nullable=True),
    _person("accepted_by", "output_acceptor", nullable=True),
    sa.Column("accepted_at", UtcDateTime, nullable=True),
    sa.Column("sealed_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("squad_id", "cycle_id", "number", name="output_number_once"),
    sa.CheckConstraint("value_points > 0", name="value"),
    sa.CheckConstraint("attainment BETWEEN 0 AND 12000", name="attainment"),
    sa.CheckConstraint("delivered_by <> accepted_by", name="four_eyes"),
    sa.CheckConstraint(
        "(status IN ('accepted', 'sealed')) = (attainment IS NOT NULL)",
        name="accepted_whole",
    ),
    sa.CheckConstraint("(status = 'sealed') = (sealed_at IS NOT NULL)", name="sealed_whole"),
    sa.Index("output_by_cycle", "cycle_id", "squad_id"),
)

share_plan = sa.Table(
    "share_plan",
    metadata,
    id_column(primary_key=True),
    id_column("output_id", sa.ForeignKey("output.id", name="share_plan_output"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("output_id", "version", name="share_plan_version_once"),
)

share_line = sa.Table(
    "share_line",
    metadata,
    id_column(
        "share_plan_id", sa.ForeignKey("share_plan.id", name="share_line_plan"), primary_key=True
    ),
    id_column(
        "membership_id",
        sa.ForeignKey("membership.id", name="share_line_membership"),
        primary_key=True,
    ),
    _person("person_id", "share_line_person"),
    sa.Column("expected_bp", sa.Integer, nullable=False),
    sa.UniqueConstraint("share_plan_id", "person_id", name="share_line_person_once"),
    sa.CheckConstraint("expected_bp BETWEEN 0 AND 10000", name="expected"),
)

claim = sa.Table(
    "claim",
    metadata,
    id_column(primary_key=True),
    id_column("output_id", sa.ForeignKey("output.id", name="claim_output"), nullable=False),
    _person("person_id", "claim_person"),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("claimed_bp", sa.Integer, nullable=False),
    sa.Column("contribution_type", sa.String(24), nullable=False),
    word("degree", Degree),
    sa.Column("note", sa.Text, nullable=False),
    word("state", ClaimState),
    sa.Column("submitted_at", UtcDateTime, nullable=True),
    _person("submitted_by", "claim_submitter", nullable=True),
    sa.Column("acknowledged_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("output_id", "person_id", name="claim_once"),
    sa.CheckConstraint("claimed_bp BETWEEN 0 AND 10000", name="share"),
)

evidence = sa.Table(
    "evidence",
    metadata,
    id_column(primary_key=True),
    id_column("claim_id", sa.ForeignKey("claim.id", name="evidence_claim"), nullable=True),
    # plan_item refers to membership and progress to evidence: the reference back would be a circle
    id_column("plan_item_id", nullable=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("link", sa.Text, nullable=True),
    _person("uploaded_by", "evidence_uploader"),
    sa.Column("at", UtcDateTime, nullable=False),
    word("status", EvidenceStatus),
    _person("verified_by", "evidence_verifier", nullable=True),
    sa.CheckConstraint("length(sha256) = 64 OR link IS NOT NULL", name="something"),
    sa.CheckConstraint("size_bytes >= 0", name="size"),
    sa.CheckConstraint("verified_by <> uploaded_by", name="four_eyes"),
    sa.Index("evidence_by_claim", "claim_id"),
    sa.Index("evidence_by_item", "plan_item_id"),
)

attestation = sa.Table(
    "attestation",
    metadata,
    id_column(primary_key=True),
    id_column("claim_id", sa.ForeignKey("claim.id", name="attestation_claim"), nullable=False),
    _person("attester_id", "attestation_attester"),
    _person("on_behalf_of", "attestation_behalf", nullable=True),
    word("decision", AttestDecision),
    sa.Column("share_bp", sa.Integer, nullable=True),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    word("commitment", Commitment, nullable=True),
    sa.Column("commitment_evidence", sa.Text, nullable=False),
    _person("cosigner_id", "attestation_cosigner", nullable=True),
    sa.Column("cosigned_at", UtcDateTime, nullable=True),
    sa.Column("member_answer", sa.Text, nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("needs_cosign", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name="share"),
    sa.CheckConstraint("(decision = 'return') = (share_bp IS NULL)", name="share_or_return"),
    sa.CheckConstraint("cosigner_id <> attester_id", name="two_signatures"),
    sa.CheckConstraint("decision <> 'adjust' OR length(reason_code) > 0", name="reasoned"),
    sa.Index("attestation_by_claim", "claim_id"),
)

transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    id_column("output_id", sa.ForeignKey("output.id", name="transfer_output"), nullable=False),
    sa.Column("debit_account", sa.Text, nullable=False),
    sa.Column("credit_account", sa.Text, nullable=False),
    sa.Column("amount_bp", sa.Integer, nullable=False),
    word("code", TransferCode),
    id_column(
        "work_period_id", sa.ForeignKey("period.id", name="transfer_work_period"), nullable=False
    ),
    id_column(
        "posting_period_id",
        sa.ForeignKey("period.id", name="transfer_posting_period"),
        nullable=False,
    ),
    id_column(
        "home_agency_id", sa.ForeignKey("agency.id", name="transfer_home_agency"), nullable=False
    ),
    id_column("home_unit_id", sa.ForeignKey("unit.id", name="transfer_home_unit"), nullable=False),
    id_column(
        "host_agency_id", sa.ForeignKey("agency.id", name="transfer_host_agency"), nullable=False
    ),
    id_column("host_unit_id", sa.ForeignKey("unit.id", name="transfer_host_unit"), nullable=False),
    id_column("squad_id", sa.ForeignKey("squad.id", name="transfer_squad"), nullable=False),
    _person("person_id", "transfer_person", nullable=True),
    sa.Column("role", sa.Text, nullable=False),
    id_column("plan_item_id", sa.ForeignKey("plan_item.id", name="transfer_item"), nullable=True),
    word("line_class", LineClass),
    sa.Column(
        "reverses_id",
        sa.Integer,
        sa.ForeignKey("transfer.id", name="transfer_reversed"),
        nullable=True,
    ),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    # V of the output, guarded: roll-ups over millions of rows read one table
    sa.Column("value_points", sa.Integer, nullable=False, server_default="0"),
    sa.CheckConstraint("amount_bp > 0 AND amount_bp <= 10000", name="amount"),
    sa.CheckConstraint("debit_account <> credit_account", name="moves"),
    sa.CheckConstraint("credit_account <> 'ISSUE'", name="never_back_to_issue"),
    sa.CheckConstraint("length(hash) = 64", name="hashed"),
    sa.CheckConstraint(
        "code <> 'open' OR (debit_account = 'ISSUE' AND credit_account = 'POOL' "
        "AND amount_bp = 10000 AND line_class = 'PRIMARY')",
        name="opening",
    ),
    sa.CheckConstraint(
        "debit_account <> 'ISSUE' OR code = 'open' OR line_class = 'OVERLAY'",
        name="issued_once",
    ),
    sa.CheckConstraint(
        "line_class = 'OVERLAY' OR debit_account = 'POOL' OR credit_account = 'POOL'",
        name="through_pool",
    ),
    sa.CheckConstraint("(code = 'reverse') = (reverses_id IS NOT NULL)", name="reverses"),
    sa.CheckConstraint(
        "person_id IS NULL OR credit_account = 'person:' || person_id "
        "OR debit_account = 'person:' || person_id",
        name="person_account",
    ),
    sa.UniqueConstraint("reverses_id", name="transfer_reversed_once"),
    sa.UniqueConstraint("output_id", "prev_hash", name="transfer_chain_no_fork"),
    sa.Index(
        "transfer_opened_once",
        "output_id",
        unique=True,
        sqlite_where=sa.text("code = 'open'"),
        postgresql_where=sa.text("code = 'open'"),
    ),
    sa.Index("transfer_by_person", "person_id", "output_id"),
    sa.Index("transfer_by_home", "home_unit_id"),
    sa.Index("transfer_by_host", "host_unit_id"),
    sqlite_autoincrement=True,
)

dispute = sa.Table(
    "dispute",
    metadata,
    id_column(primary_key=True),
    id_column("output_id", sa.ForeignKey("output.id", name="dispute_output"), nullable=False),
    id_column("claim_id", sa.ForeignKey("claim.id", name="dispute_claim"), nullable=False),
    _person("raised_by", "dispute_raiser"),
    sa.Column("ground", sa.Text, nullable=False),
    id_column("evidence_id", sa.ForeignKey("evidence.id", name="dispute_evidence"), nullable=True),
    word("state", DisputeState),
    _person("decided_by", "dispute_decider", nullable=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("restated", RestatedLines, nullable=False),
    sa.Column("raised_at", UtcDateTime, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=True),
    sa.Column("about", sa.String(24), nullable=False, server_default=DisputeSubject.LINE.value),
    sa.CheckConstraint("decided_by <> raised_by", name="not_decided_by_raiser"),
    sa.CheckConstraint("(state = 'resolved') = (decided_by IS NOT NULL)", name="decided"),
    sa.Index(
        "dispute_one_open",
        "output_id",
        unique=True,
        sqlite_where=sa.text("state <> 'resolved'"),
        postgresql_where=sa.text("state <> 'resolved'"),
    ),
)

hearing = sa.Table(
    "hearing",
    metadata,
    id_column("dispute_id", sa.ForeignKey("dispute.id", name="hearing_dispute"), primary_key=True),
    id_column("person_id", sa.ForeignKey("person.id", name="hearing_person"), primary_key=True),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
