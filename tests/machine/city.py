"""Two agencies whose people work in each other's squads: what there is before anybody acts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from engine.domain.cycles import Cycle, Period
from engine.domain.indicators import Aspect
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, RoleKind
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.actor import Actor, ActorKind

START = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
AGENCIES = {"l": "Lembaga", "k": "Kementerian"}
#: unit -> (agency, unit above)
UNITS = {
    "top": ("l", None),
    "biro": ("l", "top"),
    "hukum": ("l", "top"),
    "data": ("l", "top"),
    "atas": ("k", None),
    "seksi": ("k", "atas"),
}
#: person -> unit
HEADS = {
    "kepala": "top",
    "h_biro": "biro",
    "h_hukum": "hukum",
    "h_data": "data",
    "menteri": "atas",
    "h_seksi": "seksi",
}
STAFF = {
    "sari": "biro",
    "wayan": "biro",
    "citra": "hukum",
    "budi": "data",
    "gita": "data",
    "dewi": "seksi",
    "eko": "seksi",
}
#: people with a group: who runs the cycle, and who only reads
OFFICES = {"wira": "top", "agus": "top", "putri": "atas"}
GROUPS = {
    "wira": frozenset({"perf_admin", "hr"}),
    "putri": frozenset({"perf_admin", "hr"}),
    "agus": frozenset({"auditor"}),
}
MANAGER = {"l": "wira", "k": "putri"}
PEOPLE = {**HEADS, **STAFF, **OFFICES}
EVERYBODY = tuple(PEOPLE)
#: units that host squads
HOSTS = ("data", "biro", "seksi")
NIP = {name: f"19800101200501{n:04d}" for n, name in enumerate(PEOPLE, start=1001)}
QUARTERS = (
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 12, 31)),
)


def agency_of(name):
    return UNITS[PEOPLE[name]][0]


def person(name, on_behalf_of=None):
    return Actor(
        kind=ActorKind.PERSON,
        name=name,
        person_id=name,
        on_behalf_of=on_behalf_of,
        groups=GROUPS.get(name, frozenset()),
        agency_id=agency_of(name),
    )


def build(place):
    """Write agencies, units, people in posts, two years of cycles, and plans for home work."""
    place.clock.at = START
    with place.house.writing() as uow:
        _organisation(uow)
        for agency in AGENCIES:
            _years(uow, agency)
        for name in STAFF:
            _plan(uow, name)
        uow.commit()


def _organisation(uow):
    uow.agency.add([Agency(id=a, code=a.upper(), name=name) for a, name in AGENCIES.items()])
    uow.agency.add(
        [
            Unit(id=unit, agency_id=agency, code=unit.upper(), name=unit, parent_id=above)
            for unit, (agency, above) in UNITS.items()
        ]
    )
    posts = [
        Post(
            id=f"post_{name}",
            unit_id=unit,
            title=name,
            job_class=JobClass.JPT if name in HEADS else JobClass.JF,
            is_head=name in HEADS,
        )
        for name, unit in PEOPLE.items()
    ]
    uow.agency.add(posts)
    uow.agency.add(
        [Person(id=n, agency_id=agency_of(n), nip=NIP[n], name=n.title()) for n in PEOPLE]
    )
    uow.agency.add(
        [
            Appointment(
                id=f"app_{name}",
                person_id=name,
                post_id=f"post_{name}",
                kind=AppointmentKind.DEFINITIVE,
                valid_from=date(2025, 1, 1),
            )
            for name in PEOPLE
        ]
    )


def _years(uow, agency):
    for year, days in ((2026, QUARTERS), (2027, ((date(2027, 1, 1), date(2027, 12, 31)),))):
        key = f"{agency}{year}"
        uow.performance.add(
            [
                Cycle(
                    id=key,
                    agency_id=agency,
                    year=year,
                    name=str(year),
                    starts_on=date(year, 1, 1),
                    ends_on=date(year, 12, 31),
                )
            ]
        )
        uow.performance.add(
            [
                Period(id=f"{key}-{n}", cycle_id=key, number=n, name=f"{n}", starts_on=a, ends_on=b)
                for n, (a, b) in enumerate(days, start=1)
            ]
        )


def _plan(uow, name):
    plan = f"plan_{name}"
    uow.performance.add([Plan(id=plan, person_id=name, cycle_id=f"{agency_of(name)}2026")])
    rows = [(f"{name}_1", 6000), (f"{name}_2", 4000)]
    uow.performance.add(
        [
            PlanItem(
                id=item,
                plan_id=plan,
                number=n,
                kind=ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=item,
                weight_bp=weight,
            )
            for n, (item, weight) in enumerate(rows, start=1)
        ]
    )
    uow.performance.add(
        [
            Indicator(
                id=f"i_{item}",
                item_id=item,
                aspect=Aspect.KUANTITAS,
                text="done",
                target=Decimal(100),
                unit="%",
            )
            for item, _ in rows
        ]
    )
