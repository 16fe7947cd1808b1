"""`pytest tests/… -p tests.crash.every_command`: the suite as a stage for killing every command.

The first time a command of the house is called in a test and commits something, it is not run but
examined first: in forked children it is killed before each of its SQL statements and on both sides
of its COMMIT, on the database as the test left it. Before the COMMIT nothing at all may be left;
after it all must be there, and the same call must be answered alike or refused, and change nothing
more. A command that takes an idempotency key gets one. Where a child died it tells itself: one
that reads once more than another dies elsewhere. Then the database is put back and the test goes
on as if nothing had happened.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import shutil
import sys
import threading
import weakref
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from engine.persistence.database import sqlite_driver
from engine.persistence.unit_of_work import UnitsOfWork
from tests.crash.commands import commands, swept
from tests.crash.harness import moments, run_in_child, snapshot

#: an import has thousands of statements
POINTS_MAX = 100

#: the key under which a call is examined that came without one
KEY = "killed-everywhere"

ENGINES = weakref.WeakSet()

#: how threads of servers are called; those of other people's services know no database of ours
_SERVES = ("(_serve)", "(serve_forever)", "(process_request_thread)")


@dataclass
class Examined:
    """What the killing of one call showed."""

    points: int = 0
    commits: int = 0
    torn: list = field(default_factory=list)
    #: a call after its own commit that changed something once more
    again: list = field(default_factory=list)
    #: between two commits of one command
    halves: list = field(default_factory=list)
    #: how a retry after the COMMIT was answered
    retry: str = ""


class HeldElsewhere(Exception):
    """Something in this process has the database open that cannot be closed."""


class Keeper:
    """A copy of a database that puts it back; nobody has it open when it is made."""

    def __init__(self, database):
        self._database = database
        if database.is_sqlite:
            self._file = Path(database.url.removeprefix("sqlite:///"))
            self._copy = self._file.with_name(self._file.name + ".kept")
            self._settle()
            shutil.copyfile(self._file, self._copy)
        else:
            let_go(database)
            self._name = psycopg.conninfo.conninfo_to_dict(database.url)["dbname"]
            self._copy = f"{self._name}_kept"
            self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", self._copy, self._name)

    def _settle(self):
        """Bring the log into the file; whoever else reads or writes would be noticed."""
        let_go(self._database)
        with closing(sqlite_driver().connect(self._file)) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise HeldElsewhere(self._file)

    def is_untouched(self):
        """Whether the files say that nothing was written; False: they cannot tell."""
        if not self._database.is_sqlite:
            return False
        log = Path(f"{self._file}-wal")
        whole = not log.exists() or log.stat().st_size == 0
        return whole and self._file.read_bytes() == self._copy.read_bytes()

    def put_back(self):
        let_go(self._database)
        if self._database.is_sqlite:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._file}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self._copy, self._file)
        else:
            self._do("DROP DATABASE {} WITH (FORCE)", self._name)
            self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", self._name, self._copy)

    def forget(self):
        if self._database.is_sqlite:
            self._copy.unlink(missing_ok=True)
        else:
            self._do("DROP DATABASE {} WITH (FORCE)", self._copy)

    def _do(self, words, *names):
        server = psycopg.conninfo.make_conninfo(self._database.url, dbname="postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


@sa.event.listens_for(sa.Engine, "engine_connect")
def _met(connection):
    ENGINES.add(connection.engine)


def _engines(database):
    """All engines of this process on that database; a test may have opened it more than once."""
    at = database.writing.url
    return [one for one in list(ENGINES) if one.url == at]


def let_go(database):
    """Close every connection to it; `HeldElsewhere` when a file of it is still open here.

    A child of fork would share such a connection, and a file put back would not be the one
    that it reads.
    """
    database.close()
    for engine in _engines(database):
        engine.dispose()
    if database.is_sqlite:
        held = {os.path.realpath(one) for one in Path("/proc/self/fd").iterdir()}
        file = os.path.realpath(database.url.removeprefix("sqlite:///"))
        if held & {file, f"{file}-wal", f"{file}-shm"}:
            raise HeldElsewhere(file)


def examine_call(database, call, *, every=1, at_most=POINTS_MAX):
    """Kill the call everywhere; the database is as before afterwards. None: it commits nothing.

    Of a call with more points than `at_most`, that many in even steps, and each COMMIT.
    """

    def in_child(die_at=None):
        return run_in_child(None, lambda _: _outcome(call), die_at=die_at, opening=lambda _: None)

    keeper, before = Keeper(database), snapshot(database)
    try:
        let_go(database)
        points = in_child().points
        found = Examined(commits=points.count("after COMMIT"))
        if not found.commits or snapshot(database) == before:
            return None
        keeper.put_back()
        for moment in moments(points, max(every, len(points) // at_most)):
            let_go(database)
            ended = in_child(moment)
            done = ended.points.count("after COMMIT")
            if ended.killed:
                left = before if not done and keeper.is_untouched() else snapshot(database)
                _look(found, ended.points, left, before)
                if done == found.commits:
                    _again(found, database, in_child, left)
            if done:
                keeper.put_back()
        return found
    finally:
        keeper.put_back()
        keeper.forget()


def _look(found, points, left, before):
    """Note what is wrong; `points` are those that the dead one had passed, by its own telling."""
    done, place = points.count("after COMMIT"), f"{len(points) - 1} {points[-1]}"
    found.points += 1
    changed = [table for table in sorted(left) if left[table] != before.get(table)]
    if changed and not done:
        found.torn.append(f"{place}: {changed}")
    if not changed and done == found.commits:
        found.torn.append(f"{place}: nothing is there")
    if 0 < done < found.commits:
        found.halves.append(place)


def _again(found, database, in_child, left):
    let_go(database)
    found.retry = in_child().answer
    after = snapshot(database)
    changed = [table for table in sorted(after) if after[table] != left.get(table)]
    if changed:
        found.again.append(f"after COMMIT: {changed}")


def _outcome(call):
    """Whether it was answered; what it answers need not fit through a pipe."""
    try:
        call()
    except Exception as refused:  # noqa: BLE001 - a refusal is an answer, too
        return type(refused).__name__
    return "answered"


# ---- the plugin


class Sweep:
    """Wraps the commands and keeps what was found, by command and kind of database."""

    def __init__(self, option):
        self.found, self.held = {}, []
        self._note = option.note
        self._every, self._at_most, self._calls = option.every, option.at_most, option.calls
        self._busy = False

    def wrap_all(self):
        """Replace each command wherever a module has it by name."""
        for name in commands():
            home, _, function = name.rpartition(".")
            with suppress(ImportError, AttributeError):
                place = _place(home)
                original = getattr(place, function)
                wrapped = self._wrapped(name, original)
                setattr(place, function, wrapped)
                for other in [one for one in sys.modules.values() if one is not None]:
                    for key, value in list(getattr(other, "__dict__", {}).items()):
                        if value is original:
                            setattr(other, key, wrapped)

    def _wrapped(self, name, original):
        @wraps(original)
        def examined(*args, **kwargs):
            database = _database(args)
            if database is not None and self._wants(name, database):
                words, named = keyed(original, args, kwargs)
                self._examine(name, database, lambda: original(*words, **named))
            return original(*args, **kwargs)

        return examined

    def _wants(self, name, database):
        seen = self.found.get((name, database.is_sqlite), [])
        quiet = _alone() and not _busy(database)
        return not self._busy and len(seen) < self._calls and quiet

    def _examine(self, name, database, call):
        self._busy = True
        found = None
        try:
            found = examine_call(database, call, every=self._every, at_most=self._at_most)
        except HeldElsewhere:
            self.held.append(name)
        finally:
            self._busy = False
        if found is not None:
            self.found.setdefault((name, database.is_sqlite), []).append(found)
            if self._note is not None:
                _note(self.found, self._note)  # at once: a sweep is long


def keyed(command, args, kwargs):
    """The same arguments, with an idempotency key where the command takes one and has none."""

    def with_key(word):
        takes = dataclasses.is_dataclass(word) and hasattr(word, "idempotency_key")
        bare = takes and word.idempotency_key is None
        return dataclasses.replace(word, idempotency_key=KEY) if bare else word

    named = {name: with_key(word) for name, word in kwargs.items()}
    if "idempotency_key" in inspect.signature(command).parameters:
        named["idempotency_key"] = named.get("idempotency_key") or KEY
    return tuple(map(with_key, args)), named


def _place(name):
    """The module of that name, or the class in a module."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        module, _, kind = name.rpartition(".")
        return getattr(import_module(module), kind)


def _database(args):
    """The database of the house that is the command's first argument, or that its object has."""
    house = getattr(args[0], "_house", args[0]) if args else None
    writing = getattr(house, "writing", None)
    units = getattr(writing, "__self__", None)
    return units.database if isinstance(units, UnitsOfWork) else None


def _alone():
    """Whether no other thread may use the database meanwhile: those of a server wait for work."""
    others = {one.name for one in threading.enumerate() if one is not threading.current_thread()}
    return all(name.startswith(("waitress-", "tqdm_")) or name.endswith(_SERVES) for name in others)


def _busy(database):
    """Whether somebody is in the middle of something there."""
    return any(engine.pool.checkedout() for engine in _engines(database))


def pytest_addoption(parser):
    parser.addoption("--every", type=int, default=1, help="every n-th statement is a point")
    parser.addoption("--at-most", type=int, default=POINTS_MAX, help="points of one call")
    parser.addoption("--calls", type=int, default=1, help="calls of each command to examine")
    parser.addoption("--note", type=Path, help="write what was seen there, such as swept.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    sweep = session.config._sweep = Sweep(session.config.option)
    sweep.wrap_all()


def pytest_terminal_summary(terminalreporter, config):
    found = config._sweep.found
    say = terminalreporter.write_line
    for (name, is_sqlite), seen in sorted(found.items()):
        kind = "sqlite" if is_sqlite else "postgresql"
        for one in seen:
            for fault in ("torn", "halves", "again"):
                for where in getattr(one, fault)[:3]:
                    say(f"{fault}: {name} ({kind}): {where}")
    total = sum(one.points for seen in found.values() for one in seen)
    names = {name for name, _ in found}
    torn = sum(len(one.torn) for seen in found.values() for one in seen)
    say(f"{len(names)} commands killed at {total:,} points: torn {torn}")
    say("held by somebody else: " + ", ".join(sorted(set(config._sweep.held) - names)))
    say("not seen: " + ", ".join(sorted(set(commands()) - names - set(swept()))))


def _note(found, file):
    """Add what was found to what a file has already."""
    kept = json.loads(file.read_text()) if file.exists() else {}
    for (name, is_sqlite), seen in found.items():
        kind = "sqlite" if is_sqlite else "postgresql"
        kept.setdefault(name, {})[kind] = {
            "points": max(one.points for one in seen),
            "commits": max(one.commits for one in seen),
            "torn": sum(len(one.torn) for one in seen),
            "again": sorted({table for one in seen for table in one.again}),
            "retry": sorted({one.retry for one in seen}),
        }
    file.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
