"""Every command of the house was killed at its statements, or it is said why not.

The sweep itself is long; `swept.json` is what it wrote, by command and database: how many points,
how many of them torn, and what a retry after the COMMIT was answered and changed. A new command is
swept (`pytest tests/… -p tests.crash.every_command --note tests/crash/swept.json`) or put into
`allowed.json` with a reason.
"""

from __future__ import annotations

import multiprocessing
import os
import sqlite3

import pytest

from engine.usecases import habits, processes
from tests.crash.commands import ALLOWED, commands, swept
from tests.crash.every_command import HeldElsewhere, examine_call, keyed
from tests.crash.harness import snapshot
from tests.crash.stage import Stage, open_house


def test_every_command_was_swept_or_it_is_said_why_not():
    known, seen, excused = set(commands()), swept(), ALLOWED["unswept"]
    assert sorted(known - seen.keys() - excused.keys()) == []
    assert sorted((seen.keys() | excused.keys()) - known) == [], "no such command any more"
    assert sorted(excused.keys() & seen.keys()) == [], "swept, and still excused"
    assert all(excused.values())
    assert all(one["points"] for kinds in seen.values() for one in kinds.values())


def test_no_command_was_torn_and_those_of_several_commits_are_known():
    seen = {name: kinds.values() for name, kinds in swept().items()}
    assert [name for name, kinds in seen.items() if any(one["torn"] for one in kinds)] == []
    many = {name for name, kinds in seen.items() if any(one["commits"] > 1 for one in kinds)}
    assert sorted(many) == sorted(ALLOWED["many_commits"])


def test_commands_that_do_it_again_when_their_answer_was_lost_are_known():
    again = {name for name, kinds in swept().items() if any(one["again"] for one in kinds.values())}
    assert sorted(again) == sorted(ALLOWED["again"])
    assert all(ALLOWED["again"].values())


@pytest.fixture
def stage(sqlite_database):
    made = Stage(sqlite_database)
    yield made
    made.close()


def _preferring(stage):
    return lambda: habits.keep_filter(stage.house, stage.actor("sari"), "inbox", "mine", "q=x")


def test_a_small_command_is_killed_everywhere_and_leaves_the_house_as_it_was(stage):
    found = examine_call(stage.wired.database, _preferring(stage))
    assert found.points >= 3
    assert (found.commits, found.torn, found.halves) == (1, [], [])
    assert examine_call(stage.wired.database, _preferring(stage)).points == found.points


def _unsteady(stage, command, *, reads):
    """The command, with that many reads before it in its first, second, … run; then none."""
    turns = shared_counter()

    def run():
        for _ in range(reads[turns.value] if turns.value < len(reads) else 0):
            with stage.house.reading() as uow:
                uow.clock.pinned_at()
        turns.value += 1  # before the child may die
        return command()

    return run


def shared_counter():
    """A number that forked children write and their parent reads."""
    return multiprocessing.Value("i", 0, lock=False)


@pytest.mark.parametrize("reads", [(3,), (0, *[3] * 60)], ids=["slow first", "slow later"])
def test_who_reads_more_in_one_run_than_in_another_is_not_called_torn(stage, reads):
    """As the clock of a rehearsal does, which asks the database again after half a second."""
    joko, start = stage.actor("joko"), processes.StartProcess(process_id="greet", variables={})
    words, _ = keyed(processes.start_process, (stage.house, joko, start), {})
    call = _unsteady(stage, lambda: processes.start_process(*words), reads=reads)
    found = examine_call(stage.wired.database, call)
    assert (found.commits, found.torn, found.halves, found.again) == (1, [], [], [])
    assert found.retry == "answered"


def test_the_sweep_closes_what_else_has_the_database_open(stage):
    """Files are copied and put back: another connection would go on reading the old ones."""
    other = open_house(stage.url, turn=3)
    with other.house.reading() as uow:
        uow.clock.pinned_at()
    assert examine_call(stage.wired.database, _preferring(stage)).torn == []
    stage.start("greet", person_id="p")
    # what the first house wrote afterwards
    assert len(snapshot(other.database)["process_instance"]) == 1
    other.close()


def test_who_cannot_be_closed_stops_the_sweep(stage):
    other = open_house(stage.url, turn=3)
    with other.house.reading() as uow:
        uow.clock.pinned_at()
        with pytest.raises(HeldElsewhere):
            examine_call(stage.wired.database, _preferring(stage))
    other.close()


def test_the_sweep_sees_a_statement_that_is_committed_before_the_rest(stage):
    """A planted bug: something is written beside the unit of work."""

    def command():
        with sqlite3.connect(stage.url.removeprefix("sqlite:///")) as beside:
            beside.execute("UPDATE node_counter SET next_node = next_node + 1")
        beside.close()
        return _preferring(stage)()

    assert examine_call(stage.wired.database, command).torn


def test_the_sweep_sees_a_command_whose_commit_is_lost(stage):
    """A planted bug: what is told as committed is rolled back."""
    turns = shared_counter()

    def command():
        turns.value += 1
        if turns.value > 1:
            stage.wired.database.writing.dialect.do_commit = lambda driver: driver.rollback()
        return _preferring(stage)()

    found = examine_call(stage.wired.database, command)
    assert [place for place in found.torn if "nothing is there" in place]


def test_the_sweep_sees_a_command_that_commits_in_the_middle(stage):
    """A planted bug: two units of work where one belongs."""

    def command():
        for name in ("mine", "yours"):
            habits.keep_filter(stage.house, stage.actor("sari"), "inbox", name, "q=x")

    found = examine_call(stage.wired.database, command)
    assert found.commits == 2
    assert found.halves


def test_the_sweep_sees_a_command_that_does_it_again(stage):
    """A planted bug: nothing tells a second call from the first."""
    joko, start = stage.actor("joko"), processes.StartProcess(process_id="greet", variables={})

    def command():
        wired = open_house(stage.url, turn=2 + os.getpid() % 50_000)  # with keys of its own
        processes.start_process(wired.house, joko, start)
        wired.close()

    assert examine_call(stage.wired.database, command).again
