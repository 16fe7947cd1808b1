"""Whole commands of the real house, killed before each statement and around each COMMIT."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.persistence.tables.contributions import transfer
from engine.persistence.unit_of_work import SqlUnitOfWork
from engine.usecases import messages, processes, tasks
from engine.usecases.ports.process import Resource
from tests.crash.harness import examine, run_in_child, snapshot, sweep
from tests.crash.stage import NOON, RELAY, Stage, contradictions, open_house, told
from tests.workflows.rehearsal import shipped


@pytest.fixture
def stage(database):
    made = Stage(database)
    yield made
    made.close()


@pytest.fixture
def fresh(stage, database, copy_of):
    """Copies of the database as the stage has it when the first copy is asked for."""

    def copied():
        stage.wired.close()
        return copy_of(database)

    return copied


@pytest.fixture
def hand_over(stage):
    """A completion that forks, calls, publishes, writes to the outbox and arms a timer."""
    stage.start("relay", who=stage.ids["sari"], number="n1")
    (task,) = stage.open("hand_over")
    sari, words = stage.actor("sari"), {"note": "here"}
    command = tasks.CompleteTask(task_key=task.key, variables=words, idempotency_key="k1")
    return lambda wired: tasks.complete_task(wired.house, sari, command)


def _once(found, *, points=10):
    """All or nothing, and once however often it is asked."""
    assert found.torn == ()
    assert found.not_once == ()
    assert found.points.count("before COMMIT") == 1
    assert len(found.points) >= points


def _faults(database):
    wired = open_house(database.url, turn=9)
    try:
        return contradictions(wired.house)
    finally:
        wired.close()


def test_a_completion_that_forks_calls_tells_and_writes_is_all_or_nothing(fresh, hand_over):
    _once(sweep(fresh, hand_over, opening=open_house), points=20)


def test_what_a_completion_leaves_is_whole(fresh, hand_over):
    done = fresh()
    run_in_child(done.url, hand_over, opening=open_house)
    left = told(done)
    waiting = [row for row in left["user_task"] if "'created'" in row]
    assert len(waiting) == 2
    assert [len(left[table]) for table in ("message", "outbox", "background_job")] == [1, 1, 1]
    assert len(left["process_instance"]) == 2
    assert _faults(done) == []


@pytest.mark.long
def test_each_single_retry_of_a_killed_completion_ends_as_one_run_does(fresh, hand_over):
    _once(examine(fresh, hand_over, opening=open_house), points=20)


def test_a_start_is_all_or_nothing(stage, fresh):
    joko = stage.actor("joko")
    command = processes.StartProcess(
        process_id="relay",
        variables={"who": stage.ids["sari"], "number": "n1"},
        business_key="b1",
        idempotency_key="k1",
    )
    found = sweep(
        fresh, lambda w: processes.start_process(w.house, joko, command), opening=open_house
    )
    _once(found)


def test_a_publication_is_all_or_nothing(stage, fresh):
    operator = stage.operator
    command = messages.PublishMessage(
        name="baton", correlation_key="n1", time_to_live_ms=60_000, idempotency_key="k1"
    )
    found = sweep(
        fresh, lambda w: messages.publish_message(w.house, operator, command), opening=open_house
    )
    _once(found, points=8)


def test_a_due_timer_is_fired_whole_or_not_at_all(stage, fresh):
    stage.start("relay", who=stage.ids["sari"], number="n1")
    stage.complete(stage.open("hand_over")[0].key, "sari", note="x")
    with stage.house.writing() as uow:
        uow.clock.pin(NOON + timedelta(days=2))
        uow.commit()

    def fire(wired):
        with wired.house.reading() as uow:
            due = uow.processes.due_instances(wired.house.clock.now(), 10)
        for key in due:
            processes.fire_timers(wired.house, key)

    found = sweep(fresh, fire, opening=open_house)
    _once(found, points=8)


def test_a_deployment_is_all_or_nothing_and_its_retry_makes_no_second_version(stage, fresh):
    owner = stage.operator
    content = RELAY.read_bytes().replace(b'name="Hello"', b'name="Good morning"')
    files = (Resource(name=RELAY.name, content=content),)
    seen = []

    def look(database):
        seen.append(snapshot(database))
        held = told(database)
        return {name: held[name] for name in ("process_definition", "subscription")}

    def deploy(wired):
        return len(processes.deploy(wired.house, owner, files).processes)

    found = sweep(fresh, deploy, opening=open_house, look=look)
    _once(found, points=8)
    before, *_ = seen
    clean = [state for state in seen if state["process_definition"] != before["process_definition"]]
    # nothing at all is left of a deployment that did not come to its COMMIT
    assert all(state == before for state in seen if state not in clean)


@pytest.fixture
def attestation(database):
    """The shipped drawing of contributions, at the lead's attestation of a member's claim."""
    stage = Stage(database, shipped())
    stage.start("contribution", output_id=stage.ids["output"])
    stage.complete(stage.open("deliver_output")[0].key, "citra", note="done")
    stage.complete(stage.open("accept_output")[0].key, "wati", decision="accept", attainment=100)
    # that it is accepted reaches every member by a message of his own
    stage.wired.worker().drain()
    claim = next(task for task in stage.open("claim") if task.assignee == stage.ids["sari"])
    words = {"contribution_type": "analysis", "degree": "equal"}
    link = "https://contoh.go.id/bukti"
    stage.complete(claim.key, "sari", mode="own", claimed_percent=25, evidence_link=link, **words)
    (attest,) = stage.open("attest")
    citra, form = stage.actor("citra"), {"decision": "attest", "commitment": "met"}
    command = tasks.CompleteTask(task_key=attest.key, variables=form, idempotency_key="k1")
    stage.close()
    return lambda wired: tasks.complete_task(wired.house, citra, command)


def _but_ledger_numbers(database):
    """Everything; of the ledger, whose numbers skip what was rolled back, what was booked."""
    columns = [c for c in transfer.c if c.name not in {"id", "hash", "prev_hash"}]
    with database.reading.connect() as connection:
        booked = connection.execute(sa.select(*columns).order_by(transfer.c.id)).all()
    return {**snapshot(database), "transfer": booked}


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
def test_an_attestation_writes_its_ledger_row_with_its_task_or_not_at_all(
    attestation, database, copy_of, every
):
    copies = []

    def fresh():
        copies.append(copy_of(database))
        return copies[-1]

    look = _but_ledger_numbers
    found = sweep(fresh, attestation, opening=open_house, look=look, every=every)
    _once(found, points=20)
    assert any("INSERT INTO transfer" in point for point in found.points)
    assert [_faults(copy) for copy in copies] == [[]] * len(copies)


# ---- bugs that the harness must see


def _commit_early(wired, command):
    """A planted bug: the unit of work commits at the first savepoint, too."""

    class Hasty(SqlUnitOfWork):
        def savepoint(self):
            self.commit()
            self._transaction = self.connection.begin()
            return super().savepoint()

    units = wired.units
    object.__setattr__(wired.house, "writing", lambda: Hasty(units, writes=True))
    return command(wired)


def test_the_harness_sees_a_unit_of_work_that_commits_in_the_middle(fresh, hand_over):
    found = sweep(fresh, lambda wired: _commit_early(wired, hand_over), opening=open_house, every=6)
    assert found.torn != ()
    assert found.points.count("before COMMIT") > 1


def test_the_harness_sees_a_start_without_a_key(stage, fresh):
    joko = stage.actor("joko")
    command = processes.StartProcess(process_id="greet", variables={"person_id": "p"})

    def start(wired):
        return processes.start_process(wired.house, joko, command)["processId"]

    # the keys of each child are its own, so that the second start meets no key of the first
    found = sweep(
        fresh, start, opening=lambda url: open_house(url, turn=2 + os.getpid() % 50_000), look=told
    )
    assert [point for point in found.not_once if "after COMMIT" in point]
