"""Expected conduct and the annex of a plan."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.agreements import AgreementKind
from engine.domain.behaviour import Value
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata

value_expectation = sa.Table(
    "value_expectation",
    metadata,
    id_column("plan_id", sa.ForeignKey("plan.id", name="value_expectation_plan"), nullable=False),
    word("value", Value),
    sa.Column("text", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("plan_id", "value"),
    sa.CheckConstraint("length(text) > 0", name="worded"),
)

agreement = sa.Table(
    "agreement",
    metadata,
    id_column("plan_id", sa.ForeignKey("plan.id", name="agreement_plan"), nullable=False),
    word("kind", AgreementKind),
    sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("plan_id", "kind", "number"),
    sa.CheckConstraint("length(text) > 0", name="worded"),
    sa.CheckConstraint("number > 0", name="number"),
)

_FIXED = (
    "EXISTS (SELECT 1 FROM plan p WHERE p.id = {row}.plan_id "
    "AND p.status IN ('fixed', 'superseded'))"
)

#: what was agreed when a plan was fixed stays with that version
AGREEMENT_GUARDS = tuple(
    Guard(f"{table}_fixed_{event.lower()}", table, event, _FIXED.format(row=row))
    for table in ("value_expectation", "agreement")
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
)
