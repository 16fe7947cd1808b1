"""Definitions, instances and the work list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _process_definition()
    _decision_definition()
    _form_definition()
    _process_instance()
    _user_task()
    _user_task_candidate()
    _task_draft()


def downgrade() -> None:
    for table in (
        "task_draft",
        "user_task_candidate",
        "user_task",
        "process_instance",
        "form_definition",
        "decision_definition",
        "process_definition",
    ):
        op.drop_table(table)


def _process_definition() -> None:
    op.create_table(
        "process_definition",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("deployment_key", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("deployed_at", UtcDateTime(), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_definition")),
        sa.UniqueConstraint(
            "process_id", "version", name=op.f("uq_process_definition_process_id_version")
        ),
    )


def _decision_definition() -> None:
    op.create_table(
        "decision_definition",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("deployment_key", Key, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("deployed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from",
            name=op.f("ck_decision_definition_validity"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision_definition")),
        sa.UniqueConstraint(
            "decision_id", "version", name=op.f("uq_decision_definition_decision_id_version")
        ),
    )


def _form_definition() -> None:
    op.create_table(
        "form_definition",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("deployment_key", Key, nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("schema", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("deployed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_definition")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_form_definition_form_id_version")),
    )


def _process_instance() -> None:
    op.create_table(
        "process_instance",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("root_key", Key, nullable=False),
        sa.Column("parent_key", Key, nullable=True),
        sa.Column("parent_token", Key, nullable=True),
        sa.Column("item_index", sa.Integer(), nullable=True),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("definition_key", Key, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "status IN ('active', 'completed', 'cancelled', 'suspended')",
            name=op.f("ck_process_instance_status"),
        ),
        sa.CheckConstraint("incidents >= 0", name=op.f("ck_process_instance_incidents")),
        sa.CheckConstraint("version > 0", name=op.f("ck_process_instance_version")),
        sa.ForeignKeyConstraint(
            ["definition_key"],
            ["process_definition.key"],
            name=op.f("fk_process_instance_definition_key_process_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_key"],
            ["process_instance.key"],
            name=op.f("fk_process_instance_parent_key_process_instance"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["root_key"],
            ["process_instance.key"],
            name=op.f("fk_process_instance_root_key_process_instance"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_instance")),
    )
    op.create_index(
        "ix_process_instance_business_key",
        "process_instance",
        ["process_id", "business_key"],
        unique=False,
        sqlite_where=sa.text("business_key IS NOT NULL AND status = 'active'"),
        postgresql_where=sa.text("business_key IS NOT NULL AND status = 'active'"),
    )
    op.create_index(
        "ix_process_instance_due",
        "process_instance",
        ["due_at", "key"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL AND status = 'active'"),
        postgresql_where=sa.text("due_at IS NOT NULL AND status = 'active'"),
    )
    op.create_index(
        "ix_process_instance_parent",
        "process_instance",
        ["parent_key", "parent_token", "item_index"],
        unique=False,
        sqlite_where=sa.text("parent_key IS NOT NULL"),
        postgresql_where=sa.text("parent_key IS NOT NULL"),
    )
    op.create_index(
        "ix_process_instance_root_by_agency",
        "process_instance",
        ["agency_id", "key"],
        unique=False,
        sqlite_where=sa.text("parent_key IS NULL"),
        postgresql_where=sa.text("parent_key IS NULL"),
    )
    op.create_index(
        "ix_process_instance_root_by_process",
        "process_instance",
        ["process_id", "key"],
        unique=False,
        sqlite_where=sa.text("parent_key IS NULL"),
        postgresql_where=sa.text("parent_key IS NULL"),
    )
    op.create_index(
        "ix_process_instance_root_by_status",
        "process_instance",
        ["status", "key"],
        unique=False,
        sqlite_where=sa.text("parent_key IS NULL"),
        postgresql_where=sa.text("parent_key IS NULL"),
    )
    op.create_index(
        "ix_process_instance_tree",
        "process_instance",
        ["root_key", "key"],
        unique=False,
        sqlite_where=None,
        postgresql_where=None,
    )


def _user_task() -> None:
    op.create_table(
        "user_task",
        sa.Column("key", Key, autoincrement=False, nullable=False),
        sa.Column("instance_key", Key, nullable=False),
        sa.Column("root_key", Key, nullable=False),
        sa.Column("token", Key, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("definition_key", Key, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("candidates", JsonText(), nullable=False),
        sa.Column("form_key", Key, nullable=True),
        sa.Column("form_id", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("sort_at", UtcDateTime(), nullable=False),
        sa.Column("follow_up_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("orphaned", sa.Boolean(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('created', 'completed', 'cancelled')", name=op.f("ck_user_task_state")
        ),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_user_task_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_user_task")),
    )
    op.create_index(
        "ix_user_task_assignee",
        "user_task",
        ["assignee", "sort_at", "key"],
        unique=False,
        sqlite_where=sa.text("state = 'created'"),
        postgresql_where=sa.text("state = 'created'"),
    )
    op.create_index(
        "ix_user_task_due",
        "user_task",
        ["agency_id", "sort_at", "key"],
        unique=False,
        sqlite_where=sa.text("state = 'created'"),
        postgresql_where=sa.text("state = 'created'"),
    )
    op.create_index(
        "ix_user_task_open",
        "user_task",
        ["instance_key", "key"],
        unique=False,
        sqlite_where=sa.text("state = 'created'"),
        postgresql_where=sa.text("state = 'created'"),
    )
    op.create_index(
        "ix_user_task_orphaned",
        "user_task",
        ["agency_id", "key"],
        unique=False,
        sqlite_where=sa.text("orphaned AND state = 'created'"),
        postgresql_where=sa.text("orphaned AND state = 'created'"),
    )
    op.create_index(
        "ix_user_task_tree",
        "user_task",
        ["root_key", "key"],
        unique=False,
        sqlite_where=None,
        postgresql_where=None,
    )


def _user_task_candidate() -> None:
    op.create_table(
        "user_task_candidate",
        sa.Column("task_key", Key, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Text(), nullable=False),
        sa.Column("sort_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('group', 'user')", name=op.f("ck_user_task_candidate_kind")),
        sa.ForeignKeyConstraint(
            ["task_key"], ["user_task.key"], name=op.f("fk_user_task_candidate_task_key_user_task")
        ),
        sa.PrimaryKeyConstraint("task_key", "kind", "name", name=op.f("pk_user_task_candidate")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_user_task_candidate_name",
        "user_task_candidate",
        ["kind", "name", "agency_id", "sort_at", "task_key"],
        unique=False,
    )


def _task_draft() -> None:
    op.create_table(
        "task_draft",
        sa.Column("task_key", Key, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("data", JsonText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_key"], ["user_task.key"], name=op.f("fk_task_draft_task_key_user_task")
        ),
        sa.PrimaryKeyConstraint("task_key", "person_id", name=op.f("pk_task_draft")),
    )
