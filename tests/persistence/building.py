"""Rows for tests of the stores."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from engine.persistence.unit_of_work import UnitsOfWork
from engine.usecases.ports.process import (
    ClosedTask,
    DefinitionRow,
    HistoryRow,
    InstanceRow,
    InstanceStatus,
    ProcessChanges,
    TaskState,
    UserTaskRow,
)
from engine.usecases.ports.work import AuditEntry

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


class StandingClock:
    """Time that stands until a test moves it."""

    def __init__(self, at=NOON):
        self.at = at
        self.real = at

    def now(self):
        return self.at

    def real_now(self):
        return self.real

    def pass_by(self, **span):
        self.at += timedelta(**span)
        self.real += timedelta(**span)


class CountingIds:
    """1, 2, 3, …"""

    def __init__(self, first=1):
        self._next = itertools.count(first)

    def key(self):
        return next(self._next)

    def uuid(self):
        return f"00000000-0000-7000-8000-{next(self._next):012d}"


def units_of(database, *, first=1_000_000, clock=None):
    return UnitsOfWork(database, clock or StandingClock(), CountingIds(first))


def definition(key=1, process_id="planning", version=1):
    return DefinitionRow(
        key=key,
        deployment_key=key,
        process_id=process_id,
        version=version,
        version_tag=None,
        name=process_id.title(),
        resource_name=f"{process_id}.bpmn",
        xml=b"<definitions/>",
        sha256="0" * 64,
        deployed_at=NOON,
        deployed_by="owner",
    )


def instance(key, *, root_key=None, **changes):
    values = {
        "key": key,
        "root_key": root_key or key,
        "parent_key": None,
        "parent_token": None,
        "item_index": None,
        "process_id": "planning",
        "definition_key": 1,
        "body": None,
        "status": InstanceStatus.ACTIVE,
        "business_key": None,
        "state": b"{}",
        "version": 1,
        "due_at": None,
        "incidents": 0,
        "started_at": NOON,
        "ended_at": None,
        "started_by": "system",
        "agency_id": "a1",
    }
    return InstanceRow(**(values | changes))


def task(key, instance_key, **changes):
    values = {
        "key": key,
        "instance_key": instance_key,
        "root_key": instance_key,
        "token": 1,
        "process_id": "planning",
        "definition_key": 1,
        "element_id": "draft_plan",
        "name": "Draft the plan",
        "assignee": None,
        "created_at": NOON,
        "agency_id": "a1",
    }
    return UserTaskRow(**(values | changes))


def history(key, instance_key, event="completed"):
    return HistoryRow(
        key=key,
        instance_key=instance_key,
        root_key=instance_key,
        process_id="planning",
        definition_key=1,
        element_id="draft_plan",
        element_type="userTask",
        token=1,
        event=event,
        at=NOON,
        recorded_at=NOON,
        actor="p1",
    )


def act(stream, act="task:draft_plan:completed", **facts):
    return AuditEntry(
        stream=stream,
        act=act,
        actor="p1",
        on_behalf_of=None,
        at=NOON,
        recorded_at=NOON,
        facts=facts,
    )


def with_instances(units, count, *, tasks_each=1, **task_changes):
    """Instances 1..count, each with open tasks key*1000, key*1000+1, …"""
    with units.writing() as uow:
        if uow.processes.definition(1) is None:
            uow.processes.add_definition(definition())
        keys = range(1, count + 1)
        uow.processes.flush(
            ProcessChanges(
                new_instances=[instance(key) for key in keys],
                opened_tasks=[
                    task(key * 1000 + number, key, **task_changes)
                    for key in keys
                    for number in range(tasks_each)
                ],
            )
        )
        uow.commit()


def complete(uow, task_key, *, person="p1"):
    """What a completion does to the stores: one task ends, another opens."""
    found = uow.processes.task_with_lock(task_key)
    row, owner = found
    if row.state is not TaskState.CREATED:
        return False
    key = uow.processes._tx.ids.key
    owner.version += 1
    owner.state += b"x"
    uow.processes.flush(
        ProcessChanges(
            changed_instances=[owner],
            closed_tasks=[ClosedTask(key=row.key, state=TaskState.COMPLETED, at=NOON, by=person)],
            opened_tasks=[
                task(key(), owner.key, assignee="p2", candidates=(("group", "perf_admin"),))
            ],
            history=[history(key(), owner.key), history(key(), owner.key, "activated")],
        )
    )
    uow.audit.append(act(f"instance:{owner.root_key}", task=str(row.key)))
    return True
