"""The load of jobs by month on SQL: the sets of `workloads`, by the posts that people hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.persistence.stores.homes import holds
from engine.persistence.stores.workloads import (
    SqlWorkloadStore,
    _left,
    _monthly,
    _months,
    _once,
    _people,
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
    """(person, unit, job, month, home, own squads, lent) of everybody in the scope."""
    people = _once(_people(scope), "people")
    months = _once(_months(scope), "months")
    squads, signed = _monthly(scope, people)
    own, lent = (sa.func.coalesce(squads.c[name], 0) for name in ("own_bp", "lent_bp"))
    same_month = [
        sa.and_(one.c.person_id == people.c.person_id, one.c.month == months.c.month)
        for one in (squads, signed)
    ]
    titles = (
        sa.select(
            a.appointment.c.person_id,
            a.post.c.unit_id,
            sa.func.min(a.post.c.title).label("job"),
        )
        .join(a.post, a.post.c.id == a.appointment.c.post_id)
        .where(a.appointment.c.kind == AppointmentKind.DEFINITIVE, holds(scope.on))
        .group_by(a.appointment.c.person_id, a.post.c.unit_id)
        .subquery("titles")
    )
    here = sa.and_(titles.c.person_id == people.c.person_id, titles.c.unit_id == people.c.unit_id)
    home = sa.func.coalesce(people.c.planned_bp, signed.c.home_effort_bp, _left(own + lent))
    return sa.select(
        people.c.person_id, people.c.name, people.c.nip, people.c.unit_id,
        titles.c.job, months.c.month,
        home.label("home_bp"), own.label("own_squads_bp"), lent.label("lent_bp"),
    ).select_from(
        people.join(months, sa.true())
        .join(titles, here)
        .outerjoin(squads, same_month[0])
        .outerjoin(signed, same_month[1])
    )  # fmt: skip
