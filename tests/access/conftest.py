"""The city: built once, copied for each test or module that changes it."""

from __future__ import annotations

import shutil

import pytest

from tests.access.city import build, open_city


@pytest.fixture(scope="session")
def city_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    made = build(folder)
    ids = dict(made.ids)
    with made.wired.database.writing.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made.close()
    return folder, ids


def _copy(template, folder):
    source, ids = template
    shutil.copytree(source, folder, dirs_exist_ok=True)
    city = open_city(folder)
    city.ids.update(ids)
    return city


@pytest.fixture
def city(city_template, tmp_path):
    """A city of one's own."""
    made = _copy(city_template, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared_city(city_template, tmp_path_factory):
    """A city for tests that leave it as it was."""
    made = _copy(city_template, tmp_path_factory.mktemp("shared-city"))
    yield made
    made.close()
