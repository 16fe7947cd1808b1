"""What waits in the database, counted: for figures of operation, never for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.persistence.tables.process import process_instance
from engine.persistence.tables.waiting import incident, subscription
from engine.persistence.tables.work import background_job, outbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: tables that grow with use, as an operator watches them
GROWING: Final = ("process_instance", "user_task", "history", "audit", "idempotency", "outbox")

_J, _I, _S = background_job.c, process_instance.c, subscription.c
_JOBS = sa.select(
    _J.kind, _J.state, sa.func.count(), sa.func.min(_J.enqueued_at).label("oldest")
).group_by(_J.kind, _J.state)
_TIMERS = sa.select(sa.func.count(), sa.func.min(_I.due_at)).where(
    _I.due_at <= sa.bindparam("now"), _I.status == sa.literal_column("'active'")
)
_STARTS = sa.select(sa.func.count(), sa.func.min(_S.due_at)).where(
    _S.kind == sa.literal_column("'timer'"),
    _S.instance_key.is_(None),
    _S.due_at <= sa.bindparam("now"),
)
_LETTERS = sa.select(sa.func.count(), sa.func.min(outbox.c.put_at)).where(
    outbox.c.sent_at.is_(None)
)
_INCIDENTS = sa.select(sa.func.count()).where(incident.c.resolved_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What waits now."""

    #: (kind, "waiting" or "dead") -> jobs
    jobs: Mapping[tuple[str, str], int]
    #: real time since which the oldest of the waiting jobs is there
    oldest_job_at: datetime | None
    #: instances and start events whose timer is due
    timers_due: int
    #: business time at which the first of them was due
    first_timer_at: datetime | None
    letters: int
    #: business time at which the oldest letter was put
    oldest_letter_at: datetime | None
    incidents: int


def stock(connection: sa.Connection, now: datetime) -> Stock:
    """Count what waits; `now` is business time. Six statements on narrow indexes."""
    jobs, oldest = {}, []
    for kind, state, number, first in connection.execute(_JOBS):
        jobs[kind, state] = number
        oldest += [first] if state == "waiting" else []
    at = {"now": now}
    timers, due_at = connection.execute(_TIMERS, at).one()
    starts, start_at = connection.execute(_STARTS, at).one()
    letters, letter_at = connection.execute(_LETTERS).one()
    firsts = [moment for moment in (due_at, start_at) if moment is not None]
    return Stock(
        jobs=jobs,
        oldest_job_at=min(oldest, default=None),
        timers_due=timers + starts,
        first_timer_at=min(firsts, default=None),
        letters=letters,
        oldest_letter_at=letter_at,
        incidents=connection.execute(_INCIDENTS).scalar_one(),
    )


def rows(connection: sa.Connection, table: str) -> int:
    """How many rows a growing table has: counted on SQLite, estimated on PostgreSQL."""
    if connection.dialect.name == "postgresql":
        estimate = sa.text(
            "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class"
            " WHERE relkind = 'r' AND (relname = :name OR oid IN (SELECT inhrelid FROM pg_inherits"
            " WHERE inhparent = to_regclass(:name)))"
        )
        return int(connection.execute(estimate, {"name": table}).scalar_one())
    counted = sa.select(sa.func.count()).select_from(sa.table(table))
    return int(connection.execute(counted).scalar_one())
