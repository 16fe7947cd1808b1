"""Releases: what is published is proposed by one person and looked at by another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.guards import create, drop
from engine.persistence.tables.releases import APPEND_ONLY, RELEASE_GUARDS
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_KINDS = "'process', 'decision', 'form', 'scenarios'"
_STATES = "'in_review', 'published', 'returned', 'withdrawn', 'outdated'"
_OPEN = sa.text("state = 'in_review'")


def upgrade() -> None:
    _release()
    op.create_table(
        "release_file",
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("base_key", Key, nullable=True),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_file_release_id_release")
        ),
        sa.PrimaryKeyConstraint("release_id", "kind", "subject_id", name=op.f("pk_release_file")),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_release_file_kind_known")),
    )
    op.create_index("release_file_by_subject", "release_file", ["kind", "subject_id"])
    op.create_table(
        "release_author",
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_author_release_id_release")
        ),
        sa.PrimaryKeyConstraint("release_id", "account", name=op.f("pk_release_author")),
    )
    op.create_table(
        "studio_draft_author",
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "account", name=op.f("pk_studio_draft_author")),
    )
    op.execute(
        "INSERT INTO studio_draft_author (draft_id, account) SELECT id, saved_by FROM studio_draft"
    )
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in RELEASE_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def _release() -> None:
    checks = {
        "kind_known": f"kind IN ({_KINDS})",
        "state_known": f"state IN ({_STATES})",
        "running_known": "running IN ('stay', 'migrate')",
        "says_why": "length(subject_id) > 0 AND length(reason) > 0",
        "ends_once": "(state = 'in_review') = (decided_at IS NULL)",
        "published": "(state = 'published') = (deployment_key IS NOT NULL)",
        "returned_with_words": "state <> 'returned' OR length(words) > 0",
        "urgent_only_back": "NOT urgent OR back_to IS NOT NULL",
        "pilot_stays": "pilot_units IS NULL OR running = 'stay'",
        "two_people": "state NOT IN ('published', 'returned') OR (decided_by IS NOT NULL AND "
        "(decided_by <> proposed_by OR (urgent AND state = 'published')))",
    }
    op.create_table(
        "release",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("running", sa.String(length=24), nullable=False),
        sa.Column("plan", JsonText(), nullable=True),
        sa.Column("pilot_units", JsonText(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("facts", JsonText(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("back_to", Key, nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("deployment_key", Key, nullable=True),
        sa.Column("batch_key", Key, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_release_{name}"))
            for name, text in checks.items()
        ),
    )
    op.create_index(
        "release_one_in_review",
        "release",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("release_by_agency", "release", ["agency_id", "id"])
    op.create_index("release_by_deployment", "release", ["deployment_key"])


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in reversed(RELEASE_GUARDS):
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for table in ("studio_draft_author", "release_author", "release_file", "release"):
        op.drop_table(table)
