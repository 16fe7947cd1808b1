"""What the workload pages show: the heat map's rows, hours by unit, a person's roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import get_month_names
from flask import url_for

from engine.domain.staffing import task_hours
from web.pictures.months import Months, heat, months
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.job_evidence import Evidence, JobPeople
    from engine.usecases.job_tasks import UnitTasks
    from engine.usecases.load import PersonLoad
    from engine.usecases.ports.workloads import LoadRow
    from engine.usecases.workloads import Workload


@dataclass(frozen=True, slots=True)
class HeatLine:
    """A person's months with their steps of heat."""

    row: LoadRow
    unit: str
    #: (load in basis points, step 0 to 5)
    cells: tuple[tuple[int, int], ...]


def month_names() -> list[str]:
    """Short names of the twelve months in the reader's language."""
    names = get_month_names("abbreviated", locale=reader_locale())
    return [str(names[month]) for month in range(1, 13)]


def heat_lines(found: Workload, rows: Sequence[LoadRow]) -> list[HeatLine]:
    """Rows of the heat map."""
    units = {unit.id: unit.name for unit in found.units}
    return [
        HeatLine(row, units.get(row.unit_id, ""), tuple((bp, heat(bp)) for bp in row.months))
        for row in rows
    ]


def heat_table(found: Workload, rows: Sequence[LoadRow]) -> Table:
    """The heat map as a file."""
    units = {unit.id: unit.name for unit in found.units}
    return Table(
        "beban",
        _("Load by person and month"),
        (
            Column(_("Name")),
            Column(_("NIP"), Kind.NIP),
            Column(_("Unit")),
            *(Column(name, Kind.PERCENT) for name in month_names()),
            Column(_("Heaviest month"), Kind.PERCENT),
        ),
        [(row.name, row.nip, units.get(row.unit_id, ""), *row.months, row.most) for row in rows],
    )


def unit_table(found: Workload) -> Table:
    """Hours and people by unit for the workload analysis."""
    return Table(
        "abk",
        _("Hours by unit for the workload analysis"),
        (
            Column(_("Unit")),
            Column(_("People, mean of the year"), Kind.NUMBER),
            Column(_("Above full time"), Kind.NUMBER),
            Column(_("Hours at home"), Kind.NUMBER),
            Column(_("Hours in own squads"), Kind.NUMBER),
            Column(_("Hours lent to others"), Kind.NUMBER),
            Column(_("Hours borrowed"), Kind.NUMBER),
            Column(_("People the work takes"), Kind.NUMBER),
            Column(_("Gap"), Kind.NUMBER),
        ),
        [
            (
                one.unit.name,
                one.people,
                one.over,
                one.home,
                one.own_squads,
                one.lent,
                one.borrowed,
                one.needed,
                one.gap,
            )
            for one in found.totals
        ],
    )


def person_months(found: PersonLoad) -> Months:
    """A person's year as columns."""
    return months(month_names(), [found.months[month] for month in sorted(found.months)])


def month_table(found: PersonLoad) -> Table:
    """The columns' figures."""
    return Table(
        "bulan",
        _("Load by month"),
        (Column(_("Month")), Column(_("Load"), Kind.PERCENT)),
        list(
            zip(month_names(), [found.months[month] for month in sorted(found.months)], strict=True)
        ),
    )


def role_table(found: PersonLoad) -> Table:
    """What each role books."""
    return Table(
        "peran",
        _("Load by role"),
        (
            Column(_("Role")),
            Column(_("Heaviest month"), Kind.PERCENT),
            Column(_("Months"), Kind.NUMBER),
            Column(_("Hours"), Kind.NUMBER),
        ),
        [
            (one.name or _("Post at home"), one.effort_bp, one.months, one.hours)
            for one in found.roles
        ],
    )


def job_table(found: Evidence) -> Table:
    """Hours of the year by job and unit, and how fully each job is used."""
    return Table(
        "bukti-abk",
        _("Hours by job for revising the workload analysis"),
        (
            Column(_("Job")),
            Column(_("Unit")),
            Column(_("People, mean of the year"), Kind.NUMBER),
            Column(_("Hours at home"), Kind.NUMBER),
            Column(_("Hours in own squads"), Kind.NUMBER),
            Column(_("Hours in squads of other units"), Kind.NUMBER),
            Column(_("Hours together"), Kind.NUMBER),
            Column(_("Full time per person"), Kind.NUMBER),
            Column(_("People the tasks take"), Kind.NUMBER),
            Column(_("Gap"), Kind.NUMBER),
            Column(_("Class (EJ)")),
        ),
        [
            (
                one.job,
                one.unit.name,
                one.people,
                one.home,
                one.own_squads,
                one.lent,
                one.together,
                one.fte,
                one.needed,
                one.gap,
                one.ej,
            )
            for one in found.jobs
        ],
        links=[
            url_for("workload.behind", unit=one.unit.id, jabatan=one.job, siklus=found.cycle.year)
            if one.people
            else url_for("job_tasks.show", unit=one.unit.id)
            for one in found.jobs
        ],
    )


def job_month_table(found: Evidence) -> Table:
    """Full time of each job's holders together, by month, squads included."""
    return Table(
        "bukti-bulan",
        _("Full time of all holders by month"),
        (
            Column(_("Job")),
            Column(_("Unit")),
            *(Column(name, Kind.PERCENT) for name in month_names()),
        ),
        [(one.job, one.unit.name, *one.months) for one in found.jobs],
    )


def job_task_table(found: UnitTasks) -> Table:
    """The tasks of a unit's jobs with what a year of each takes."""
    return Table(
        "uraian-tugas",
        _("Tasks of jobs"),
        (
            Column(_("Job")),
            Column(_("Task")),
            Column(_("Volume a year"), Kind.NUMBER),
            Column(_("Hours each"), Kind.NUMBER),
            Column(_("Hours a year"), Kind.NUMBER),
        ),
        [
            (row.job, row.task.name, row.task.volume, row.task.hours, task_hours([row.task]))
            for row in found.rows
        ],
    )


def job_people_table(found: JobPeople) -> Table:
    """The rows behind one job's figures: each holder's months by where they go."""
    names = month_names()
    return Table(
        "bukti-orang",
        _("Months behind the figures"),
        (
            Column(_("Name")),
            Column(_("NIP"), Kind.NIP),
            Column(_("Month")),
            Column(_("Home"), Kind.PERCENT),
            Column(_("Own squads"), Kind.PERCENT),
            Column(_("Squads of other units"), Kind.PERCENT),
            Column(_("Together"), Kind.PERCENT),
        ),
        [
            (
                row.name,
                row.nip,
                names[row.month - 1],
                row.home_bp,
                row.own_squads_bp,
                row.lent_bp,
                row.home_bp + row.own_squads_bp + row.lent_bp,
            )
            for row in found.rows
        ],
        links=[url_for("workload.person", person_id=row.person_id) for row in found.rows],
    )
