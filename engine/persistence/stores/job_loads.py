"""The load of jobs by month on SQL: the sets of `workloads`, by the posts that people hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.squad_months import every_month
from engine.persistence.stores.workloads import (
    SqlWorkloadStore,
    _left,
    _monthly,
    _once,
    _people,
    _posts,
)
from engine.persistence.tables import agency as a
from engine.usecases.ports.workloads import JobMonth, JobPersonMonth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.workloads import LoadScope

#: where the hours of a job go
_PARTS: Final = ("home_bp", "own_squads_bp", "lent_bp")


class SqlJobLoads(SqlWorkloadStore):
    """`WorkloadStore` whole: people and units, and their jobs."""

    def jobs(self, scope: LoadScope) -> Sequence[JobMonth]:
        """Months of each job of the units, by unit, job and month; one statement."""
        held = _job_months(scope).subquery("held").c
        wanted = (
            sa.select(
                held.unit_id,
                held.job,
                held.month,
                sa.func.count().label("people"),
                *(sa.func.sum(held[name]).label(name) for name in _PARTS),
            )
            .group_by(held.unit_id, held.job, held.month)
            .order_by(held.unit_id, held.job, held.month)
        )
        return [
            JobMonth(**{**row, **{name: int(row[name]) for name in _PARTS}})
            for row in self._connection.execute(wanted).mappings()
        ]

    def job_people(self, scope: LoadScope, job: str) -> Sequence[JobPersonMonth]:
        """Months of the holders of a job in the units, by name and month; one statement."""
        held = _job_months(scope).subquery("held").c
        named = (held.person_id, held.name, held.nip, held.month)
        wanted = (
            sa.select(*named, *(held[name] for name in _PARTS))
            .where(held.job == job)
            .order_by(held.name, held.person_id, held.month)
        )
        return [JobPersonMonth(**row) for row in self._connection.execute(wanted).mappings()]


def _job_months(scope: LoadScope) -> sa.Select[Any]:
    """(person, unit, job, month, home, own squads, lent) of every month in the scope."""
    posts = _posts(scope)
    people = _once(_people(scope).where(a.person.c.id.in_(sa.select(posts.c.person_id))), "people")
    months = _once(every_month(scope), "months")
    squads, signed = _monthly(scope, posts, posts)
    own, lent = (sa.func.coalesce(squads.c[name], 0) for name in ("own_bp", "lent_bp"))
    same_month = [
        sa.and_(one.c.person_id == posts.c.person_id, one.c.month == months.c.month)
        for one in (squads, signed)
    ]
    there = sa.and_(months.c.month >= posts.c.first_month, months.c.month <= posts.c.last_month)
    home = sa.func.coalesce(people.c.planned_bp, signed.c.home_effort_bp, _left(own + lent))
    return sa.select(
        people.c.person_id, people.c.name, people.c.nip, posts.c.unit_id,
        posts.c.job, months.c.month,
        home.label("home_bp"), own.label("own_squads_bp"), lent.label("lent_bp"),
    ).select_from(
        posts.join(people, people.c.person_id == posts.c.person_id)
        .join(months, there)
        .outerjoin(squads, same_month[0])
        .outerjoin(signed, same_month[1])
    )  # fmt: skip
