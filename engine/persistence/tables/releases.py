"""Releases of the studio, and the guards that hold its two people apart."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.releases import ReleaseState, Running
from engine.persistence.tables.columns import ID_LENGTH, id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import JsonText, Key, UtcDateTime
from engine.usecases.ports.drafts import DraftKind

_OPEN: Final = sa.text("state = 'in_review'")

release = sa.Table(
    "release",
    metadata,
    id_column(primary_key=True),
    word("kind", DraftKind),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("agency_id", sa.Text),
    word("state", ReleaseState),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("proposed_at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    word("running", Running),
    sa.Column("plan", JsonText),
    sa.Column("pilot_units", JsonText),
    sa.Column("override_reason", sa.Text),
    sa.Column("facts", JsonText, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("back_to", Key),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("words", sa.Text),
    sa.Column("deployment_key", Key),
    sa.Column("batch_key", Key),
    sa.CheckConstraint("length(subject_id) > 0 AND length(reason) > 0", name="says_why"),
    sa.CheckConstraint("(state = 'in_review') = (decided_at IS NULL)", name="ends_once"),
    sa.CheckConstraint("(state = 'published') = (deployment_key IS NOT NULL)", name="published"),
    sa.CheckConstraint("state <> 'returned' OR length(words) > 0", name="returned_with_words"),
    sa.CheckConstraint("NOT urgent OR back_to IS NOT NULL", name="urgent_only_back"),
    sa.CheckConstraint("pilot_units IS NULL OR running = 'stay'", name="pilot_stays"),
    sa.CheckConstraint(
        "state NOT IN ('published', 'returned') OR (decided_by IS NOT NULL AND "
        "(decided_by <> proposed_by OR (urgent AND state = 'published')))",
        name="two_people",
    ),
    sa.Index(
        "release_one_in_review",
        "kind",
        "subject_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    sa.Index("release_by_agency", "agency_id", "id"),
    sa.Index("release_by_deployment", "deployment_key"),
)

#: append-only: what is reviewed is what was proposed
release_file = sa.Table(
    "release_file",
    metadata,
    id_column("release_id", sa.ForeignKey("release.id"), primary_key=True),
    sa.Column("kind", sa.String(24), primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("resource_name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("base_key", Key),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("kind IN ('process', 'decision', 'form', 'scenarios')", name="kind_known"),
    sa.Index("release_file_by_subject", "kind", "subject_id"),
)

#: append-only: who saved a draft that is in a release
release_author = sa.Table(
    "release_author",
    metadata,
    id_column("release_id", sa.ForeignKey("release.id"), primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
)

#: who ever saved a draft; it goes with its draft
studio_draft_author = sa.Table(
    "studio_draft_author",
    metadata,
    sa.Column("draft_id", sa.String(ID_LENGTH), primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
)

APPEND_ONLY: Final = ("release_file", "release_author")

#: guards that came with revision 0040
RELEASE_GUARDS: Final = (
    # two people: who saved a draft of it does not decide about it
    Guard(
        "release_second_person",
        "release",
        "UPDATE",
        """NEW.state IN ('published', 'returned') AND NOT NEW.urgent
        AND EXISTS (SELECT 1 FROM release_author a WHERE a.release_id = NEW.id
        AND a.account = NEW.decided_by)""",
    ),
    # nothing is born decided
    Guard("release_born_in_review", "release", "INSERT", "NEW.state <> 'in_review'"),
    # what ended stays; what was proposed stays as it was proposed
    Guard(
        "release_stays",
        "release",
        "UPDATE",
        """OLD.state <> 'in_review' OR NEW.proposed_by <> OLD.proposed_by
        OR NEW.reason <> OLD.reason OR NEW.sha256 <> OLD.sha256 OR NEW.facts <> OLD.facts
        OR NEW.running <> OLD.running OR NEW.urgent <> OLD.urgent
        OR COALESCE(NEW.plan, '') <> COALESCE(OLD.plan, '')
        OR COALESCE(NEW.pilot_units, '') <> COALESCE(OLD.pilot_units, '')
        OR COALESCE(NEW.override_reason, '') <> COALESCE(OLD.override_reason, '')""",
    ),
)
