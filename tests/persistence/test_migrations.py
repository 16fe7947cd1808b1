from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.persistence import migrations
from engine.persistence.migrate import current_revision, head_revision, migrate, migrate_down
from engine.persistence.schema import metadata


def _difference(database):
    with database.reading.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def test_the_migrations_make_exactly_the_tables_of_the_program(database):
    assert current_revision(database) == head_revision()
    assert _difference(database) == []


def test_down_leaves_nothing_and_up_again_makes_the_same(database):
    migrate_down(database, "base")
    with database.reading.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate(database)
    assert _difference(database) == []


def test_one_step_down_and_up_again_makes_the_same(database):
    migrate_down(database, "-1")
    migrate(database)
    assert _difference(database) == []


def test_partial_indexes_carry_the_same_condition_in_migration_and_program(database):
    """compare_metadata does not look at conditions."""
    option = f"{database.writing.dialect.name}_where"
    with database.reading.connect() as connection:
        kept = sa.inspect(connection)
        for table in metadata.tables.values():
            found = {
                index["name"]: index.get("dialect_options", {}).get(option) is not None
                for index in kept.get_indexes(table.name)
            }
            for index in table.indexes:
                assert found[index.name] == (index.dialect_kwargs.get(option) is not None)


def test_revisions_follow_each_other_in_the_order_of_their_numbers():
    """An older program tells by the number alone that a database is newer than itself."""
    steps = ScriptDirectory(migrations.__path__[0]).walk_revisions()
    found = [(step.down_revision or "", step.revision) for step in steps]
    assert len(found) > 50
    assert [pair for pair in found if pair[0] >= pair[1]] == [("0016a", "0016")]
