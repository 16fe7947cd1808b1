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
import threading
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from engine.persistence.database import open_database


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    #: what the command passed, by its own telling: one label per point at which it could have
    #: died; the last one of a killed child is where it died
    points: tuple[str, ...]
    answer: object
    killed: bool


def run_in_child(url, command, *, die_at=None, opening=open_database):
    """Run `command(opening(url))` in a child; kill it at that moment (see `moments`).

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
        return Ended(pickle.loads(heard)[0] if heard else (), None, killed=True)  # noqa: S301
    points, answer, fault = pickle.loads(heard)  # noqa: S301 - from our own child
    if fault is not None:
        raise AssertionError(f"the command failed: {fault}")
    return Ended(points, answer, killed=False)


def _child(opening, command, die_at, mouth):
    points = []

    def passing(label):
        points.append(label)
        if die_at is not None and moment_of(points) == die_at:
            _tell(mouth, (tuple(points), None, None))
            os.kill(os.getpid(), signal.SIGKILL)

    fault = answer = None
    try:
        opened = opening()
        _watch(passing)
        answer = command(opened)
    except BaseException as error:  # noqa: BLE001 - a child must never run the parent's code
        fault = repr(error)
    _tell(mouth, (tuple(points), answer, fault))
    os._exit(0)


def _tell(mouth, words):
    with os.fdopen(mouth, "wb") as voice:
        pickle.dump(words, voice)


def moment_of(points):
    """The name of the last of these points: ("statement" or a side of COMMIT, which one of them).

    A number in the whole would not do: one read more (a clock that asks again when the machine is
    slow) puts the same number on the other side of the COMMIT.
    """
    kind = points[-1] if "COMMIT" in points[-1] else "statement"
    alike = (one if "COMMIT" in one else "statement" for one in points)
    return kind, sum(one == kind for one in alike) - 1


def moments(points, every=1):
    """The moments at which to kill who passes these: every n-th statement, and each COMMIT."""
    named = [moment_of(points[: number + 1]) for number in range(len(points))]
    return [(kind, nth) for kind, nth in named if kind != "statement" or nth % every == 0]


def _watch(heard):
    """Call `heard` before every statement and on both sides of every COMMIT.

    What a library's own threads ask now and then comes at another time in each run.
    """
    at_work = threading.get_ident()

    def passing(label):
        if threading.get_ident() == at_work:
            heard(label)

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
    for moment in moments(clean.points):
        database = fresh()
        place = _death(database.url, command, moment, opening)
        if look(database) not in (before, after):
            torn.append(place)
        again = run_in_child(database.url, command, opening=opening)
        if look(database) != after or again.answer != clean.answer:
            not_once.append(place)
    return Examination(clean.points, tuple(torn), tuple(not_once))


def _death(url, command, moment, opening):
    """Kill a child at that moment; where it died, by its own telling."""
    ended = run_in_child(url, command, die_at=moment, opening=opening)
    assert ended.killed, moment
    return f"{len(ended.points) - 1}: {ended.points[-1]}"


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
    for moment in moments(clean.points, every):
        place = _death(victim.url, command, moment, opening)
        left = look(victim)
        if left not in (before, after):
            torn.append(place)
        if left != before or "COMMIT" in place:
            again = run_in_child(victim.url, command, opening=opening)
            if look(victim) != after or again.answer != clean.answer:
                not_once.append(place)
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
    for moment in moments(clean.points, every):
        victim = fresh()
        first = partial(opening, turn=1)
        ended = run_in_child(victim.url, command, die_at=moment, opening=first)
        assert ended.killed, moment
        commits, place = ended.points.count("after COMMIT"), f"{moment}: {ended.points[-1]}"
        left = look(victim)
        if commits not in legal:
            legal[commits] = left
            not_whole += [f"{place}: {fault}" for fault in faults(victim)]
        if left != legal[commits]:
            torn.append(place)
        run_in_child(victim.url, command, opening=partial(opening, turn=2))
        if look(victim) != after or faults(victim):
            not_finished.append(place)
    return Relief(clean.points, tuple(torn), tuple(not_finished), tuple(not_whole))
