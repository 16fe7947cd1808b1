"""A unit of work in memory that keeps the ports' promises; rows are copied at the border."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from engine.usecases.errors import Conflict
from engine.usecases.ports.batches import Waits
from engine.usecases.ports.process import InstanceStatus, TaskState


class MovableClock:
    """Business time that tests move."""

    def __init__(self, start="2026-01-05T01:00:00+00:00"):
        self.at = datetime.fromisoformat(start)

    def now(self):
        return self.at

    def real_now(self):
        return datetime(2026, 11, 21, tzinfo=UTC)

    def add(self, **length):
        self.at += timedelta(**length)


class CountingIds:
    def __init__(self):
        self.last = 0

    def key(self):
        self.last += 1
        return self.last

    def uuid(self):
        return f"00000000-0000-7000-8000-{self.key():012d}"


@dataclass
class Tables:
    definitions: dict = field(default_factory=dict)
    decisions: list = field(default_factory=list)
    forms: dict = field(default_factory=dict)
    instances: dict = field(default_factory=dict)
    tasks: dict = field(default_factory=dict)
    subscriptions: dict = field(default_factory=dict)
    jobs: dict = field(default_factory=dict)
    incidents: dict = field(default_factory=dict)
    history: list = field(default_factory=list)
    messages: dict = field(default_factory=dict)
    delivered: set = field(default_factory=set)
    enqueued: dict = field(default_factory=dict)
    #: what operations of tests write: proof that a savepoint undoes it
    notes: list = field(default_factory=list)


class MemoryStore:
    """`ProcessStore` on dicts."""

    def __init__(self, tables):
        self.t = tables
        self.flushes = 0
        self.loaded = []

    def add_definition(self, row):
        self.t.definitions[row.key] = row

    def definition(self, key):
        return self.t.definitions.get(key)

    def _versions(self, process_id):
        found = [d for d in self.t.definitions.values() if d.process_id == process_id]
        return sorted(found, key=lambda d: -d.version)

    def latest_definition(self, process_id):
        return next(iter(self._versions(process_id)), None)

    def deployment_definition(self, process_id, deployment_key):
        found = self._versions(process_id)
        return next((d for d in found if d.deployment_key == deployment_key), None)

    def definitions(self):
        ids = sorted({d.process_id for d in self.t.definitions.values()})
        return [self.latest_definition(i) for i in ids]

    def definition_versions(self, process_id):
        return self._versions(process_id)

    def add_decision(self, row):
        self.t.decisions.append(row)

    def decisions(self, decision_id):
        found = [d for d in self.t.decisions if d.decision_id == decision_id]
        return sorted(found, key=lambda d: -d.version)

    def decision_ids(self):
        return sorted({d.decision_id for d in self.t.decisions})

    def add_form(self, row):
        self.t.forms[row.key] = row

    def form(self, key):
        return self.t.forms.get(key)

    def latest_form(self, form_id):
        found = [f for f in self.t.forms.values() if f.form_id == form_id]
        return max(found, key=lambda f: f.version, default=None)

    def deployed_form(self, form_id, deployment_key, version_tag=None):
        found = [f for f in self.t.forms.values() if f.form_id == form_id]
        found = [f for f in found if version_tag in (None, f.version_tag)]
        found = [f for f in found if f.deployment_key <= deployment_key]
        return max(found, key=lambda f: f.version, default=None)

    def replace_start_subscriptions(self, process_id, rows):
        for key, row in list(self.t.subscriptions.items()):
            if row.instance_key is None and row.process_id == process_id:
                del self.t.subscriptions[key]
        for row in rows:
            self.t.subscriptions[row.key] = row

    def lock(self, instance_key):
        return self.instance(instance_key)

    def instance(self, key):
        self.loaded.append(key)
        row = self.t.instances.get(key)
        return None if row is None else copy.copy(row)

    def children(self, parent_key, parent_token=None):
        return [
            copy.copy(r)
            for r in self.t.instances.values()
            if r.parent_key == parent_key
            and parent_token in (None, r.parent_token)
            and r.status.lives
        ]

    def finished_children(self, parent_key, parent_token):
        found = [
            copy.copy(r)
            for r in self.t.instances.values()
            if (r.parent_key, r.parent_token) == (parent_key, parent_token)
            and r.status is InstanceStatus.COMPLETED
        ]
        return sorted(found, key=lambda r: r.item_index or 0)

    def flush(self, changes):
        self.flushes += 1
        t = self.t
        for row in changes.new_instances:
            assert row.key not in t.instances
            t.instances[row.key] = copy.copy(row)
        for row in changes.changed_instances:
            if t.instances[row.key].version != row.version - 1:
                raise Conflict("stale")
            t.instances[row.key] = copy.copy(row)
        self._close(changes)
        t.tasks.update((r.key, copy.copy(r)) for r in changes.opened_tasks)
        t.subscriptions.update((r.key, r) for r in changes.opened_subscriptions)
        t.jobs.update((r.key, r) for r in changes.opened_worker_jobs)
        t.incidents.update((r.key, r) for r in changes.opened_incidents)
        t.history += changes.history
        t.messages.update((r.key, r) for r in changes.messages)

    def _close(self, changes):
        t = self.t
        for closed in changes.closed_tasks:
            task = t.tasks[closed.key] = copy.copy(t.tasks[closed.key])
            assert task.state is TaskState.CREATED
            task.state, task.completed_at, task.completed_by = closed.state, closed.at, closed.by
            task.version += 1
        for table, pairs in (
            (t.subscriptions, changes.closed_subscriptions),
            (t.jobs, changes.closed_worker_jobs),
        ):
            gone = set(pairs)
            for key, row in list(table.items()):
                if (row.instance_key, row.token) in gone:
                    del table[key]
        gone = set(changes.closed_incidents)
        for key, row in list(t.incidents.items()):
            if (row.instance_key, row.token) in gone and row.resolved_at is None:
                t.incidents[key] = replace(row, resolved_at=row.created_at)

    def task(self, key):
        row = self.t.tasks.get(key)
        return None if row is None else copy.copy(row)

    def task_with_lock(self, key):
        row = self.task(key)
        return None if row is None else (row, self.instance(row.instance_key))

    def open_tasks(self, instance_key):
        return [
            t
            for t in self.t.tasks.values()
            if t.instance_key == instance_key and t.state is TaskState.CREATED
        ]

    def subscriptions(self, kind, name, correlation_key=None):
        return [
            s
            for s in sorted(self.t.subscriptions.values(), key=lambda s: s.key)
            if s.kind is kind
            and s.name == name
            and (s.instance_key is None or correlation_key in (None, s.correlation_key))
        ]

    def due_instances(self, now, limit):
        due = [
            r
            for r in self.t.instances.values()
            if r.status is InstanceStatus.ACTIVE and r.due_at is not None and r.due_at <= now
        ]
        return [r.key for r in sorted(due, key=lambda r: r.due_at)[:limit]]

    def due_starts(self, now, limit):
        due = [s for s in self.t.subscriptions.values() if s.due_at is not None and s.due_at <= now]
        return sorted(due, key=lambda s: s.due_at)[:limit]

    def waiting_messages(self, name, correlation_key, now):
        return [
            m
            for m in sorted(self.t.messages.values(), key=lambda m: m.key)
            if (m.name, m.correlation_key) == (name, correlation_key) and m.expires_at > now
        ]

    def mark_delivered(self, message_key, process_id):
        if (message_key, process_id) in self.t.delivered:
            return False
        self.t.delivered.add((message_key, process_id))
        return True

    def incidents(self, root_key):
        return [
            i for i in self.t.incidents.values() if i.root_key == root_key and not i.resolved_at
        ]

    def worker_job(self, key):
        return self.t.jobs.get(key)

    def live_start(self, process_id, business_key):
        for row in self.t.instances.values():
            if (
                row.process_id == process_id
                and row.business_key == business_key
                and row.parent_key is None
                and row.status.lives
            ):
                return row.key
        return None


class MemoryJobs:
    def __init__(self, tables):
        self.t = tables

    def enqueue(self, kind, key, args, *, due_at=None):
        assert due_at is None
        self.t.enqueued.setdefault((kind, key), dict(args))


class MemoryUpkeep:
    """`UpkeepStore` on dicts."""

    def __init__(self, tables):
        self.t = tables

    def tree(self, root_key):
        rows = sorted(self.t.instances.values(), key=lambda r: r.key)
        return [copy.copy(r) for r in rows if r.root_key == root_key and r.status.lives]

    def waits(self, instance_keys, *, only=()):
        keys = set(instance_keys)

        def at(table):
            return [copy.copy(r) for k, r in sorted(table.items()) if r.instance_key in keys]

        every = {
            "tasks": [r for r in at(self.t.tasks) if r.state is TaskState.CREATED],
            "subscriptions": at(self.t.subscriptions),
            "jobs": at(self.t.jobs),
            "incidents": [r for r in at(self.t.incidents) if not r.resolved_at],
        }
        return Waits(**{name: rows for name, rows in every.items() if not only or name in only})

    def rewrite(self, waits):
        for table, rows, more in (
            (self.t.tasks, waits.tasks, ("name", "form_key", "form_id")),
            (self.t.subscriptions, waits.subscriptions, ()),
            (self.t.jobs, waits.jobs, ()),
            (self.t.incidents, waits.incidents, ()),
        ):
            for row in rows:
                names = ("process_id", "definition_key", "element_id", *more)
                new = {name: getattr(row, name) for name in names}
                if table is self.t.tasks:
                    new["version"] = table[row.key].version + 1
                table[row.key] = replace(table[row.key], **new)

    def drop_subscriptions(self, keys):
        for key in keys:
            del self.t.subscriptions[key]

    def set_status(self, root_key, old, new):
        found = [r for r in self.t.instances.values() if r.root_key == root_key and r.status is old]
        for row in found:
            self.t.instances[row.key] = replace(row, status=new, version=row.version + 1)
        return len(found)

    def put_standing(self, definition_key, *, suspended_at, pilot_units):
        self.t.definitions[definition_key] = replace(
            self.t.definitions[definition_key],
            suspended_at=suspended_at,
            pilot_units=pilot_units,
        )


class MemoryConfirmations:
    """Nobody confirmed any row from memory."""

    def standing(self, *_asked):
        return ()


class MemoryWork:
    """One transaction over the tables: leaving without `commit` takes everything back."""

    def __init__(self, database):
        self._database = database

    def __enter__(self):
        self._before = copy.copy(self._database.tables)
        for name, value in vars(self._database.tables).items():
            setattr(self._before, name, copy.copy(value))
        self._bind()
        self.committed = False
        return self

    def _bind(self):
        self.tables = self._database.tables
        self.processes = MemoryStore(self.tables)
        self.jobs = MemoryJobs(self.tables)
        self.upkeep = MemoryUpkeep(self.tables)
        self.confirmations = MemoryConfirmations()

    def __exit__(self, kind, error, trace):
        if not self.committed:
            self._database.tables = self._before

    def commit(self):
        self.committed = True

    @contextmanager
    def savepoint(self):
        before = {name: copy.copy(value) for name, value in vars(self.tables).items()}
        try:
            yield
        except BaseException:
            for name, value in before.items():
                setattr(self.tables, name, value)
            raise


class MemoryDatabase:
    """Opens units of work; what is committed stays."""

    def __init__(self):
        self.tables = Tables()

    def work(self):
        return MemoryWork(self)
