"""Evidence for revising the workload analysis (ABK): hours of jobs, and the people behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from engine.domain.staffing import needed, people_of, used
from engine.domain.workload import hours
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.ports.workloads import LoadScope
from engine.usecases.workloads import READING, visible_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.units import Unit
    from engine.domain.workload import LoadRules
    from engine.usecases.actor import Actor
    from engine.usecases.ports.job_tasks import TaskOfJob
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.ports.workloads import JobMonth, JobPersonMonth

OfJob = TypeVar("OfJob", "JobMonth", "TaskOfJob")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHours:
    """A job in a unit: hours of the year by where they go, and how fully it is used."""

    unit: Unit
    #: title of the post
    job: str
    #: in the mean of the twelve months, scale 2
    people: Decimal
    home: Decimal
    own_squads: Decimal
    #: in squads of other units
    lent: Decimal
    #: full time per person while there, scale 2
    fte: Decimal
    #: class A to E by the agency's table
    ej: str
    #: people that the tasks take, scale 2; None: no tasks are entered
    needed: Decimal | None
    #: months 1 to 12, basis points of full time of all holders together
    months: tuple[int, ...]

    @property
    def together(self) -> Decimal:
        """Hours of the year."""
        return self.home + self.own_squads + self.lent

    @property
    def gap(self) -> Decimal | None:
        """People that the tasks take less the people there; None without tasks."""
        return None if self.needed is None else self.needed - self.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Jobs of one unit, or of all that the reader may see."""

    cycle: Cycle
    units: Sequence[Unit]
    chosen: Unit | None
    jobs: Sequence[JobHours]
    effective_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPeople:
    """The rows behind one job's figures."""

    cycle: Cycle
    unit: Unit
    job: str
    rows: Sequence[JobPersonMonth]
    effective_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    units: Sequence[Unit]
    scope: LoadScope
    tables: Tables
    rules: LoadRules


def job_evidence(
    house: House, actor: Actor, *, cycle: str | None = None, unit_id: str | None = None
) -> Evidence:
    """Hours by job and unit: heads for their units, readers of reports for the agency.

    `AccessRefused` for everybody else, `NotFound` for a unit outside what one may see.
    """
    with house.reading() as uow:
        seen = _seen(house, uow, actor, cycle)
        chosen = _unit(seen.units, unit_id) if unit_id else None
        wanted = [chosen.id] if chosen else [one.id for one in seen.units]
        found = uow.workloads.jobs(replace(seen.scope, unit_ids=wanted))
        by_id = {unit.id: unit for unit in seen.units}
        months = _grouped(found)
        tasks = _grouped(uow.job_tasks.of_units(wanted))
        jobs = [
            _job(by_id[key[0]], key[1], (months.get(key, []), tasks.get(key, [])), seen)
            for key in {**months, **tasks}
        ]
        return Evidence(
            cycle=seen.scope.cycle,
            units=seen.units,
            chosen=chosen,
            jobs=sorted(jobs, key=lambda one: (one.unit.code, one.job)),
            effective_hours=seen.rules.effective_hours,
        )


def job_people(
    house: House, actor: Actor, unit_id: str, job: str, *, cycle: str | None = None
) -> JobPeople:
    """The holders of a job by month; refusals as `job_evidence`, `NotFound` without a holder."""
    with house.reading() as uow:
        seen = _seen(house, uow, actor, cycle)
        unit = _unit(seen.units, unit_id)
        rows = uow.workloads.job_people(replace(seen.scope, unit_ids=[unit.id]), job)
        if not rows:
            raise NotFound("job", job)
        return JobPeople(
            cycle=seen.scope.cycle,
            unit=unit,
            job=job,
            rows=rows,
            effective_hours=seen.rules.effective_hours,
        )


def _seen(house: House, uow: UnitOfWork, actor: Actor, cycle: str | None) -> _Seen:
    if actor.agency_id is None:
        raise AccessRefused(READING, actor.name)
    now = house.clock.now()
    today = Standing(uow, now).today(actor.agency_id)
    units = visible_units(uow, actor, actor.agency_id, today)
    held = cycle_of(uow, actor.agency_id, cycle)
    means = means_of(house)
    tables = Tables(means, uow, now, actor.agency_id)
    return _Seen(
        units=units,
        scope=LoadScope(cycle=held),
        tables=tables,
        rules=tables.load_rules(held.year),
    )


def _unit(units: Sequence[Unit], unit_id: str) -> Unit:
    found = next((unit for unit in units if unit.id == unit_id), None)
    if found is None:
        raise NotFound("unit", unit_id)
    return found


def _grouped(rows: Iterable[OfJob]) -> dict[tuple[str, str], list[OfJob]]:
    found: dict[tuple[str, str], list[OfJob]] = {}
    for row in rows:
        found.setdefault((row.unit_id, row.job), []).append(row)
    return found


def _job(
    unit: Unit, job: str, found: tuple[Sequence[JobMonth], Sequence[TaskOfJob]], seen: _Seen
) -> JobHours:
    """A job; without people, or without tasks, what is known of it."""
    rows, tasks = found
    home, own, lent = (
        sum(getattr(row, part) for row in rows) for part in ("home_bp", "own_squads_bp", "lent_bp")
    )
    person_months = sum(row.people for row in rows)
    fte = used(home + own + lent, person_months)
    by_month = {row.month: row.home_bp + row.own_squads_bp + row.lent_bp for row in rows}
    return JobHours(
        unit=unit,
        job=job,
        people=people_of(person_months),
        home=hours(home, 1, seen.rules),
        own_squads=hours(own, 1, seen.rules),
        lent=hours(lent, 1, seen.rules),
        fte=fte,
        ej=seen.tables.ej_class(fte) if rows else "",
        needed=needed([one.task for one in tasks], seen.rules.effective_hours) if tasks else None,
        months=tuple(by_month.get(month, 0) for month in range(1, 13)),
    )
