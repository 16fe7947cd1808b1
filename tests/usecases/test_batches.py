"""One act over many instances: chunks, a worker that dies, refusals by item, and the way back."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.jobs import batches as job
from engine.persistence.database import open_database
from engine.persistence.jobs.table import Worker
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.waiting import subscription
from engine.usecases import batch_chunks, batches, definition_acts, processes, steering, tasks
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.ports.batches import BatchKind, BatchState, InstanceFilter, ItemState
from engine.usecases.ports.process import Resource
from engine.usecases.ports.steering import Shift
from engine.usecases.ports.versions import MigrationRefused
from tests.crash.harness import run_in_child
from tests.runtime import drawn as d
from tests.usecases.acting import person
from tests.usecases.conftest import MODELER, Place

SYSTEM = replace(MODELER, name="owner")
_EDGES = (
    d.boundary("T", "A", d.timer("Duration", "P30D"))
    + d.boundary("M", "A", d.refer("message", "Told"))
    + d.end("Late")
    + d.chain("T", "Late")
    + d.chain("M", "Late")
)
_TOLD = d.message("Told", "told")


def drawing(*, more=False, many=False, group=None):
    loop = d.multi("=[1,2]", out="seen", out_element="=item") if many else ""
    lane = f'<lane id="l" name="{group}"><flowNodeRef>A</flowNodeRef></lane>' if group else ""
    body = f'<laneSet id="ls">{lane}</laneSet>' if group else ""
    body += d.SE + d.user("A", body=loop) + _EDGES + (d.user("B") if more else "")
    return d.drawing(body + d.chain(*["Start", "A", *(["B"] if more else []), "End"]), extra=_TOLD)


class Yard:
    """A house with some instances of the first of two versions."""

    def __init__(self, place, count, *, many=False, groups=(None, None)):
        self.place, self.house = place, place.house
        self.deploy(drawing(many=many, group=groups[0]))
        with self.house.writing() as uow:
            self.keys = [
                place.runner.start(uow, "P", {"key": f"k{n}"}, SYSTEM) for n in range(count)
            ]
            uow.commit()
        self.deploy(drawing(more=True, many=many, group=groups[1]))

    def deploy(self, xml):
        processes.deploy(self.house, MODELER, (Resource(name="p.bpmn", content=xml),))

    @property
    def versions(self):
        with self.house.reading() as uow:
            return [row.key for row in reversed(uow.processes.definition_versions("P"))]

    @property
    def plan(self):
        return definition_acts.propose_plan(self.house, SYSTEM, *self.versions[:2]).plan

    def begin(self, kind, *, keys=(), actor=SYSTEM, **given):
        command = batches.BeginBatch(
            kind=kind,
            wanted=InstanceFilter(agency_id=None, keys=tuple(keys), process_id="P"),
            reason="because",
            **given,
        )
        return int(batches.begin_batch(self.house, actor, command)["batchKey"])

    def work(self):
        Worker(self.place.units, dict(job.handlers(self.house))).run_until_idle()

    def look(self, wanted):
        with self.house.reading() as uow:
            return uow.connection.execute(wanted).all()

    def on(self, definition):
        live = process_instance.c
        found = self.look(
            sa.select(sa.func.count()).where(
                live.definition_key == definition, live.status == "active", live.body.is_(None)
            )
        )
        return found[0][0]


@pytest.fixture
def yard(place):
    return Yard(place, 7)


def waiting(yard):
    """All that waits, with what must not change when versions do."""
    held = user_task.c
    tasks = yard.look(
        sa.select(held.key, held.instance_key, held.due_at, held.assignee)
        .where(user_task.c.state == "created").order_by(user_task.c.key)
    )  # fmt: skip
    ears = yard.look(
        sa.select(subscription.c.key, subscription.c.correlation_key, subscription.c.token)
        .where(subscription.c.instance_key.is_not(None)).order_by(subscription.c.key)
    )  # fmt: skip
    due = yard.look(
        sa.select(process_instance.c.key, process_instance.c.due_at)
        .where(process_instance.c.status == "active").order_by(process_instance.c.key)
    )  # fmt: skip
    return [tuple(row) for rows in (tasks, ears, due) for row in rows]


def test_a_dry_run_tells_who_would_move_and_moves_nobody(yard):
    key = yard.begin(BatchKind.MIGRATION_CHECK, plan=yard.plan)
    yard.work()
    row = batches.batch(yard.house, SYSTEM, key)
    assert (row.state, row.total, row.done, row.failed) == (BatchState.COMPLETED, 7, 7, 0)
    assert yard.on(yard.versions[0]) == 7
    without = replace(yard.plan, elements={})
    tried = definition_acts.try_migration(
        yard.house, SYSTEM, without, InstanceFilter(agency_id=None), limit=5
    )
    assert tried.moving == 0
    assert tried.after == yard.keys[4]
    assert {o.code for found in tried.instances.values() for o in found} == {"unmapped"}


def test_all_move_with_what_waits_and_all_go_back(yard, monkeypatch):
    monkeypatch.setattr(batch_chunks, "CHUNK", 3)
    before = waiting(yard)
    key = yard.begin(BatchKind.MIGRATE, plan=yard.plan)
    yard.work()
    assert (yard.on(yard.versions[0]), yard.on(yard.versions[1])) == (0, 7)
    assert waiting(yard) == before
    row = batches.batch(yard.house, SYSTEM, key)
    assert (row.done, row.failed, row.state) == (7, 0, BatchState.COMPLETED)

    first = steering.ChangeVariables(key=yard.keys[0], variables={"x": 1}, reason="why not")
    steering.change_variables(yard.house, SYSTEM, first)
    back = yard.begin(BatchKind.MIGRATION_UNDO, undo_of=key)
    yard.work()
    assert (yard.on(yard.versions[0]), yard.on(yard.versions[1])) == (6, 1)
    failed = batches.batch_items(yard.house, SYSTEM, back, states={ItemState.FAILED})
    assert [(item.instance_key, item.code) for item in failed] == [(yard.keys[0], "moved")]
    assert batches.batch_failures(yard.house, SYSTEM, back)[0][3] == 1


def test_all_that_were_held_since_they_moved_go_back_and_stay_held(yard):
    key = yard.begin(BatchKind.MIGRATE, plan=yard.plan)
    yard.work()
    yard.begin(BatchKind.SUSPEND)
    yard.work()
    back = yard.begin(BatchKind.MIGRATION_UNDO, undo_of=key)
    yard.work()
    row = batches.batch(yard.house, SYSTEM, back)
    assert (row.done, row.failed) == (7, 0)
    live = process_instance.c
    stand = yard.look(sa.select(live.definition_key, live.status).distinct())
    assert [tuple(one) for one in stand] == [(yard.versions[0], "suspended")]
    yard.begin(BatchKind.RESUME)
    yard.work()
    assert yard.on(yard.versions[0]) == 7


def test_the_work_lists_of_old_and_new_groups_follow_the_move_and_its_undo(place):
    yard = Yard(place, 3, groups=("hr", "perf_admin"))
    clerks = [replace(person(group, group), agency_id=None) for group in ("hr", "perf_admin")]

    def lists():
        now = yard.house.clock.now()
        with yard.house.reading() as uow:
            return [len(uow.work_list.mine(clerk, now=now)) for clerk in clerks]

    assert lists() == [3, 0]
    key = yard.begin(BatchKind.MIGRATE, plan=replace(yard.plan, ask_people=True))
    yard.work()
    assert lists() == [0, 3]
    yard.begin(BatchKind.MIGRATION_UNDO, undo_of=key)
    yard.work()
    assert lists() == [3, 0]


def test_a_draft_and_a_claim_outlive_the_move_of_their_task_and_its_undo(place):
    yard = Yard(place, 1, groups=("hr", "hr"))
    clerk = replace(person("budi", "hr"), agency_id=None)
    [(task, *_), *_] = waiting(yard)
    tasks.save_draft(yard.house, clerk, task, {"note": "half"})
    key = yard.begin(BatchKind.MIGRATE, plan=replace(yard.plan, ask_people=True))
    yard.work()
    with yard.house.reading() as uow:
        assert uow.processes.task(task).definition_key == yard.versions[1]
        assert uow.work_list.draft(task, "budi") == {"note": "half"}

    tasks.save_draft(yard.house, clerk, task, {"note": "more"})
    tasks.claim_task(yard.house, clerk, task)
    back = yard.begin(BatchKind.MIGRATION_UNDO, undo_of=key)
    yard.work()
    assert batches.batch(yard.house, SYSTEM, back).done == 1
    with yard.house.reading() as uow:
        stands = uow.processes.task(task)
        assert (stands.definition_key, stands.assignee) == (yard.versions[0], "budi")
        assert uow.work_list.draft(task, "budi") == {"note": "more"}


def test_one_that_cannot_move_is_left_and_told_and_the_others_move(yard):
    with yard.house.writing() as uow:
        yard.place.runner.modify(
            uow, yard.keys[2], (Shift(ends_element="A", begins="Late"),), SYSTEM
        )
        made = yard.place.runner.start(
            uow, "P", {"key": "z"}, SYSTEM, definition_key=yard.versions[0]
        )
        uow.commit()
    with yard.house.writing() as uow:
        row = uow.processes.lock(made)
        row.state, row.version = b"R9?", row.version + 1
        uow.processes.change_instances([row])
        uow.commit()
    key = yard.begin(BatchKind.MIGRATE, plan=yard.plan)
    yard.work()
    row = batches.batch(yard.house, SYSTEM, key)
    assert (row.total, row.done, row.failed) == (7, 6, 1)
    failed = batches.batch_items(yard.house, SYSTEM, key, states={ItemState.FAILED})
    assert [(item.instance_key, item.code) for item in failed] == [(made, "state")]


def test_instances_are_held_released_and_ended_together_each_with_the_reason_in_its_audit(yard):
    yard.begin(BatchKind.SUSPEND, keys=yard.keys[:4])
    yard.work()
    assert yard.on(yard.versions[0]) == 3
    yard.begin(BatchKind.RESUME)
    yard.work()
    assert yard.on(yard.versions[0]) == 7
    key = yard.begin(BatchKind.CANCEL, keys=yard.keys[5:])
    yard.work()
    assert yard.on(yard.versions[0]) == 5
    with yard.house.reading() as uow:
        assert uow.audit.verify() == []
        told = uow.connection.execute(sa.text("SELECT act, facts FROM audit ORDER BY recorded_at"))
        ends = [row.facts for row in told if row.act == "instance:process:cancel"]
    assert len(ends) == 2
    assert all(f'"batch":"{key}"' in facts and "because" in facts for facts in ends)


def test_an_operation_can_be_held_resumed_and_cancelled_on_its_way(yard, monkeypatch):
    monkeypatch.setattr(batch_chunks, "CHUNK", 2)
    key = yard.begin(BatchKind.MIGRATE, plan=yard.plan)
    with yard.house.writing() as uow:
        batch_chunks.do_next(yard.house, uow, {"batch": str(key)})
        uow.commit()
    batches.hold_batch(yard.house, SYSTEM, key, "wait")
    yard.work()
    assert batches.batch(yard.house, SYSTEM, key).done == 2
    batches.resume_batch(yard.house, SYSTEM, key, "go on")
    with yard.house.writing() as uow:
        batch_chunks.do_next(yard.house, uow, {"batch": str(key)})
        uow.commit()
    batches.cancel_batch(yard.house, SYSTEM, key, "enough")
    yard.work()
    assert yard.on(yard.versions[1]) == 4
    skipped = batches.batch_items(yard.house, SYSTEM, key, states={ItemState.SKIPPED})
    assert len(skipped) == 3
    with pytest.raises(Conflict):
        batches.resume_batch(yard.house, SYSTEM, key, "again")


def test_an_operation_needs_a_right_a_reason_and_a_plan_that_fits(yard):
    wanted = InstanceFilter(agency_id=None)
    command = batches.BeginBatch(kind=BatchKind.CANCEL, wanted=wanted, reason="x")
    with pytest.raises(AccessRefused):
        batches.begin_batch(yard.house, person("sari"), command)
    with pytest.raises(InputRefused):
        batches.begin_batch(yard.house, SYSTEM, replace(command, reason="  "))
    with pytest.raises(MigrationRefused):
        yard.begin(BatchKind.MIGRATE, plan=replace(yard.plan, elements={"A": "T"}))
    with pytest.raises(NotFound):
        yard.begin(BatchKind.MIGRATION_UNDO, undo_of=1)
    again = replace(command, idempotency_key="once")
    told = batches.begin_batch(yard.house, SYSTEM, again)
    assert batches.begin_batch(yard.house, SYSTEM, again) == told


class Tomorrow:
    """A clock on which the lease of a worker that died has run out."""

    def __init__(self, clock):
        self._clock = clock

    def now(self):
        return self._clock.now()

    def real_now(self):
        return datetime.now(UTC) + timedelta(days=1)


def _die_in_the_middle(yard, url, die_at):
    """Another process migrates and is killed with -9 inside the transaction of its n-th chunk."""
    clock = yard.place.clock

    def command(database):
        place = Place(database)
        place.clock.at = clock.at
        real, calls = batch_chunks.do_next, []

        def fatal(*given):
            rest = real(*given)
            calls.append(1)
            if len(calls) == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return rest

        batch_chunks.do_next = fatal
        Worker(place.units, dict(job.handlers(place.house))).run_until_idle()

    return run_in_child(url, command, opening=open_database)


def _migrated(place, database, count, *, many):
    yard = Yard(place, count, many=many)
    before = waiting(yard)
    key = yard.begin(BatchKind.MIGRATE, plan=yard.plan)
    database.close()
    chunks = count // batch_chunks.CHUNK
    began = time.monotonic()
    assert _die_in_the_middle(yard, database.url, max(chunks // 2, 1)).killed
    row = batches.batch(yard.house, SYSTEM, key)
    assert 0 <= row.done < count
    assert (yard.on(yard.versions[1]), yard.on(yard.versions[0])) == (row.done, count - row.done)
    yard.place.units.clock = Tomorrow(yard.place.clock)
    yard.work()
    spent = time.monotonic() - began
    row = batches.batch(yard.house, SYSTEM, key)
    assert (row.state, row.done, row.failed) == (BatchState.COMPLETED, count, 0)
    assert yard.on(yard.versions[1]) == count
    assert waiting(yard) == before
    told = f"{count} instances in {spent:.1f} s, killed once: {count / spent:.0f} per second"
    print(told)  # noqa: T201 - the rate is what the long run is for


@pytest.mark.parametrize("many", [False, True])
def test_a_worker_killed_in_mid_migration_loses_and_doubles_nothing(
    place, database, many, monkeypatch
):
    monkeypatch.setattr(batch_chunks, "CHUNK", 10)
    _migrated(place, database, 40, many=many)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_ten_thousand_instances_move_with_a_kill_in_the_middle(place, database):
    _migrated(place, database, 10_000, many=False)
