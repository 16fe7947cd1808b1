"""A real worker and a real server whose connections to PostgreSQL are cut while they work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from engine.persistence.jobs import slots
from tests.persistence.building import units_of

ROOT = Path(__file__).parents[2]
JOBS = 20
CUTS = 2
PATIENCE_S = 60
#: has a kind of job more: slow enough to be cut, and what it does twice is seen twice
PROGRAM = """
import sys, time
from app import cli, wiring
theirs = wiring.deliveries.handlers
def effect(uow, args):
    uow.connection.exec_driver_sql("INSERT INTO seen VALUES (%s)", (args["name"],))
    time.sleep(0.1)
wiring.deliveries.handlers = lambda house: {**theirs(house), "effect": effect}
sys.exit(cli.main(sys.argv[1:]))
"""


@contextmanager
def at_work(database, folder, *words):
    environment = {
        **os.environ,
        "REGU_DATABASE_URL": database.url,
        "REGU_DATA_DIR": str(folder),
        "REGU_PORT": "0",
        "REGU_SLOT": "w1",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _cut(database):
    with database.writing.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _until(fact):
    end = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.1)


def _asked(database, words):
    with database.reading.connect() as connection:
        return connection.exec_driver_sql(words).scalars().all()


def _goes_on(database, done):
    return len(_asked(database, "SELECT name FROM seen")) > len(done)


def _holds_its_slot(database):
    try:
        slots.take_slot(database.writing, None, "w1").let_go()
    except slots.SlotTaken:
        return True
    return False


@pytest.mark.parametrize("words", [("worker",), ("serve",)], ids=lambda words: words[0])
def test_who_loses_all_connections_goes_on_without_loss_and_holds_its_slot_again(
    postgres_database, tmp_path, words
):
    units = units_of(postgres_database)
    with postgres_database.writing.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE seen (name text)")
    with at_work(postgres_database, tmp_path, *words) as (process, greeting):
        with units.writing() as uow:
            for number in range(JOBS):
                uow.jobs.enqueue("effect", f"{number:02d}", {"name": f"{number:02d}"})
            uow.commit()
        for _ in range(CUTS):
            done = _asked(postgres_database, "SELECT name FROM seen")
            _until(partial(_goes_on, postgres_database, done))
            _cut(postgres_database)
        _until(lambda: _asked(postgres_database, "SELECT state FROM background_job") == [])
        _until(lambda: _holds_its_slot(postgres_database))
        assert process.poll() is None
        if words == ("serve",):
            address = "http://" + greeting.partition("http://")[2].split()[0].rstrip("/")
            with urllib.request.urlopen(f"{address}/readyz") as answer:  # noqa: S310 - our own
                assert answer.status == 200
    seen = _asked(postgres_database, "SELECT name FROM seen ORDER BY name")
    with postgres_database.writing.begin() as connection:
        connection.exec_driver_sql("DROP TABLE seen")
    assert seen == [f"{number:02d}" for number in range(JOBS)]
