"""A rehearsal of the shipped drawings: people act, time moves, and every flow is counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from app.settings import Settings
from app.wiring import wire
from engine.persistence.tables.process import process_instance
from engine.persistence.tables.work import outbox
from engine.runtime import walked
from engine.usecases import clock, processes, starting, tasks
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.form_context import form_context
from engine.usecases.letters import NOTICE
from engine.usecases.ports.process import Resource, TaskState
from engine.usecases.ports.search import TaskQuery
from tests.workflows.agency import GROUPS

ROOT = Path(__file__).parents[2]
SHIPPED = (
    *sorted(ROOT.glob("workflows/*/*.bpmn")),
    *sorted(ROOT.glob("workflows/*/*.dmn")),
    *sorted(ROOT.glob("forms/library/*.form")),
)
#: a Monday in the third working week of the cycle
BEGINS = datetime.fromisoformat("2026-01-19T09:00:00+07:00")


def open_house(folder):
    """The house on the database of a folder, its clock movable."""
    return wire(
        Settings(
            database_url=f"sqlite:///{folder / 'regu.db'}",
            data_dir=folder,
            secret_file=folder / "secret",
            clock="movable",
            clock_start=BEGINS,
        )
    )


def shipped():
    """Every drawing, decision and form that comes with Regu."""
    return tuple(Resource(name=path.name, content=path.read_bytes()) for path in SHIPPED)


@dataclass
class Rehearsal:
    """The house with its people; `ids` by short name."""

    wired: object
    ids: dict
    #: process id -> ids of the sequence flows that tokens took
    walked: dict

    def __post_init__(self):
        self.house = self.wired.house
        self.worker = self.wired.worker()
        self.names = {value: name for name, value in self.ids.items()}
        self.operator = Actor(
            kind=ActorKind.CLIENT,
            name="operator",
            groups=frozenset({"admin", "process_owner"}),
            agency_id=self.ids["agency"],
        )
        self.roots = []

    def actor(self, name):
        return Actor(
            kind=ActorKind.PERSON,
            name=self.ids[name],
            person_id=self.ids[name],
            groups=frozenset(GROUPS.get(name, ())),
            agency_id=self.ids["agency"],
        )

    # ---- acting

    def start(self, process_id, *, by="joko", **variables):
        command = processes.StartProcess(process_id=process_id, variables=variables)
        key = int(processes.start_process(self.house, self.actor(by), command)["instanceKey"])
        self.roots.append(key)
        self.worker.drain()
        return key

    def begin(self, process_id, name, **more):
        """Start a process about one person of the cycle."""
        return self.start(process_id, person_id=self.ids[name], cycle_id=self.ids["cycle"], **more)

    def ask(self, process_id, *, by, **values):
        """Somebody starts a process himself, with these values over what its form begins with."""
        found = starting.start_view(self.house, self.actor(by), process_id)
        keys = {part.get("path") or part.get("key") for part in _parts(found.form)}
        begun = {k: found.variables[k] for k in keys if found.variables.get(k) is not None}
        command = starting.StartByForm(process_id=process_id, values={**begun, **values})
        key = int(starting.start_by_form(self.house, self.actor(by), command)["instanceKey"])
        self.roots.append(key)
        self.worker.drain()
        return key

    def open(self, element=None):
        """Open user tasks (of an element), oldest first."""
        with self.house.reading() as uow:
            query = TaskQuery(
                agency_id=self.ids["agency"], state=TaskState.CREATED, element_id=element
            )
            return uow.search.tasks(query, limit=1000)

    def waiting(self):
        """(element, holder) of every open task."""
        return sorted((t.element_id, self.holder(t)) for t in self.open())

    def holder(self, task):
        """Short name of the assignee, or the group."""
        if task.assignee is not None:
            return self.names.get(task.assignee, task.assignee)
        return task.candidates[0][1] if task.candidates else None

    def task(self, element, holder=None, about=None):
        """The one open task of an element (held by somebody, about one member)."""
        found = [
            t
            for t in self.open(element)
            if holder in (None, self.holder(t)) and about in (None, self.subject(t))
        ]
        assert len(found) == 1, (element, holder, about, self.waiting())
        return found[0]

    def subject(self, task):
        """Short name of the member a task of a contribution is about."""
        with self.house.reading() as uow:
            seen = self.house.runner.task_variables(uow, task.key)
        return self.names.get((seen.get("member") or {}).get("person_id"))

    def do(self, element, who=None, *, about=None, by=None, **values):
        """The holder completes the task with these values over what the form begins with."""
        self.answer(self.task(element, who, about), values, by=by)

    def answer(self, task, values, *, by=None):
        """Its holder (or somebody else) completes a task."""
        doer = by or self.holder(task)
        actor = self.actor(self._manager(task) if doer == "perf_admin" else doer)
        command = tasks.CompleteTask(task_key=task.key, variables={**self.begun(task), **values})
        tasks.complete_task(self.house, actor, command)
        self.worker.drain()

    def _manager(self, task):
        """A performance manager whom the task is not about."""
        with self.house.reading() as uow:
            about = self.house.runner.task_variables(uow, task.key).get("person_id")
        return next(name for name in GROUPS if self.ids[name] != about)

    def begun(self, task):
        """What the form's fields begin with, rows without what only the page shows."""
        with self.house.reading() as uow:
            form = uow.processes.form(task.form_key) if task.form_key else None
            if form is None:
                return {}
            context = form_context(self.house, uow, task, form)
            keys = {part.get("path") or part.get("key") for part in _parts(form)}
        return {key: context[key] for key in keys if context.get(key) is not None}

    def move(self, to):
        """Business time goes there, by way of every moment at which something is due."""
        while (now := self._next_due(to)) is not None:
            clock.move_clock(self.house, self.operator, now)
            self.worker.drain()

    def _next_due(self, to):
        now = self.house.clock.now()
        found = sa.select(sa.func.min(process_instance.c.due_at)).where(
            process_instance.c.due_at > now, process_instance.c.due_at <= to
        )
        with self.wired.database.reading.connect() as connection:
            due = connection.execute(found).scalar()
        return due or (to if now < to else None)

    def pass_days(self, days):
        self.move(self.house.clock.now() + timedelta(days=days))

    # ---- looking

    def variables(self, key):
        with self.house.reading() as uow:
            return self.house.runner.view(uow, key).variables

    def status(self, key):
        with self.house.reading() as uow:
            return uow.processes.instance(key).status.value

    def incidents(self):
        with self.house.reading() as uow:
            return [
                (row.element_id, row.kind, row.message, row.cause)
                for root in self.all_roots()
                for row in uow.processes.incidents(root)
            ]

    def all_roots(self):
        with self.house.reading() as uow:
            return [row["key"] for row in uow.work_list.instances(limit=1000)]

    def started(self, key):
        with self.house.reading() as uow:
            return uow.processes.instance(key).started_at

    def told(self):
        """Subjects of the reminders and escalations that wait to leave, oldest first."""
        with self.wired.database.reading.connect() as connection:
            asked = outbox.c.kind != NOTICE
            query = sa.select(outbox.c.payload).where(asked).order_by(outbox.c.id)
            rows = connection.execute(query)
            return [row.payload["subject"] for row in rows]

    def audit_faults(self):
        with self.house.reading() as uow:
            return uow.audit.verify()

    def note_walked(self):
        """Add the flows of every instance of this rehearsal to what was walked."""
        with self.house.reading() as uow:
            for root in self.all_roots():
                for row in uow.work_list.history(root):
                    taken = flows_of(row)
                    self.walked.setdefault(row["process_id"], set()).update(taken)


def _parts(form):
    return json.loads(form.schema)["components"]


@cache
def nodes_of(process_id):
    """Nodes of a shipped drawing by id, those of sub-processes included."""
    path = ROOT / "workflows" / process_id / f"{process_id}.bpmn"
    return walked.nodes_of(path.read_bytes(), process_id)


def all_flows(process_id):
    """Ids of every sequence flow of a shipped drawing."""
    return frozenset(flow.id for node in nodes_of(process_id).values() for flow in node.outgoing)


def flows_of(row):
    """Ids of the sequence flows that a history row tells of."""
    nodes = nodes_of(row["process_id"])
    return walked.walked_by(nodes, row["element_id"], row["event"], row["detail"])
