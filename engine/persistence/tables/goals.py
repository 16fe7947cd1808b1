"""Objectives, cascading links, cells of the matrix, risks."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.cascade import CascadeMethod
from engine.domain.goals import ObjectiveLevel, ObjectiveStatus, Perspective
from engine.domain.indicators import Direction
from engine.domain.matrix import CellStatus
from engine.domain.plans import ItemKind
from engine.domain.risks import RiskLevel, RiskStatus
from engine.persistence.tables.columns import DecimalText, id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

objective = sa.Table(
    "objective",
    metadata,
    id_column(primary_key=True),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="objective_cycle"), nullable=False),
    id_column("unit_id", sa.ForeignKey("unit.id", name="objective_unit"), nullable=False),
    id_column("parent_id", sa.ForeignKey("objective.id", name="objective_parent")),
    sa.Column("code", sa.Text, nullable=False),
    word("level", ObjectiveLevel),
    word("perspective", Perspective, nullable=True),
    sa.Column("title", sa.Text, nullable=False),
    word("status", ObjectiveStatus),
    sa.Column("published_at", UtcDateTime, nullable=True),
    sa.UniqueConstraint("cycle_id", "code", name="objective_code_once"),
    sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    sa.CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published"),
    sa.Index("objective_by_parent", "parent_id"),
    sa.Index("objective_by_unit", "unit_id", "cycle_id"),
)

objective_indicator = sa.Table(
    "objective_indicator",
    metadata,
    id_column(primary_key=True),
    id_column(
        "objective_id",
        sa.ForeignKey("objective.id", name="objective_indicator_objective"),
        nullable=False,
    ),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("target", DecimalText, nullable=True),
    sa.Column("unit", sa.Text, nullable=False),
    word("direction", Direction),
    sa.UniqueConstraint("objective_id", "number", name="objective_indicator_number_once"),
)

result_link = sa.Table(
    "result_link",
    metadata,
    id_column(primary_key=True),
    id_column("child_id", sa.ForeignKey("plan_item.id", name="result_link_child"), nullable=False),
    id_column("parent_id", sa.ForeignKey("plan_item.id", name="result_link_parent")),
    id_column("objective_id", sa.ForeignKey("objective.id", name="result_link_objective")),
    word("method", CascadeMethod),
    sa.Column("note", sa.Text, nullable=False),
    id_column("squad_id", sa.ForeignKey("squad.id", name="result_link_squad")),
    id_column("linked_by", sa.ForeignKey("person.id", name="result_link_linker")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("child_id", "parent_id", name="result_link_parent_once"),
    sa.UniqueConstraint("child_id", "objective_id", name="result_link_objective_once"),
    sa.CheckConstraint("parent_id <> child_id", name="not_to_itself"),
    sa.CheckConstraint("(parent_id IS NULL) <> (objective_id IS NULL)", name="one_target"),
    sa.Index("result_link_by_parent", "parent_id"),
    sa.Index("result_link_by_objective", "objective_id"),
    sa.Index(
        "result_link_direct_once",
        "child_id",
        unique=True,
        sqlite_where=sa.text("method = 'direct'"),
        postgresql_where=sa.text("method = 'direct'"),
    ),
)

matrix_cell = sa.Table(
    "matrix_cell",
    metadata,
    id_column(primary_key=True),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="matrix_cell_cycle"), nullable=False),
    id_column("leader_id", sa.ForeignKey("person.id", name="matrix_cell_leader"), nullable=False),
    id_column("person_id", sa.ForeignKey("person.id", name="matrix_cell_person"), nullable=False),
    id_column("parent_id", sa.ForeignKey("plan_item.id", name="matrix_cell_parent")),
    id_column("objective_id", sa.ForeignKey("objective.id", name="matrix_cell_objective")),
    id_column("squad_id", sa.ForeignKey("squad.id", name="matrix_cell_squad")),
    sa.Column("title", sa.Text, nullable=False),
    word("method", CascadeMethod),
    word("kind", ItemKind),
    word("status", CellStatus),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="matrix_cell_item")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("person_id <> leader_id", name="not_the_leader"),
    sa.CheckConstraint("(parent_id IS NULL) <> (objective_id IS NULL)", name="one_column"),
    sa.CheckConstraint("(status = 'taken') = (item_id IS NOT NULL)", name="taken"),
    sa.Index("matrix_cell_by_leader", "leader_id", "cycle_id"),
    sa.Index("matrix_cell_by_person", "person_id", "cycle_id"),
)

risk = sa.Table(
    "risk",
    metadata,
    id_column(primary_key=True),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="risk_cycle"), nullable=False),
    id_column("objective_id", sa.ForeignKey("objective.id", name="risk_objective")),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="risk_item")),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("likelihood", sa.Integer, nullable=False),
    sa.Column("impact", sa.Integer, nullable=False),
    word("level", RiskLevel),
    id_column("owner_id", sa.ForeignKey("person.id", name="risk_owner"), nullable=False),
    sa.Column("mitigation", sa.Text, nullable=False),
    word("status", RiskStatus),
    id_column("registered_by", sa.ForeignKey("person.id", name="risk_registrar"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name="likelihood"),
    sa.CheckConstraint("impact BETWEEN 1 AND 5", name="impact"),
    sa.CheckConstraint("(objective_id IS NULL) <> (item_id IS NULL)", name="one_subject"),
    sa.Index("risk_by_item", "item_id"),
    sa.Index("risk_by_objective", "objective_id"),
    sa.Index("risk_by_cycle", "cycle_id", "owner_id"),
)

risk_review = sa.Table(
    "risk_review",
    metadata,
    id_column(primary_key=True),
    id_column("risk_id", sa.ForeignKey("risk.id", name="risk_review_risk"), nullable=False),
    sa.Column("reviewed_on", sa.Date, nullable=False),
    sa.Column("likelihood", sa.Integer, nullable=False),
    sa.Column("impact", sa.Integer, nullable=False),
    word("level", RiskLevel),
    word("status", RiskStatus),
    sa.Column("note", sa.Text, nullable=False),
    id_column("reviewed_by", sa.ForeignKey("person.id", name="risk_reviewer"), nullable=False),
    id_column("on_behalf_of", sa.ForeignKey("person.id", name="risk_review_behalf")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name="likelihood"),
    sa.CheckConstraint("impact BETWEEN 1 AND 5", name="impact"),
    sa.CheckConstraint("status <> 'realised' OR note <> ''", name="realised_in_words"),
    sa.Index("risk_review_by_risk", "risk_id", "at"),
)

target_reopening = sa.Table(
    "target_reopening",
    metadata,
    id_column(primary_key=True),
    id_column("risk_id", sa.ForeignKey("risk.id", name="reopening_risk"), nullable=False),
    id_column("item_id", sa.ForeignKey("plan_item.id", name="reopening_item"), nullable=False),
    id_column("person_id", sa.ForeignKey("person.id", name="reopening_person"), nullable=False),
    sa.Column("reopened", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    id_column("decided_by", sa.ForeignKey("person.id", name="reopening_decider"), nullable=False),
    id_column("on_behalf_of", sa.ForeignKey("person.id", name="reopening_behalf")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("decided_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_oneself"),
    sa.CheckConstraint("reason <> ''", name="reasoned"),
    sa.Index("target_reopening_by_item", "item_id"),
)
