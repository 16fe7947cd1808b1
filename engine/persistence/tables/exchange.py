"""Evaluations on their way to SIASN, what SIASN was read to hold, and what people copied."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.exchange import ExchangeKind, ExchangeState
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import JsonText, UtcDateTime


def _to(name: str, target: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey(f"{target}.id", name=key), nullable=nullable)


exchange = sa.Table(
    "exchange",
    metadata,
    id_column(primary_key=True),
    _to("agency_id", "agency", "exchange_agency"),
    _to("person_id", "person", "exchange_person"),
    _to("cycle_id", "cycle", "exchange_cycle"),
    _to("period_id", "period", "exchange_period", nullable=True),
    word("kind", ExchangeKind),
    sa.Column("key", sa.Text, nullable=False),
    id_column("batch_id", nullable=False),
    id_column("rating_id", nullable=False),
    sa.Column("payload", JsonText, nullable=False),
    word("state", ExchangeState),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("unknown", sa.Boolean, nullable=False),
    sa.Column("free_at", UtcDateTime, nullable=True),
    _to("approved_by", "person", "exchange_approver"),
    sa.Column("approved_at", UtcDateTime, nullable=False),
    sa.Column("confirmed_at", UtcDateTime, nullable=True),
    sa.Column("remote_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    _to("withdrawn_by", "person", "exchange_withdrawer", nullable=True),
    sa.Column("withdraw_reason", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("key", name="exchange_key_once"),
    sa.CheckConstraint("(kind = 'periodic') = (period_id IS NOT NULL)", name="of_a_period"),
    sa.CheckConstraint("(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed"),
    sa.CheckConstraint(
        "state NOT IN ('refused', 'dead') OR length(reason) > 0", name="says_why_it_stopped"
    ),
    sa.CheckConstraint("state <> 'sending' OR free_at IS NOT NULL", name="held_until"),
    sa.CheckConstraint("attempts >= 0", name="attempts"),
    sa.CheckConstraint(
        "withdrawn_by IS NULL OR (kind = 'periodic' AND length(remote_id) > 0)",
        name="taken_back_by_its_id",
    ),
    sa.CheckConstraint(
        "(withdrawn_by IS NULL) = (length(withdraw_reason) = 0)", name="says_why_taken_back"
    ),
    sa.Index(
        "exchange_year_once",
        "person_id",
        "cycle_id",
        unique=True,
        sqlite_where=sa.text("period_id IS NULL"),
        postgresql_where=sa.text("period_id IS NULL"),
    ),
    sa.Index("exchange_period_once", "person_id", "period_id", unique=True),
    sa.Index("exchange_due", "state", "free_at", "id"),
    sa.Index("exchange_by_batch", "batch_id", "state"),
    sa.Index("exchange_by_agency", "agency_id", "state", "id"),
)

#: append-only by trigger: every request for a row, and how it ended
exchange_attempt = sa.Table(
    "exchange_attempt",
    metadata,
    id_column(primary_key=True),
    _to("exchange_id", "exchange", "exchange_attempt_row"),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(outcome) > 0", name="says_how"),
    sa.Index("exchange_attempt_by_row", "exchange_id", "id"),
)

#: one row per person: what SIASN said of him when it was read last
siasn_person = sa.Table(
    "siasn_person",
    metadata,
    id_column(
        "person_id", sa.ForeignKey("person.id", name="siasn_person_person"), primary_key=True
    ),
    _to("agency_id", "agency", "siasn_person_agency"),
    sa.Column("siasn_id", sa.Text, nullable=False),
    sa.Column("about", JsonText, nullable=False),
    sa.Column("annual", JsonText, nullable=False),
    sa.Column("periodic", JsonText, nullable=False),
    #: why it could not be read; "" after a reading
    sa.Column("fault", sa.Text, nullable=False),
    #: to be read from this real moment; NULL: nobody asked
    sa.Column("wanted_at", UtcDateTime, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("read_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("attempts >= 0", name="attempts"),
    sa.Index("siasn_person_wanted", "wanted_at", "person_id"),
)

#: one row per field that its owner copied, with the words as they were
copied_field = sa.Table(
    "copied_field",
    metadata,
    id_column(
        "person_id", sa.ForeignKey("person.id", name="copied_field_person"), primary_key=True
    ),
    _to("cycle_id", "cycle", "copied_field_cycle"),
    sa.Column("entry", sa.String(64), primary_key=True),
    sa.Column("field", sa.String(24), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(entry) > 0 AND length(field) > 0", name="names_it"),
    sa.Index("copied_field_by_cycle", "person_id", "cycle_id"),
)

APPEND_ONLY: Final = ("exchange_attempt",)

_NO_COEFFICIENT: Final = """NEW.kind = 'periodic' AND NEW.withdrawn_by IS NULL
    AND NEW.state IN ('waiting', 'sending', 'sent')
    AND (replace(NEW.payload, '"koefisienId":""', '') <> NEW.payload
    OR replace(NEW.payload, '"koefisienId":', '') = NEW.payload)"""

#: a period that goes to SIASN names its coefficient
COEFFICIENT_GUARDS: Final = (
    Guard("exchange_coefficient_new", "exchange", "INSERT", _NO_COEFFICIENT),
    Guard("exchange_coefficient_kept", "exchange", "UPDATE", _NO_COEFFICIENT),
)
