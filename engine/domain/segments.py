"""Role segments of a year: which post, squad or absence held from which day to which.

Everything is derived from dated rows (appointments, memberships, letters, recorded changes), so
any past day can be asked again. Days with a post are covered by exactly one base segment: home, at
a place of assignment, or on leave. Squads and acting posts lie over them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import Pause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.people import Appointment, Substitution
    from engine.domain.squads import Membership, Squad

_DAY: Final = timedelta(days=1)


class SegmentKind(StrEnum):
    """What a segment is."""

    #: in the home post
    HOME = "home"
    #: in a squad
    SQUAD = "squad"
    #: acting in another's post (plt, plh) or for an absent person
    ACTING = "acting"
    #: at the place of assignment (penugasan), rated there
    SECONDMENT = "secondment"
    #: away: no weight
    LEAVE = "leave"


class ChangeKind(StrEnum):
    """What changed in a person's roles (domain.md 2.5)."""

    #: another post
    MUTASI = "mutasi"
    #: leave
    CUTI = "cuti"
    #: back from a leave before its day
    KEMBALI = "kembali"
    #: acting in a vacant post
    PLT = "plt"
    #: acting for an absent holder
    PLH = "plh"
    #: assignment elsewhere; leaves the post and is rated there
    PENUGASAN = "penugasan"
    #: left a squad
    KELUAR_TIM = "keluar_tim"
    #: left the agency
    BERHENTI = "berhenti"
    #: another rater for the same post
    PENILAI = "penilai"


class LeaveKind(StrEnum):
    """Why somebody is away."""

    TAHUNAN = "tahunan"
    BESAR = "besar"
    SAKIT = "sakit"
    MELAHIRKAN = "melahirkan"
    ALASAN_PENTING = "alasan_penting"
    #: cuti di luar tanggungan negara
    LUAR_TANGGUNGAN = "luar_tanggungan"
    TUGAS_BELAJAR = "tugas_belajar"
    #: suspended
    PEMBERHENTIAN_SEMENTARA = "pemberhentian_sementara"
    #: appointed state official or in a non-structural body
    PEJABAT_NEGARA = "pejabat_negara"
    #: masa persiapan pensiun
    PERSIAPAN_PENSIUN = "persiapan_pensiun"


#: whoever is away for one of these has no plan meanwhile (PermenPANRB 8/2021 p. 58, carried over)
UNPLANNED: Final = frozenset(
    {
        LeaveKind.LUAR_TANGGUNGAN,
        LeaveKind.TUGAS_BELAJAR,
        LeaveKind.PEMBERHENTIAN_SEMENTARA,
        LeaveKind.PEJABAT_NEGARA,
        LeaveKind.PERSIAPAN_PENSIUN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """A recorded change, by letter; never edited."""

    #: UUIDv7 text
    id: str
    #: whom it concerns
    person_id: str
    #: in which cycle it took effect
    cycle_id: str
    kind: ChangeKind
    #: first day
    starts_on: date
    #: last day, when it is known (leave, acting, assignment)
    ends_on: date | None = None
    #: for a leave
    leave_kind: LeaveKind | None = None
    #: number of the letter
    letter_no: str
    #: appointment that ended by it
    closed_id: str | None = None
    #: appointment that began by it
    opened_id: str | None = None
    #: membership that ended by it
    membership_id: str | None = None
    #: who rated the closed segment
    rater_id: str | None = None
    #: who recorded it
    recorded_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSegment:
    """A person in one role from a day to a day."""

    #: appointment, membership, substitution or change it comes from
    source_id: str
    person_id: str
    kind: SegmentKind
    unit_id: str | None = None
    squad_id: str | None = None
    #: who rates or leads there; None: derived from the unit
    rater_id: str | None = None
    #: first day
    starts_on: date
    #: last day
    ends_on: date
    #: part of full time, basis points
    share_bp: int = 0

    @property
    def days(self) -> int:
        """Calendar days, both ends counted."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def weight_days(self) -> int:
        """Days that count for weights: none of a leave."""
        return 0 if self.kind is SegmentKind.LEAVE else self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which somebody is away."""

    #: the change that recorded it
    change_id: str
    first: date
    #: None: until further notice
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The dated rows of one person that segments are made of."""

    person_id: str
    appointments: Sequence[Appointment] = ()
    #: unit by post
    units: Mapping[str, str]
    changes: Sequence[RoleChange] = ()
    memberships: Sequence[tuple[Membership, Squad]] = ()
    #: letters by which this person stands in for others
    substitutions: Sequence[Substitution] = ()


def absences(changes: Iterable[RoleChange]) -> tuple[Absence, ...]:
    """Promise: every leave, oldest first; a return before its day shortens it."""
    rows = sorted(changes, key=lambda c: (c.starts_on, c.id))
    back = [c.starts_on for c in rows if c.kind is ChangeKind.KEMBALI]
    found: list[Absence] = []
    for row in rows:
        if row.kind is not ChangeKind.CUTI:
            continue
        returned = [day - _DAY for day in back if day > row.starts_on]
        last = min([*returned, *([row.ends_on] if row.ends_on else [])], default=None)
        found.append(Absence(change_id=row.id, first=row.starts_on, last=last))
    return tuple(found)


def pauses(changes: Iterable[RoleChange], first: date, last: date) -> tuple[Pause, ...]:
    """Promise: the days between two on which a person's clocks stand still (crediting.md 0.6)."""
    return tuple(
        Pause(first=max(row.first, first), last=min(row.last or last, last))
        for row in absences(changes)
        if row.first <= last and (row.last is None or row.last >= first)
    )


def base_segments(roles: Roles, first: date, last: date) -> tuple[RoleSegment, ...]:
    """Promise: the days with a post between two days, each in exactly one segment, in order.

    Home or assignment by the main appointment of the day (definitive before plt before plh); a
    leave covers it. Days without a post lie in no segment.
    """
    away = absences(roles.changes)
    placed = {c.opened_id for c in roles.changes if c.kind is ChangeKind.PENUGASAN}
    found: list[RoleSegment] = []
    for start, after in pairwise(_cuts(roles, away, first, last)):
        held = _main(roles.appointments, start)
        if held is None:
            continue
        leave = next((a for a in away if _covers(a, start)), None)
        kind = SegmentKind.SECONDMENT if held.id in placed else SegmentKind.HOME
        row = RoleSegment(
            source_id=held.id,
            person_id=roles.person_id,
            kind=SegmentKind.LEAVE if leave else kind,
            unit_id=roles.units.get(held.post_id),
            rater_id=held.rater_id,
            starts_on=start,
            ends_on=after - _DAY,
        )
        found = _joined(found, row)
    return tuple(found)


def squad_segments(roles: Roles, first: date, last: date) -> tuple[RoleSegment, ...]:
    """Promise: memberships between two days, in order of their first day; leaves are not cut."""
    found = []
    for row, squad in roles.memberships:
        ends = squad.ends_on if row.valid_to is None else row.valid_to - _DAY
        start, end = max(row.valid_from, first), min(ends, last)
        if start <= end:
            found.append(
                RoleSegment(
                    source_id=row.id,
                    person_id=roles.person_id,
                    kind=SegmentKind.SQUAD,
                    unit_id=squad.host_unit_id,
                    squad_id=squad.id,
                    starts_on=start,
                    ends_on=end,
                    share_bp=row.effort_bp,
                )
            )
    return tuple(sorted(found, key=lambda s: (s.starts_on, s.source_id)))


def acting_segments(roles: Roles, first: date, last: date) -> tuple[RoleSegment, ...]:
    """Promise: posts held as plt or plh beside the main one, and absent people stood in for.

    They carry no share of their own: no rule gives one (domain.md 2.5).
    """
    bases = {row.source_id for row in base_segments(roles, first, last)}
    held = [
        (row.id, row.valid_from, row.valid_to, roles.units.get(row.post_id))
        for row in roles.appointments
        if row.kind.value != "definitive" and row.id not in bases
    ]
    held += [(row.id, row.valid_from, row.valid_to, None) for row in roles.substitutions]
    found = []
    for source_id, starts_on, before, unit_id in held:
        start = max(starts_on, first)
        ends = last if before is None else min(before - _DAY, last)
        if start <= ends:
            found.append(
                RoleSegment(
                    source_id=source_id,
                    person_id=roles.person_id,
                    kind=SegmentKind.ACTING,
                    unit_id=unit_id,
                    starts_on=start,
                    ends_on=ends,
                )
            )
    return tuple(sorted(found, key=lambda s: (s.starts_on, s.source_id)))


def worked_days(first: date, last: date, away: Iterable[Pause]) -> int:
    """Promise: days from first to last without those of a leave; overlapping leaves count once."""
    gaps = tuple(away)
    if not gaps:
        return max((last - first).days + 1, 0)
    days = {first + n * _DAY for n in range(max((last - first).days + 1, 0))}
    for pause in gaps:
        span = (pause.last - pause.first).days + 1
        days -= {pause.first + n * _DAY for n in range(span)}
    return len(days)


def check_change(change: RoleChange) -> tuple[str, ...]:
    """Promise: codes of what a change lacks: letter_missing, ends_before, leave_kind_missing."""
    found = []
    if not change.letter_no.strip():
        found.append("letter_missing")
    if change.ends_on is not None and change.ends_on < change.starts_on:
        found.append("ends_before")
    if change.kind is ChangeKind.CUTI and change.leave_kind is None:
        found.append("leave_kind_missing")
    return tuple(found)


def _main(rows: Sequence[Appointment], day: date) -> Appointment | None:
    order = ("definitive", "plt", "plh")
    held = [a for a in rows if a.covers(day)]
    return min(held, key=lambda a: (order.index(a.kind.value), a.valid_from, a.id), default=None)


def _cuts(roles: Roles, away: Sequence[Absence], first: date, last: date) -> list[date]:
    end = last + _DAY
    days = {first, end}
    for row in roles.appointments:
        days |= {row.valid_from, row.valid_to or end}
    for absence in away:
        days |= {absence.first, (absence.last + _DAY) if absence.last else end}
    return sorted(day for day in days if first <= day <= end)


def _covers(absence: Absence, day: date) -> bool:
    return absence.first <= day and (absence.last is None or day <= absence.last)


def _joined(found: list[RoleSegment], row: RoleSegment) -> list[RoleSegment]:
    """The row added, or its days added to a neighbour that differs in nothing else."""
    if found:
        before = found[-1]
        same = (before.source_id, before.kind) == (row.source_id, row.kind)
        if same and before.ends_on + _DAY == row.starts_on:
            grown = RoleSegment(
                source_id=row.source_id,
                person_id=row.person_id,
                kind=row.kind,
                unit_id=row.unit_id,
                rater_id=row.rater_id,
                starts_on=before.starts_on,
                ends_on=row.ends_on,
            )
            return [*found[:-1], grown]
    return [*found, row]
