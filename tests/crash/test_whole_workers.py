"""The worker of the real house, killed in mid-work: another goes on, nothing lost or doubled."""

from __future__ import annotations

from functools import partial

import pytest

from engine.jobs import mass_start
from engine.persistence.jobs.table import Worker as TableJobs
from engine.usecases import messages
from tests.crash.harness import relieve
from tests.crash.stage import Stage, contradictions, open_house, told

#: around each COMMIT and before every n-th statement; in the long run before all
SOME, ALL = 20, 1


@pytest.fixture
def stage(database):
    made = Stage(database)
    yield made
    made.close()


@pytest.fixture(params=["usual", pytest.param("other", marks=pytest.mark.long)])
def jobs(request, database):
    """What carries the jobs: what suits the database, and in the long run the other one."""
    usual, other = ("table", "dbos") if database.is_sqlite else ("dbos", "table")
    return usual if request.param == "usual" else other


@pytest.fixture(params=[SOME, pytest.param(ALL, marks=pytest.mark.long)])
def relieved(request, stage, database, copy_of, jobs):
    """A function that kills a worker everywhere and tells what its relief found."""

    def examined(work):
        stage.wired.close()
        return relieve(
            lambda: copy_of(database),
            work,
            opening=partial(_at_work, jobs),
            look=told,
            faults=_faults,
            every=request.param,
        )

    return examined


def _at_work(jobs, url, turn):
    """The house with what carries its jobs made ready: that is no point to die at."""
    wired = open_house(url, turn, jobs)
    wired._carry().begin()
    return wired


def _faults(database):
    wired = open_house(database.url, turn=9)
    try:
        return contradictions(wired.house)
    finally:
        wired.close()


def _drain(wired):
    wired.worker().drain()


def _nothing_lost(found):
    assert found.torn == ()
    assert found.not_whole == ()
    assert found.not_finished == ()


def test_a_message_reaches_its_receiver_once_whoever_dies_on_the_way(stage, relieved):
    for _ in range(2):
        stage.start("receiver", who=stage.ids["sari"], number="n1")
    command = messages.PublishMessage(
        name="baton", correlation_key="n1", variables={"note": "x"}, time_to_live_ms=60_000
    )
    messages.publish_message(stage.house, stage.operator, command)
    found = relieved(_drain)
    _nothing_lost(found)
    assert found.points.count("before COMMIT") >= 2


def test_a_mass_start_killed_in_mid_chunk_starts_everybody_once(stage, relieved, jobs, monkeypatch):
    monkeypatch.setattr(mass_start, "CHUNK", 5)
    with stage.house.writing() as uow:
        args = {
            "process_id": "greet",
            "cycle_id": stage.ids["cycle"],
            "agency_id": stage.ids["agency"],
            "over": "people",
            "extra": {},
            "after": "",
            "on_behalf_of": stage.ids["joko"],
        }
        uow.jobs.enqueue(mass_start.MASS_START, "greet", args)
        uow.commit()
    found = relieved(_drain)
    _nothing_lost(found)
    # a lease, and two chunks for nine people; DBOS writes down that it begins and ends
    commits = found.points.count("before COMMIT")
    assert commits == 3 if jobs == "table" else commits > 3


def _write_letter(uow, _args):
    uow.outbox.put("letter", f"letter {uow._tx.ids.key()}", {})


def _commit_too_soon(uow, args):
    """A planted bug: the effect is committed before the end of its job."""
    _write_letter(uow, args)
    uow.commit()
    uow._transaction = uow.connection.begin()


@pytest.mark.parametrize("handler", [_write_letter, _commit_too_soon])
def test_the_harness_sees_an_effect_that_is_committed_before_its_job_ends(stage, relieved, handler):
    with stage.house.writing() as uow:
        uow.jobs.enqueue("letter", "1", {})
        uow.commit()
    found = relieved(lambda wired: TableJobs(wired.units, {"letter": handler}).run_until_idle())
    assert bool(found.not_finished) == (handler is _commit_too_soon)
