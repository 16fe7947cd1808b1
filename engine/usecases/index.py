"""The index of a person in a cycle from stored rows: plan by role, progress, ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from engine.domain.credit import CreditLine, CreditResult, squad_attainment
from engine.domain.index import (
    Index,
    IndexBands,
    RoleResult,
    RoleTime,
    cross_unit_bp,
    home_attainment,
    index_of,
    role_weights,
)
from engine.domain.plans import RoleKind, holding
from engine.domain.scales import WHOLE_BP
from engine.domain.segments import worked_days
from engine.domain.squads import last_day
from engine.domain.workload import home_effort_bp
from engine.usecases.decisions import ATTAINMENT_CAP, Tables
from engine.usecases.segments import (
    HomeRole,
    overlap_days,
    person_segments,
    role_days,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.plans import Indicator, Plan, PlanItem, Progress
    from engine.domain.snapshots import SegmentSnapshot
    from engine.domain.squads import Membership, Squad
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.contributions import CreditLine as LineFacts
    from engine.usecases.ports.performance import PlanContents
    from engine.usecases.ports.work import UnitOfWork
    from engine.usecases.segments import PersonSegments


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePlan:
    """One role of a person in a cycle with what belongs to it."""

    #: "home", "home:<snapshot id>" for a home role that ended in mid-year, or the membership id
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
    #: unit that owns the role's performance: the home of those days, or the squad's host
    owner_unit_id: str | None = None
    #: what was frozen when a home role ended: it counts with the attainment of that day
    snapshot: SegmentSnapshot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRows:
    """What the roles of a person are worked out from; the same few statements for everybody."""

    #: every version of the plan, newest first
    versions: Sequence[Plan]
    #: the version that holds
    plan: Plan | None
    #: by plan, those of frozen roles too
    contents: Mapping[str, PlanContents]
    held: Sequence[tuple[Membership, Squad]]
    homes: Sequence[HomeRole]
    #: each role's time and effort, and its weight in basis points
    times: Sequence[tuple[RoleTime, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIndex:
    """Plan by role and the index over it."""

    rows: PersonRows
    plan: Plan | None
    roles: tuple[RolePlan, ...]
    #: None while no role can be counted
    index: Index | None
    #: by role: the arithmetic of every accepted output
    credits: Mapping[str, tuple[CreditResult, ...]]
    #: sum of efforts of the roles that run, basis points; above 10,000 is overload
    load_bp: int
    #: part of the work that other units than the home own, basis points (domain.md 5.1)
    cross_unit_bp: int = 0


def person_index(standing: Standing, tables: Tables, person_id: str, cycle: Cycle) -> PersonIndex:
    """The index as it stands; unsealed lines count at their expected share (sementara)."""
    rows = _rows(standing.uow, person_id, cycle)
    roles = _roles(standing, person_id, cycle, rows)
    results: list[RoleResult] = []
    by_role: dict[str, tuple[CreditResult, ...]] = {}
    for role in roles:
        result, shown = _result(role)
        results.append(result)
        by_role[role.role] = shown
    return PersonIndex(
        rows=rows,
        plan=rows.plan,
        roles=roles,
        index=_banded(results, tables),
        credits=by_role,
        load_bp=sum(role.effort_bp for role in roles if role.snapshot is None),
        cross_unit_bp=cross_unit_bp(
            {role.role: role.weight_bp for role in roles},
            {role.role: role.owner_unit_id for role in roles},
            _homes(roles),
        ),
    )


def weighed_roles(
    standing: Standing,
    person_id: str,
    cycle: Cycle,
    held: Sequence[tuple[Membership, Squad]],
) -> Sequence[tuple[RoleTime, int]]:
    """What each role would weigh in the index if these were the person's squads.

    Shapes: its time and effort, and its weight in basis points; the weights sum to 10,000.
    """
    plan = standing.uow.performance.plan_of(person_id, cycle.id)
    found = person_segments(standing.uow, person_id, cycle, held)
    return _weighed(_times(plan, found, held, cycle))


def _rows(uow: UnitOfWork, person_id: str, cycle: Cycle) -> PersonRows:
    versions = uow.performance.plan_versions(person_id, cycle.id)
    plan = holding(versions)
    held = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    found = person_segments(uow, person_id, cycle, held)
    frozen = (home.snapshot.plan_id for home in found.homes if home.snapshot)
    wanted = dict.fromkeys([*(one.id for one in versions), *(one for one in frozen if one)])
    return PersonRows(
        versions=versions,
        plan=plan,
        contents=uow.performance.contents(list(wanted)),
        held=held,
        homes=found.homes or (HomeRole(role="home", segments=()),),
        times=_weighed(_times(plan, found, held, cycle)),
    )


def _roles(
    standing: Standing, person_id: str, cycle: Cycle, read: PersonRows
) -> tuple[RolePlan, ...]:
    plan, contents = read.plan, read.contents
    weights = {time.role: weight_bp for time, weight_bp in read.times}
    efforts = {time.role: time.effort_bp for time, _ in read.times}
    lines = standing.uow.contributions.credit_lines(cycle.id, person_id=person_id)
    roles = []
    for home in read.homes:
        kept = home.snapshot.plan_id if home.snapshot else (plan.id if plan else None)
        unit_id = _last_unit(home)
        roles.append(
            RolePlan(
                role=home.role,
                role_kind=RoleKind.HOME,
                name=_unit_name(standing, person_id, cycle, unit_id),
                squad_id=None,
                membership=None,
                weight_bp=weights[home.role],
                effort_bp=efforts[home.role],
                **_content(contents, kept, RoleKind.HOME.value),
                lines=(),
                owner_unit_id=unit_id,
                snapshot=home.snapshot,
            )
        )
    for rows, squad in _by_squad(read.held):
        ids, row = {one.id for one in rows}, rows[-1]
        roles.append(
            RolePlan(
                role=row.id,
                role_kind=RoleKind.SQUAD,
                name=squad.name,
                squad_id=squad.id,
                membership=row,
                weight_bp=sum(weights[one.id] for one in rows),
                effort_bp=efforts[row.id],
                **_content(contents, plan.id if plan else None, *ids),
                lines=tuple(line for line in lines if line.membership_id in ids),
                owner_unit_id=squad.host_unit_id,
            )
        )
    return tuple(roles)


def _by_squad(
    held: Sequence[tuple[Membership, Squad]],
) -> Iterator[tuple[Sequence[Membership], Squad]]:
    """Memberships of one squad are one role, the newest last: an effort or a lead may change."""
    grouped: dict[str, list[Membership]] = {}
    squads = {squad.id: squad for _, squad in held}
    for row, squad in held:
        grouped.setdefault(squad.id, []).append(row)
    for squad_id, rows in grouped.items():
        yield sorted(rows, key=lambda row: (row.valid_from, row.id)), squads[squad_id]


def _content(contents: Mapping[str, PlanContents], plan_id: str | None, *roles: str) -> _Content:
    """What belongs to a role of a plan, under whatever membership; nothing of no plan."""
    of = contents.get(plan_id or "")
    if of is None:
        return _Content(items=(), indicators=(), progress=())
    mine = tuple(item for item in of.items if item.role in roles)
    ids = {item.id for item in mine}
    return _Content(
        items=mine,
        indicators=tuple(row for row in of.indicators if row.item_id in ids),
        progress=tuple(row for row in of.progress if row.item_id in ids),
    )


class _Content(TypedDict):
    items: tuple[PlanItem, ...]
    indicators: tuple[Indicator, ...]
    progress: tuple[Progress, ...]


def _times(
    plan: Plan | None,
    found: PersonSegments,
    held: Sequence[tuple[Membership, Squad]],
    cycle: Cycle,
) -> list[RoleTime]:
    """How long each role was worked in the cycle: leave counts nowhere.

    Home takes what the squads leave on average over its own days. Who holds no post at all (a
    guest's row) is taken as at home all year.
    """
    year = worked_days(cycle.starts_on, cycle.ends_on, found.away)
    squads = [
        RoleTime(
            role=row.id,
            effort_bp=row.effort_bp,
            duration=worked_days(
                max(row.valid_from, cycle.starts_on),
                min(last_day(row, squad), cycle.ends_on),
                found.away,
            ),
        )
        for row, squad in held
    ]
    if not found.homes:
        lent = sum(time.effort_bp * time.duration for time in squads) // max(year, 1)
        agreed = plan.home_effort_bp if plan else None
        whole = RoleTime(role="home", effort_bp=home_effort_bp(lent, agreed), duration=year)
        return [whole, *squads]
    return [*(_home_time(home, plan, found) for home in found.homes), *squads]


def _home_time(home: HomeRole, plan: Plan | None, found: PersonSegments) -> RoleTime:
    days = role_days(home, found.away)
    lent = sum(
        squad.share_bp * overlap_days([squad], row.starts_on, row.ends_on, found.away)
        for squad in found.squads
        for row in home.segments
    )
    agreed = plan.home_effort_bp if plan and home.snapshot is None else None
    effort = home_effort_bp(lent // days, agreed) if days else 0
    return RoleTime(role=home.role, effort_bp=effort, duration=days)


def _weighed(times: Sequence[RoleTime]) -> Sequence[tuple[RoleTime, int]]:
    """Weights that sum to 10,000; none where nothing was worked (a whole year of leave)."""
    if not any(time.effort_bp * time.duration for time in times):
        return [(time, 0) for time in times]
    weights = role_weights(times)
    return [(time, weights[time.role]) for time in times]


def _homes(roles: Sequence[RolePlan]) -> frozenset[str | None]:
    return frozenset(role.owner_unit_id for role in roles if role.role_kind is RoleKind.HOME)


def _last_unit(home: HomeRole) -> str | None:
    return next((row.unit_id for row in reversed(home.segments) if row.unit_id), None)


def _unit_name(standing: Standing, person_id: str, cycle: Cycle, unit_id: str | None) -> str:
    day = min(max(standing.today(cycle.agency_id), cycle.starts_on), cycle.ends_on)
    found = unit_id or standing.home_unit(person_id, day)
    unit = standing.unit(found) if found else None
    return unit.name if unit else ""


def attainment_of(role: RolePlan) -> Decimal | None:
    """What a role has reached as it stands; None while nothing of it can be counted."""
    return _result(role)[0].attainment


def _result(role: RolePlan) -> tuple[RoleResult, tuple[CreditResult, ...]]:
    attainment: Decimal | None
    if role.snapshot is not None:
        attainment, provisional = role.snapshot.attainment, False
        shown: tuple[CreditResult, ...] = ()
    elif role.role_kind is RoleKind.HOME:
        attainment, provisional = _home(role), False
        shown = ()
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
