"""The real house in a child or a thread, made repeatable: its keys count and its clocks stand."""

from __future__ import annotations

import itertools
import math
import re
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa

from app import wiring
from app.settings import Settings
from engine.persistence.identity import EPOCH_MS
from engine.persistence.schema import metadata
from engine.usecases import audit_tags, processes, tasks
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.process import Resource
from engine.usecases.proof import prove
from tests.workflows.agency import GROUPS, Ids, settle

NOON = datetime(2026, 1, 19, 5, 0, tzinfo=UTC)
RELAY = Path(__file__).with_name("relay.bpmn")


def settings_of(url, jobs="", slot=""):
    folder = Path(tempfile.gettempdir()) / "regu-crash-stage"  # keys are made here, not in the tree
    return Settings(
        jobs=jobs,
        slot=slot,
        jobs_at_once=1,
        database_url=url,
        data_dir=folder,
        secret_file=folder / "secret",
        clock="movable",
        clock_start=NOON,
    )


def open_house(url, turn=1, jobs=""):
    """`wire` on a migrated database; the same turn gives the same keys and the same real time.

    A later turn is a later process: its keys are greater, and leases of the earlier are over.
    It works under a slot of its own.
    """
    with (
        patch.object(wiring, "migrate", lambda _database: None),
        patch.object(wiring, "claim_node", lambda _database: 7),
        # copies of one database would publish into one folder; tests/persistence has checkpoints
        patch.object(wiring, "notary", lambda _settings: None),
    ):
        wired = wiring.wire(settings_of(url, jobs, f"turn-{turn}"))
    ids, clock, counted = wired.house.ids, wired.house.clock, itertools.count()
    ids._now_ms = lambda: EPOCH_MS + 1_000_000 * (turn + 1)
    ids.uuid = lambda: f"01900000-0000-7000-8000-{turn:04x}{next(counted):08x}"
    clock.real_now = lambda: NOON + timedelta(hours=turn)
    clock.now()
    clock._fresh_until = math.inf
    return wired


class Stage:
    """A database with an agency and deployed drawings, and the keys to act on them."""

    def __init__(self, database, resources=()):
        self.url = database.url
        wired = open_house(self.url, turn=0)
        self.ids = Ids(wired.house.ids.uuid)
        with wired.house.writing() as uow:
            settle(uow, self.ids)
            uow.commit()
        self.wired = wired
        self.house = wired.house
        found = resources or (Resource(name=RELAY.name, content=RELAY.read_bytes()),)
        processes.deploy(self.house, self.operator, tuple(found))

    @property
    def operator(self):
        return Actor(
            kind=ActorKind.CLIENT,
            name="operator",
            groups=frozenset({"admin", "process_owner"}),
            agency_id=self.ids["agency"],
        )

    def actor(self, name):
        person = self.ids[name]
        groups = frozenset(GROUPS.get(name, ()))
        return Actor(
            kind=ActorKind.PERSON,
            name=person,
            person_id=person,
            groups=groups,
            agency_id=self.ids["agency"],
        )

    def start(self, process_id, **variables):
        command = processes.StartProcess(process_id=process_id, variables=variables)
        answer = processes.start_process(self.house, self.actor("joko"), command)
        return int(answer["instanceKey"])

    def open(self, element):
        """Open tasks of an element, oldest first."""
        with self.house.reading() as uow:
            rows = _Rows(uow.connection)
            return sorted(rows.of("user_task", state="created", element_id=element))

    def complete(self, task_key, by, **variables):
        command = tasks.CompleteTask(task_key=task_key, variables=variables)
        return tasks.complete_task(self.house, self.actor(by), command)

    def close(self):
        self.wired.close()


# ---- what is looked at

#: what differs between one process that does all and two that share the work
_OF_THE_PROCESS = {"recorded_at", "put_at", "enqueued_at", "available_at", "fence", "attempts"}
_NAMES = re.compile(r"\d{12,}|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def told(database):
    """Every row of every table without keys, hashes, blobs and times of the machine."""
    with database.reading.connect() as connection:
        return {
            name: sorted(_NAMES.sub("#", repr(tuple(row))) for row in connection.execute(query))
            for name, query in _queries()
        }


@cache
def _queries():
    """By table name, the query of what is the same in every run."""
    found = []
    for table in metadata.sorted_tables:
        columns = [
            column
            for column in table.columns
            if not isinstance(column.type, sa.LargeBinary)
            and column.name not in _OF_THE_PROCESS
            and not (table.name == "idempotency" and column.name == "at")
        ]
        found.append((table.name, sa.select(*columns)))
    return found


def contradictions(house):
    """What cannot be true at once in one database; empty when it is whole."""
    found = list(prove(house))
    with house.reading() as uow:
        rows = _Rows(uow.connection)
        found += [f"claimed without answer: {row}" for row in rows.of("idempotency", answer=None)]
        instances = {row.key: row for row in rows.of("process_instance")}
        open_tasks = rows.of("user_task", state="created")
        human = {row.element_id for row in rows.of("user_task")}
        for key, row in instances.items():
            if row.status != "active":
                continue
            tokens = house.runner.view(uow, key).tokens
            listed = [task.element_id for task in open_tasks if task.instance_key == key]
            for element in human:
                if tokens.get(element, 0) != listed.count(element):
                    found.append(f"{key}: tokens at {element} and the work list disagree")
            if row.parent_key and instances[row.parent_key].status != "active":
                found.append(f"{key} outlives its parent")
        for table in ("user_task", "subscription"):
            for row in rows.of(table):
                owner = instances.get(row.instance_key)
                waits = table == "subscription" or row.state == "created"
                if owner is not None and waits and owner.status != "active":
                    found.append(f"{table} {row.key} waits in an instance that ended")
        found += _twice(rows)
    return found


def _twice(rows):
    """Completed tasks and audited acts, one to one; no act of a delivery that was not."""
    done = [str(row.key) for row in rows.of("user_task", state="completed")]
    told_of = [
        match.group(1)
        for row in rows.of("audit", act=audit_tags.TASK_COMPLETED)
        if (match := re.search(r'"task":"(\d+)"', row.facts))
    ]
    if sorted(done) != sorted(told_of):
        yield f"completed {len(done)} tasks, {len(told_of)} acts told"
    delivered = len(rows.of("message_delivery"))
    acts = len(rows.of("audit", act=audit_tags.MESSAGE_DELIVERED))
    if acts > delivered:  # who begins to wait takes what waits for him without an act of its own
        yield f"{delivered} deliveries, {acts} acts told"


class _Rows:
    """Rows of a table with equal columns."""

    def __init__(self, connection):
        self._connection = connection

    def of(self, table, **equal):
        wanted = metadata.tables[table]
        question = sa.select(wanted)
        for name, value in equal.items():
            question = question.where(
                wanted.c[name].is_(None) if value is None else wanted.c[name] == value
            )
        return self._connection.execute(question).all()
