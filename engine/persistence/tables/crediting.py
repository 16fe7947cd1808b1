"""Kinds of contribution, overlay credit, budgets, silences, seals, corrections, certificates."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from engine.domain.certificates import CertificateLine, line_facts
from engine.domain.corrections import CorrectionState, Snapshot
from engine.domain.overlays import OverlayRole, OverlayState
from engine.domain.silences import Waiting
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class TextList(TypeDecorator[tuple[str, ...]]):
    """A few references, as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """One array."""
        del dialect
        return json.dumps(list(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """The references again."""
        del dialect
        return tuple(json.loads(value or "[]"))


class CertificateLines(TypeDecorator[tuple[CertificateLine, ...]]):
    """What a certificate says, as JSON text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(
        self, value: tuple[CertificateLine, ...] | None, dialect: Dialect
    ) -> str:
        """One array per line."""
        del dialect
        return json.dumps([line_facts(line) for line in value or ()], ensure_ascii=False)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[CertificateLine, ...]:
        """The lines again."""
        del dialect
        return tuple(_line(row) for row in json.loads(value or "[]"))


def _line(row: list[str | int]) -> CertificateLine:
    row_id, squad, host, role, output, value, share, points, kind, first, last = row
    return CertificateLine(
        transfer_id=int(row_id),
        squad=str(squad),
        host=str(host),
        role=str(role),
        output=str(output),
        value_points=int(value),
        share_bp=int(share),
        points_e4=int(points),
        kind=str(kind),
        starts_on=date.fromisoformat(str(first)),
        ends_on=date.fromisoformat(str(last)),
    )


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


def _output(key: str) -> sa.Column[str]:
    return id_column("output_id", sa.ForeignKey("output.id", name=key), nullable=False)


contribution_type = sa.Table(
    "contribution_type",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="contribution_type_agency")),
    sa.Column("code", sa.String(24), nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("label_en", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.UniqueConstraint("agency_id", "code", name="contribution_type_code_once"),
    sa.CheckConstraint("length(label) > 0 AND length(label_en) > 0", name="named"),
)

overlay_credit = sa.Table(
    "overlay_credit",
    metadata,
    id_column(primary_key=True),
    _output("overlay_output"),
    _person("person_id", "overlay_person"),
    word("role", OverlayRole),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("evidence_link", sa.Text, nullable=False),
    _person("proposed_by", "overlay_proposer"),
    sa.Column("proposed_at", UtcDateTime, nullable=False),
    word("state", OverlayState),
    sa.Column("answered_at", UtcDateTime, nullable=True),
    sa.Column(
        "transfer_id",
        sa.Integer,
        sa.ForeignKey("transfer.id", name="overlay_transfer"),
        nullable=True,
    ),
    sa.CheckConstraint("proposed_by <> person_id", name="not_own"),
    sa.CheckConstraint("length(note) > 0", name="said"),
    sa.CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="answered"),
    sa.CheckConstraint("transfer_id IS NULL OR state = 'accepted'", name="posted"),
    sa.Index(
        "overlay_once",
        "output_id",
        "person_id",
        "role",
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'accepted')"),
        postgresql_where=sa.text("state IN ('proposed', 'accepted')"),
    ),
    sa.Index("overlay_by_person", "person_id"),
)

point_budget = sa.Table(
    "point_budget",
    metadata,
    id_column(primary_key=True),
    id_column("squad_id", sa.ForeignKey("squad.id", name="budget_squad"), nullable=False),
    id_column("period_id", sa.ForeignKey("period.id", name="budget_period"), nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    _person("set_by", "budget_setter"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("squad_id", "period_id", name="budget_once"),
    sa.CheckConstraint("points >= 0", name="points"),
)

silence = sa.Table(
    "silence",
    metadata,
    id_column(primary_key=True),
    _output("silence_output"),
    word("act", Waiting),
    sa.Column("subject_id", sa.String(36), nullable=False),
    _person("person_id", "silence_person"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("silence_by_output", "output_id", "act"),
    sa.Index("silence_by_person", "person_id"),
)

period_seal = sa.Table(
    "period_seal",
    metadata,
    id_column(primary_key=True),
    id_column("period_id", sa.ForeignKey("period.id", name="seal_period"), nullable=False),
    sa.Column("seal_hash", sa.String(64), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("outputs", TextList, nullable=False),
    sa.Column("carried", TextList, nullable=False),
    _person("decided_by", "seal_decider"),
    sa.Column("minutes", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("period_id", name="period_sealed_once"),
    sa.CheckConstraint("length(seal_hash) = 64", name="hashed"),
    sa.CheckConstraint("length(minutes) > 0", name="said"),
)

credit_correction = sa.Table(
    "credit_correction",
    metadata,
    id_column(primary_key=True),
    _output("correction_output"),
    _person("person_id", "correction_person"),
    sa.Column(
        "transfer_id",
        sa.Integer,
        sa.ForeignKey("transfer.id", name="correction_transfer"),
        nullable=False,
    ),
    sa.Column("old_bp", sa.Integer, nullable=False),
    sa.Column("new_bp", sa.Integer, nullable=False),
    _person("asked_by", "correction_asker"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("evidence_link", sa.Text, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    word("state", CorrectionState),
    _person("decided_by", "correction_decider", nullable=True),
    _person("on_behalf_of", "correction_behalf", nullable=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("new_bp >= 0 AND new_bp < old_bp AND old_bp <= 10000", name="less"),
    sa.CheckConstraint("asked_by <> person_id", name="not_asked_by_holder"),
    sa.CheckConstraint(
        "decided_by <> asked_by AND decided_by <> person_id", name="not_decided_by_asker"
    ),
    sa.CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided"),
    sa.CheckConstraint("length(reason) > 0 AND length(evidence_link) > 0", name="grounded"),
    sa.Index(
        "correction_one_open",
        "output_id",
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'posted')"),
        postgresql_where=sa.text("state IN ('asked', 'posted')"),
    ),
)

correction_hearing = sa.Table(
    "correction_hearing",
    metadata,
    id_column(
        "correction_id",
        sa.ForeignKey("credit_correction.id", name="correction_hearing_correction"),
        primary_key=True,
    ),
    id_column(
        "person_id",
        sa.ForeignKey("person.id", name="correction_hearing_person"),
        primary_key=True,
    ),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

snapshot_flag = sa.Table(
    "snapshot_flag",
    metadata,
    id_column(primary_key=True),
    _person("person_id", "flag_person"),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="flag_cycle"), nullable=False),
    word("subject", Snapshot),
    id_column(
        "correction_id",
        sa.ForeignKey("credit_correction.id", name="flag_correction"),
        nullable=False,
    ),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("raised_at", UtcDateTime, nullable=False),
    _person("cleared_by", "flag_clearer", nullable=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("cleared_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("cleared_by <> person_id", name="not_own"),
    sa.CheckConstraint("(cleared_by IS NULL) = (cleared_at IS NULL)", name="cleared"),
    sa.UniqueConstraint("correction_id", "person_id", "subject", name="flag_once"),
    sa.Index("flag_by_person", "person_id", "cycle_id"),
)

certificate = sa.Table(
    "certificate",
    metadata,
    id_column(primary_key=True),
    sa.Column("code", sa.String(12), nullable=False),
    _person("person_id", "certificate_person"),
    id_column("agency_id", sa.ForeignKey("agency.id", name="certificate_agency"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("nip", sa.String(18), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("lines", CertificateLines, nullable=False),
    sa.Column("ledger_hash", sa.String(64), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("code", name="certificate_code_once"),
    sa.CheckConstraint("length(code) = 12", name="code"),
    sa.CheckConstraint("length(ledger_hash) = 64 AND length(content_hash) = 64", name="hashed"),
    sa.Index("certificate_by_person", "person_id"),
)

certificate_row = sa.Table(
    "certificate_row",
    metadata,
    id_column(
        "certificate_id",
        sa.ForeignKey("certificate.id", name="certificate_row_certificate"),
        primary_key=True,
    ),
    sa.Column(
        "transfer_id",
        sa.Integer,
        sa.ForeignKey("transfer.id", name="certificate_row_transfer"),
        primary_key=True,
    ),
)
