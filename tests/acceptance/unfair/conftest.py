"""The city: built once, copied for each test, looked over when the test is done."""

from __future__ import annotations

import shutil

import pytest

from engine.usecases import processes, reach
from engine.usecases.actor import Actor, ActorKind
from tests.acceptance.unfair.acting import Town
from tests.acceptance.unfair.city import PASSWORD, library, settle

OPERATOR = Actor(
    kind=ActorKind.CLIENT, name="operator", groups=frozenset({"admin", "process_owner"})
)


def build(url, folder):
    """A town with both agencies and everything that ships deployed."""
    town = Town(url, folder)
    encoded = town.hasher.hash(PASSWORD)
    town.write(settle, encoded)
    processes.deploy(town.house, OPERATOR, library())
    return town


@pytest.fixture(scope="session")
def settled(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("unfair")
    shutil.copyfile(sqlite_template, folder / "regu.db")
    town = build(f"sqlite:///{folder / 'regu.db'}", folder)
    ids = dict(town.ids)
    with town.wired.database.writing.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    town.close()
    return folder, ids


@pytest.fixture
def town(settled, tmp_path):
    """A city of one's own; at its end no incident is open and every chain and ledger holds."""
    source, ids = settled
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    made = Town(f"sqlite:///{tmp_path / 'regu.db'}", tmp_path, ids)
    yield made
    looked_over(made)


@pytest.fixture
def both(request, database, tmp_path):
    """The same city on SQLite, and on PostgreSQL as a role that row-level security binds."""
    works = database if database.is_sqlite else request.getfixturevalue("plain_database")
    with reach.everywhere():
        made = build(works.url, tmp_path)
        yield made
        looked_over(made)


def looked_over(town):
    try:
        incidents = town.incidents()
        town.holds()
    finally:
        town.close()
    assert incidents == []
