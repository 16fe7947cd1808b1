"""Load per month from verified memberships and home time, and the hours behind it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.plans import RoleKind
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent, last_day
from engine.domain.staffing import posts_by_month
from engine.domain.workload import RoleLoad, full_time_equivalent, hours
from engine.domain.workload import monthly_load as role_months

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.squads import Membership, Squad
    from engine.usecases.decisions import Tables
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.formation import HomeTime

    Held = Sequence[tuple[Membership, Squad]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHours:
    """What one role books in a cycle."""

    #: "home" or the squad's id
    role: str
    role_kind: RoleKind
    #: the squad's name, "" for home
    name: str
    #: part of full time in its heaviest month, basis points
    effort_bp: int
    #: months of the cycle in which it runs
    months: int
    #: effective hours, scale 2
    hours: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """A person's cycle by month and by role."""

    cycle: Cycle
    #: month 1..12 to basis points of full time
    months: Mapping[int, int]
    #: month to the word of `workload_flag`
    flags: Mapping[int, str]
    roles: tuple[RoleHours, ...]
    #: hours of all roles over the effective hours of a year, scale 2
    fte: Decimal
    effective_hours: int


def monthly_load(standing: Standing, person_id: str, cycle: Cycle) -> Mapping[int, int]:
    """Load of each month 1..12 of a cycle, basis points: squads that home agreed to, and home.

    Home counts with what the plan or the newest signature left it, else with what the squads of
    the month leave. A month touched by two efforts in one squad counts the larger.
    """
    held = verified(standing, person_id, cycle)
    squads = squad_months(held, cycle)
    home = home_months(standing, person_id, cycle, held)
    return {month: squads[month] + home[month] for month in squads}


def load_with(
    standing: Standing, row: Membership, cycle: Cycle, home_effort_bp: int | None = None
) -> Mapping[int, int]:
    """Load of the months that a membership touches, the membership counted.

    Every membership that home did not refuse counts, since it may yet be agreed. Home keeps what
    it has now, or what the member says he keeps.
    """
    held = [
        pair
        for pair in standing.uow.contributions.memberships_of(
            row.person_id, cycle.starts_on, cycle.ends_on
        )
        if pair[0].consent is not Consent.REFUSED and pair[0].id != row.id
    ]
    squad = standing.squad(row.squad_id)
    squads = squad_months([*held, (row, squad)], cycle)
    home = home_months(standing, row.person_id, cycle, held)
    touched = _months(row, squad, cycle)
    return {
        month: squads[month] + (home[month] if home_effort_bp is None else home_effort_bp)
        for month in sorted(touched)
    }


def verified(standing: Standing, person_id: str, cycle: Cycle) -> Held:
    """Memberships of a person in a cycle that his home agreed to."""
    found = standing.uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    return [pair for pair in found if pair[0].consent is Consent.GIVEN]


def squad_months(held: Held, cycle: Cycle) -> dict[int, int]:
    """Part of full time in squads by month; in one squad the larger of two efforts counts."""
    by_squad: dict[str, dict[int, int]] = {}
    for row, squad in held:
        months = role_months([_role(row, squad)], cycle.year)
        known = by_squad.setdefault(squad.id, dict.fromkeys(months, 0))
        by_squad[squad.id] = {month: max(known[month], bp) for month, bp in months.items()}
    total = dict.fromkeys(role_months([], cycle.year), 0)
    for months in by_squad.values():
        total = {month: total[month] + bp for month, bp in months.items()}
    return total


def home_months(standing: Standing, person_id: str, cycle: Cycle, held: Held) -> dict[int, int]:
    """Part of full time for home by month: as planned, as signed, or what the squads leave.

    Nothing in months without a definitive post: before one comes, after one left.
    """
    plan = standing.uow.performance.plan_of(person_id, cycle.id)
    planned_bp = plan.home_effort_bp if plan is not None else None
    signed = standing.uow.formation.home_times(person_id) if planned_bp is None else ()
    there = posts_by_month(standing.uow.segments.appointments(person_id), cycle.year)
    found = home_months_of(held, cycle, planned_bp, signed)
    return {month: bp if month in there else 0 for month, bp in found.items()}


def home_months_of(
    held: Held, cycle: Cycle, planned_bp: int | None, signed: Sequence[HomeTime]
) -> dict[int, int]:
    """`home_months` of who holds a post all year, from rows that were read before."""
    squads = squad_months(held, cycle)
    if planned_bp is not None:
        return dict.fromkeys(squads, planned_bp)
    found = {month: max(WHOLE_BP - bp, 0) for month, bp in squads.items()}
    rows = {row.id: (row, squad) for row, squad in held}
    for one in signed:
        if one.membership_id in rows:
            months = _months(*rows[one.membership_id], cycle)
            found |= dict.fromkeys(months, one.home_effort_bp)
    return found


def load_of(standing: Standing, tables: Tables, person_id: str, cycle: Cycle) -> PersonLoad:
    """Months with their flags, roles with their hours."""
    held = verified(standing, person_id, cycle)
    months = monthly_load(standing, person_id, cycle)
    rules = tables.load_rules(cycle.year)
    home = home_months(standing, person_id, cycle, held)
    parts = {"home": (RoleKind.HOME, "", home)}
    grouped: dict[str, list[tuple[Membership, Squad]]] = defaultdict(list)
    for row, squad in held:
        grouped[squad.id].append((row, squad))
    for squad_id, pairs in grouped.items():
        parts[squad_id] = RoleKind.SQUAD, pairs[0][1].name, squad_months(pairs, cycle)
    roles = tuple(
        RoleHours(
            role=role,
            role_kind=kind,
            name=name,
            effort_bp=max(by_month.values()),
            months=sum(bp > 0 for bp in by_month.values()),
            hours=hours(sum(by_month.values()), 1, rules),
        )
        for role, (kind, name, by_month) in parts.items()
    )
    return PersonLoad(
        cycle=cycle,
        months=months,
        flags={month: tables.load_flag(bp) for month, bp in months.items()},
        roles=roles,
        fte=full_time_equivalent([role.hours for role in roles], rules),
        effective_hours=rules.effective_hours,
    )


def _months(row: Membership, squad: Squad, cycle: Cycle) -> set[int]:
    return {month for month, bp in role_months([_role(row, squad)], cycle.year).items() if bp}


def _role(row: Membership, squad: Squad) -> RoleLoad:
    last: date = last_day(row, squad)
    return RoleLoad(role=row.id, effort_bp=row.effort_bp, starts_on=row.valid_from, ends_on=last)
