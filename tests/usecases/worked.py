"""The worked example of the credit model as stored rows: Sari, two squads, three home results."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.domain.cycles import Cycle, Period
from engine.domain.indicators import Aspect
from engine.domain.outputs import Output
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, RoleKind
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, JobClass, Post, Unit

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
UNITS = {"top": None, "biro": "top", "hukum": "top", "pusdatin": "top", "ditx": "top"}
#: person -> (unit, head of it?)
PEOPLE = {
    "kepala": ("top", True),
    "h_biro": ("biro", True),
    "h_hukum": ("hukum", True),
    "h_pusdatin": ("pusdatin", True),
    "h_ditx": ("ditx", True),
    "sari": ("biro", False),
    "wayan": ("biro", False),
    "citra": ("hukum", False),
    "budi": ("pusdatin", False),
    "dedi": ("ditx", False),
    "eka": ("ditx", False),
}
#: squad -> (host, sponsor, [(membership id, person, role, effort)])
SQUADS = {
    "a": (
        "pusdatin",
        "h_pusdatin",
        [("a1", "budi", "ketua", 5000), ("a2", "sari", "anggota", 2000),
         ("a3", "citra", "anggota", 3000)],
    ),
    "b": (
        "ditx",
        "h_ditx",
        [("b2", "sari", "ketua", 1000), ("b1", "dedi", "anggota", 2000),
         ("b3", "eka", "anggota", 2000)],
    ),
}  # fmt: skip
CYCLE = {"cycle_id": "cycle"}


def build(place, *, consent=Consent.GIVEN):
    """Write the agency; the output of squad A is `out_a` (V=40), of squad B `out_b` (V=20)."""
    with place.house.writing() as uow:
        uow.agency.add([Agency(id="agency", code="BLDN", name="Badan")])
        uow.agency.add(
            [
                Unit(id=u, agency_id="agency", code=u.upper(), name=u, parent_id=p)
                for u, p in UNITS.items()
            ]
        )
        uow.agency.add(
            [
                Post(
                    id=f"post_{name}",
                    unit_id=unit,
                    title=name,
                    job_class=JobClass.JPT if head else JobClass.JF,
                    is_head=head,
                )
                for name, (unit, head) in PEOPLE.items()
            ]
        )
        uow.agency.add(
            [
                Person(id=name, agency_id="agency", nip=f"19800101200501{n:04d}", name=name)
                for n, name in enumerate(PEOPLE, start=1001)
            ]
        )
        uow.agency.add(
            [
                Appointment(
                    id=f"app_{name}",
                    person_id=name,
                    post_id=f"post_{name}",
                    kind=AppointmentKind.DEFINITIVE,
                    valid_from=FIRST,
                )
                for name in PEOPLE
            ]
        )
        _cycle(uow)
        for code, (host, sponsor, members) in SQUADS.items():
            _squad(uow, (code, host, sponsor), members, consent)
        _plan(uow)
        uow.commit()


def _cycle(uow):
    uow.performance.add(
        [
            Cycle(
                id="cycle",
                agency_id="agency",
                year=2026,
                name="2026",
                starts_on=FIRST,
                ends_on=LAST,
            )
        ]
    )
    days = [(date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), LAST)]
    uow.performance.add(
        [
            Period(id=f"p{n}", cycle_id="cycle", number=n, name=f"P{n}", starts_on=a, ends_on=b)
            for n, (a, b) in enumerate(days, start=1)
        ]
    )


def _squad(uow, squad, members, consent):
    code, host, sponsor = squad
    uow.contributions.add(
        [
            Squad(
                id=f"squad_{code}",
                host_agency_id="agency",
                host_unit_id=host,
                code=code,
                name=f"Squad {code.upper()}",
                letter_no="SK-1",
                sponsor_id=sponsor,
                starts_on=FIRST,
                ends_on=LAST,
                budget_points=100,
            )
        ]
    )
    uow.contributions.add(
        [
            Membership(
                id=member_id,
                squad_id=f"squad_{code}",
                person_id=name,
                home_agency_id="agency",
                home_unit_id=PEOPLE[name][0],
                role=SquadRole(role),
                effort_bp=effort,
                valid_from=FIRST,
                consent=consent if PEOPLE[name][0] != host else Consent.GIVEN,
                acceptance=Acceptance.ACCEPTED,
            )
            for member_id, name, role, effort in members
        ]
    )
    uow.contributions.add(
        [
            Output(
                id=f"out_{code}",
                squad_id=f"squad_{code}",
                number=1,
                title=f"Output {code}",
                indicator="i",
                target="t",
                value_points=40 if code == "a" else 20,
                cycle_id="cycle",
                period_id="p1",
                due_on=date(2026, 5, 29),
            )
        ]
    )


def _plan(uow):
    uow.performance.add([Plan(id="plan", person_id="sari", cycle_id="cycle")])
    weights = {"r1": 4000, "r2": 3000, "r3": 3000}
    uow.performance.add(
        [
            PlanItem(
                id=item,
                plan_id="plan",
                number=n,
                kind=ItemKind.UTAMA,
                role_kind=RoleKind.HOME,
                title=item,
                weight_bp=weight,
            )
            for n, (item, weight) in enumerate(weights.items(), start=1)
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
            for item in weights
        ]
    )
