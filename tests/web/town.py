"""A little town for the pages' tests: two units, a squad across them, accounts, a cycle."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.factory import create_app
from app.passwords import Passwords
from app.settings import Settings
from app.wiring import wire
from engine.domain.claims import Claim, ClaimState, Degree, Evidence
from engine.domain.cycles import Cycle, CycleStatus, Period
from engine.domain.index import IndexLine
from engine.domain.indicators import Aspect
from engine.domain.ledger import POOL, Transfer, TransferCode, person_account
from engine.domain.outputs import Output, OutputStatus, ShareLine, SharePlan
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.plans import Indicator, ItemKind, Plan, PlanItem, PlanStatus, RoleKind, fix
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.signing import Signature, SignaturePart
from engine.domain.squads import Acceptance, Consent, Membership, Squad, SquadRole
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.process import Resource

PASSWORD = "rahasia yang panjang"  # noqa: S105 - of an invented town
DAY = date(2026, 1, 1)
NOON = datetime(2026, 6, 1, 5, 0, tzinfo=UTC)
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: hashes that protect nobody
QUICK = Passwords(memory_kib=8, passes=1)

#: login -> (name, NIP, unit, post, head?, class)
PEOPLE = {
    "kepala": ("Ratna Dewi Lestari", "197505121999032001", "u1", "Kepala Biro", True),
    "budi": ("Budi Santoso", "198003152005011002", "u2", "Kepala Pusdatin", True),
    "sari": ("Sari Wulandari", "199001012015042001", "u1", "Perencana Ahli Muda", False),
    "citra": ("Citra Anggraini", "199205202018012003", "u2", "Pranata Komputer", False),
    "tono": ("Tono Hartono", "198511302010121004", "u2", "Analis Data", False),
}
OFFICER = Actor(
    kind=ActorKind.CLIENT, name="operator", groups=frozenset({"admin", "process_owner"})
)


@dataclass(slots=True)
class Town:
    """The seeded application."""

    wired: object
    app: object
    #: id of everybody and everything by its short name
    ids: dict[str, str]
    forms: object
    #: ids of outputs that a test played on, in order
    outputs: list[str] = field(default_factory=list)

    @property
    def house(self):
        return self.wired.house

    def nip(self, login):
        return PEOPLE[login][1] if login in PEOPLE else login

    def actor(self, login):
        groups = {"owner": {"process_owner"}}.get(login, set())
        person = self.ids.get(login)
        return Actor(
            kind=ActorKind.PERSON if person else ActorKind.CLIENT,
            name=person or login,
            person_id=person,
            groups=frozenset(groups),
            agency_id=self.ids["agency"],
        )

    def deploy(self, *names):
        """Publish drawings and forms of this folder."""
        files = tuple(Resource(name=name, content=_file(name)) for name in names)
        with self.house.writing() as uow:
            self.house.runner.deploy(uow, files, OFFICER)
            uow.commit()

    def start(self, process_id, **variables):
        with self.house.writing() as uow:
            key = self.house.runner.start(uow, process_id, variables, self.actor("owner"))
            uow.commit()
        return key

    def tasks(self, login):
        with self.house.reading() as uow:
            return uow.work_list.mine(self.actor(login), now=self.house.clock.now())


def build(folder: Path) -> Town:
    """A fresh town in a folder."""
    built = _built_once()
    return copied((Path(built.folder.name), built.ids), folder)


def copied(built, folder: Path) -> Town:
    """A copy of a closed town (its folder and ids) in another folder, open."""
    source, ids = built
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return _opened(folder, dict(ids))


def closed(town: Town):
    """Folder and ids of a town, closed, to be copied."""
    with town.wired.database.writing.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    town.wired.close()
    return town.wired.settings.data_dir, dict(town.ids)


@dataclass(frozen=True)
class _Built:
    #: goes when this process ends
    folder: TemporaryDirectory
    ids: dict[str, str]


@cache
def _built_once():
    """The town as every test finds it, closed; built once in a process."""
    folder = TemporaryDirectory(prefix="regu-town-")
    town = _opened(Path(folder.name), {})
    with town.house.writing() as uow:
        _organisation(town, uow)
        _accounts(town, uow, QUICK)
        _cycle(town, uow)
        _squad(town, uow)
        _plan(town, uow)
        uow.commit()
    return _Built(folder, closed(town)[1])


def _opened(folder, ids):
    settings = Settings(
        database_url=f"sqlite:///{folder / 'regu.db'}",
        data_dir=folder,
        secret_file=folder / "secret",
        clock="movable",
        clock_start=NOON,
    )
    wired = wire(settings)
    app = create_app(settings, wired=wired, hasher=QUICK)
    return Town(wired=wired, app=app, ids=ids, forms=wired.house.forms)


def _file(name):
    """A drawing of this folder, or a form of the house's library."""
    places = [HERE / "drawings" / name, *ROOT.glob(f"forms/library/{name}")]
    places += ROOT.glob(f"workflows/*/{name}")
    return next(place for place in places if place.exists()).read_bytes()


def _id(town, name):
    return town.ids.setdefault(name, town.house.ids.uuid())


def _organisation(town, uow):
    agency = _id(town, "agency")
    uow.agency.add([Agency(id=agency, code="KL", name="Kementerian Contoh")])
    uow.agency.add(
        [
            Unit(id=_id(town, "u1"), agency_id=agency, code="01", name="Biro Perencanaan"),
            Unit(id=_id(town, "u2"), agency_id=agency, code="02", name="Pusat Data"),
        ]
    )
    for login, (name, nip, unit, post, head) in PEOPLE.items():
        person = _id(town, login)
        seat = _id(town, f"post-{login}")
        uow.agency.add([Person(id=person, agency_id=agency, nip=nip, name=name)])
        uow.agency.add(
            [
                Post(
                    id=seat,
                    unit_id=town.ids[unit],
                    title=post,
                    job_class=JobClass.JPT if head else JobClass.JF,
                    is_head=head,
                )
            ]
        )
        uow.agency.add(
            [
                Appointment(
                    id=_id(town, f"seat-{login}"),
                    person_id=person,
                    post_id=seat,
                    kind=AppointmentKind.DEFINITIVE,
                    valid_from=DAY,
                    rater_id=town.ids.get("kepala") if login == "budi" else None,
                )
            ]
        )


def _accounts(town, uow, hasher):
    coded = hasher.hash(PASSWORD)
    for login, (name, nip, *_) in PEOPLE.items():
        uow.accounts.put(
            AccountRow(
                login=nip,
                person_id=town.ids[login],
                password_hash=coded,
                agency_id=town.ids["agency"],
                display_name=name,
            )
        )
    for login, name in (("owner", "Pemilik Proses"), ("second", "Pemilik Proses Kedua")):
        uow.accounts.put(
            AccountRow(
                login=login,
                person_id=None,
                password_hash=coded,
                agency_id=town.ids["agency"],
                display_name=name,
            )
        )
        uow.accounts.grant(login, "process_owner", DAY)
    uow.accounts.grant(PEOPLE["kepala"][1], "hr", DAY)


def _cycle(town, uow):
    cycle = Cycle(
        id=_id(town, "cycle"),
        agency_id=town.ids["agency"],
        year=2026,
        name="Siklus kinerja 2026",
        starts_on=DAY,
        ends_on=date(2026, 12, 31),
        status=CycleStatus.RUNNING,
    )
    period = Period(
        id=_id(town, "period"),
        cycle_id=cycle.id,
        number=1,
        name="Semester I",
        starts_on=DAY,
        ends_on=date(2026, 6, 30),
    )
    uow.performance.add([cycle])
    uow.performance.add([period])


def _squad(town, uow):
    agency = town.ids["agency"]
    squad = Squad(
        id=_id(town, "squad"),
        host_agency_id=agency,
        host_unit_id=town.ids["u2"],
        code="T-01",
        name="Tim Satu Data",
        letter_no="ST-12/2026",
        sponsor_id=town.ids["kepala"],
        starts_on=DAY,
        ends_on=date(2026, 12, 30),
        budget_points=100,
    )
    uow.contributions.add([squad])
    share = {"budi": 6000, "sari": 1600, "citra": 2400}
    effort = {"budi": 5000, "sari": 2000, "citra": 3000}
    for login in share:
        uow.contributions.add([_member(town, login, effort[login])])
    output = Output(
        id=_id(town, "output"),
        squad_id=squad.id,
        number=1,
        title="Portal data terpadu",
        indicator="Portal berjalan",
        target="1 portal",
        value_points=40,
        cycle_id=town.ids["cycle"],
        period_id=town.ids["period"],
        due_on=date(2026, 5, 31),
        status=OutputStatus.ACCEPTED,
        attainment=Decimal("96.00"),
        delivered_by=town.ids["budi"],
        accepted_by=town.ids["kepala"],
        accepted_at=NOON,
    )
    uow.contributions.add([output])
    plan = SharePlan(
        id=_id(town, "shares"), output_id=output.id, version=1, reason="perencanaan", at=NOON
    )
    uow.contributions.add([plan])
    uow.contributions.add(
        [
            ShareLine(
                share_plan_id=plan.id,
                membership_id=town.ids[f"member-{login}"],
                person_id=town.ids[login],
                expected_bp=share[login],
            )
            for login in share
        ]
    )
    _credit(town, uow)


def _member(town, login, effort):
    lead = login == "budi"
    return Membership(
        id=_id(town, f"member-{login}"),
        squad_id=town.ids["squad"],
        person_id=town.ids[login],
        home_agency_id=town.ids["agency"],
        home_unit_id=town.ids[PEOPLE[login][2]],
        role=SquadRole.KETUA if lead else SquadRole.ANGGOTA,
        effort_bp=effort,
        valid_from=DAY,
        consent=Consent.GIVEN,
        acceptance=Acceptance.ACCEPTED,
    )


def _credit(town, uow):
    for login, claimed, state in (
        ("sari", 1800, ClaimState.CLAIMED),
        ("citra", 2300, ClaimState.ATTESTED),
    ):
        claim = Claim(
            id=_id(town, f"claim-{login}"),
            output_id=town.ids["output"],
            person_id=town.ids[login],
            claimed_bp=claimed,
            contribution_type="analysis",
            degree=Degree.EQUAL,
            note="Rancangan data dan uji mutu",
            state=state,
            submitted_at=NOON,
        )
        uow.contributions.add([claim])
        uow.contributions.add(
            [
                Evidence(
                    id=_id(town, f"evidence-{login}"),
                    claim_id=claim.id,
                    link="https://data.contoh.go.id/laporan",
                    uploaded_by=town.ids[login],
                    at=NOON,
                )
            ]
        )
    uow.contributions.append([_transfer(town, "ISSUE", POOL, 10_000, TransferCode.OPEN, None)])
    uow.contributions.append(
        [
            _transfer(
                town, POOL, person_account(town.ids["citra"]), 2300, TransferCode.ATTEST, "citra"
            )
        ]
    )


def _transfer(town, debit, credit, amount, code, login):
    return Transfer(
        output_id=town.ids["output"],
        debit_account=debit,
        credit_account=credit,
        amount_bp=amount,
        code=code,
        work_period_id=town.ids["period"],
        posting_period_id=town.ids["period"],
        home_agency_id=town.ids["agency"],
        home_unit_id=town.ids[PEOPLE[login][2] if login else "u2"],
        host_agency_id=town.ids["agency"],
        host_unit_id=town.ids["u2"],
        squad_id=town.ids["squad"],
        person_id=town.ids[login] if login else None,
        role="anggota" if login else "",
        actor_id=town.ids["budi"],
        at=NOON,
        recorded_at=NOON,
    )


def _plan(town, uow):
    plan = Plan(
        id=_id(town, "plan"),
        person_id=town.ids["sari"],
        cycle_id=town.ids["cycle"],
        status=PlanStatus.CLARIFIED,
        home_effort_bp=8000,
    )
    uow.performance.add([plan])
    rows = (
        ("Rencana strategis tersusun", RoleKind.HOME, None, 6000),
        ("Evaluasi program terlaksana", RoleKind.HOME, None, 4000),
        ("Portal data terpadu berjalan", RoleKind.SQUAD, "member-sari", 10_000),
    )
    for number, (title, kind, member, weight) in enumerate(rows, 1):
        item = PlanItem(
            id=_id(town, f"item-{number}"),
            plan_id=plan.id,
            number=number,
            kind=ItemKind.UTAMA,
            role_kind=kind,
            membership_id=town.ids[member] if member else None,
            title=title,
            weight_bp=weight,
        )
        measure = Indicator(
            id=_id(town, f"measure-{number}"),
            item_id=item.id,
            aspect=Aspect("kuantitas"),
            text="Jumlah dokumen",
            target=Decimal(12),
            unit="dokumen",
        )
        uow.performance.add([item])
        uow.performance.add([measure])
    uow.performance.put(fix(plan, town.ids["kepala"], NOON))
    uow.performance.add([_rating(town)])
    # Sari reads it from the day on which her rater signed it
    uow.judging.add([_signed(town)])


def _signed(town):
    return Signature(
        id=_id(town, "signature"),
        rating_id=town.ids["rating"],
        part=SignaturePart.RATER,
        signer_id=town.ids["kepala"],
        digest="0" * 64,
        at=NOON,
    )


def _rating(town):
    return Rating(
        id=_id(town, "rating"),
        person_id=town.ids["sari"],
        cycle_id=town.ids["cycle"],
        ihk=Decimal("100.88"),
        index_lines=(
            IndexLine(
                role="home",
                role_kind=RoleKind.HOME,
                name="Biro Perencanaan",
                weight_bp=8000,
                attainment=Decimal("99.10"),
                points=Decimal("79.2800"),
                level=Level.SESUAI,
            ),
            IndexLine(
                role=town.ids["member-sari"],
                role_kind=RoleKind.SQUAD,
                name="Tim Satu Data",
                weight_bp=2000,
                attainment=Decimal("108.00"),
                points=Decimal("21.6000"),
                level=Level.DI_ATAS,
                provisional=True,
            ),
        ),
        proposed_level=Level.SESUAI,
        result_level=Level.SESUAI,
        behaviour_level=Level.SESUAI,
        predikat=Predikat.BAIK,
        status=RatingStatus.RATED,
        at=NOON,
    )
