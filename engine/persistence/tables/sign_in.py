"""Tables of second factors, identities of single sign-on, and tickets that count once."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

#: who somebody is at a provider; bound at his first sign-in from there
login_identity = sa.Table(
    "login_identity",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, sa.ForeignKey("account.login"), nullable=False),
    sa.Column("bound_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("issuer", "login", name="login_identity_once"),
)

#: the shared secret of an authenticator, sealed; it counts from `confirmed_at` on
second_factor = sa.Table(
    "second_factor",
    metadata,
    sa.Column("login", sa.Text, sa.ForeignKey("account.login"), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("confirmed_at", UtcDateTime),
    sa.Column("last_step", sa.BigInteger),
    sa.CheckConstraint("confirmed_at IS NULL OR last_step IS NOT NULL", name="confirmed_by_a_code"),
)

#: one-time codes for who lost the authenticator; only hashes
recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("login", sa.Text, sa.ForeignKey("second_factor.login"), primary_key=True),
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("used_at", UtcDateTime),
)

#: what may be shown once only, such as the `state` of a way to a provider and back
spent_ticket = sa.Table(
    "spent_ticket",
    metadata,
    sa.Column("ticket_hash", sa.Text, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_spent_ticket_at", "at"),
)
