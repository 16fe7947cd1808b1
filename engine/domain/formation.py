"""How a squad comes about: from a letter or a need, by appointment or by volunteering.

PermenPANRB 7/2022: a member enters by penunjukan or pengajuan sukarela; a letter makes the squad.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import TransitionRefused, Violation
from engine.domain.scales import at_scale
from engine.domain.shares import default_shares
from engine.domain.squads import SquadRole, last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from engine.domain.shares import ShareRules
    from engine.domain.squads import Membership, Squad, SquadLimits


class Way(StrEnum):
    """What a formation begins with."""

    #: the assignment letter names the members
    LETTER = "letter"
    #: the owner appoints them (penunjukan)
    APPOINTED = "appointed"
    #: an open call (pengajuan sukarela)
    VOLUNTEERS = "volunteers"


class FormationStatus(StrEnum):
    """State of a formation."""

    #: a call is open, or members are being named
    GATHERING = "gathering"
    #: the squad stands
    FORMED = "formed"
    #: given up
    DROPPED = "dropped"


class CandidateState(StrEnum):
    """Where a candidate stands."""

    #: proposed by letter, by the owner or by himself
    PROPOSED = "proposed"
    #: becomes a member
    CHOSEN = "chosen"
    #: not taken, with a reason
    PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formation:
    """A squad in the making."""

    #: UUIDv7 text
    id: str
    #: agency that will own the performance
    agency_id: str
    #: unit that will own it
    host_unit_id: str
    #: how the members enter
    way: Way
    #: shown name
    name: str
    #: code, unique inside the agency
    code: str
    #: assignment letter; "" until it is recorded
    letter_no: str
    #: pemberi tugas
    sponsor_id: str
    #: who opened it
    opened_by: str
    #: first day of the squad
    starts_on: date
    #: its last day
    ends_on: date
    #: person-days agreed for the whole squad; its point budget follows from them
    person_days: int
    #: members wanted; None when a letter names them
    places: int | None
    #: competence wanted, in words
    competence: str
    #: last day to apply; None without an open call
    apply_until: date | None
    #: state
    status: FormationStatus
    #: the squad that came of it
    squad_id: str | None
    #: when it was opened
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may become a member."""

    #: UUIDv7 text
    id: str
    #: the formation
    formation_id: str
    #: the person
    person_id: str
    #: role he is wanted or volunteers for
    role: SquadRole
    #: part of full time, basis points
    effort_bp: int
    #: the volunteer's own words, "" otherwise
    motive: str
    #: where he stands
    state: CandidateState
    #: why he was taken or not
    reason: str
    #: owner who chose, None before
    decided_by: str | None
    #: when he was named or applied
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutput:
    """An output as it is agreed at formation."""

    #: what is made
    title: str
    #: person-days agreed for it
    person_days: int


def points_of(person_days: int, points_per_day: Decimal) -> int:
    """Promise: value points of agreed person-days, half up, at least 1 for any work.

    The same work is worth the same points in every squad (crediting.md 0.11). Points never fall
    when days grow. 0 for 0 days.
    """
    if person_days <= 0:
        return 0
    return max(int(at_scale(Fraction(points_per_day) * person_days, 0)), 1)


def check_outputs(
    rows: Sequence[PlannedOutput], person_days: int, points_per_day: Decimal
) -> tuple[Violation, ...]:
    """Promise: every fault: no output, an output without days, more days or points than agreed.

    The subject is the 0-based row, "" for the whole.
    """
    found = [
        _fault("output_days", str(n), "an output needs agreed person-days")
        for n, row in enumerate(rows)
        if row.person_days <= 0
    ]
    if not rows:
        found.append(_fault("no_output", "", "a squad needs at least one planned output"))
    days = sum(row.person_days for row in rows)
    if days > person_days:
        found.append(_fault("days_over", "", f"{days} person-days of {person_days} agreed"))
    points = sum(points_of(row.person_days, points_per_day) for row in rows)
    budget = points_of(person_days, points_per_day)
    if days <= person_days and points > budget:
        found.append(_fault("points_over", "", f"{points} points of {budget}"))
    return tuple(found)


def check_formation(formation: Formation, today: date) -> tuple[Violation, ...]:
    """Promise: faults of a call: places, competence, and a last day that lies ahead.

    Days, length and letter of the squad itself are `squads.check_squad`.
    """
    found: list[Violation] = []
    if formation.way is Way.LETTER:
        return ()
    if not formation.places or formation.places < 1:
        found.append(_fault("places", formation.id, "how many members are wanted?"))
    if not formation.competence.strip():
        found.append(_fault("competence", formation.id, "which competence is wanted?"))
    if formation.way is Way.VOLUNTEERS:
        until = formation.apply_until
        if until is None or until <= today:
            found.append(_fault("apply_until", formation.id, "the last day must lie ahead"))
        elif until > formation.ends_on:
            found.append(_fault("apply_until", formation.id, "the squad is over by then"))
    return tuple(found)


def choose(candidate: Candidate, *, taken: bool, reason: str, decided_by: str) -> Candidate:
    """Promise: the candidate chosen or passed over. Raises TransitionRefused when he was."""
    if candidate.state is not CandidateState.PROPOSED:
        raise TransitionRefused("candidate", candidate.state, "choose")
    state = CandidateState.CHOSEN if taken else CandidateState.PASSED
    return replace(candidate, state=state, reason=reason.strip(), decided_by=decided_by)


def check_choice(
    choices: Iterable[tuple[Candidate, bool, str]], places: int
) -> tuple[Violation, ...]:
    """Promise: faults of a choice: nobody is passed over without a reason, no more than places.

    Shapes: (candidate, taken, reason) in the order of the form; the subject is the 0-based row.
    """
    rows = list(choices)
    found = [
        _fault("reason_missing", str(n), "whoever is not chosen is told why")
        for n, (_, taken, reason) in enumerate(rows)
        if not taken and not reason.strip()
    ]
    chosen = sum(taken for _, taken, _ in rows)
    if chosen > places:
        found.append(_fault("places", "", f"{chosen} chosen for {places} places"))
    return tuple(found)


def proposed_effort_bp(
    person_days: int, people: int, working_days: int, limits: SquadLimits
) -> int:
    """Promise: an equal part of full time that covers the agreed days, in whole per cent.

    Rounded up, inside the agency's limits; the least when nobody or no day is there.
    """
    if people <= 0 or working_days <= 0:
        return limits.least_effort_bp
    percent = -(-person_days * 100 // (people * working_days))
    return min(max(percent * 100, limits.least_effort_bp), limits.most_effort_bp)


def check_efforts(rows: Iterable[Membership], limits: SquadLimits) -> tuple[Violation, ...]:
    """Promise: memberships whose effort lies outside the agency's limits; the subject is its id."""
    return tuple(
        _fault(
            "effort_limits",
            row.id,
            f"effort {row.effort_bp} outside {limits.least_effort_bp}..{limits.most_effort_bp}",
        )
        for row in rows
        if not limits.least_effort_bp <= row.effort_bp <= limits.most_effort_bp
    )


def weighted_shares(
    rows: Iterable[Membership],
    window: tuple[date, date],
    squad: Squad,
    rules: ShareRules,
) -> dict[str, int]:
    """Promise: expected shares of an output by time-weighted effort, basis points, sum 10,000.

    Every membership that touches the window (first and last day of the work) counts with effort
    times its days there, by role coefficient and lead cap; the key is the newest membership of
    each person. Equal time gives `default_shares`. Empty when nobody touches it.
    """
    touching = [(row, _days(row, window, squad)) for row in rows]
    held = [(row, days) for row, days in touching if days]
    if not held:
        return {}
    newest: dict[str, Membership] = {}
    parts: dict[tuple[str, SquadRole], tuple[Membership, int]] = {}
    for row, days in sorted(held, key=lambda pair: (pair[0].valid_from, pair[0].id)):
        newest[row.person_id] = row
        _, before = parts.get((row.person_id, row.role), (row, 0))
        parts[row.person_id, row.role] = row, before + row.effort_bp * days
    shares = default_shares([replace(row, effort_bp=work) for row, work in parts.values()], rules)
    return _by_person(shares, {row.id: row.person_id for row, _ in parts.values()}, newest)


def _by_person(
    shares: Mapping[str, int], people: Mapping[str, str], newest: Mapping[str, Membership]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for membership_id, bp in shares.items():
        key = newest[people[membership_id]].id
        found[key] = found.get(key, 0) + bp
    return found


def _days(row: Membership, window: tuple[date, date], squad: Squad) -> int:
    first, last = max(row.valid_from, window[0]), min(last_day(row, squad), window[1])
    return max((last - first).days + 1, 0)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
