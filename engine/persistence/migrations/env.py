"""Alembic's environment: the connection comes from `engine.persistence.migrate`."""

from __future__ import annotations

from alembic import context

from engine.persistence.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
