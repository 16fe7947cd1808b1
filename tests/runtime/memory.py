"""The paper house as tests of the runtime look at it: its store in memory, and what they note."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from engine.rehearsal import house, store
from engine.rehearsal.answers import Answers
from engine.rehearsal.house import CountingIds
from engine.rehearsal.shelves import Shelf
from engine.usecases.errors import StaleWrite
from engine.usecases.ports.batches import Waits
from engine.usecases.ports.process import TaskState

__all__ = ["CountingIds", "MemoryDatabase", "MemoryWork", "MovableClock"]

_NOBODY = SimpleNamespace(answers=Answers())


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


class Notes:
    """What operations of tests write: proof that a savepoint undoes it."""

    def __init__(self, undo):
        self._rows = Shelf(undo)

    def append(self, note):
        self._rows[len(self._rows)] = note

    def __eq__(self, other):
        return list(self._rows.values()) == other

    __hash__ = None


class Tables(store.Tables):
    """All rows, and the names by which tests ask for them."""

    def __init__(self):
        super().__init__()
        self.jobs = self.worker_jobs
        self.notes = Notes(self.undo)

    @property
    def told(self):
        """History, oldest first."""
        return list(self.history.values())


class MemoryStore(store.RehearsalStore):
    """The paper house's store, counting what it is asked."""

    def __init__(self, tables):
        super().__init__(tables)
        self.flushes = 0
        self.loaded = []

    def instance(self, key):
        self.loaded.append(key)
        return super().instance(key)

    def flush(self, changes):
        self.flushes += 1
        assert not self.t.instances.keys() & {row.key for row in changes.new_instances}
        super().flush(changes)


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


class MemoryWorkList:
    """The part of `WorkList` that the runtime writes, on dicts."""

    def __init__(self, tables):
        self.t = tables

    def may_take(self, actor, task, *, now):
        del now
        return house.may_take(actor, task)

    def move(self, task, found):
        self._rewrite(
            task.key,
            task.version,
            assignee=found.assignee,
            candidates=found.candidates,
            orphaned=found.orphaned,
            owner=None,
        )

    def entrust(self, task_key, *, owner, assignee, version):
        self._rewrite(task_key, version, owner=owner, assignee=assignee)

    def _rewrite(self, key, version, **changed):
        row = self.t.tasks[key]
        if row.version != version or row.state is not TaskState.CREATED:
            raise StaleWrite("the task changed meanwhile", task=key)
        self.t.tasks[key] = replace(row, version=version + 1, **changed)


class MemoryWork(house.RehearsalWork):
    """One transaction over the tables: leaving without `commit` takes everything back."""

    def __init__(self, database):
        super().__init__(database.tables, None, _NOBODY)
        self.tables = database.tables
        self.processes = MemoryStore(self.tables)
        self.upkeep = MemoryUpkeep(self.tables)
        self.work_list = MemoryWorkList(self.tables)

    def commit(self):
        self.tables.undo.forget()
        super().commit()


class MemoryDatabase:
    """Opens units of work; what is committed stays."""

    def __init__(self):
        self.tables = Tables()

    def work(self):
        return MemoryWork(self)
