"""Expected conduct and the annex of a plan; the rank of a person, for the documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.agreements import AGREEMENT_GUARDS
from engine.persistence.tables.guards import create, drop

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_VALUES = (
    *("berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis"),
    *("loyal", "adaptif", "kolaboratif"),
)
_KINDS = ("resources", "accountability", "consequences")


def upgrade() -> None:
    op.create_table(
        "value_expectation",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        _word("value", *_VALUES),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_value_expectation_worded")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="value_expectation_plan"),
        sa.PrimaryKeyConstraint("plan_id", "value", name=op.f("pk_value_expectation")),
    )
    op.create_table(
        "agreement",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        _word("kind", *_KINDS),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_agreement_worded")),
        sa.CheckConstraint("number > 0", name=op.f("ck_agreement_number")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="agreement_plan"),
        sa.PrimaryKeyConstraint("plan_id", "kind", "number", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("rank", sa.Text(), nullable=False, server_default=""))
    dialect = op.get_bind().dialect.name
    for guard in AGREEMENT_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in AGREEMENT_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    with op.batch_alter_table("person") as table:
        table.drop_column("rank")
    op.drop_table("agreement")
    op.drop_table("value_expectation")


def _word(name: str, *words: str) -> sa.Column[str]:
    kind = sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )
    return sa.Column(name, kind, nullable=False)
