"""A stage for the runtime: deploy, start, complete by name, deliver, let time pass."""

from __future__ import annotations

from datetime import timedelta

from engine.runtime.runner import Runner
from engine.usecases.actor import Actor, ActorKind, system
from engine.usecases.errors import DrawingRefused
from engine.usecases.messages import signal_next
from engine.usecases.ports.process import InstanceStatus, Resource, SubscriptionKind, TaskState
from tests.runtime.memory import CountingIds, MemoryDatabase, MovableClock

ANI = Actor(kind=ActorKind.PERSON, name="ani", person_id="ani", agency_id="agency")


class Host:
    """A host whose operations and functions are what a test gives."""

    def __init__(self, operations=None, functions=None):
        self.operations = dict(operations or {})
        self.offered = dict(functions or {})
        self.asked = 0

    @property
    def function_names(self):
        return frozenset(self.offered)

    def functions(self, _uow, _now):
        self.asked += 1
        return self.offered

    def operation(self, name):
        return self.operations.get(name)

    def check_form(self, _name, _schema):
        return ()


class Stage:
    def __init__(self, operations=None, functions=None, database=None, clock=None, ids=None):
        self.clock = clock or MovableClock()
        self.host = Host(operations, functions)
        self.database = database or MemoryDatabase()
        self.ids = ids or CountingIds()
        self.runner = Runner(self.host, self.clock, self.ids)

    def renew(self):
        """Another process on another machine: nothing is remembered but the tables."""
        self.runner = Runner(self.host, self.clock, self.ids)

    def do(self, action):
        with self.database.work() as uow:
            result = action(uow)
            uow.commit()
            return result

    def look(self, action):
        with self.database.work() as uow:
            return action(uow)

    def deploy(self, *files):
        """Files are bytes of a drawing, or (name, bytes)."""
        named = [(f"p{i}.bpmn", f) if isinstance(f, bytes) else f for i, f in enumerate(files)]
        resources = [Resource(name=n, content=c) for n, c in named]
        try:
            return self.do(lambda uow: self.runner.deploy(uow, resources, ANI))
        except DrawingRefused as refused:
            for finding in refused.findings:
                if finding.severity == "error":
                    refused.add_note(f"{finding.code} {finding.element_id}: {finding.message}")
            raise

    def start(self, process_id="P", business_key=None, start_event=None, **variables):
        return self.do(
            lambda uow: self.runner.start(
                uow, process_id, variables, ANI, business_key=business_key, start_event=start_event
            )
        )

    def played(self, body, **variables):
        """Deploy a drawing and start it."""
        self.deploy(body)
        return self.start(**variables)

    @property
    def tables(self):
        return self.database.tables

    def row(self, key):
        return self.tables.instances[key]

    def rows_below(self, key):
        return [r for r in self.tables.instances.values() if r.parent_key == key]

    def done(self, key):
        return self.row(key).status is InstanceStatus.COMPLETED

    def variables(self, key):
        return dict(self.look(lambda uow: self.runner.view(uow, key)).variables)

    def tokens(self, key):
        return dict(self.look(lambda uow: self.runner.view(uow, key)).tokens)

    def open_tasks(self):
        return sorted(
            (t for t in self.tables.tasks.values() if t.state is TaskState.CREATED),
            key=lambda t: t.key,
        )

    def names(self, key=None):
        """Elements of open tasks of a root's tree, oldest first."""
        return [t.element_id for t in self.open_tasks() if key in (None, t.root_key)]

    def task(self, name, nth=0):
        return [t for t in self.open_tasks() if t.element_id == name][nth]

    def complete(self, name, nth=0, actor=ANI, **variables):
        return self.complete_key(self.task(name, nth).key, actor, **variables)

    def complete_key(self, key, actor=ANI, **variables):
        self.do(lambda uow: self.runner.complete_task(uow, key, variables, actor))

    def pass_time(self, **length):
        """Let time pass, then let the worker fire what is due until nothing is."""
        self.clock.at += timedelta(**length)
        self.work_due()

    def work_due(self):
        for _ in range(1000):
            due = self.look(lambda uow: uow.processes.due_instances(self.clock.now(), 10))
            if not due:
                return
            for key in due:
                self.do(lambda uow, key=key: self.runner.fire_due(uow, key))
        raise AssertionError("timers never rest")

    def publish(self, name, key, **variables):
        """Deliver a message to the first who waits; False when nobody does."""
        return self._deliver(SubscriptionKind.MESSAGE, name, key, variables, first=True)

    def broadcast(self, name, **variables):
        return self._deliver(SubscriptionKind.SIGNAL, name, None, variables, first=False)

    def _broadcast(self, args):
        """What the worker does with a signal that a drawing threw."""

        def one(uow):
            return signal_next(self, uow, left[0])

        left = [args]
        while (then := self.do(one)) is not None:
            left = [then]

    def _deliver(self, kind, name, key, variables, *, first):
        found = self.look(lambda uow: uow.processes.subscriptions(kind, name, key))
        for sub in found[:1] if first else found:
            self.do(lambda uow, sub=sub: self.runner.deliver(uow, _keyed(sub, key), variables, ANI))
        return bool(found)

    def deliver_jobs(self):
        """What the worker does with the jobs that drawings enqueue."""
        for (kind, job), args in list(self.tables.enqueued.items()):
            del self.tables.enqueued[kind, job]
            if kind == "broadcast_signal":
                self._broadcast(args)
            else:
                row = self.tables.messages[int(args["message"])]
                self._deliver_message(row)

    def _deliver_message(self, row):
        found = self.look(
            lambda uow: uow.processes.subscriptions(
                SubscriptionKind.MESSAGE, row.name, row.correlation_key
            )
        )
        for sub in found:

            def one(uow, sub=sub):
                if uow.processes.mark_delivered(row.key, sub.process_id):
                    self.runner.deliver(
                        uow, _keyed(sub, row.correlation_key), row.variables, system()
                    )

            self.do(one)

    def incidents(self, key=None):
        return [
            i
            for i in self.tables.incidents.values()
            if not i.resolved_at and key in (None, i.root_key)
        ]

    def retry(self, key, token=None):
        self.do(lambda uow: self.runner.retry(uow, key, token, ANI))

    def set(self, key, **variables):
        self.do(lambda uow: self.runner.set_variables(uow, key, variables, ANI))

    def cancel(self, key):
        self.do(lambda uow: self.runner.cancel(uow, key, ANI))

    def history(self, *events):
        return [h.element_id for h in self.tables.told if h.event in events]


def _keyed(sub, key):
    if sub.instance_key is not None:
        return sub
    from dataclasses import replace  # noqa: PLC0415

    return replace(sub, correlation_key=key)
