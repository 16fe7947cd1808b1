"""Verification of evidence, audit samples, peer reviews, guarded acts, overrides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("lowering_act",)


def upgrade() -> None:
    _lowering_act()
    for table in _APPEND_ONLY:
        for statement in append_only(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in _APPEND_ONLY:
        for statement in not_append_only(table, op.get_bind().dialect.name):
            op.execute(statement)
    for table in ("lowering_act",):
        op.drop_table(table)


def _lowering_act() -> None:
    op.create_table(
        "lowering_act",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "line",
                "result",
                "membership",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("guarded", sa.Boolean(), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT guarded OR second_id IS NOT NULL", name=op.f("ck_lowering_act_two_signatures")
        ),
        sa.CheckConstraint("actor_id <> person_id", name=op.f("ck_lowering_act_not_own")),
        sa.CheckConstraint("on_behalf_of <> person_id", name=op.f("ck_lowering_act_not_for_own")),
        sa.CheckConstraint("second_id <> actor_id", name=op.f("ck_lowering_act_second_not_actor")),
        sa.CheckConstraint(
            "second_id <> on_behalf_of", name=op.f("ck_lowering_act_second_not_absent")
        ),
        sa.CheckConstraint(
            "second_id <> person_id", name=op.f("ck_lowering_act_second_not_person")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="lowering_act_actor"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="lowering_act_behalf"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="lowering_act_person"),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name="lowering_act_second"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lowering_act")),
    )
    op.create_index(
        "lowering_act_by_person", "lowering_act", ["person_id", "actor_id"], unique=False
    )
