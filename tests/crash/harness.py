"""Kill a command before each of its SQL statements and around each COMMIT, and look what is left.

The command runs in a forked child that kills itself with SIGKILL: no handler, no `finally`, no
rollback of ours runs. What the database then holds must be the state before the command or the
state after it, and the same command run again must end in the state after it, with the answer
that a run without accident gives.
"""

from __future__ import annotations

import os
import pickle
import signal
from dataclasses import dataclass

import sqlalchemy as sa

from engine.persistence.database import open_database


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    #: what the command passed: one label per point at which it could have died
    points: tuple[str, ...]
    answer: object
    killed: bool


def run_in_child(url, command, *, die_at=None):
    """Run `command(database)` in a child; kill it at that point, counted from 0."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        _child(url, command, die_at, mouth)
    os.close(mouth)
    with os.fdopen(ear, "rb") as told:
        heard = told.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if killed:
        return Ended((), None, killed=True)
    points, answer, fault = pickle.loads(heard)  # noqa: S301 - from our own child
    if fault is not None:
        raise AssertionError(f"the command failed: {fault}")
    return Ended(points, answer, killed=False)


def _child(url, command, die_at, mouth):
    points = []

    def passing(label):
        if len(points) == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        points.append(label)

    fault = answer = None
    try:
        database = open_database(url)
        _watch(passing)
        answer = command(database)
    except BaseException as error:  # noqa: BLE001 - a child must never run the parent's code
        fault = repr(error)
    with os.fdopen(mouth, "wb") as voice:
        pickle.dump((tuple(points), answer, fault), voice)
    os._exit(0)


def _watch(passing):
    """Call `passing` before every statement and on both sides of every COMMIT."""

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def _statement(_connection, _cursor, text, _values, _context, _many):
        passing("before " + " ".join(text.split())[:80])

    commit = sa.Connection._commit_impl

    def committed(connection):
        passing("before COMMIT")
        commit(connection)
        passing("after COMMIT")

    sa.Connection._commit_impl = committed


def snapshot(database):
    """Every row of every table, in an order that does not depend on how it was written."""
    with database.reading.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {
            table: sorted(
                repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row))
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608
            )
            for table in tables
        }


@dataclass(frozen=True)
class Examination:
    """What the killing of one command at all its points showed."""

    points: tuple[str, ...]
    #: points after which the database held neither the state before nor the one after
    torn: tuple[str, ...]
    #: points after which running the command again did not end as one run does
    not_once: tuple[str, ...]


def examine(fresh, command, *, look=snapshot):
    """Kill the command at every point, each time on a fresh copy of the database.

    `fresh()` gives a copy; `look(database)` what is compared (leave out what differs from run to
    run, such as random keys).
    """
    database = fresh()
    before = look(database)
    clean = run_in_child(database.url, command)
    after = look(database)
    assert before != after, "the command changes nothing"
    torn, not_once = [], []
    for number, point in enumerate(clean.points):
        database = fresh()
        assert run_in_child(database.url, command, die_at=number).killed
        if look(database) not in (before, after):
            torn.append(f"{number}: {point}")
        again = run_in_child(database.url, command)
        if look(database) != after or again.answer != clean.answer:
            not_once.append(f"{number}: {point}")
    return Examination(clean.points, tuple(torn), tuple(not_once))
