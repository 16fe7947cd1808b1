"""Two agencies with units, people and squads, drawn by a seed and written as stored rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle, CycleStatus, Period
from engine.domain.outputs import Output
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, JobClass, Post, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from engine.usecases.ports.work import House

YEAR: Final = 2026
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
AGENCIES: Final = ("x", "y")
#: people of a unit, its head included
_UNIT: Final = 12
#: units of a division
_DIVISION: Final = 6
_PERIODS: Final = ((1, 1), (4, 1), (7, 1), (10, 1))
#: part of full time that one squad takes, and all of a person's squads together at most
_EFFORTS: Final = (500, 1000, 1500, 2000, 3000)
_EFFORT_MOST: Final = 6000
#: one squad in so many has guests of the other agency
_GUESTS_IN: Final = 4
#: outputs of a squad and what each may be worth
OUTPUTS: Final = 3
_VALUES: Final = (5, 10, 15, 20, 25, 30)
_OFFICERS: Final = ("hr", "auditor", "manager")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large, and by which seed."""

    people: int = 2000
    squads: int = 200
    seed: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Who is where on the first day."""

    agency_id: str
    #: person -> unit, of people who head nothing and hold no office of the simulation
    staff: dict[str, str] = field(default_factory=dict)
    #: unit -> its head
    heads: dict[str, str] = field(default_factory=dict)
    #: unit -> the unit above
    above: dict[str, str | None] = field(default_factory=dict)
    #: person -> NIP
    nips: dict[str, str] = field(default_factory=dict)
    #: units that have staff, and may host squads
    leaves: list[str] = field(default_factory=list)

    @property
    def cycle_id(self) -> str:
        """The cycle of the year."""
        return f"{self.agency_id}-cycle"

    @property
    def people(self) -> list[str]:
        """Everybody."""
        return list(self.nips)

    def officer(self, name: str) -> str:
        """Who is hr, auditor or manager."""
        return f"{self.agency_id}-{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A squad with its members and outputs."""

    squad: Squad
    members: tuple[Membership, ...]
    outputs: tuple[Output, ...]


def drawn(scale: Scale, random: Random) -> tuple[list[Town], list[Team]]:
    """The agencies and squads of a scale."""
    towns = [_town(code, scale.people // len(AGENCIES)) for code in AGENCIES]
    load: dict[str, int] = {}
    teams = [_team(number, towns, random, load) for number in range(scale.squads)]
    return towns, teams


def written(house: House, towns: Sequence[Town], teams: Sequence[Team]) -> None:
    """All of it stored in one transaction."""
    with house.writing() as uow:
        for town in towns:
            agency = town.agency_id
            uow.agency.add([Agency(id=agency, code=agency.upper(), name=f"Badan {agency}")])
            uow.agency.add(
                [
                    Unit(id=unit, agency_id=agency, code=unit, name=unit, parent_id=above)
                    for unit, above in town.above.items()
                ]
            )
            seats = _seats(town)
            uow.agency.add([post for post, _ in seats])
            uow.agency.add(
                [
                    Person(id=name, agency_id=agency, nip=nip, name=name)
                    for name, nip in town.nips.items()
                ]
            )
            uow.agency.add([appointment for _, appointment in seats])
            uow.performance.add(_cycles(town))
            uow.performance.add(_periods(town))
        uow.contributions.add([team.squad for team in teams])
        uow.contributions.add([row for team in teams for row in team.members])
        uow.contributions.add([row for team in teams for row in team.outputs])
        uow.commit()


def _town(code: str, size: int) -> Town:
    """A head on top, divisions below it, units below them; three officers at the top."""
    town = Town(agency_id=code)
    top = f"{code}-u0"
    town.above[top] = None
    units = max(4, size // (_UNIT + 1))
    divisions = max(2, units // _DIVISION)
    for n in range(1, divisions + 1):
        town.above[f"{code}-d{n:02d}"] = top
    for n in range(1, units + 1):
        town.above[f"{code}-u{n:03d}"] = f"{code}-d{(n - 1) % divisions + 1:02d}"
        town.leaves.append(f"{code}-u{n:03d}")
    for unit in town.above:
        town.heads[unit] = f"head-{unit}"
    left = size - len(town.heads) - len(_OFFICERS)
    town.staff.update({f"{code}-p{n:04d}": town.leaves[n % len(town.leaves)] for n in range(left)})
    place = AGENCIES.index(code)
    names = [*town.heads.values(), *(town.officer(name) for name in _OFFICERS), *town.staff]
    for n, name in enumerate(names):
        born = date(1975, 1, 1) + timedelta(days=n % 7000)
        town.nips[name] = f"{born:%Y%m%d}200501{n % 2 + 1}{place}{n // 7000:02d}"
    return town


def _seats(town: Town) -> list[tuple[Post, Appointment]]:
    top = next(iter(town.above))
    held = [(name, unit, True) for unit, name in town.heads.items()]
    held += [(town.officer(name), top, False) for name in _OFFICERS]
    held += [(name, unit, False) for name, unit in town.staff.items()]
    return [
        (
            Post(
                id=f"post-{name}",
                unit_id=unit,
                title=name,
                job_class=JobClass.JPT if head else JobClass.JF,
                is_head=head,
            ),
            Appointment(
                id=f"seat-{name}",
                person_id=name,
                post_id=f"post-{name}",
                kind=AppointmentKind.DEFINITIVE,
                valid_from=date(YEAR - 1, 1, 1),
            ),
        )
        for name, unit, head in held
    ]


def _cycles(town: Town) -> list[Cycle]:
    return [
        Cycle(
            id=town.cycle_id if year == YEAR else f"{town.agency_id}-next",
            agency_id=town.agency_id,
            year=year,
            name=str(year),
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            status=CycleStatus.RUNNING if year == YEAR else CycleStatus.DRAFT,
        )
        for year in (YEAR, YEAR + 1)
    ]


def _periods(town: Town) -> list[Period]:
    starts = [date(YEAR, month, day) for month, day in _PERIODS]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), LAST]
    quarters = [
        Period(
            id=f"{town.agency_id}-q{n}",
            cycle_id=town.cycle_id,
            number=n,
            name=f"Q{n}",
            starts_on=start,
            ends_on=end,
        )
        for n, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    ]
    following = Period(
        id=f"{town.agency_id}-after",
        cycle_id=f"{town.agency_id}-next",
        number=1,
        name="next",
        starts_on=date(YEAR + 1, 1, 1),
        ends_on=date(YEAR + 1, 12, 31),
    )
    return [*quarters, following]


def _team(number: int, towns: Sequence[Town], random: Random, load: dict[str, int]) -> Team:
    """A squad of a unit: its lead from there, others from there, elsewhere or another agency."""
    host, other = towns if number % 2 == 0 else tuple(reversed(towns))
    unit = random.choice(host.leaves)
    starts, ends = random.choice([(FIRST, LAST), (FIRST, LAST), (date(YEAR, 2, 1), LAST)])
    squad = Squad(
        id=f"squad-{number:03d}",
        host_agency_id=host.agency_id,
        host_unit_id=unit,
        code=f"T{number:03d}",
        name=f"Tim {number}",
        letter_no=f"SK-{number}",
        sponsor_id=host.heads[unit],
        starts_on=starts,
        ends_on=ends,
        budget_points=100,
    )
    own = [name for name, home in host.staff.items() if home == unit]
    away = [name for name, home in host.staff.items() if home != unit]
    guests = random.sample(list(other.staff), 2) if number % _GUESTS_IN == 1 else []
    wanted = [
        *random.sample(own, min(len(own), random.randint(2, 3))),
        *random.sample(away, min(len(away), random.randint(2, 3))),
        *guests,
    ]
    members = tuple(_member(squad, n, who, towns, random, load) for n, who in enumerate(wanted))
    return Team(
        squad=squad,
        members=tuple(row for row in members if row is not None),
        outputs=_outputs(squad, number, random),
    )


def _member(
    squad: Squad,
    place: int,
    who: str,
    towns: Sequence[Town],
    random: Random,
    load: dict[str, int],
) -> Membership | None:
    """A membership unless the person is in too many squads; the first of a squad leads it."""
    effort = random.choice(_EFFORTS)
    if place and load.get(who, 0) + effort > _EFFORT_MOST:
        return None
    load[who] = load.get(who, 0) + effort
    town = next(town for town in towns if who in town.staff)
    home = town.staff[who]
    return Membership(
        id=f"m-{squad.code}-{place}",
        squad_id=squad.id,
        person_id=who,
        home_agency_id=town.agency_id,
        home_unit_id=home,
        role=SquadRole.KETUA if place == 0 else SquadRole.ANGGOTA,
        effort_bp=effort,
        valid_from=squad.starts_on,
        consent=Consent.GIVEN if home == squad.host_unit_id else Consent.PENDING,
        acceptance=Acceptance.ACCEPTED,
    )


def _outputs(squad: Squad, number: int, random: Random) -> tuple[Output, ...]:
    """Due in different quarters, the last early enough to be sealed inside the year."""
    days = sorted(random.sample(range(55, 290), OUTPUTS))
    found = []
    for n, offset in enumerate(days, start=1):
        due = FIRST + timedelta(days=offset)
        found.append(
            Output(
                id=f"out-{number:03d}-{n}",
                squad_id=squad.id,
                number=n,
                title=f"Keluaran {n}",
                indicator="Dokumen",
                target="1",
                value_points=random.choice(_VALUES),
                cycle_id=f"{squad.host_agency_id}-cycle",
                period_id=f"{squad.host_agency_id}-q{(due.month - 1) // 3 + 1}",
                due_on=due,
            )
        )
    return tuple(found)
