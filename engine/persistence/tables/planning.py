"""Measured indicators, and revisions of plans."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.ratings import Level
from engine.domain.revisions import RevisionState, Side
from engine.persistence.tables.columns import DecimalText, id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import ScaledDecimal, UtcDateTime

_OPEN = "state IN ('writing', 'asked', 'refused', 'agreed')"

measurement = sa.Table(
    "measurement",
    metadata,
    id_column(primary_key=True),
    id_column(
        "progress_id",
        sa.ForeignKey("progress.id", name="measurement_progress"),
        nullable=False,
    ),
    id_column(
        "indicator_id",
        sa.ForeignKey("indicator.id", name="measurement_indicator"),
        nullable=False,
    ),
    sa.Column("actual", DecimalText, nullable=True),
    sa.Column("actual_text", sa.Text, nullable=False),
    word("level", Level, nullable=True),
    id_column("judged_by", sa.ForeignKey("person.id", name="measurement_judge")),
    sa.Column("attainment", ScaledDecimal(2), nullable=False),
    sa.UniqueConstraint("progress_id", "indicator_id", name="measurement_once"),
    sa.CheckConstraint("attainment BETWEEN 0 AND 12000", name="attainment"),
    sa.CheckConstraint("(actual IS NULL) <> (level IS NULL)", name="number_or_word"),
    sa.Index("measurement_by_indicator", "indicator_id"),
)

plan_revision = sa.Table(
    "plan_revision",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", sa.ForeignKey("person.id", name="revision_person"), nullable=False),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="revision_cycle"), nullable=False),
    id_column("base_plan_id", sa.ForeignKey("plan.id", name="revision_base"), nullable=False),
    id_column("plan_id", sa.ForeignKey("plan.id", name="revision_plan"), nullable=False),
    word("side", Side),
    id_column("proposed_by", sa.ForeignKey("person.id", name="revision_proposer"), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    word("state", RevisionState),
    sa.Column("employee_signed_at", UtcDateTime, nullable=True),
    id_column("rater_signed_by", sa.ForeignKey("person.id", name="revision_rater")),
    id_column("on_behalf_of", sa.ForeignKey("person.id", name="revision_behalf")),
    sa.Column("rater_signed_at", UtcDateTime, nullable=True),
    sa.Column("agreed_on", sa.Date, nullable=True),
    sa.Column("answer", sa.Text, nullable=False),
    id_column("mediator_id", sa.ForeignKey("person.id", name="revision_mediator")),
    sa.Column("mediation", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("plan_id", name="revision_plan_once"),
    sa.CheckConstraint("plan_id <> base_plan_id", name="of_another_version"),
    sa.CheckConstraint("summary <> '' AND reason <> ''", name="reasoned"),
    sa.CheckConstraint("rater_signed_by <> person_id", name="not_rated_by_oneself"),
    sa.CheckConstraint("mediator_id <> person_id", name="not_mediated_by_oneself"),
    sa.CheckConstraint("mediator_id <> rater_signed_by", name="not_mediated_by_rater"),
    sa.CheckConstraint("(state IN ('agreed', 'applied')) = (agreed_on IS NOT NULL)", name="agreed"),
    sa.CheckConstraint(
        "agreed_on IS NULL OR mediator_id IS NOT NULL"
        " OR (employee_signed_at IS NOT NULL AND rater_signed_by IS NOT NULL)",
        name="both_signed",
    ),
    sa.CheckConstraint("valid_from >= agreed_on", name="forward_dated"),
    sa.Index(
        "revision_open_once",
        "person_id",
        "cycle_id",
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    ),
)
