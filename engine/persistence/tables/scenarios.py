"""Scenario files, kept with the drawings they test."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import metadata
from engine.persistence.types import JsonText, Key, UtcDateTime

scenario_file = sa.Table(
    "scenario_file",
    metadata,
    sa.Column("key", Key, primary_key=True, autoincrement=False),
    sa.Column("deployment_key", Key, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("resource_name", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("deployed_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(process_id) > 0 AND length(resource_name) > 0", name="named"),
    sa.Index("scenario_file_by_name", "resource_name", "key"),
)

#: how the scenarios of a process went when they were played last; one row each
trial_result = sa.Table(
    "trial_result",
    metadata,
    sa.Column("process_id", sa.Text, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("against", sa.String(16), nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("passed", sa.Integer, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("flows", sa.Integer, nullable=False),
    sa.Column("flows_walked", sa.Integer, nullable=False),
    sa.Column("rules", sa.Integer, nullable=False),
    sa.Column("rules_walked", sa.Integer, nullable=False),
    sa.Column("stories", JsonText, nullable=False),
    sa.CheckConstraint("against IN ('table', 'published')", name="against_known"),
    sa.CheckConstraint(
        "passed >= 0 AND failed >= 0 AND flows_walked BETWEEN 0 AND flows"
        " AND rules_walked BETWEEN 0 AND rules",
        name="counted",
    ),
)
