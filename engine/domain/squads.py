"""Squads and memberships (tim kerja, keanggotaan)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import add_working_days
from engine.domain.errors import Violation
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from engine.domain.calendar import Pause, WorkingCalendar


#: a letter covers a year at most, whatever an agency decides; the database holds it too
YEAR_MONTHS: Final = 12


class SquadRole(StrEnum):
    """Role in a squad."""

    #: leads the squad
    KETUA = "ketua"
    #: works in it
    ANGGOTA = "anggota"


class Consent(StrEnum):
    """What the home superior says to lending a person."""

    #: not answered yet; the clock runs
    PENDING = "pending"
    #: agreed
    GIVEN = "given"
    #: refused with a reason; the common superior decides
    REFUSED = "refused"


class Acceptance(StrEnum):
    """What the member says to joining."""

    #: not answered yet
    PENDING = "pending"
    #: agreed
    ACCEPTED = "accepted"
    #: says the load is too much
    OVERLOAD = "overload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """A squad formed by letter for at most a year (PermenPANRB 7/2022)."""

    #: UUIDv7 text
    id: str
    #: agency that owns the performance
    host_agency_id: str
    #: unit that owns the performance
    host_unit_id: str
    #: code, unique inside the host agency
    code: str
    #: shown name
    name: str
    #: number of the assignment letter
    letter_no: str
    #: pemberi tugas, a person
    sponsor_id: str
    #: first day
    starts_on: date
    #: last day
    ends_on: date
    #: points its outputs of a cycle may be worth together
    budget_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person in a squad from a day to a day, with an effort and a home."""

    #: UUIDv7 text; the last tie-break of shares
    id: str
    #: the squad
    squad_id: str
    #: the person
    person_id: str
    #: home agency on the work date
    home_agency_id: str
    #: home unit on the work date
    home_unit_id: str
    #: ketua or anggota
    role: SquadRole
    #: part of full time, basis points
    effort_bp: int
    #: first day
    valid_from: date
    #: first day it no longer holds, None: until the squad ends
    valid_to: date | None = None
    #: the home superior's answer
    consent: Consent = Consent.PENDING
    #: who answered
    consent_by: str | None = None
    #: when
    consent_at: datetime | None = None
    #: the member's own answer
    acceptance: Acceptance = Acceptance.PENDING
    #: when
    accepted_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether the membership holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadRules:
    """What an agency asks of squads, filled from its decisions."""

    #: longest duration in months (PermenPANRB 7/2022 bylaws: 12)
    longest_months: int
    #: working days the home superior has to answer
    consent_working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadLimits:
    """Everything an agency's decision `squad_limits` says of squads."""

    #: longest duration of one letter in months
    longest_months: int
    #: working days of the home superior to answer
    consent_working_days: int
    #: working days of a member or a unit head to sign
    sign_working_days: int
    #: days before the end at which the owner is reminded
    remind_days: int
    #: smallest part of full time a membership takes
    least_effort_bp: int
    #: largest
    most_effort_bp: int
    #: value points of one agreed person-day
    points_per_day: Decimal

    @property
    def rules(self) -> SquadRules:
        """What `check_squad` and `consent_due` ask."""
        return SquadRules(
            longest_months=self.longest_months, consent_working_days=self.consent_working_days
        )


def check_squad(squad: Squad, rules: SquadRules) -> tuple[Violation, ...]:
    """Promise: every fault of a squad: letter, days, duration, budget."""
    found: list[Violation] = []
    if not squad.letter_no.strip():
        found.append(_fault("letter_missing", squad.id, "a squad needs its letter"))
    if squad.ends_on < squad.starts_on:
        found.append(_fault("squad_days", squad.id, "ends before it starts"))
    elif squad.ends_on >= months_later(squad.starts_on, rules.longest_months):
        found.append(_fault("squad_long", squad.id, f"longer than {rules.longest_months} months"))
    if squad.budget_points <= 0:
        found.append(_fault("squad_budget", squad.id, "the point budget must be above 0"))
    return tuple(found)


def check_members(squad: Squad, rows: Sequence[Membership]) -> tuple[Violation, ...]:
    """Promise: every fault of a squad's memberships.

    Days outside the squad, effort outside 1..10,000, a person twice on one day, two leads on one
    day, the sponsor as member (he would accept his own work).
    """
    found: list[Violation] = []
    for row in rows:
        if row.valid_from < squad.starts_on or last_day(row, squad) > squad.ends_on:
            found.append(_fault("member_days", row.id, "reaches beyond the squad"))
        if last_day(row, squad) < row.valid_from:
            found.append(_fault("member_empty", row.id, "ends before it starts"))
        if not 0 < row.effort_bp <= WHOLE_BP:
            found.append(_fault("member_effort", row.id, f"effort {row.effort_bp}"))
        if row.person_id == squad.sponsor_id:
            found.append(_fault("member_sponsor", row.id, "the sponsor is no member"))
    for one, other in combinations(rows, 2):
        if not _overlap(one, other, squad):
            continue
        if one.person_id == other.person_id:
            found.append(_fault("member_twice", other.id, f"overlaps {one.id}"))
        elif one.role is other.role is SquadRole.KETUA:
            found.append(_fault("two_leads", other.id, f"a second lead beside {one.id}"))
    return tuple(found)


def last_day(row: Membership, squad: Squad) -> date:
    """Promise: the last day of a membership."""
    return squad.ends_on if row.valid_to is None else row.valid_to - timedelta(days=1)


def active_members(rows: Iterable[Membership], day: date) -> tuple[Membership, ...]:
    """Promise: the memberships that hold on the day, consented or not, by id."""
    return tuple(sorted((r for r in rows if r.covers(day)), key=lambda r: r.id))


def lead(rows: Iterable[Membership], day: date) -> Membership | None:
    """Promise: the ketua of the day, None without one."""
    return next((r for r in active_members(rows, day) if r.role is SquadRole.KETUA), None)


def consent_due(
    proposed_on: date, rules: SquadRules, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> date:
    """Promise: the day after which silence goes to the common superior (crediting.md 0.5)."""
    return add_working_days(proposed_on, rules.consent_working_days, calendar, pauses)


def common_superior(home_line: Sequence[str], host_line: Sequence[str]) -> str | None:
    """Promise: the nearest person above both the home and the host unit; None across agencies.

    Shapes: person ids, nearest superior first.
    """
    above_host = set(host_line)
    return next((person for person in home_line if person in above_host), None)


def check_effort_change(valid_from: date, today: date) -> tuple[Violation, ...]:
    """Promise: an effort changes for the future only (crediting.md 0.11)."""
    if valid_from > today:
        return ()
    return (_fault("effort_back_dated", "valid_from", f"{valid_from} is not after {today}"),)


def months_later(day: date, months: int) -> date:
    """Promise: the same day so many months on; the month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def _overlap(one: Membership, other: Membership, squad: Squad) -> bool:
    return one.valid_from <= last_day(other, squad) and other.valid_from <= last_day(one, squad)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
