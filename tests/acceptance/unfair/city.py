"""Two agencies written once: heads, their people, a squad of the worked example, a cycle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from engine.domain.cycles import Cycle, CycleStatus, Period
from engine.domain.outputs import Output, ShareLine, SharePlan
from engine.domain.people import Appointment, AppointmentKind, Person, Substitution
from engine.domain.plans import ItemKind, Plan, PlanItem, PlanStatus, Progress, RoleKind
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.process import Resource

ROOT = Path(__file__).parents[3]
LIBRARY = (
    *sorted(ROOT.glob("workflows/*/*.bpmn")),
    *sorted(ROOT.glob("workflows/*/*.dmn")),
    *sorted(ROOT.glob("forms/library/*.form")),
)
PASSWORD = "a city of two agencies"  # noqa: S105 - of invented people
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
HALF = date(2026, 6, 30)
LONG_AGO = date(2025, 1, 1)

#: unit -> (agency, unit above)
UNITS = {
    "badan": ("BC", None),
    "biro": ("BC", "badan"),
    "pusat": ("BC", "badan"),
    "dinas": ("DK", None),
}
#: short name -> (unit, heads it?, groups)
PEOPLE = {
    "ratna": ("badan", True, ()),
    "joko": ("badan", False, ("perf_admin", "hr")),
    "lina": ("badan", False, ("perf_admin",)),
    "agus": ("badan", False, ("auditor",)),
    "budi": ("biro", True, ()),
    "sari": ("biro", False, ()),
    "dedi": ("biro", False, ()),
    "wati": ("pusat", True, ()),
    "citra": ("pusat", False, ()),
    "eko": ("pusat", False, ()),
    "hana": ("dinas", True, ()),
    "hadi": ("dinas", False, ()),
    "xena": ("dinas", False, ("perf_admin", "auditor")),
}
#: role and effort in the squad of the worked example: expected shares are 60, 16 and 24 %
MEMBERS = {
    "citra": (SquadRole.KETUA, 5000),
    "sari": (SquadRole.ANGGOTA, 2000),
    "eko": (SquadRole.ANGGOTA, 3000),
}


def nip(name):
    """A valid number of a civil servant, by his place in the list."""
    place = list(PEOPLE).index(name) + 1
    return f"19800101200501{1}{place:03}"


def library():
    """Every drawing, decision and form that comes with Regu."""
    return tuple(Resource(name=path.name, content=path.read_bytes()) for path in LIBRARY)


def settle(uow, ids, encoded):
    """Write both agencies; everybody may sign in with the password behind `encoded`."""
    for code, name in (("BC", "Badan Contoh"), ("DK", "Dinas Kota")):
        uow.agency.add([Agency(id=ids[code], code=code, name=name)])
        _cycle(uow, ids, code)
    for unit, (agency, above) in UNITS.items():
        row = Unit(
            id=ids[unit], agency_id=ids[agency], code=unit, name=unit.title(),
            parent_id=ids[above] if above else None,
        )  # fmt: skip
        uow.agency.add([row])
    for name, (unit, heads, groups) in PEOPLE.items():
        add_person(uow, ids, name, (nip(name), unit, heads))
        _account(uow, ids, name, groups, encoded)
    _operator(uow, ids, encoded)
    add_squad(uow, ids, "T1", MEMBERS)
    add_output(uow, ids, "T1/1")


def add_person(uow, ids, name, seat):
    """A person in a post of a unit: `seat` is NIP, unit, and whether he heads it."""
    number, unit, heads = seat
    agency = ids[UNITS[unit][0]]
    person = Person(id=ids[name], agency_id=agency, nip=number, name=name.title())
    post = Post(
        id=ids[f"post {name}"], unit_id=ids[unit], title=f"Kepala {unit}" if heads else "Analis",
        job_class=JobClass.JPT if heads else JobClass.JF, is_head=heads,
    )  # fmt: skip
    held = Appointment(
        id=ids[f"seat {name}"], person_id=ids[name], post_id=post.id,
        kind=AppointmentKind.DEFINITIVE, valid_from=LONG_AGO,
    )  # fmt: skip
    for row in (person, post, held):
        uow.agency.add([row])


def add_account(uow, ids, name):
    """Somebody added later signs in with the password of everybody."""
    encoded = uow.accounts.account(nip("ratna")).password_hash
    row = AccountRow(
        login=name, person_id=ids[name], password_hash=encoded, agency_id=ids["BC"],
        display_name=name.title(),
    )  # fmt: skip
    uow.accounts.put(row)


def _account(uow, ids, name, groups, encoded):
    unit = PEOPLE[name][0]
    row = AccountRow(
        login=nip(name), person_id=ids[name], password_hash=encoded,
        agency_id=ids[UNITS[unit][0]], display_name=name.title(),
    )  # fmt: skip
    uow.accounts.put(row)
    for group in groups:
        uow.accounts.grant(row.login, group, LONG_AGO)


def _operator(uow, ids, encoded):
    """Who runs the installation: no person, no say in anybody's performance."""
    row = AccountRow(
        login="operator", person_id=None, password_hash=encoded,
        agency_id=ids["BC"], display_name="Operator",
    )  # fmt: skip
    uow.accounts.put(row)
    for group in ("admin", "process_owner"):
        uow.accounts.grant("operator", group, LONG_AGO)


def _cycle(uow, ids, code):
    cycle = Cycle(
        id=ids[f"cycle {code}"], agency_id=ids[code], year=2026, name="Siklus 2026",
        starts_on=FIRST, ends_on=LAST, status=CycleStatus.RUNNING,
    )  # fmt: skip
    uow.performance.add([cycle])
    halves = ((FIRST, HALF), (date(2026, 7, 1), LAST))
    for number, (start, end) in enumerate(halves, 1):
        period = Period(
            id=ids[f"period {number} {code}"], cycle_id=cycle.id, number=number,
            name=f"Semester {number}", starts_on=start, ends_on=end,
        )  # fmt: skip
        uow.performance.add([period])


def add_squad(uow, ids, code, members, *, sponsor="wati", host="pusat"):
    """A squad of one year; members: name to role and effort. Everybody consented."""
    squad = Squad(
        id=ids[code], host_agency_id=ids[UNITS[host][0]], host_unit_id=ids[host], code=code,
        name=f"Tim {code}", letter_no=f"ST-{code}/2026", sponsor_id=ids[sponsor],
        starts_on=FIRST, ends_on=LAST, budget_points=500,
    )  # fmt: skip
    uow.contributions.add([squad])
    for name, (role, effort) in members.items():
        unit = PEOPLE[name][0]
        row = Membership(
            id=ids[f"{code} {name}"], squad_id=squad.id, person_id=ids[name],
            home_agency_id=ids[UNITS[unit][0]], home_unit_id=ids[unit], role=role,
            effort_bp=effort, valid_from=FIRST, consent=Consent.GIVEN,
            acceptance=Acceptance.ACCEPTED,
        )  # fmt: skip
        uow.contributions.add([row])


def add_output(uow, ids, output, *, value=40, half=1, shares=None):
    """An output such as "T1/2"; `shares`: name to expected basis points, else by role, effort."""
    squad, number = output.split("/")
    agency = uow.contributions.get(Squad, ids[squad]).host_agency_id
    code = next(code for code in ("BC", "DK") if ids[code] == agency)
    row = Output(
        id=ids[output], squad_id=ids[squad], number=int(number),
        title=f"Keluaran {output}", indicator="Berjalan", target="1",
        value_points=value, cycle_id=ids[f"cycle {code}"],
        period_id=ids[f"period {half} {code}"],
        due_on=date(2026, 3, 31) if half == 1 else date(2026, 9, 30),
    )  # fmt: skip
    uow.contributions.add([row])
    if shares:
        _agreed(uow, ids, squad, row, shares)


def _agreed(uow, ids, squad, output, shares):
    start = uow.performance.get(Period, output.period_id)
    at = f"{start.starts_on}T01:00:00+00:00"
    plan = SharePlan(
        id=ids[f"shares {output.id}"], output_id=output.id, version=1, reason="",
        at=_moment(at),
    )  # fmt: skip
    uow.contributions.add([plan])
    lines = [
        ShareLine(
            share_plan_id=plan.id, membership_id=ids[f"{squad} {name}"], person_id=ids[name],
            expected_bp=bp,
        )
        for name, bp in shares.items()
    ]  # fmt: skip
    uow.contributions.add(lines)


def _moment(text):
    return datetime.fromisoformat(text)


def add_plan(uow, ids, name, *, rater, attainment="100", squads=()):
    """A fixed plan with one documented home result, and one result in each squad."""
    unit = PEOPLE[name][0]
    cycle = ids[f"cycle {UNITS[unit][0]}"]
    plan = Plan(id=ids[f"plan {name}"], person_id=ids[name], cycle_id=cycle)
    home = PlanItem(
        id=ids[f"result {name}"], plan_id=plan.id, number=1, kind=ItemKind.UTAMA,
        role_kind=RoleKind.HOME, title="Laporan", weight_bp=10_000,
    )  # fmt: skip
    rows = [home]
    for number, code in enumerate(squads, 2):
        member = ids[f"{code} {name}"]
        item = ids[f"result {name} {code}"]
        rows.append(
            replace(home, id=item, number=number, role_kind=RoleKind.SQUAD, membership_id=member)
        )
    at = _moment("2026-01-15T03:00:00+00:00")
    done = Progress(
        id=ids[f"progress {name}"], item_id=home.id,
        period_id=ids[f"period 1 {UNITS[unit][0]}"], actual=None,
        attainment=Decimal(attainment), recorded_by=ids[name], at=at,
    )  # fmt: skip
    for row in (plan, *rows, done):
        uow.performance.add([row])
    fixed = replace(plan, status=PlanStatus.FIXED, fixed_by=ids[rater], fixed_at=at)
    uow.performance.put(fixed)


def add_substitute(uow, ids, absent, by, *, scope="all"):
    """Somebody stands in for an absent official by letter."""
    row = Substitution(
        id=ids[f"{by} for {absent}"], absent_id=ids[absent], substitute_id=ids[by],
        valid_from=FIRST, letter_no="ND-1",
        scope=scope,
    )  # fmt: skip
    uow.agency.add([row])
