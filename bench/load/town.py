"""Squads with outputs to be credited, and a session for everybody: what the load works on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli_files import files_of
from app.operator import OPERATOR
from engine.domain.cycles import Cycle, CycleStatus, Period
from engine.domain.outputs import Output
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases import accounts, processes, sessions
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.process import Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.wiring import Wired
    from engine.usecases.ports.work import House, UnitOfWork

_ROOT: Final = Path(__file__).resolve().parents[2]
_LIBRARY: Final = (_ROOT / "workflows", _ROOT / "forms" / "library")
#: of the library: every decision, every form, and the drawings that are worked on
_DRAWINGS: Final = ("contribution.bpmn", "contribution_types.bpmn")
#: members of a squad beside its lead
MEMBERS: Final = 4
AGENCY: Final = "agency"
CYCLE: Final = "cycle"
_ADMIN: Final = "admin"
_BORN: Final = 19800101


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is signed in."""

    login: str
    person_id: str | None
    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A squad with its people signed in, and the outputs that nobody started yet."""

    squad_id: str
    sponsor: Visitor
    lead: Visitor
    members: Sequence[Visitor]
    outputs: Sequence[str]

    @property
    def people(self) -> tuple[Visitor, ...]:
        """Everybody who may have a task of this squad."""
        return (self.lead, *self.members, self.sponsor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The squads, and who starts what they work on."""

    admin: Visitor
    teams: Sequence[Team]


def settled(wired: Wired, *, squads: int, outputs: int) -> Town:
    """A house with `squads` squads and `outputs` outputs for each, nothing started yet."""
    _deploy(wired.house)
    today = wired.house.clock.now().date()
    with wired.house.writing() as uow:
        _agency(uow, today)
        for number in range(squads):
            _people(uow, number)
            _squad(uow, number, outputs, today)
        _account(uow, _ADMIN, None)
        for group in ("admin", "process_owner", "perf_admin"):
            uow.accounts.grant(_ADMIN, group, date(2020, 1, 1))
        uow.commit()
    teams = tuple(_team(wired.house, number, outputs) for number in range(squads))
    return Town(admin=_signed_in(wired.house, _ADMIN), teams=teams)


def _deploy(house: House) -> None:
    found = [Resource(name=p.name, content=p.read_bytes()) for p in files_of(list(_LIBRARY))]
    needed = tuple(
        file for file in found if file.name.endswith((".dmn", ".form")) or file.name in _DRAWINGS
    )
    processes.deploy(house, OPERATOR, needed)


def _agency(uow: UnitOfWork, today: date) -> None:
    uow.agency.add([Agency(id=AGENCY, code="BB", name="Badan Beban", timezone="Asia/Jakarta")])
    uow.agency.add([Unit(id="top", agency_id=AGENCY, code="top", name="Badan", parent_id=None)])
    _person(uow, "top-head", "top", 1, head=True)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    uow.performance.add(
        [
            Cycle(
                id=CYCLE,
                agency_id=AGENCY,
                year=today.year,
                name=str(today.year),
                starts_on=first,
                ends_on=last,
                status=CycleStatus.RUNNING,
            )
        ]
    )
    uow.performance.add(
        [Period(id="period", cycle_id=CYCLE, number=1, name="I", starts_on=first, ends_on=last)]
    )


def _names(number: int) -> tuple[str, ...]:
    """The people of a squad's unit: head and sponsor first, then the lead, then members."""
    return (f"head-{number}", f"lead-{number}", *(f"m{n}-{number}" for n in range(MEMBERS)))


def _people(uow: UnitOfWork, number: int) -> None:
    unit = f"u{number}"
    uow.agency.add([Unit(id=unit, agency_id=AGENCY, code=unit, name=unit, parent_id="top")])
    for place, name in enumerate(_names(number)):
        _person(uow, name, unit, 10 * (number + 1) + place, head=place == 0)


def _person(uow: UnitOfWork, name: str, unit: str, number: int, *, head: bool) -> None:
    nip = f"{_BORN}2005011{number:03}"
    uow.agency.add([Person(id=name, agency_id=AGENCY, nip=nip, name=name)])
    kind = JobClass.JPT if head else JobClass.JF
    post = Post(id=f"post-{name}", unit_id=unit, title=name, job_class=kind, is_head=head)
    uow.agency.add([post])
    seat = Appointment(
        id=f"seat-{name}",
        person_id=name,
        post_id=post.id,
        kind=AppointmentKind.DEFINITIVE,
        valid_from=date(2020, 1, 1),
    )
    uow.agency.add([seat])
    _account(uow, name, name)


def _account(uow: UnitOfWork, login: str, person_id: str | None) -> None:
    row = AccountRow(
        login=login,
        person_id=person_id,
        password_hash="x",  # noqa: S106 - nobody signs in by it: sessions are opened by hand
        agency_id=AGENCY,
        display_name=login,
    )
    uow.accounts.put(row)


def _squad(uow: UnitOfWork, number: int, outputs: int, today: date) -> None:
    head, *people = _names(number)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    squad = Squad(
        id=f"squad-{number}",
        host_agency_id=AGENCY,
        host_unit_id=f"u{number}",
        code=f"T{number}",
        name=f"Tim {number}",
        letter_no=f"ST-{number}",
        sponsor_id=head,
        starts_on=first,
        ends_on=last,
        budget_points=max(outputs, 1),
    )
    uow.contributions.add([squad])
    uow.contributions.add([_member(squad, n, who) for n, who in enumerate(people)])
    uow.contributions.add(
        [
            Output(
                id=_output(number, n),
                squad_id=squad.id,
                number=n,
                title=f"Keluaran {n}",
                indicator="Dokumen",
                target="1",
                value_points=1,
                cycle_id=CYCLE,
                period_id="period",
                due_on=last,
            )
            for n in range(1, outputs + 1)
        ]
    )


def _member(squad: Squad, place: int, who: str) -> Membership:
    return Membership(
        id=f"{squad.id}-{place}",
        squad_id=squad.id,
        person_id=who,
        home_agency_id=AGENCY,
        home_unit_id=squad.host_unit_id,
        role=SquadRole.KETUA if place == 0 else SquadRole.ANGGOTA,
        effort_bp=2000,
        valid_from=squad.starts_on,
        consent=Consent.GIVEN,
        acceptance=Acceptance.ACCEPTED,
    )


def _output(squad: int, number: int) -> str:
    return f"out-{squad}-{number}"


def _team(house: House, number: int, outputs: int) -> Team:
    sponsor, lead, *members = (_signed_in(house, name) for name in _names(number))
    return Team(
        squad_id=f"squad-{number}",
        sponsor=sponsor,
        lead=lead,
        members=members,
        outputs=[_output(number, n) for n in range(1, outputs + 1)],
    )


def _signed_in(house: House, login: str) -> Visitor:
    found = accounts.account_actor(house, login)
    assert found is not None
    opened = sessions.open_session(house, found.account)
    assert opened.session is not None
    return Visitor(
        login=login,
        person_id=found.account.person_id,
        cookie=f"regu_session={opened.token}",
        csrf=opened.session.csrf,
    )
