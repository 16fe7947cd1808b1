"""Leases on background jobs: taken for a time, fenced by a number, given back or ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.jobs.queue import AT_ONCE
from engine.persistence.tables.work import background_job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.process import Json

_J = background_job.c
_IS_WAITING = _J.state == sa.literal_column("'waiting'")
_DUE_READ = (
    sa.select(_J.id)
    .where(
        _IS_WAITING,
        _J.due_at <= sa.bindparam("now"),
        _J.available_at <= sa.bindparam("real_now"),
        _J.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .order_by(_J.due_at, _J.id)
    .limit(sa.bindparam("up_to"))
)
_DUE = _DUE_READ.with_for_update(skip_locked=True)
_TAKING = (
    background_job.update()
    .values(
        fence=_J.fence + 1,
        attempts=_J.attempts + 1,
        available_at=sa.bindparam("lease_until"),
        again=sa.false(),
    )
    .returning(_J.id, _J.kind, _J.key, _J.args, _J.fence, _J.attempts, _J.due_at, _J.reference)
)
_TAKE = _TAKING.where(_J.id.in_(sa.bindparam("ids", expanding=True)))
_HELD = (_J.id == sa.bindparam("at_id"), _J.fence == sa.bindparam("at_fence"), _IS_WAITING)
_TAKE_OVER = _TAKING.where(*_HELD, _J.kind.in_(sa.bindparam("kinds", expanding=True)))
_TWIN = background_job.alias()
#: whoever has the row locked ends the job or takes it: neither is waited for
_KEEP = (
    background_job.update()
    .where(
        _J.id
        == sa.select(_TWIN.c.id)
        .where(
            _TWIN.c.id == sa.bindparam("at_id"),
            _TWIN.c.fence == sa.bindparam("at_fence"),
            _TWIN.c.state == sa.literal_column("'waiting'"),
        )
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(available_at=sa.bindparam("lease_until"))
)
_END = background_job.delete().where(*_HELD, sa.not_(_J.again)).returning(_J.id)
_RUN_AGAIN = (
    background_job.update()
    .where(*_HELD, _J.again)
    .values(
        fence=_J.fence + 1,
        args=_J.again_args,
        due_at=_J.again_due_at,
        again=sa.false(),
        again_args=None,
        again_due_at=None,
        attempts=0,
        available_at=AT_ONCE,
        error=None,
    )
    .returning(_J.id)
)


class LeaseLost(RuntimeError):
    """Another worker took the job meanwhile: what was done here is undone."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"another worker holds {kind} {key}")
        self.kind = kind
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A job that this worker may run until the lease ends."""

    id: int
    kind: str
    key: str
    args: Mapping[str, Json]
    fence: int
    attempts: int
    due_at: datetime
    #: number of the request that caused it
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Both times of a question."""

    #: business time: what is due
    now: datetime
    #: real time: what is free
    real_now: datetime


def take(
    connection: sa.Connection,
    kinds: Sequence[str],
    moment: Moment,
    *,
    lease_until: datetime,
    limit: int,
) -> list[Lease]:
    """Lease the jobs that are due and free, earliest due first."""
    values = {
        "now": moment.now,
        "real_now": moment.real_now,
        "kinds": list(kinds),
        "up_to": limit,
    }
    ids = list(connection.execute(_DUE, values).scalars())
    if not ids:
        return []
    rows = connection.execute(_TAKE, {"ids": ids, "lease_until": lease_until})
    found = [Lease(**row) for row in rows.mappings()]
    return sorted(found, key=lambda lease: (lease.due_at, lease.id))


def take_over(
    connection: sa.Connection,
    job_id: int,
    fence: int,
    *,
    kinds: Sequence[str],
    lease_until: datetime,
) -> Lease | None:
    """Lease a job whose holder under that fence is gone; None when it is not held under it."""
    values = {
        "at_id": job_id,
        "at_fence": fence,
        "kinds": list(kinds),
        "lease_until": lease_until,
    }
    row = connection.execute(_TAKE_OVER, values).mappings().first()
    return None if row is None else Lease(**row)


def keep(connection: sa.Connection, leases: Sequence[Lease], lease_until: datetime) -> None:
    """Hold those of the jobs that are still held; what ended or went elsewhere is left alone."""
    held = [
        {"at_id": lease.id, "at_fence": lease.fence, "lease_until": lease_until}
        for lease in sorted(leases, key=lambda lease: lease.id)
    ]
    connection.execute(_KEEP, held)


def end(connection: sa.Connection, lease: Lease) -> None:
    """Delete the job with its effect, or ready it to run again when that was asked meanwhile."""
    values = {"at_id": lease.id, "at_fence": lease.fence}
    if connection.execute(_END, values).first() is not None:
        return
    if connection.execute(_RUN_AGAIN, values).first() is None:
        raise LeaseLost(lease.kind, lease.key)


def let_go(connection: sa.Connection, lease: Lease, **values: Any) -> None:
    """Change columns of a job that is held and hold it no longer; `LeaseLost` when it is not."""
    change(connection, lease, fence=lease.fence + 1, **values)


def change(connection: sa.Connection, lease: Lease, **values: Any) -> None:
    """Change columns of a job that is held; `LeaseLost` when it is not."""
    held = background_job.update().where(*_HELD).values(**values).returning(_J.id)
    where = {"at_id": lease.id, "at_fence": lease.fence}
    if connection.execute(held, where).first() is None:
        raise LeaseLost(lease.kind, lease.key)


def anything(connection: sa.Connection, kinds: Sequence[str], moment: Moment) -> bool:
    """Whether some job is due and free; read without a lock."""
    values = {"now": moment.now, "real_now": moment.real_now, "kinds": list(kinds), "up_to": 1}
    return connection.execute(_DUE_READ, values).first() is not None
