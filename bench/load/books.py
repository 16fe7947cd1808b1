"""What the database says after a load, against what the clients were told."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.domain.ledger import TransferCode
from engine.persistence.tables.contributions import transfer
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.waiting import history, incident
from engine.persistence.tables.work import audit, background_job
from engine.usecases import audit_tags
from engine.usecases.ports.process import TaskState
from engine.usecases.proof import prove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.wiring import Wired
    from bench.load.people import Record

_ATTEST = ("attest", "attest_for_lead")


def faults(wired: Wired, told: Record) -> list[str]:
    """Lost, doubled and phantom acts, and what the proof of the books finds; empty: all is well."""
    with wired.database.reading.connect() as connection:
        found = [
            *_tasks(connection, told),
            *_noted(connection, told),
            *_ledger(connection, told),
            *_starts(connection, told),
            *_left(connection),
        ]
    return found + list(prove(wired.house))


def _tasks(connection: sa.Connection, told: Record) -> Iterator[str]:
    """Every act answered with success ended its task; nothing else ended one."""
    t = user_task.c
    ended = set(connection.scalars(sa.select(t.key).where(t.state == TaskState.COMPLETED)))
    done = set(told.done)
    yield from _each("lost: told done, open in the database", done - ended)
    yield from _each("phantom: ended in the database, told to nobody", ended - done)
    yield from _each("doubled: told done twice", told.again)
    h = history.c
    events = sa.select(h.instance_key, h.token, sa.func.count()).where(
        h.element_type == "userTask", h.event == "completed"
    )
    rows = connection.execute(events.group_by(h.instance_key, h.token)).all()
    yield from _each("doubled in history", [f"{i}/{n}" for i, n, many in rows if many > 1])
    if len(rows) != len(done):
        yield f"history: {len(rows)} user tasks completed, {len(done)} told done"


def _noted(connection: sa.Connection, told: Record) -> Iterator[str]:
    """Each act stands once in the audit."""
    facts = connection.scalars(
        sa.select(audit.c.facts).where(audit.c.act == audit_tags.TASK_COMPLETED)
    )
    noted = Counter(int(json.loads(text)["task"]) for text in facts)
    yield from _each("doubled in audit", [key for key, many in noted.items() if many > 1])
    yield from _each("not in audit", set(told.done) - noted.keys())


def _ledger(connection: sa.Connection, told: Record) -> Iterator[str]:
    """One row for each attestation, one attestation for each row."""
    t = transfer.c
    rows = connection.execute(
        sa.select(t.output_id, t.person_id).where(t.code == TransferCode.ATTEST)
    ).all()
    attested = sum(element in _ATTEST for element in told.done.values())
    if len(rows) != attested:
        yield f"ledger: {len(rows)} attested shares, {attested} attestations told done"
    twice = [f"{o}/{p}" for (o, p), many in Counter(map(tuple, rows)).items() if many > 1]
    yield from _each("doubled in ledger", twice)


def _starts(connection: sa.Connection, told: Record) -> Iterator[str]:
    """One instance for each start that was answered with success."""
    p = process_instance.c
    keys = Counter(
        connection.scalars(
            sa.select(p.business_key).where(p.process_id == "contribution", p.parent_key.is_(None))
        )
    )
    yield from _each("lost start", set(told.started) - keys.keys())
    yield from _each("phantom start", keys.keys() - set(told.started))
    yield from _each("doubled start", [key for key, many in keys.items() if many > 1])


def _left(connection: sa.Connection) -> Iterator[str]:
    """No incident, no job that was given up."""
    incidents = connection.scalar(sa.select(sa.func.count()).select_from(incident))
    if incidents:
        yield f"{incidents} incidents"
    dead = sa.select(sa.func.count()).where(background_job.c.state == "dead")
    if gone := connection.scalar(dead):
        yield f"{gone} jobs given up"


def _each(what: str, subjects: Iterable[object]) -> Iterator[str]:
    named = sorted(map(str, subjects))
    if named:
        yield f"{what}: {len(named)}, first {', '.join(named[:5])}"
