"""Tables of the process engine: definitions, instances, what waits, history."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import key_column, metadata
from engine.persistence.types import JsonText, Key, UtcDateTime


def _in_any_order(column: str) -> sa.ForeignKey:
    """A reference that is checked at the commit: one command adds parents and children."""
    return sa.ForeignKey(column, deferrable=True, initially="DEFERRED")


process_definition = sa.Table(
    "process_definition",
    metadata,
    key_column("key"),
    sa.Column("deployment_key", Key, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("version_tag", sa.Text),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("resource_name", sa.Text, nullable=False),
    sa.Column("xml", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("deployed_at", UtcDateTime, nullable=False),
    sa.Column("deployed_by", sa.Text, nullable=False),
    sa.Column("suspended_at", UtcDateTime),
    #: ids of units whose undertakings alone take it; NULL: it is no pilot
    sa.Column("pilot_units", JsonText),
    #: days for which history is kept after the end; NULL: for ever
    sa.Column("keep_days", sa.Integer),
    sa.CheckConstraint("keep_days > 0", name="keep_days"),
    sa.UniqueConstraint("process_id", "version"),
)

decision_definition = sa.Table(
    "decision_definition",
    metadata,
    key_column("key"),
    sa.Column("deployment_key", Key, nullable=False),
    sa.Column("decision_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("version_tag", sa.Text),
    sa.Column("resource_name", sa.Text, nullable=False),
    sa.Column("xml", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("agency_id", sa.Text),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("deployed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("decision_id", "version"),
    sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="validity"),
)

form_definition = sa.Table(
    "form_definition",
    metadata,
    key_column("key"),
    sa.Column("deployment_key", Key, nullable=False),
    sa.Column("form_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("version_tag", sa.Text),
    sa.Column("resource_name", sa.Text, nullable=False),
    sa.Column("schema", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("deployed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("form_id", "version"),
)

process_instance = sa.Table(
    "process_instance",
    metadata,
    key_column("key"),
    sa.Column("root_key", Key, _in_any_order("process_instance.key"), nullable=False),
    sa.Column("parent_key", Key, _in_any_order("process_instance.key")),
    sa.Column("parent_token", Key),
    sa.Column("item_index", sa.Integer),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("definition_key", Key, sa.ForeignKey("process_definition.key"), nullable=False),
    sa.Column("body", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("business_key", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime),
    sa.Column("incidents", sa.Integer, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("agency_id", sa.Text),
    sa.Column("audit_seq", sa.Integer, nullable=False),
    sa.Column("audit_head", sa.LargeBinary, nullable=False),
    # last, so that SQLite finds the small columns without walking overflow pages
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.CheckConstraint(
        "status IN ('active', 'completed', 'cancelled', 'suspended')", name="status"
    ),
    sa.CheckConstraint("version > 0", name="version"),
    sa.CheckConstraint("incidents >= 0", name="incidents"),
    #: history, tasks and variables of the tree were deleted then, on the root
    sa.Column("spent_at", UtcDateTime),
    sa.CheckConstraint("spent_at IS NULL OR ended_at IS NOT NULL", name="spent"),
)
_IS_ROOT = sa.text("parent_key IS NULL")
_MAY_GO = sa.text("parent_key IS NULL AND ended_at IS NOT NULL AND spent_at IS NULL")
_IS_DUE = sa.text("due_at IS NOT NULL AND status = 'active'")
for _name, _columns, _where in (
    ("ix_process_instance_due", ("due_at", "key"), _IS_DUE),
    ("ix_process_instance_root_by_agency", ("agency_id", "key"), _IS_ROOT),
    ("ix_process_instance_root_by_process", ("process_id", "key"), _IS_ROOT),
    ("ix_process_instance_root_by_status", ("status", "key"), _IS_ROOT),
    (
        "ix_process_instance_business_key",
        ("process_id", "business_key"),
        sa.text("business_key IS NOT NULL AND status = 'active'"),
    ),
    (
        "ix_process_instance_suspended_key",
        ("process_id", "business_key"),
        sa.text("business_key IS NOT NULL AND status = 'suspended'"),
    ),
    (
        "ix_process_instance_parent",
        ("parent_key", "parent_token", "item_index"),
        sa.text("parent_key IS NOT NULL"),
    ),
    ("ix_process_instance_tree", ("root_key", "key"), None),
    ("ix_process_instance_ended", ("definition_key", "ended_at"), _MAY_GO),
):
    sa.Index(
        _name,
        *(process_instance.c[column] for column in _columns),
        sqlite_where=_where,
        postgresql_where=_where,
    )

user_task = sa.Table(
    "user_task",
    metadata,
    key_column("key"),
    sa.Column("instance_key", Key, sa.ForeignKey("process_instance.key"), nullable=False),
    sa.Column("root_key", Key, nullable=False),
    sa.Column("token", Key, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("definition_key", Key, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("assignee", sa.Text),
    #: [["group", name], ...]: what a card shows; `user_task_candidate` is what lists search
    sa.Column("candidates", JsonText, nullable=False),
    sa.Column("form_key", Key),
    sa.Column("form_id", sa.Text),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime),
    #: due_at, or the end of time when there is none: lists are read in this order
    sa.Column("sort_at", UtcDateTime, nullable=False),
    sa.Column("follow_up_at", UtcDateTime),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime),
    sa.Column("completed_at", UtcDateTime),
    sa.Column("completed_by", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("orphaned", sa.Boolean, nullable=False),
    sa.Column("agency_id", sa.Text),
    sa.Column("subject", sa.Text),
    #: person, squad and output that it concerned when it began: what lists name
    sa.Column("about_id", sa.Text),
    sa.Column("squad_id", sa.Text),
    sa.Column("output_id", sa.Text),
    #: whose task it is while somebody else works on it for him
    sa.Column("owner", sa.Text),
    sa.CheckConstraint("state IN ('created', 'completed', 'cancelled')", name="state"),
)
_OPEN = sa.text("state = 'created'")
_OPEN_OF_OWNER = sa.text("state = 'created' AND owner IS NOT NULL")
_OPEN_OF_OUTPUT = sa.text("state = 'created' AND output_id IS NOT NULL")
_OPEN_OF_SQUAD = sa.text("state = 'created' AND squad_id IS NOT NULL")
for _name, _columns, _where in (
    ("ix_user_task_assignee", ("assignee", "sort_at", "key"), _OPEN),
    ("ix_user_task_due", ("agency_id", "sort_at", "key"), _OPEN),
    ("ix_user_task_orphaned", ("agency_id", "key"), sa.text("orphaned AND state = 'created'")),
    ("ix_user_task_open", ("instance_key", "key"), _OPEN),
    ("ix_user_task_tree", ("root_key", "key"), None),
    ("ix_user_task_output", ("output_id", "about_id"), _OPEN_OF_OUTPUT),
    ("ix_user_task_owner", ("owner", "sort_at", "key"), _OPEN_OF_OWNER),
    ("ix_user_task_squad", ("squad_id", "sort_at", "key"), _OPEN_OF_SQUAD),
):
    sa.Index(
        _name,
        *(user_task.c[column] for column in _columns),
        sqlite_where=_where,
        postgresql_where=_where,
    )

#: one row per group or person that may take an open task while nobody holds it
user_task_candidate = sa.Table(
    "user_task_candidate",
    metadata,
    sa.Column("task_key", Key, sa.ForeignKey("user_task.key"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    #: "" for a person and for a task of no agency: an index seeks equality, not NULL
    sa.Column("agency_id", sa.Text, nullable=False),
    sa.Column("sort_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("kind IN ('group', 'user')", name="kind"),
    sqlite_with_rowid=False,
)
sa.Index(
    "ix_user_task_candidate_name",
    user_task_candidate.c.kind,
    user_task_candidate.c.name,
    user_task_candidate.c.agency_id,
    user_task_candidate.c.sort_at,
    user_task_candidate.c.task_key,
)

task_draft = sa.Table(
    "task_draft",
    metadata,
    sa.Column("task_key", Key, sa.ForeignKey("user_task.key"), primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("data", JsonText, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
