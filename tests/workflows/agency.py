"""A small agency: a head, two units with heads, their people, and a squad across both."""

from __future__ import annotations

from datetime import date

from engine.domain.cycles import Cycle, Period
from engine.domain.outputs import Output
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.ports.accounts import AccountRow

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

#: short name -> (NIP, unit, heads it?)
PEOPLE = {
    "ratna": ("196805121994032001", "badan", True),
    "budi": ("197503152000011002", "biro", True),
    "wati": ("197601012001042003", "pusat", True),
    "sari": ("199001012015042004", "biro", False),
    "dedi": ("198811302012121005", "biro", False),
    "citra": ("198505202010012006", "pusat", False),
    "eko": ("199205202018011007", "pusat", False),
    "joko": ("198001012005011008", "badan", False),
    "lina": ("198301012008012009", "badan", False),
}
#: groups of the people who run the cycle
GROUPS = {"joko": ("perf_admin",), "lina": ("perf_admin", "auditor")}
#: role and effort in the squad; expected shares are 50, 25 and 25 %
MEMBERS = {
    "citra": (SquadRole.KETUA, 2000),
    "sari": (SquadRole.ANGGOTA, 2000),
    "eko": (SquadRole.ANGGOTA, 2000),
}
UNITS = {"badan": None, "biro": "badan", "pusat": "badan"}


class Ids(dict):
    """Identity of everybody and everything by its short name."""

    def __init__(self, new):
        super().__init__()
        self._new = new

    def __missing__(self, name):
        self[name] = self._new()
        return self[name]


def settle(uow, ids):
    """Write the agency into an empty database."""
    _units_and_people(uow, ids)
    _accounts(uow, ids)
    _cycle(uow, ids)
    _squad(uow, ids)


def _units_and_people(uow, ids):
    uow.agency.add([Agency(id=ids["agency"], code="BC", name="Badan Contoh")])
    for code, parent in UNITS.items():
        above = ids[parent] if parent else None
        row = Unit(
            id=ids[code],
            agency_id=ids["agency"],
            code=code,
            name=code.title(),
            parent_id=above,
        )
        uow.agency.add([row])
    for name, (nip, unit, heads) in PEOPLE.items():
        person = Person(id=ids[name], agency_id=ids["agency"], nip=nip, name=name.title())
        post = Post(
            id=ids[f"post {name}"],
            unit_id=ids[unit],
            title=f"Kepala {unit}" if heads else "Analis",
            job_class=JobClass.JPT if heads else JobClass.JF,
            is_head=heads,
        )
        seat = Appointment(
            id=ids[f"seat {name}"],
            person_id=ids[name],
            post_id=ids[f"post {name}"],
            kind=AppointmentKind.DEFINITIVE,
            valid_from=date(2025, 1, 1),
        )
        for row in (person, post, seat):
            uow.agency.add([row])


def _accounts(uow, ids):
    for name, (nip, *_) in PEOPLE.items():
        row = AccountRow(
            login=nip,
            person_id=ids[name],
            password_hash="x",  # noqa: S106 - nobody signs in
            agency_id=ids["agency"],
            display_name=name.title(),
        )
        uow.accounts.put(row)
        for group in GROUPS.get(name, ()):
            uow.accounts.grant(nip, group, date(2025, 1, 1))


def _cycle(uow, ids):
    cycle = Cycle(
        id=ids["cycle"],
        agency_id=ids["agency"],
        year=2026,
        name="Siklus 2026",
        starts_on=FIRST,
        ends_on=LAST,
    )
    uow.performance.add([cycle])
    ends = (date(2026, 6, 30), LAST)
    for number, (start, end) in enumerate(zip((FIRST, date(2026, 7, 1)), ends, strict=True), 1):
        period = Period(
            id=ids[f"period {number}"],
            cycle_id=ids["cycle"],
            number=number,
            name=f"Semester {number}",
            starts_on=start,
            ends_on=end,
        )
        uow.performance.add([period])


def _squad(uow, ids):
    squad = Squad(
        id=ids["squad"],
        host_agency_id=ids["agency"],
        host_unit_id=ids["pusat"],
        code="T1",
        name="Tim Satu Data",
        letter_no="ST-1/2026",
        sponsor_id=ids["wati"],
        starts_on=FIRST,
        ends_on=LAST,
        budget_points=100,
    )
    uow.contributions.add([squad])
    for name, (role, effort) in MEMBERS.items():
        row = Membership(
            id=ids[f"member {name}"],
            squad_id=ids["squad"],
            person_id=ids[name],
            home_agency_id=ids["agency"],
            home_unit_id=ids[PEOPLE[name][1]],
            role=role,
            effort_bp=effort,
            valid_from=FIRST,
            consent=Consent.GIVEN,
            acceptance=Acceptance.ACCEPTED,
        )
        uow.contributions.add([row])
    output = Output(
        id=ids["output"],
        squad_id=ids["squad"],
        number=1,
        title="Portal data",
        indicator="Portal berjalan",
        target="1 portal",
        value_points=40,
        cycle_id=ids["cycle"],
        period_id=ids["period 1"],
        due_on=date(2026, 3, 31),
    )
    uow.contributions.add([output])
