"""Objectives, cascading links instead of one parent per result, matrix, risk register."""

from __future__ import annotations

from datetime import UTC, datetime, time

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import DecimalText
from engine.persistence.tables.goal_guards import APPEND_ONLY, GOAL_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
#: children before parents
_TABLES = (
    "target_reopening",
    "risk_review",
    "risk",
    "matrix_cell",
    "result_link",
    "objective_indicator",
    "objective",
)
#: what is read to turn parents into links
_ITEM = sa.table("plan_item", *(sa.column(c) for c in ("id", "plan_id", "parent_item_id")))
_PLAN = sa.table(
    "plan", sa.column("id"), sa.column("cycle_id"), sa.column("fixed_at", UtcDateTime())
)
_CYCLE = sa.table("cycle", sa.column("id"), sa.column("starts_on", sa.Date()))
_LINK = sa.table(
    "result_link",
    *(sa.column(name) for name in ("id", "child_id", "parent_id", "method", "note")),
    sa.column("at", UtcDateTime()),
)


def upgrade() -> None:
    _objective()
    _objective_indicator()
    _result_link()
    _matrix_cell()
    _risk()
    _risk_review()
    _target_reopening()
    _links_from_parents()
    dialect = op.get_bind().dialect.name
    for guard in GOAL_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for guard in GOAL_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    _parents_from_links()
    for table in _TABLES:
        op.drop_table(table)


def _links_from_parents() -> None:
    """Each result had one parent at most, so that its id may be the id of the link."""
    item, plan, cycle = _ITEM, _PLAN, _CYCLE
    query = (
        sa.select(item.c.id, item.c.parent_item_id, plan.c.fixed_at, cycle.c.starts_on)
        .join_from(item, plan, plan.c.id == item.c.plan_id)
        .join(cycle, cycle.c.id == plan.c.cycle_id)
        .where(item.c.parent_item_id.is_not(None))
    )
    rows = [
        {
            "id": row.id,
            "child_id": row.id,
            "parent_id": row.parent_item_id,
            "method": "nondirect",
            "note": "",
            "at": row.fixed_at or datetime.combine(row.starts_on, time(), UTC),
        }
        for row in op.get_bind().execute(query)
    ]
    op.bulk_insert(_LINK, rows)
    with op.batch_alter_table("plan_item") as table:
        table.drop_constraint("plan_item_parent", type_="foreignkey")
        table.drop_constraint(op.f("ck_plan_item_not_its_own_parent"), type_="check")
        table.drop_column("parent_item_id")


def _parents_from_links() -> None:
    """The first leader's result that a result serves becomes its parent again."""
    with op.batch_alter_table("plan_item") as table:
        table.add_column(sa.Column("parent_item_id", _ID, nullable=True))
        table.create_foreign_key("plan_item_parent", "plan_item", ["parent_item_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_plan_item_not_its_own_parent"), "parent_item_id <> id"
        )
    op.execute(
        """UPDATE plan_item SET parent_item_id = (SELECT MIN(l.parent_id) FROM result_link l
        WHERE l.child_id = plan_item.id)"""
    )


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )


def _objective() -> None:
    op.create_table(
        "objective",
        sa.Column("id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "level", _word("level", "outcome", "intermediate", "output", "service"), nullable=False
        ),
        sa.Column(
            "perspective",
            _word("perspective", "recipient", "process", "internal", "budget"),
            nullable=True,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", _word("status", "draft", "published"), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_objective_published"),
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_objective_not_its_own_parent")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="objective_cycle"),
        sa.ForeignKeyConstraint(["parent_id"], ["objective.id"], name="objective_parent"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="objective_unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
        sa.UniqueConstraint("cycle_id", "code", name="objective_code_once"),
    )
    op.create_index("objective_by_parent", "objective", ["parent_id"], unique=False)
    op.create_index("objective_by_unit", "objective", ["unit_id", "cycle_id"], unique=False)


def _objective_indicator() -> None:
    op.create_table(
        "objective_indicator",
        sa.Column("id", _ID, nullable=False),
        sa.Column("objective_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("target", DecimalText(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("direction", _word("direction", "higher", "lower", "range"), nullable=False),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.id"], name="objective_indicator_objective"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_indicator")),
        sa.UniqueConstraint("objective_id", "number", name="objective_indicator_number_once"),
    )


def _result_link() -> None:
    op.create_table(
        "result_link",
        sa.Column("id", _ID, nullable=False),
        sa.Column("child_id", _ID, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("objective_id", _ID, nullable=True),
        sa.Column("method", _word("method", "direct", "nondirect"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("squad_id", _ID, nullable=True),
        sa.Column("linked_by", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(parent_id IS NULL) <> (objective_id IS NULL)", name=op.f("ck_result_link_one_target")
        ),
        sa.CheckConstraint("parent_id <> child_id", name=op.f("ck_result_link_not_to_itself")),
        sa.ForeignKeyConstraint(["child_id"], ["plan_item.id"], name="result_link_child"),
        sa.ForeignKeyConstraint(["linked_by"], ["person.id"], name="result_link_linker"),
        sa.ForeignKeyConstraint(["objective_id"], ["objective.id"], name="result_link_objective"),
        sa.ForeignKeyConstraint(["parent_id"], ["plan_item.id"], name="result_link_parent"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="result_link_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_link")),
        sa.UniqueConstraint("child_id", "objective_id", name="result_link_objective_once"),
        sa.UniqueConstraint("child_id", "parent_id", name="result_link_parent_once"),
    )
    op.create_index("result_link_by_objective", "result_link", ["objective_id"], unique=False)
    op.create_index("result_link_by_parent", "result_link", ["parent_id"], unique=False)
    op.create_index(
        "result_link_direct_once",
        "result_link",
        ["child_id"],
        unique=True,
        sqlite_where=sa.text("method = 'direct'"),
        postgresql_where=sa.text("method = 'direct'"),
    )


def _matrix_cell() -> None:
    op.create_table(
        "matrix_cell",
        sa.Column("id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("leader_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("parent_id", _ID, nullable=True),
        sa.Column("objective_id", _ID, nullable=True),
        sa.Column("squad_id", _ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("method", _word("method", "direct", "nondirect"), nullable=False),
        sa.Column("kind", _word("kind", "utama", "tambahan"), nullable=False),
        sa.Column("status", _word("status", "proposed", "taken", "dropped"), nullable=False),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(status = 'taken') = (item_id IS NOT NULL)", name=op.f("ck_matrix_cell_taken")
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL) <> (objective_id IS NULL)", name=op.f("ck_matrix_cell_one_column")
        ),
        sa.CheckConstraint("person_id <> leader_id", name=op.f("ck_matrix_cell_not_the_leader")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="matrix_cell_cycle"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="matrix_cell_item"),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name="matrix_cell_leader"),
        sa.ForeignKeyConstraint(["objective_id"], ["objective.id"], name="matrix_cell_objective"),
        sa.ForeignKeyConstraint(["parent_id"], ["plan_item.id"], name="matrix_cell_parent"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="matrix_cell_person"),
        sa.ForeignKeyConstraint(["squad_id"], ["squad.id"], name="matrix_cell_squad"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_cell")),
    )
    op.create_index("matrix_cell_by_leader", "matrix_cell", ["leader_id", "cycle_id"], unique=False)
    op.create_index("matrix_cell_by_person", "matrix_cell", ["person_id", "cycle_id"], unique=False)


def _risk() -> None:
    op.create_table(
        "risk",
        sa.Column("id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("objective_id", _ID, nullable=True),
        sa.Column("item_id", _ID, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("level", _word("level", "low", "moderate", "high", "extreme"), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("mitigation", sa.Text(), nullable=False),
        sa.Column("status", _word("status", "open", "realised", "closed"), nullable=False),
        sa.Column("registered_by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(objective_id IS NULL) <> (item_id IS NULL)", name=op.f("ck_risk_one_subject")
        ),
        sa.CheckConstraint("impact BETWEEN 1 AND 5", name=op.f("ck_risk_impact")),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name=op.f("ck_risk_likelihood")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="risk_cycle"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="risk_item"),
        sa.ForeignKeyConstraint(["objective_id"], ["objective.id"], name="risk_objective"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="risk_owner"),
        sa.ForeignKeyConstraint(["registered_by"], ["person.id"], name="risk_registrar"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
    )
    op.create_index("risk_by_cycle", "risk", ["cycle_id", "owner_id"], unique=False)
    op.create_index("risk_by_item", "risk", ["item_id"], unique=False)
    op.create_index("risk_by_objective", "risk", ["objective_id"], unique=False)


def _risk_review() -> None:
    op.create_table(
        "risk_review",
        sa.Column("id", _ID, nullable=False),
        sa.Column("risk_id", _ID, nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Integer(), nullable=False),
        sa.Column("level", _word("level", "low", "moderate", "high", "extreme"), nullable=False),
        sa.Column("status", _word("status", "open", "realised", "closed"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewed_by", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status <> 'realised' OR note <> ''", name=op.f("ck_risk_review_realised_in_words")
        ),
        sa.CheckConstraint("impact BETWEEN 1 AND 5", name=op.f("ck_risk_review_impact")),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name=op.f("ck_risk_review_likelihood")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="risk_review_behalf"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name="risk_reviewer"),
        sa.ForeignKeyConstraint(["risk_id"], ["risk.id"], name="risk_review_risk"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_review")),
    )
    op.create_index("risk_review_by_risk", "risk_review", ["risk_id", "at"], unique=False)


def _target_reopening() -> None:
    op.create_table(
        "target_reopening",
        sa.Column("id", _ID, nullable=False),
        sa.Column("risk_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_target_reopening_reasoned")),
        sa.CheckConstraint(
            "decided_by <> person_id", name=op.f("ck_target_reopening_not_by_oneself")
        ),
        sa.CheckConstraint(
            "on_behalf_of <> person_id", name=op.f("ck_target_reopening_not_for_oneself")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="reopening_decider"),
        sa.ForeignKeyConstraint(["item_id"], ["plan_item.id"], name="reopening_item"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="reopening_behalf"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="reopening_person"),
        sa.ForeignKeyConstraint(["risk_id"], ["risk.id"], name="reopening_risk"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_reopening")),
    )
    op.create_index("target_reopening_by_item", "target_reopening", ["item_id"], unique=False)
