from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from engine.usecases.errors import Conflict, StaleWrite
from engine.usecases.ports.process import (
    ClosedTask,
    IncidentRow,
    InstanceStatus,
    MessageRow,
    ProcessChanges,
    SubscriptionKind,
    SubscriptionRow,
    TaskState,
    WorkerJobRow,
)
from tests.persistence.building import (
    NOON,
    act,
    complete,
    definition,
    history,
    instance,
    task,
    units_of,
    with_instances,
)
from tests.persistence.counting import counted


def _subscription(key, **changes):
    values = {
        "key": key,
        "kind": SubscriptionKind.MESSAGE,
        "name": "org_rating_set",
        "correlation_key": "u1:c1",
        "process_id": "planning",
        "definition_key": 1,
        "element_id": "wait",
        "instance_key": 1,
        "token": 7,
    }
    return SubscriptionRow(**(values | changes))


def test_what_is_written_comes_back_the_same(units):
    row = instance(1, due_at=NOON, business_key="b", state=b"\x00\xff", incidents=2)
    open_task = task(
        1000,
        1,
        assignee="p1",
        candidates=(("group", "perf_admin"), ("user", "p9")),
        due_at=NOON + timedelta(microseconds=1),
        follow_up_at=NOON,
        subject="Sasaran",
        orphaned=True,
    )
    with units.writing() as uow:
        uow.processes.add_definition(definition())
        uow.processes.flush(ProcessChanges(new_instances=[row], opened_tasks=[open_task]))
        uow.commit()
    with units.reading() as uow:
        assert uow.processes.definition(1) == definition()
        assert uow.processes.instance(1) == row
        assert uow.processes.task(1000) == open_task
        assert uow.processes.open_tasks(1) == [open_task]


def test_a_unit_without_commit_leaves_nothing(units):
    with units.writing() as uow:
        uow.processes.add_definition(definition())
    with units.reading() as uow:
        assert uow.processes.definition(1) is None


def test_a_unit_whose_commit_fails_leaves_nothing_and_the_next_one_works(units):
    with units.writing() as uow:
        uow.processes.add_definition(definition())
        # its root is looked for at the commit
        uow.processes.flush(ProcessChanges(new_instances=[instance(1, root_key=99)]))
        with pytest.raises(IntegrityError):
            uow.commit()
    with units.writing() as uow:
        assert uow.processes.instance(1) is None
        uow.processes.add_definition(definition())
        uow.commit()


def test_the_newest_version_is_found_by_tag_and_by_deployment(units):
    rows = [
        definition(1),
        replace(definition(2, version=2), version_tag="tahap-1"),
        replace(definition(3, version=3), deployment_key=77),
        definition(4, "evaluation"),
    ]
    with units.writing() as uow:
        store = uow.processes
        for row in rows:
            store.add_definition(row)
        assert store.latest_definition("planning") == rows[2]
        assert store.latest_definition("nothing") is None
        assert store.deployment_definition("planning", 77) == rows[2]
        assert store.definitions() == [rows[3], rows[2]]
        assert [row.version for row in store.definition_versions("planning")] == [3, 2, 1]


def test_a_version_that_is_not_the_stored_one_is_refused(units):
    with_instances(units, 2)
    with units.writing() as uow:
        row = uow.processes.instance(1)
        row.version = 3
        with pytest.raises(StaleWrite):
            uow.processes.flush(ProcessChanges(changed_instances=[row]))
    with units.writing() as uow:
        row = uow.processes.lock(1)
        row.version = 1
        with pytest.raises(StaleWrite):
            uow.processes.flush(ProcessChanges(changed_instances=[row]))


def test_what_is_kept_back_is_seen_by_whoever_asks(units):
    with_instances(units, 1)
    with units.writing() as uow:
        row = uow.processes.lock(1)
        row.version, row.state = 2, b"new"
        uow.processes.flush(ProcessChanges(changed_instances=[row]))
        row.version, row.state = 3, b"newer"
        uow.processes.flush(ProcessChanges(changed_instances=[row]))
        assert uow.processes.instance(1).state == b"newer"
        row.version, row.status = 4, InstanceStatus.COMPLETED
        uow.processes.flush(ProcessChanges(changed_instances=[row]))
        assert uow.work_list.instances(status="completed")[0]["version"] == 4
        uow.commit()
    with units.reading() as uow:
        assert uow.processes.instance(1).version == 4


def test_a_savepoint_takes_back_all_stores_but_nothing_before_it(units):
    with_instances(units, 1)
    with units.writing() as uow:
        row = uow.processes.lock(1)
        row.version, row.state = 2, b"before"
        uow.processes.flush(ProcessChanges(changed_instances=[row]))
        uow.jobs.enqueue("k", "before", {})

        def inside():
            again = uow.processes.lock(1)
            again.version, again.state = 3, b"inside"
            uow.processes.flush(ProcessChanges(changed_instances=[again]))
            uow.jobs.enqueue("k", "inside", {})
            uow.outbox.put("mail", "inside", {})
            uow.audit.append(act("account"))
            raise LookupError

        with pytest.raises(LookupError), uow.savepoint():
            inside()
        row.version, row.state = 3, b"after"
        uow.processes.flush(ProcessChanges(changed_instances=[row]))
        uow.commit()
    with units.reading() as uow:
        assert uow.processes.instance(1).state == b"after"
        assert uow.audit.verify() == []
        assert uow.outbox.waiting("mail") == []
        kept = uow.connection.exec_driver_sql("SELECT key FROM background_job").scalars().all()
        assert kept == ["before"]


def test_a_task_ends_once(units):
    with_instances(units, 1)
    with units.writing() as uow:
        assert complete(uow, 1000)
        uow.commit()
    with units.writing() as uow:
        assert not complete(uow, 1000)
        end = ClosedTask(key=1000, state=TaskState.COMPLETED, at=NOON, by="p1")
        with pytest.raises(Conflict):
            uow.processes.flush(ProcessChanges(closed_tasks=[end]))
    with units.reading() as uow:
        kept = uow.processes.task(1000)
        assert (kept.state, kept.completed_by, kept.version) == (TaskState.COMPLETED, "p1", 2)


def test_a_task_that_begins_and_ends_in_one_command_is_kept_as_ended(units):
    with_instances(units, 1)
    with units.writing() as uow:
        end = ClosedTask(key=5, state=TaskState.CANCELLED, at=NOON, by=None)
        opened = task(5, 1, candidates=(("group", "hr"),))
        uow.processes.flush(ProcessChanges(opened_tasks=[opened], closed_tasks=[end]))
        uow.commit()
    with units.reading() as uow:
        assert uow.processes.task(5).state is TaskState.CANCELLED


def test_completing_a_task_takes_at_most_12_statements_and_one_commit(units):
    with_instances(units, 1, assignee="p1")
    with counted(units.database.writing) as seen, units.writing() as uow:
        assert uow.idempotency.recall("p1", "k", "h") is None
        uow.processes.form(1)
        complete(uow, 1000)
        uow.jobs.enqueue("deliver_message", "1", {})
        uow.idempotency.remember("p1", "k", "h", {"taskKey": "1000"}, NOON)
        uow.commit()
    assert seen.count <= 12, "\n".join(seen.texts)
    assert seen.commits == 1


def test_parents_and_children_of_one_command_come_in_any_order(units):
    with units.writing() as uow:
        uow.processes.add_definition(definition())
        child = instance(5, root_key=9, parent_key=9, parent_token=3, item_index=0)
        uow.processes.flush(ProcessChanges(new_instances=[child, instance(9)]))
        uow.commit()
    with units.writing() as uow:
        assert [row.key for row in uow.processes.children(9)] == [5]
        assert uow.processes.children(9, 4) == []
        row = uow.processes.lock(5)
        row.version, row.status = 2, InstanceStatus.COMPLETED
        uow.processes.flush(ProcessChanges(changed_instances=[row]))
        assert uow.processes.children(9, 3) == []
        assert [row.key for row in uow.processes.finished_children(9, 3)] == [5]


def test_due_timers_come_earliest_first_and_only_from_active_instances(units):
    with units.writing() as uow:
        uow.processes.add_definition(definition())
        rows = [
            instance(1, due_at=NOON + timedelta(seconds=2)),
            instance(2, due_at=NOON),
            instance(3, due_at=NOON - timedelta(days=1), status=InstanceStatus.SUSPENDED),
            instance(4),
            instance(5, due_at=NOON - timedelta(days=300)),
        ]
        uow.processes.flush(ProcessChanges(new_instances=rows))
        assert uow.processes.due_instances(NOON, 10) == [5, 2]
        assert uow.processes.due_instances(NOON, 1) == [5]


def test_subscriptions_end_with_their_token_and_starts_with_the_next_version(units):
    with_instances(units, 1)
    mine, other = _subscription(10), _subscription(11, correlation_key="u2:c1", token=8)
    start = _subscription(12, correlation_key=None, instance_key=None, token=None)
    timer = replace(start, key=13, kind=SubscriptionKind.TIMER, due_at=NOON, detail="R/P1D")
    with units.writing() as uow:
        store = uow.processes
        store.flush(ProcessChanges(opened_subscriptions=[mine, other]))
        store.replace_start_subscriptions("planning", [start, timer])
        kind, name = SubscriptionKind.MESSAGE, "org_rating_set"
        assert store.subscriptions(kind, name, "u1:c1") == [mine, start]
        assert store.subscriptions(kind, name) == [mine, other, start]
        store.flush(ProcessChanges(closed_subscriptions=[(1, 7)]))
        assert store.subscriptions(kind, name, "u1:c1") == [start]
        assert store.due_starts(NOON, 5) == [timer]
        assert store.replan_start(timer, NOON + timedelta(days=1), "R/P1D")
        assert not store.replan_start(timer, None, None)
        assert store.due_starts(NOON, 5) == []
        store.replace_start_subscriptions("planning", [])
        assert store.subscriptions(kind, name) == [other]


def test_a_message_reaches_a_process_once_and_expires(units):
    row = MessageRow(
        key=1,
        name="m",
        correlation_key="k",
        message_id="i",
        variables={"share": 1},
        published_at=NOON,
        expires_at=NOON + timedelta(hours=1),
        agency_id="a",
        everywhere=False,
    )
    with units.writing() as uow:
        uow.processes.flush(ProcessChanges(messages=[row]))
        assert uow.processes.waiting_messages("m", "k", NOON) == [row]
        assert uow.processes.waiting_messages("m", "k", row.expires_at) == []
        assert uow.processes.mark_delivered(1, "planning")
        assert not uow.processes.mark_delivered(1, "planning")
        assert uow.processes.mark_delivered(1, "evaluation")
        assert uow.search.message(1) == row


def test_incidents_and_external_jobs_end_with_their_token(units):
    with_instances(units, 1)
    fault = IncidentRow(
        key=1,
        instance_key=1,
        root_key=1,
        token=3,
        process_id="planning",
        definition_key=1,
        element_id="x",
        kind="expression",
        message="m",
        cause="c",
        created_at=NOON,
    )
    job = WorkerJobRow(
        key=2,
        instance_key=1,
        root_key=1,
        token=3,
        process_id="planning",
        definition_key=1,
        element_id="x",
        type="mail",
        headers={"a": "b"},
        retries=3,
    )
    with units.writing() as uow:
        store = uow.processes
        store.flush(ProcessChanges(opened_incidents=[fault], opened_worker_jobs=[job]))
        assert store.incidents(1) == [fault]
        assert store.worker_job(2) == job
        until = NOON + timedelta(minutes=5)
        asked = {"agency_id": "a1", "now": NOON, "until": until, "limit": 5}
        taken = uow.search.take_worker_jobs("mail", "w", **asked)
        assert taken == [replace(job, worker="w", deadline_at=until)]
        assert uow.search.take_worker_jobs("mail", "v", **asked) == []
        # closings come before openings: a retried token closes one incident and opens another
        again = replace(fault, key=9)
        store.flush(
            ProcessChanges(
                closed_incidents=[(1, 3)], opened_incidents=[again], closed_worker_jobs=[(1, 3)]
            )
        )
        assert store.incidents(1) == [again]
        assert store.worker_job(2) is None


def test_history_and_audit_cannot_be_edited_or_removed(units):
    with_instances(units, 1)
    with units.writing() as uow:
        uow.processes.flush(ProcessChanges(history=[history(1, 1)]))
        uow.audit.append(act("account"))
        uow.commit()
    attempts = [
        "UPDATE history SET actor = 'x'",
        "DELETE FROM history",
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
    ]
    if units.database.is_sqlite:
        attempts += [
            "INSERT OR REPLACE INTO history SELECT * FROM history",
            "REPLACE INTO audit SELECT * FROM audit",
        ]
    else:
        attempts += ["TRUNCATE history", "TRUNCATE audit"]
    for attempt in attempts:
        with units.writing() as uow, pytest.raises(Exception, match="append-only"):
            uow.connection.exec_driver_sql(attempt)


def test_a_reading_unit_cannot_write(units):
    with units.reading() as uow, pytest.raises(Exception, match=r"(?i)read.?only"):
        uow.connection.exec_driver_sql("UPDATE clock SET pinned_at = NULL")


def test_a_start_is_found_by_its_business_key_while_it_lives(units):
    with units.writing() as uow:
        uow.processes.add_definition(definition())
        done = instance(2, business_key="k", status=InstanceStatus.COMPLETED)
        rows = [instance(1, business_key="j"), done, instance(3, business_key="k")]
        uow.processes.flush(ProcessChanges(new_instances=rows))
        assert uow.processes.live_start("planning", "k") == 3
        assert uow.processes.live_start("evaluation", "k") is None


def test_the_pinned_clock_is_shared(units):
    with units.writing() as uow:
        assert uow.clock.pinned_at() is None
        uow.clock.pin(NOON)
        uow.commit()
    with units_of(units.database).reading() as uow:
        assert uow.clock.pinned_at() == NOON
