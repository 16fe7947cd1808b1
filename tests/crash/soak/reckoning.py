"""What a storm left: everything acknowledged is there once, nothing else is, nothing is stuck."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.wiring import wire
from engine.persistence.schema import metadata
from engine.usecases import audit_tags
from engine.usecases.proof import prove
from tests.crash.soak import journal
from tests.crash.soak.journal import ACKED, ASKED, WRONG

_SHOWN = 8


@dataclass
class Reckoning:
    completions: int = 0
    starts: int = 0
    messages: int = 0
    #: effects of jobs that are there
    jobs: int = 0
    given_up: int = 0
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    phantom: list = field(default_factory=list)
    #: neither: what waits, died, contradicts itself or was answered wrongly
    stuck: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    @property
    def holds(self):
        return not (self.lost or self.doubled or self.phantom or self.stuck or self.wrong)

    def words(self):
        yield (
            f"{self.completions:,} completions, {self.starts:,} starts and {self.messages:,} "
            f"messages acknowledged, {self.jobs:,} jobs done, {self.given_up:,} commands undone"
        )
        for name in ("lost", "doubled", "phantom", "stuck", "wrong"):
            found = getattr(self, name)
            yield f"{name} {len(found)}" + (f": {found[:_SHOWN]}" if found else "")


def reckon(place):
    """Compare the producer's journal with the database."""
    told = journal.read(place.journal).values()
    wired = wire(place.settings())
    try:
        with wired.database.reading.connect() as connection:
            found = _compare([*told], Rows(connection))
        found.wrong += prove(wired.house)
    finally:
        wired.close()
    return found


class Rows:
    def __init__(self, connection):
        self._connection = connection

    def of(self, table, *columns, **equal):
        named = metadata.tables[table].c
        asked = sa.select(*(named[one] for one in columns))
        for name, value in equal.items():
            asked = asked.where(named[name].is_(None) if value is None else named[name] == value)
        return [tuple(row) for row in self._connection.execute(asked)]

    def keys(self, process_id):
        """How many instances of a process by business key."""
        roots = self.of("process_instance", "business_key", process_id=process_id, parent_key=None)
        return Counter(key for (key,) in roots)


def _compare(told, rows):
    by = {kind: [one for one in told if one.kind == kind] for kind in ("start", "message", "done")}
    acked = {kind: {one.nonce for one in lines if one.state == ACKED} for kind, lines in by.items()}
    heard = rows.keys("hear")
    found = Reckoning(
        completions=len(acked["done"]),
        starts=len(acked["start"]),
        messages=len(acked["message"]),
        jobs=heard.total(),
        given_up=sum(one.state == journal.REFUSED for one in told),
    )
    _effects(found, "effect of", heard, set().union(*acked.values()))
    _effects(found, "start", rows.keys("work"), acked["start"])
    _completions(found, rows, {one.task for one in by["done"] if one.state == ACKED})
    _at_rest(found, rows)
    found.wrong += [
        f"{one.kind} {one.nonce}: {one.state} {one.answer}"
        for one in told
        if one.state == WRONG or (one.state == ASKED and one.kind != "refusable")
    ]
    return found


def _effects(found, what, seen, wanted):
    found.lost += [f"{what} {key}" for key in sorted(wanted - seen.keys())]
    found.doubled += [f"{what} {key}" for key in sorted(wanted) if seen[key] > 1]
    found.phantom += [f"{what} {key}" for key in sorted(map(str, seen.keys() - wanted))]


def _completions(found, rows, wanted):
    """Each once in the work list, in the history and in the audit log."""
    done = rows.of("user_task", "key", "instance_key", "token", state="completed")
    _effects(found, "task", Counter(str(key) for key, *_ in done), wanted)
    facts = rows.of("audit", "facts", act=audit_tags.TASK_COMPLETED)
    _effects(found, "audited task", Counter(json.loads(text)["task"] for (text,) in facts), wanted)
    ended = Counter(rows.of("history", "instance_key", "token", element_id="do", event="completed"))
    tokens = {(instance, token): str(key) for key, instance, token in done}
    seen = Counter({tokens.get(place, str(place)): count for place, count in ended.items()})
    _effects(found, "told task", seen, wanted)
    tells = rows.of("history", "instance_key", "token", element_id="tell", event="completed")
    told = Counter(tells)
    found.doubled += [f"step after {place}" for place, count in told.items() if count > 1]


def _at_rest(found, rows):
    stuck = rows.of("process_instance", "key", "process_id", "status")
    found.stuck += [row for row in stuck if row[2] != "completed"]
    found.stuck += rows.of("background_job", "kind", "key", "state", "error")
    found.stuck += rows.of("user_task", "key", "state", state="created")
    found.stuck += rows.of("incident", "key", "message", resolved_at=None)
    found.stuck += rows.of("idempotency", "principal", "key", answer=None)
    found.stuck += [
        row for row in rows.of("subscription", "key", "instance_key") if row[1] is not None
    ]
