"""A person's role segments and home roles in a cycle, from stored rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.segments import (
    Roles,
    RoleSegment,
    acting_segments,
    base_segments,
    pauses,
    squad_segments,
    worked_days,
)
from engine.domain.workload import home_effort_bp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.calendar import Pause
    from engine.domain.cycles import Cycle
    from engine.domain.snapshots import SegmentRating, SegmentSnapshot
    from engine.domain.squads import Membership, Squad
    from engine.usecases.ports.work import UnitOfWork

    Held = Sequence[tuple[Membership, Squad]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRole:
    """A home role of the index: the days up to a frozen snapshot, or those since the last one."""

    #: "home" for the one that still runs, "home:" and the snapshot's id for a closed one
    role: str
    #: its base segments, leaves included
    segments: tuple[RoleSegment, ...]
    #: None while it runs
    snapshot: SegmentSnapshot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSegments:
    """Everything a person was in a cycle, with what was frozen of it."""

    base: tuple[RoleSegment, ...]
    squads: tuple[RoleSegment, ...]
    acting: tuple[RoleSegment, ...]
    snapshots: tuple[SegmentSnapshot, ...]
    #: by snapshot id
    ratings: Mapping[str, SegmentRating]
    #: days on which the person was away
    away: tuple[Pause, ...]
    #: home roles in order
    homes: tuple[HomeRole, ...]


def roles_of(uow: UnitOfWork, person_id: str, cycle: Cycle, held: Held | None = None) -> Roles:
    """The dated rows that segments are made of; with `held` as if those were his squads."""
    posts = uow.segments.appointments(person_id)
    if held is None:
        held = uow.contributions.memberships_of(person_id, cycle.starts_on, cycle.ends_on)
    return Roles(
        person_id=person_id,
        appointments=[row for row, _ in posts],
        units={row.post_id: unit_id for row, unit_id in posts},
        changes=uow.segments.changes(person_id),
        memberships=held,
        substitutions=uow.segments.letters(person_id),
    )


def person_segments(
    uow: UnitOfWork, person_id: str, cycle: Cycle, held: Held | None = None
) -> PersonSegments:
    """The segments of a person in a cycle; shares of home are what squads leave, day by day.

    With `held` as if those were his squads.
    """
    roles = roles_of(uow, person_id, cycle, held)
    first, last = cycle.starts_on, cycle.ends_on
    base, squads = base_segments(roles, first, last), squad_segments(roles, first, last)
    shared = tuple(replace(row, share_bp=_home_share(row, squads)) for row in base)
    snapshots = tuple(uow.segments.snapshots(person_id, cycle.id))
    return PersonSegments(
        base=shared,
        squads=squads,
        acting=acting_segments(roles, first, last),
        snapshots=snapshots,
        ratings=uow.segments.interims([row.id for row in snapshots]),
        away=pauses(roles.changes, first, last),
        homes=home_roles(shared, snapshots),
    )


def home_roles(
    base: Sequence[RoleSegment], snapshots: Sequence[SegmentSnapshot]
) -> tuple[HomeRole, ...]:
    """Base segments in home roles: a role ends where a snapshot of it was frozen.

    A change that froze nothing (another rater, a short leave) does not split it.
    """
    homes = {row.ends_on: row for row in snapshots if row.source_id in _sources(base)}
    found: list[HomeRole] = []
    held: list[RoleSegment] = []
    for segment in base:
        held.append(segment)
        closing = homes.get(segment.ends_on)
        if closing is not None:
            role = f"home:{closing.id}"
            found.append(HomeRole(role=role, segments=tuple(held), snapshot=closing))
            held = []
    if held:
        found.append(HomeRole(role="home", segments=tuple(held)))
    return tuple(found)


def role_days(home: HomeRole, away: Sequence[Pause]) -> int:
    """Days of a home role that count: those in its post and not on leave."""
    return sum(worked_days(row.starts_on, row.ends_on, away) for row in home.segments)


def overlap_days(
    segments: Sequence[RoleSegment], first: date, last: date, away: Sequence[Pause]
) -> int:
    """Worked days between two on which one of the segments runs."""
    return sum(
        worked_days(max(row.starts_on, first), min(row.ends_on, last), away) for row in segments
    )


def _sources(base: Sequence[RoleSegment]) -> frozenset[str]:
    return frozenset(row.source_id for row in base)


def _home_share(row: RoleSegment, squads: Sequence[RoleSegment]) -> int:
    """What the squads leave of a segment's time on average, basis points; none of a leave."""
    if not row.weight_days:
        return 0
    lent = sum(s.share_bp * overlap_days([s], row.starts_on, row.ends_on, ()) for s in squads)
    return home_effort_bp(lent // row.days)
