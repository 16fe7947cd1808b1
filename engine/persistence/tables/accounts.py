"""Tables of accounts, their groups, sign-ins that failed and sessions."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

account = sa.Table(
    "account",
    metadata,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("agency_id", sa.Text),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)

role_grant = sa.Table(
    "role_grant",
    metadata,
    sa.Column("login", sa.Text, sa.ForeignKey("account.login"), primary_key=True),
    sa.Column("group_name", sa.Text, primary_key=True),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("valid_to", sa.Date),
    sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
    sa.Index("ix_role_grant_group", "group_name", "login"),
)

#: no foreign key: a sign-in for a login that nobody has counts too
sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_sign_in_failure_login", "login", "at"),
    sa.Index("ix_sign_in_failure_address", "address", "at"),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, sa.ForeignKey("account.login"), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("csrf", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("seen_at", UtcDateTime),
    sa.Column("agent", sa.Text, nullable=False, server_default=""),
    sa.Column("entered_by", sa.Text, nullable=False, server_default="password"),
    sa.Column("held_groups", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_session_login", "login"),
)

#: accounts of programs; they sign in by their secret only, never on a page
service_account = sa.Table(
    "service_account",
    metadata,
    sa.Column("login", sa.Text, sa.ForeignKey("account.login"), primary_key=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
)

#: types of external jobs that a service account may do; "*" is all
service_job_type = sa.Table(
    "service_job_type",
    metadata,
    sa.Column("login", sa.Text, sa.ForeignKey("service_account.login"), primary_key=True),
    sa.Column("job_type", sa.Text, primary_key=True),
)
