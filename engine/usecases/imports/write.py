"""Second pass: the rows that stand become an agency, with a cycle, plans, squads and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.domain.calendar import Holiday
from engine.domain.cycles import Cycle, Period
from engine.domain.goals import Objective
from engine.domain.outputs import Output, ShareLine, SharePlan
from engine.domain.people import Appointment, Person
from engine.domain.plans import Indicator, Plan, PlanItem, RoleKind
from engine.domain.squads import Acceptance, Consent, Membership, Squad
from engine.domain.units import Agency, Post, Unit
from engine.usecases.imports.functional_rows import standing_of
from engine.usecases.imports.rows import HOME_ROLE, PERIODS, Examined
from engine.usecases.imports.task_rows import task_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import UnitOfWork

_ROMAN: Final = ("I", "II", "III", "IV")
_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Written:
    """Ids given to what the sheets name."""

    agency: str = ""
    cycle: str = ""
    units: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    #: NIP -> code of the unit of the first appointment
    homes: dict[str, str] = field(default_factory=dict)
    squads: dict[str, str] = field(default_factory=dict)
    members: dict[tuple[str, str], str] = field(default_factory=dict)
    periods: list[str] = field(default_factory=list)


def write(uow: UnitOfWork, ids: Ids, found: Examined, now: datetime) -> Written:
    """Insert everything that stands, parents first; the plans stay drafts."""
    done = Written()
    _organisation(uow, ids, found, done)
    uow.job_tasks.add(
        [task_of(row, ids.uuid(), done.posts[post]) for (post, _), row in found.tasks.items()]
    )
    _levels(uow, ids, found, (done, now))
    _cycle(uow, ids, found, done)
    _objectives(uow, ids, found, done)
    _squads(uow, ids, found, done)
    _plans(uow, ids, found, done)
    _outputs(uow, ids, found, (done, now))
    return done


def _organisation(uow: UnitOfWork, ids: Ids, found: Examined, done: Written) -> None:
    done.agency = ids.uuid()
    facts = found.agency
    uow.agency.add(
        [Agency(id=done.agency, code=facts["code"], name=facts["name"], timezone=facts["timezone"])]
    )
    done.units = {code: ids.uuid() for code in found.units}
    done.posts = {code: ids.uuid() for code in found.posts}
    done.people = {nip: ids.uuid() for nip in found.people}
    uow.agency.add([_unit(found, done, code) for code in _parents_first(found)])
    uow.agency.add(
        [
            Post(
                id=done.posts[code],
                unit_id=done.units[row["unit"]],
                title=row["title"],
                job_class=row["job_class"],
                is_head=row["is_head"],
            )
            for code, row in found.posts.items()
        ]
    )
    uow.agency.add(
        [
            Person(
                id=done.people[nip],
                agency_id=done.agency,
                nip=nip,
                name=row["name"],
                email=row["email"],
                rank=row["rank"],
            )
            for nip, row in found.people.items()
        ]
    )
    uow.agency.add([_appointment(found, done, ids, row) for row in found.appointments])
    uow.agency.add(
        [
            Holiday(
                day=row["day"],
                name=row["name"],
                agency_id=None if row["national"] else done.agency,
            )
            for row in _new_holidays(uow, found)
        ]
    )


def _levels(uow: UnitOfWork, ids: Ids, found: Examined, context: tuple[Written, datetime]) -> None:
    """Functional levels and contracts as the sheet Pegawai says."""
    done, now = context
    uow.functional.add(
        [
            standing_of(row["functional"], ids, done.people[nip], now)
            for nip, row in found.people.items()
            if row["functional"]
        ]
    )


def _unit(found: Examined, done: Written, code: str) -> Unit:
    row = found.units[code]
    return Unit(
        id=done.units[code],
        agency_id=done.agency,
        code=code,
        name=row["name"],
        parent_id=done.units[row["parent"]] if row["parent"] else None,
    )


def _parents_first(found: Examined) -> Iterator[str]:
    seen: set[str] = set()
    while len(seen) < len(found.units):
        for code, row in found.units.items():
            if code not in seen and (row["parent"] is None or row["parent"] in seen):
                seen.add(code)
                yield code


def _appointment(found: Examined, done: Written, ids: Ids, row: dict[str, Any]) -> Appointment:
    done.homes.setdefault(row["nip"], found.posts[row["post"]]["unit"])
    return Appointment(
        id=ids.uuid(),
        person_id=done.people[row["nip"]],
        post_id=done.posts[row["post"]],
        kind=row["kind"],
        valid_from=row["from"],
        valid_to=row["last"] + _DAY if row["last"] else None,
        rater_id=done.people[row["rater"]] if row["rater"] else None,
    )


def _new_holidays(uow: UnitOfWork, found: Examined) -> list[dict[str, Any]]:
    """National days that another agency's workbook brought already stay as they are."""
    if not found.holidays:
        return []
    days = [row["day"] for row in found.holidays]
    known = uow.agency.holidays(None, min(days), max(days))
    return [row for row in found.holidays if not row["national"] or row["day"] not in known]


def _cycle(uow: UnitOfWork, ids: Ids, found: Examined, done: Written) -> None:
    year = found.agency["year"]
    cycle = Cycle(
        id=ids.uuid(),
        agency_id=done.agency,
        year=year,
        name=f"Kinerja {year}",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
    )
    done.cycle = cycle.id
    starts = [date(year, 1 + 12 // PERIODS * n, 1) for n in range(PERIODS)]
    ends = [*(day - _DAY for day in starts[1:]), cycle.ends_on]
    periods = [
        Period(
            id=ids.uuid(),
            cycle_id=cycle.id,
            number=n + 1,
            name=f"Triwulan {_ROMAN[n]}",
            starts_on=starts[n],
            ends_on=ends[n],
        )
        for n in range(PERIODS)
    ]
    done.periods = [period.id for period in periods]
    uow.performance.add([cycle])
    uow.performance.add(periods)


def _objectives(uow: UnitOfWork, ids: Ids, found: Examined, done: Written) -> None:
    """Drafts; parents first."""
    keys = {code: ids.uuid() for code in found.objectives}
    waiting = dict(found.objectives)
    while waiting:
        ready = {code: row for code, row in waiting.items() if row["parent"] not in waiting}
        uow.goals.add(
            [
                Objective(
                    id=keys[code],
                    cycle_id=done.cycle,
                    unit_id=done.units[row["unit"]],
                    parent_id=keys[row["parent"]] if row["parent"] else None,
                    code=code,
                    level=row["level"],
                    perspective=row["perspective"],
                    title=row["title"],
                )
                for code, row in ready.items()
            ]
        )
        waiting = {code: row for code, row in waiting.items() if code not in ready}


def _squads(uow: UnitOfWork, ids: Ids, found: Examined, done: Written) -> None:
    done.squads = {code: ids.uuid() for code in found.squads}
    uow.contributions.add(
        [
            Squad(
                id=done.squads[code],
                host_agency_id=done.agency,
                host_unit_id=done.units[row["unit"]],
                code=code,
                name=row["name"],
                letter_no=row["letter"],
                sponsor_id=done.people[row["sponsor"]],
                starts_on=row["from"],
                ends_on=row["last"],
                budget_points=row["budget"],
            )
            for code, row in found.squads.items()
        ]
    )
    done.members = {key: ids.uuid() for key in found.members if key[1] in done.homes}
    uow.contributions.add([_member(found, done, key) for key in done.members])


def _member(found: Examined, done: Written, key: tuple[str, str]) -> Membership:
    code, nip = key
    row = found.members[key]
    return Membership(
        id=done.members[key],
        squad_id=done.squads[code],
        person_id=done.people[nip],
        home_agency_id=done.agency,
        home_unit_id=done.units[done.homes[nip]],
        role=row["role"],
        effort_bp=row["effort_bp"],
        valid_from=row["from"],
        valid_to=row["last"] + _DAY if row["last"] else None,
        consent=Consent.GIVEN if row["consented"] else Consent.PENDING,
        consent_at=_midnight(row["signed"]) if row["consented"] and row["signed"] else None,
        # the letter names the member; he answers in Regu when he takes up a new membership
        acceptance=Acceptance.ACCEPTED if row["consented"] else Acceptance.PENDING,
    )


def _plans(uow: UnitOfWork, ids: Ids, found: Examined, done: Written) -> None:
    plans: dict[str, Plan] = {}
    items: list[PlanItem] = []
    measures: list[Indicator] = []
    for (nip, _), row in sorted(found.results.items(), key=lambda pair: pair[0]):
        if nip not in plans:
            plans[nip] = Plan(id=ids.uuid(), person_id=done.people[nip], cycle_id=done.cycle)
        home = row["role"] == HOME_ROLE
        member = None if home else done.members.get((row["role"], nip))
        if not home and member is None:
            continue
        item = PlanItem(
            id=ids.uuid(),
            plan_id=plans[nip].id,
            number=1 + sum(other.plan_id == plans[nip].id for other in items),
            kind=row["kind"],
            role_kind=RoleKind.HOME if home else RoleKind.SQUAD,
            membership_id=member,
            title=row["title"],
            weight_bp=row["weight_bp"],
        )
        items.append(item)
        measures += [
            Indicator(id=ids.uuid(), item_id=item.id, number=n, **measure)
            for n, measure in enumerate(row["indicators"], start=1)
        ]
    uow.performance.add(list(plans.values()))
    uow.performance.add(items)
    uow.performance.add(measures)


def _outputs(uow: UnitOfWork, ids: Ids, found: Examined, context: tuple[Written, datetime]) -> None:
    done, now = context
    outputs: list[Output] = []
    plans: list[SharePlan] = []
    lines: list[ShareLine] = []
    for (code, number), row in found.outputs.items():
        output = Output(
            id=ids.uuid(),
            squad_id=done.squads[code],
            number=number,
            title=row["title"],
            indicator=row["indicator"],
            target=row["target"],
            value_points=row["value"],
            cycle_id=done.cycle,
            period_id=done.periods[row["period"] - 1],
            due_on=row["due"],
        )
        outputs.append(output)
        if row["shares"]:
            plan = SharePlan(id=ids.uuid(), output_id=output.id, version=1, reason="", at=now)
            plans.append(plan)
            lines += _share_lines(done, plan, code, row["shares"])
    uow.contributions.add(outputs)
    uow.contributions.add(plans)
    uow.contributions.add(lines)


def _share_lines(
    done: Written, plan: SharePlan, code: str, shares: dict[str, int]
) -> list[ShareLine]:
    return [
        ShareLine(
            share_plan_id=plan.id,
            membership_id=done.members[code, nip],
            person_id=done.people[nip],
            expected_bp=bp,
        )
        for nip, bp in shares.items()
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
