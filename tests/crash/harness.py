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
from functools import partial

import sqlalchemy as sa

from engine.persistence.database import open_database


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    #: what the command passed: one label per point at which it could have died
    points: tuple[str, ...]
    answer: object
    killed: bool


def run_in_child(url, command, *, die_at=None, opening=open_database):
    """Run `command(opening(url))` in a child; kill it at that point, counted from 0.

    What the opening does is no point to die at.
    """
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        _child(partial(opening, url), command, die_at, mouth)
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


def _child(opening, command, die_at, mouth):
    points = []

    def passing(label):
        if len(points) == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        points.append(label)

    fault = answer = None
    try:
        opened = opening()
        _watch(passing)
        answer = command(opened)
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


def examine(fresh, command, *, look=snapshot, opening=open_database):
    """Kill the command at every point, each time on a fresh copy of the database.

    `fresh()` gives a copy; `look(database)` what is compared (leave out what differs from run to
    run, such as random keys).
    """
    database = fresh()
    before = look(database)
    clean = run_in_child(database.url, command, opening=opening)
    after = look(database)
    assert before != after, "the command changes nothing"
    torn, not_once = [], []
    for number, point in enumerate(clean.points):
        database = fresh()
        assert run_in_child(database.url, command, die_at=number, opening=opening).killed
        if look(database) not in (before, after):
            torn.append(f"{number}: {point}")
        again = run_in_child(database.url, command, opening=opening)
        if look(database) != after or again.answer != clean.answer:
            not_once.append(f"{number}: {point}")
    return Examination(clean.points, tuple(torn), tuple(not_once))


def sweep(fresh, command, *, opening=open_database, look=snapshot, every=1):
    """As `examine`, for a command of one transaction, with few copies.

    A victim that died before the COMMIT left nothing, which is looked at; so the next one dies
    in the same database, and the retry comes after all of them. `every` n-th statement is a
    point, and each COMMIT.
    """
    database = fresh()
    before = look(database)
    clean = run_in_child(database.url, command, opening=opening)
    after = look(database)
    assert before != after, "the command changes nothing"
    torn, not_once, victim = [], [], fresh()
    for number, point in enumerate(clean.points):
        if number % every and "COMMIT" not in point:
            continue
        assert run_in_child(victim.url, command, die_at=number, opening=opening).killed, point
        left = look(victim)
        if left not in (before, after):
            torn.append(f"{number}: {point}")
        last = number + 1 == len(clean.points) or "COMMIT" in point
        if left != before or last:
            again = run_in_child(victim.url, command, opening=opening)
            if look(victim) != after or again.answer != clean.answer:
                not_once.append(f"{number}: {point}")
            victim = fresh()
    return Examination(clean.points, tuple(torn), tuple(not_once))


@dataclass(frozen=True)
class Relief:
    """What the killing of a worker of several transactions showed."""

    points: tuple[str, ...]
    #: points whose leftovers depend on more than the number of commits before them
    torn: tuple[str, ...]
    #: points after which another worker did not end as one undisturbed worker does
    not_finished: tuple[str, ...]
    #: points after which something in the database contradicts something else, and what
    not_whole: tuple[str, ...]


def relieve(fresh, command, *, opening, look, faults, every=1):
    """Kill a worker at each point (or around each COMMIT and at every n-th statement).

    Another one goes on, in a later turn. `opening(url, turn)`; `faults(database)` tells
    contradictions in what is left.
    """
    database = fresh()
    before = look(database)
    clean = run_in_child(database.url, command, opening=partial(opening, turn=1))
    after = look(database)
    assert before != after, "the worker does nothing"
    legal, torn, not_finished, not_whole = {}, [], [], []
    for number, point in enumerate(clean.points):
        if number % every and "COMMIT" not in point:
            continue
        victim = fresh()
        first = partial(opening, turn=1)
        assert run_in_child(victim.url, command, die_at=number, opening=first).killed, point
        commits = sum(name == "after COMMIT" for name in clean.points[: number + 1])
        left = look(victim)
        if commits not in legal:
            legal[commits] = left
            not_whole += [f"{number}: {point}: {fault}" for fault in faults(victim)]
        if left != legal[commits]:
            torn.append(f"{number}: {point}")
        run_in_child(victim.url, command, opening=partial(opening, turn=2))
        if look(victim) != after or faults(victim):
            not_finished.append(f"{number}: {point}")
    return Relief(clean.points, tuple(torn), tuple(not_finished), tuple(not_whole))
