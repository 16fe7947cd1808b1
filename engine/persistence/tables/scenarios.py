"""Scenario files, kept with the drawings they test."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import metadata
from engine.persistence.types import Key, UtcDateTime

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
