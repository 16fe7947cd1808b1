"""Tasks worked on for their owner, remarks with files, followers, filters that are shared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, Key, UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_OF_OWNER = sa.text("state = 'created' AND owner IS NOT NULL")
_SHARED = sa.text("shared_with <> ''")


def upgrade() -> None:
    op.add_column("user_task", sa.Column("owner", sa.Text(), nullable=True))
    op.create_index(
        "ix_user_task_owner",
        "user_task",
        ["owner", "sort_at", "key"],
        sqlite_where=_OF_OWNER,
        postgresql_where=_OF_OWNER,
    )
    _remark()
    _watch()
    with op.batch_alter_table("saved_filter") as table:
        table.add_column(
            sa.Column("shared_with", sa.String(length=24), nullable=False, server_default="")
        )
        table.add_column(sa.Column("agency_id", _ID, nullable=True))
        table.create_foreign_key("saved_filter_agency", "agency", ["agency_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_saved_filter_shared_somewhere"), "shared_with = '' OR agency_id IS NOT NULL"
        )
    op.create_index(
        "saved_filter_shared",
        "saved_filter",
        ["agency_id", "screen"],
        sqlite_where=_SHARED,
        postgresql_where=_SHARED,
    )


def _remark() -> None:
    op.create_table(
        "remark",
        sa.Column("id", _ID, nullable=False),
        sa.Column("instance_key", Key, nullable=False),
        sa.Column("task_key", Key, nullable=True),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", JsonText(), nullable=False),
        sa.Column("evidence_id", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="remark_author"),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name="remark_file"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.CheckConstraint(
            "length(text) > 0 OR evidence_id IS NOT NULL", name=op.f("ck_remark_says_something")
        ),
    )
    op.create_index("remark_by_instance", "remark", ["instance_key", "id"])
    for statement in append_only("remark", op.get_bind().dialect.name):
        op.execute(statement)


def _watch() -> None:
    op.create_table(
        "watch",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("instance_key", Key, autoincrement=False, nullable=False),
        sa.Column("task_key", Key, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="watch_person"),
        sa.PrimaryKeyConstraint("person_id", "instance_key", "task_key", name=op.f("pk_watch")),
    )
    op.create_index("watch_by_instance", "watch", ["instance_key", "task_key"])


def downgrade() -> None:
    op.drop_index("saved_filter_shared", table_name="saved_filter")
    with op.batch_alter_table("saved_filter") as table:
        table.drop_constraint(op.f("ck_saved_filter_shared_somewhere"), type_="check")
        table.drop_constraint("saved_filter_agency", type_="foreignkey")
        table.drop_column("agency_id")
        table.drop_column("shared_with")
    op.drop_table("watch")
    for statement in not_append_only("remark", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("remark")
    op.drop_index("ix_user_task_owner", table_name="user_task")
    op.drop_column("user_task", "owner")
