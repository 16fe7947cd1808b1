"""Cities on databases of their own: one is built, every run gets a copy."""

from __future__ import annotations

import itertools
import shutil
import uuid
from contextlib import contextmanager

import pytest
from psycopg import sql

from engine.persistence.database import open_database
from tests.conftest import _run, _with_name
from tests.machine.city import build
from tests.usecases.conftest import Place


def counted(place):
    """The same acts give the same ids in the same order, so that a run can be repeated."""
    numbers = itertools.count(1 << 100)
    place.house.ids.uuid = lambda: str(uuid.UUID(int=next(numbers)))
    return place


def _built(database):
    place = Place(database)
    place.deploy("workflows/*/*.dmn")
    build(place)
    database.close()


@pytest.fixture(scope="session")
def sqlite_city(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    path = folder / "city.db"
    shutil.copyfile(sqlite_template, path)
    _built(open_database(f"sqlite:///{path}"))

    @contextmanager
    def fresh():
        copy = folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(path, copy)
        database = open_database(f"sqlite:///{copy}")
        try:
            yield counted(Place(database))
        finally:
            database.close()
            for left in folder.glob(f"{copy.name}*"):
                left.unlink()

    return fresh


@pytest.fixture(scope="session")
def postgres_city(postgres_server, postgres_template):
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    dropped = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    city = f"regu_city_{uuid.uuid4().hex[:12]}"
    _run(postgres_server, made.format(sql.Identifier(city), sql.Identifier(postgres_template)))
    _built(open_database(_with_name(postgres_server, city)))

    @contextmanager
    def fresh():
        name = f"regu_{uuid.uuid4().hex[:12]}"
        _run(postgres_server, made.format(sql.Identifier(name), sql.Identifier(city)))
        database = open_database(_with_name(postgres_server, name))
        try:
            yield counted(Place(database))
        finally:
            database.close()
            _run(postgres_server, dropped.format(sql.Identifier(name)))

    yield fresh
    _run(postgres_server, dropped.format(sql.Identifier(city)))
