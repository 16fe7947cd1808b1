"""The index of a person in a cycle from stored rows: plan by role, progress, ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.credit import CreditLine, CreditResult, squad_attainment
from engine.domain.index import (
    Index,
    IndexBands,
    RoleResult,
    RoleTime,
    home_attainment,
    index_of,
    role_weights,
)
from engine.domain.plans import RoleKind
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import last_day
from engine.domain.units import Unit
from engine.domain.workload import home_effort_bp
from engine.usecases.decisions import ATTAINMENT_CAP, Tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Indicator, Plan, PlanItem, Progress
    from engine.domain.squads import Membership, Squad
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.contributions import CreditLine as LineFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePlan:
    """One role of a person in a cycle with what belongs to it."""

    #: "home" or the membership id
    role: str
    role_kind: RoleKind
    #: the unit or the squad
    name: str
    #: None for home
    squad_id: str | None
    membership: Membership | None
    #: time-weighted part of the person's work, basis points
    weight_bp: int
    #: part of full time, basis points
    effort_bp: int
    items: tuple[PlanItem, ...]
    indicators: tuple[Indicator, ...]
    progress: tuple[Progress, ...]
    lines: tuple[LineFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIndex:
    """Plan by role and the index over it."""

    plan: Plan | None
    roles: tuple[RolePlan, ...]
    #: None while no role can be counted
    index: Index | None
    #: by role: the arithmetic of every accepted output
    credits: Mapping[str, tuple[CreditResult, ...]]
    #: sum of efforts, basis points; above 10,000 is overload
    load_bp: int


def person_index(standing: Standing, tables: Tables, person_id: str, cycle: Cycle) -> PersonIndex:
    """The index as it stands; unsealed lines count at their expected share (sementara)."""
    roles, plan = _roles(standing, person_id, cycle)
    results: list[RoleResult] = []
    by_role: dict[str, tuple[CreditResult, ...]] = {}
    for role in roles:
        result, shown = _result(role)
        results.append(result)
        by_role[role.role] = shown
    return PersonIndex(
        plan=plan,
        roles=roles,
        index=_banded(results, tables),
        credits=by_role,
        load_bp=sum(role.effort_bp for role in roles),
    )


def _roles(
    standing: Standing, person_id: str, cycle: Cycle
) -> tuple[tuple[RolePlan, ...], Plan | None]:
    uow = standing.uow
    plan = uow.performance.plan_of(person_id, cycle.id)
    items = uow.performance.items(plan.id) if plan else []
    indicators = uow.performance.indicators(plan.id) if plan else []
    progress = uow.performance.progress(plan.id) if plan else []
    lines = uow.contributions.credit_lines(cycle.id, person_id=person_id)
    held = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    times = _times(plan, held, cycle)
    weights = role_weights(times)
    efforts = {time.role: time.effort_bp for time in times}
    names = {"home": _home_name(standing, person_id, cycle)}
    names |= {row.id: squad.name for row, squad in held}
    members = {row.id: row for row, _ in held}
    found = []
    for role, effort in efforts.items():
        mine = tuple(item for item in items if item.role == role)
        ids = {item.id for item in mine}
        member = members.get(role)
        found.append(
            RolePlan(
                role=role,
                role_kind=RoleKind.SQUAD if member else RoleKind.HOME,
                name=names[role],
                squad_id=member.squad_id if member else None,
                membership=member,
                weight_bp=weights[role],
                effort_bp=effort,
                items=mine,
                indicators=tuple(row for row in indicators if row.item_id in ids),
                progress=tuple(row for row in progress if row.item_id in ids),
                lines=tuple(line for line in lines if line.membership_id == role),
            )
        )
    return tuple(found), plan


def _times(
    plan: Plan | None, held: Sequence[tuple[Membership, Squad]], cycle: Cycle
) -> list[RoleTime]:
    """How long each role was held in the cycle; home takes what the squads leave on average."""
    year = (cycle.ends_on - cycle.starts_on).days + 1
    squads = [
        RoleTime(
            role=row.id,
            effort_bp=row.effort_bp,
            duration=_days(row.valid_from, last_day(row, squad), cycle),
        )
        for row, squad in held
    ]
    lent = sum(time.effort_bp * time.duration for time in squads) // year
    home = home_effort_bp(lent, plan.home_effort_bp if plan else None)
    return [RoleTime(role="home", effort_bp=home, duration=year), *squads]


def _days(first: date, last: date, cycle: Cycle) -> int:
    return max((min(last, cycle.ends_on) - max(first, cycle.starts_on)).days + 1, 0)


def _home_name(standing: Standing, person_id: str, cycle: Cycle) -> str:
    day = min(max(standing.today(cycle.agency_id), cycle.starts_on), cycle.ends_on)
    unit_id = standing.home_unit(person_id, day)
    unit = standing.uow.agency.get(Unit, unit_id) if unit_id else None
    return unit.name if unit else ""


def _result(role: RolePlan) -> tuple[RoleResult, tuple[CreditResult, ...]]:
    attainment: Decimal | None
    if role.role_kind is RoleKind.HOME:
        attainment, provisional = _home(role), False
        shown: tuple[CreditResult, ...] = ()
    else:
        squad = squad_attainment([credit_line(line) for line in role.lines], ATTAINMENT_CAP)
        attainment, provisional, shown = squad.attainment, squad.provisional, squad.lines
    result = RoleResult(
        role=role.role,
        role_kind=role.role_kind,
        name=role.name,
        weight_bp=role.weight_bp,
        attainment=attainment,
        provisional=provisional,
    )
    return result, shown


def _home(role: RolePlan) -> Decimal | None:
    """Newest progress of each result; what was never documented counts nothing."""
    if sum(item.weight_bp for item in role.items) != WHOLE_BP or not role.progress:
        return None
    newest = {row.item_id: row.attainment for row in role.progress}
    zero = next(iter(newest.values())) * 0
    return home_attainment([(item.weight_bp, newest.get(item.id, zero)) for item in role.items])


def credit_line(line: LineFacts) -> CreditLine:
    """A line as the index reads it."""
    return CreditLine(
        output_id=line.output_id,
        value_points=line.value_points,
        attainment=line.attainment,
        expected_bp=line.expected_bp,
        attested_bp=line.credited_bp,
        collective_bp=line.collective_bp,
        commitment=line.commitment,
        sealed=line.output_status == "sealed",
    )


def _banded(results: Sequence[RoleResult], tables: Tables) -> Index | None:
    """The arithmetic is the domain's, the words are the agency's tables'."""
    counted = [row.attainment for row in results if row.attainment is not None and row.weight_bp]
    if not counted:
        return None
    weighty = [row for row in results if row.weight_bp]
    found = index_of(weighty, _NO_BANDS)
    lines = tuple(replace(line, level=tables.role_level(line.attainment)) for line in found.lines)
    level = tables.index_level(found.ihk, min(counted))
    return replace(found, lines=lines, proposed_level=level, blocking_roles=())


#: words come from the tables afterwards; these thresholds only let the arithmetic run
_NO_BANDS = IndexBands(
    above=ATTAINMENT_CAP, as_expected=ATTAINMENT_CAP, block_below=ATTAINMENT_CAP * 0
)
