"""Migrations of a PostgreSQL in use: no lock is held for long, and none is waited for long."""

from __future__ import annotations

import ast
import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

import engine.persistence.migrations
from engine.persistence.migrate import (
    Patience,
    TablesInUse,
    current_revision,
    head_revision,
    migrate,
    migrate_down,
)
from tests.persistence.building import units_of

VERSIONS = Path(engine.persistence.migrations.__path__[0]) / "versions"
#: the rule counts from here on: before it nobody had rows
FIRST = "0048"
#: tables that stay small, swept or by nature: an index on them is made at once
SMALL = frozenset({"session", "sign_in_failure", "account"})
_INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\w+ ON (?:ONLY )?(\w+)")
_MADE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")
_REWRITES = (
    re.compile(r"ALTER COLUMN \w+ (?:SET DATA )?TYPE"),
    re.compile(r"SET NOT NULL"),
    re.compile(r"ADD CONSTRAINT \w+ (?:CHECK|FOREIGN KEY)(?!.*NOT VALID)", re.DOTALL),
    re.compile(r"ADD CONSTRAINT \w+ (?:UNIQUE|EXCLUDE)"),
    re.compile(r"\b(?:CLUSTER|VACUUM FULL|LOCK TABLE)\b"),
)


def faults(source):
    """What of a migration would hold a lock while it reads or rewrites rows."""
    tree = ast.parse(source)
    up = [node for node in tree.body if getattr(node, "name", "") != "downgrade"]
    calls = [
        node
        for part in up
        for node in ast.walk(part)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("op.")
    ]
    texts = [
        node.value
        for part in up
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    made = {_name(call) for call in calls if call.func.attr == "create_table"}
    made |= {name for text in texts for name in _MADE.findall(text)}
    found = [fault for call in calls if (fault := _fault(call, made))]
    for text in texts:
        found += [f"index on {name}" for name in _INDEX.findall(text) if name not in made | SMALL]
        found += [rule.pattern for rule in _REWRITES if rule.search(text)]
    return found


def _name(call, place=0):
    node = call.args[place] if len(call.args) > place else None
    return node.value if isinstance(node, ast.Constant) else ast.unparse(node) if node else ""


def _fault(call, made):
    act, words = call.func.attr, {word.arg: ast.unparse(word.value) for word in call.keywords}
    if act == "create_index" and "postgresql_concurrently" not in words:
        table = _name(call, 1)
        return None if table in made | SMALL else f"index on {table}"
    if act == "add_column":
        column = {word.arg: ast.unparse(word.value) for word in call.args[1].keywords}
        filled = column.get("nullable") == "False" and "server_default" not in column
        reckoned = re.search(r"now\(|random|uuid|clock_", column.get("server_default", ""))
        return f"column of {_name(call)}" if filled or reckoned else None
    if act in ("create_foreign_key", "create_check_constraint", "create_unique_constraint"):
        table = _name(call, 1)
        proved_later = words.get("postgresql_not_valid") == "True"
        return None if table in made | SMALL or proved_later else f"constraint on {table}"
    return f"column of {_name(call)}" if act == "alter_column" else None


def test_no_migration_reads_or_rewrites_rows_under_a_lock():
    told = {
        path.name: found
        for path in sorted(VERSIONS.glob("*.py"))
        if path.name[:4] >= FIRST and (found := faults(path.read_text()))
    }
    assert told == {}


@pytest.mark.parametrize(
    "act",
    [
        'op.create_index("i", "history", ["at"])',
        'op.execute("CREATE INDEX i ON audit (at)")',
        'op.add_column("audit", sa.Column("x", sa.Text(), nullable=False))',
        'op.add_column("audit", sa.Column("x", T, nullable=False, server_default=text("now()")))',
        'op.create_check_constraint("c", "audit", "seq > 0")',
        'op.create_foreign_key("f", "audit", "account", ["actor"], ["login"])',
        'op.alter_column("audit", "act", nullable=False)',
        'op.execute("ALTER TABLE audit ALTER COLUMN act TYPE varchar(20)")',
        'op.execute("ALTER TABLE audit ADD CONSTRAINT c CHECK (seq > 0)")',
    ],
)
def test_the_rule_finds_what_it_is_for(act):
    assert faults(f"def upgrade():\n    {act}\n")


@pytest.fixture
def older(postgres_database):
    """A database one revision before jobs knew references, with rows."""
    units = units_of(postgres_database)
    with units.writing() as uow:
        for number in range(50):
            uow.jobs.enqueue("effect", str(number), {})
        uow.commit()
    migrate_down(postgres_database, FIRST)
    yield postgres_database
    migrate(postgres_database)


def _count(database, wait="2s"):
    with database.reading.connect() as connection:
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{wait}'"))
        return connection.execute(sa.text("SELECT count(*) FROM background_job")).scalar_one()


def _stands_behind_one_that_waits(database):
    """The control: a migration that waits long for its lock keeps a reader from his rows."""
    given_up = []

    def wait():
        with pytest.raises(TablesInUse):
            migrate(database, patience=Patience(lock_ms=4_000, tries=1))
        given_up.append(True)

    waits = threading.Thread(target=wait)
    waits.start()
    stuck = False
    while not stuck and waits.is_alive():
        try:
            _count(database, "50ms")
        except sa.exc.OperationalError:
            stuck = True
    waits.join(30)
    return stuck and given_up == [True]


def test_readers_go_on_while_a_migration_waits_for_a_long_one(older):
    patience = Patience(lock_ms=100, tries=1_000, pause_s=0.02)
    moved = threading.Thread(target=lambda: migrate(older, patience=patience))
    with older.reading.connect() as long:
        long.execute(sa.text("SELECT count(*) FROM background_job"))
        assert _stands_behind_one_that_waits(older)
        moved.start()
        assert [_count(older) for _ in range(20)] == [50] * 20
        assert moved.is_alive()
        assert current_revision(older) == FIRST
    moved.join(60)
    assert current_revision(older) == head_revision()
    assert _count(older) == 50


def test_a_migration_that_gets_no_lock_gives_up_and_leaves_all_as_it_was(older):
    with older.reading.connect() as long:
        long.execute(sa.text("SELECT count(*) FROM background_job"))
        with pytest.raises(TablesInUse, match="0049"):
            migrate(older, patience=Patience(lock_ms=50, tries=2, pause_s=0.01))
        assert current_revision(older) == FIRST
