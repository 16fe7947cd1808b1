"""What the people of the sample agency are: heads, staff, leads, members of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.squads import SquadRole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.usecases.organisation import Standing
    from engine.usecases.ports.work import UnitOfWork

#: groups of the agency that have a part in the year
GROUPS: Final = ("perf_admin", "hr", "auditor", "process_owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A squad as the workbook brought it; people by id."""

    name: str
    host_unit_id: str
    sponsor: str
    lead: str
    members: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A unit with staff of its own; people by id, by name."""

    unit_id: str
    name: str
    head: str
    #: who heads the unit above
    above: str
    #: staff in no squad and no group
    free: Sequence[str]
    #: a post of its staff
    post_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is what when the year begins."""

    nips: Mapping[str, str]
    groups: Mapping[str, Sequence[str]]
    teams: Sequence[Team]
    #: by code of the unit
    offices: Sequence[Office]


def roster_of(uow: UnitOfWork, standing: Standing, agency_id: str) -> Roster:
    """The roster of an agency today."""
    people = uow.agency.people(agency_id)
    nips = {person.id: person.nip for person in people}
    groups = _groups(uow, nips, agency_id, standing.today(agency_id))
    teams = [_team(uow, squad.id, standing) for squad in uow.contributions.squads(agency_id)]
    busy = {who for team in teams for who in team.members}
    busy.update(who for held in groups.values() for who in held)
    return Roster(
        nips=nips,
        groups=groups,
        teams=teams,
        offices=_offices(uow, standing, agency_id, busy),
    )


def _groups(
    uow: UnitOfWork, nips: Mapping[str, str], agency_id: str, today: date
) -> dict[str, list[str]]:
    found = {}
    for group in GROUPS:
        logins = set(uow.accounts.members(group, today, agency_id))
        found[group] = [person for person, nip in nips.items() if nip in logins]
    return found


def _team(uow: UnitOfWork, squad_id: str, standing: Standing) -> Team:
    squad, members = standing.squad(squad_id), uow.contributions.members(squad_id)
    lead = next(row.person_id for row in members if row.role is SquadRole.KETUA)
    return Team(
        name=squad.name,
        host_unit_id=squad.host_unit_id,
        sponsor=squad.sponsor_id,
        lead=lead,
        members=[row.person_id for row in members],
    )


def _offices(uow: UnitOfWork, standing: Standing, agency_id: str, busy: set[str]) -> list[Office]:
    """Units in which more people work than the head alone."""
    staff: dict[str, list[str]] = {}
    for person in uow.agency.people(agency_id):
        home = standing.home_unit(person.id)
        if home is not None:
            staff.setdefault(home, []).append(person.id)
    found = []
    for unit in uow.agency.units(agency_id):
        head = standing.head(unit.id)
        free = [p for p in staff.get(unit.id, []) if p not in busy and head and p != head.person_id]
        above = standing.rater(head.person_id) if head else None
        if head is None or above is None or not free:
            continue
        post = uow.segments.appointments(free[0])[0][0].post_id
        office = Office(
            unit_id=unit.id,
            name=unit.name,
            head=head.person_id,
            above=above.person_id,
            free=free,
            post_id=post,
        )
        found.append(office)
    return found
