"""Two imported agencies behind the real application, and the people at its doors."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from app.factory import create_app
from app.passwords import Passwords
from app.settings import Settings
from app.wiring import wire
from engine.domain.lessons import Audience, Lesson, LessonTopic
from engine.domain.people import Substitution
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.segments import ChangeKind, RoleChange
from engine.domain.signing import Signature, SignaturePart
from engine.domain.squads import Squad
from engine.persistence.tables.metadata import metadata
from engine.usecases import accounts, agencies, processes
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.lessons import LessonScope
from engine.usecases.ports.process import Resource, TaskState
from engine.usecases.ports.search import TaskQuery
from tests.access import workbook

ROOT = Path(__file__).parents[2]
LIBRARY = (
    *sorted(ROOT.glob("workflows/*/*.bpmn")),
    *sorted(ROOT.glob("workflows/*/*.dmn")),
    *sorted(ROOT.glob("forms/library/*.form")),
    *sorted(ROOT.glob("tests/drawings/errand.*")),
)
PASSWORD = "a city of two agencies"  # noqa: S105 - of invented people
#: a Monday in the third working week
BEGINS = datetime(2026, 1, 19, 2, 0, tzinfo=UTC)
OPERATOR = Actor(
    kind=ActorKind.CLIENT, name="operator", groups=frozenset({"admin", "process_owner"})
)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PREDIKAT = (Level.SESUAI, Predikat.BAIK)


@dataclass
class City:
    """The served house; `ids` by short name: people by their first name in small letters."""

    wired: object
    app: object
    hasher: object
    ids: dict = field(default_factory=dict)
    logins: dict = field(default_factory=dict)
    _visitors: dict = field(default_factory=dict)
    _programs: dict = field(default_factory=dict)

    @property
    def house(self):
        return self.wired.house

    def page(self, who):
        """A browser in which somebody is signed in; None: nobody."""
        if who not in self._visitors:
            self._visitors[who] = Visitor(self, who)
        return self._visitors[who]

    def api(self, who):
        """A program with somebody's password; None: without one."""
        return self._programs.setdefault(who, Program(self, who))

    def settle(self):
        self.wired.worker().drain()

    def start(self, process_id, by="nurul", **variables):
        answer = self.api(by).post(
            "/api/instances", {"processId": process_id, "variables": variables}
        )
        assert answer.status_code == 201, answer.text
        self.settle()
        return int(answer.json["instanceKey"])

    def tasks(self, root, element=None, about=None):
        """Open tasks of an instance: element, and whom the member's task is about."""
        query = TaskQuery(
            agency_id=None, root_key=root, state=TaskState.CREATED, element_id=element
        )
        with self.house.reading() as uow:
            found = uow.search.tasks(query, limit=200)
            return [task for task in found if about in (None, self._about(uow, task))]

    def task(self, root, element, about=None):
        [found] = self.tasks(root, element, about)
        return found

    def _about(self, uow, task):
        seen = self.house.runner.task_variables(uow, task.key)
        member = seen.get("member") or seen.get("party") or {}
        return self.short(member.get("person_id"))

    def short(self, person_id):
        return next((name for name, known in self.ids.items() if known == person_id), person_id)

    def do(self, root, element, *, about=None, by=None, **values):
        """The holder completes his task over HTTP; values fill what its form begins with."""
        task = self.task(root, element, about)
        who = by or self.short(task.assignee)
        begun = self.api(who).get(f"/api/tasks/{task.key}").json
        keys = _keys(begun["form"]) if begun.get("form") else set()
        sent = {k: v for k, v in begun["variables"].items() if k in keys and v is not None}
        answer = self.api(who).post(
            f"/api/tasks/{task.key}/complete", {"variables": {**sent, **values}}
        )
        assert answer.status_code == 200, (element, who, answer.text)
        self.settle()

    def stand_in(self, absent, by):
        """Somebody stands in from today."""
        with self.house.writing() as uow:
            row = Substitution(
                id=self.house.ids.uuid(),
                absent_id=self.ids[absent],
                substitute_id=self.ids[by],
                valid_from=date(2026, 1, 1),
                letter_no="ND-1",
            )
            uow.agency.add([row])
            uow.commit()

    def grant(self, who, *groups):
        with self.house.writing() as uow:
            for group in groups:
                uow.accounts.grant(self.logins[who], group, date(2026, 1, 1))
            uow.commit()

    def put(self, kind, row_id, **changes):
        """Change one row of the agency as an administrator's import would."""
        with self.house.writing() as uow:
            uow.agency.put(replace(uow.agency.get(kind, row_id), **changes))
            uow.commit()

    def stored(self):
        """A digest of every table: what a refused act must not change."""
        with self.wired.database.reading.connect() as connection:
            cursor = connection.connection.cursor()  # the driver's: values as they are kept
            found = {}
            for name in metadata.tables.keys() - PASSING:
                cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - a name of our schema
                found[name] = sha256(repr(cursor.fetchall()).encode()).hexdigest()
            return found

    def close(self):
        self.wired.close()


#: what signing in and being refused may leave behind
PASSING = {"session", "sign_in_failure", "node_counter"}


class Program:
    """HTTP Basic at the API."""

    def __init__(self, city, who):
        self.http = city.app.test_client(use_cookies=False)
        self.headers = {}
        if who is not None:
            word = f"{city.logins[who]}:{PASSWORD}".encode()
            self.headers["Authorization"] = f"Basic {base64.b64encode(word).decode()}"

    def ask(self, method, path, **options):
        return self.http.open(path, method=method, headers=self.headers, buffered=True, **options)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body=None):
        return self.ask("POST", path, json={} if body is None else body)


class Visitor:
    """A browser without scripts, signed in at the page."""

    headers = MappingProxyType({})

    def __init__(self, city, who):
        self.http = city.app.test_client()
        self.token = TOKEN.search(self.http.get("/masuk").text)[1]
        if who is not None:
            given = {"login": city.logins[who], "password": PASSWORD}
            answer = self.post("/masuk", **given)
            assert answer.status_code == 303, answer.text
            self.token = TOKEN.search(self.http.get("/tugas").text)[1]

    def get(self, path):
        return self.http.get(path, buffered=True)

    def post(self, path, **values):
        return self.http.post(path, data={"csrf_token": self.token, **values})

    def put(self, path, content):
        """As a script of a page sends it."""
        return self.http.put(path, data=content, headers={"X-CSRF-Token": self.token})


def open_city(folder, url=None):
    """The house on a folder's database, with the application before it."""
    settings = Settings(
        database_url=url or f"sqlite:///{folder / 'regu.db'}",
        data_dir=folder,
        secret_file=folder / "secret",
        clock="movable",
        clock_start=BEGINS,
    )
    wired = wire(settings)
    hasher = Passwords(memory_kib=8, passes=1)
    city = City(wired=wired, app=create_app(settings, wired=wired, hasher=hasher), hasher=hasher)
    with city.house.reading() as uow:
        for agency in uow.agency.agencies():
            _know(city, uow, agency)
    return city


def build(folder, url=None):
    """Library, both agencies by import, accounts, ratings; the cycle's first work is done."""
    city = open_city(folder, url)
    files = tuple(Resource(name=path.name, content=path.read_bytes()) for path in LIBRARY)
    processes.deploy(city.house, OPERATOR, files)
    encoded = city.hasher.hash(PASSWORD)
    books = ((ROOT / "examples" / "agency.xlsx").read_bytes(), workbook.second_agency())
    for content in books:
        command = agencies.ImportAgency(content=content, filename="a.xlsx")
        agencies.import_agency(city.house, OPERATOR, command, lambda _nip: encoded)
    with city.house.reading() as uow:
        for agency in uow.agency.agencies():
            _know(city, uow, agency)
    accounts.create_admin(
        city.house, city.hasher, login="admin", password=PASSWORD, agency_id=city.ids["agency BLDN"]
    )
    city.logins["admin"] = "admin"
    city.grant("xenia", "process_owner", "hr", "auditor")
    _lessons(city)
    _ratings(city)
    _former_rater(city)
    _work(city)
    return city


def _know(city, uow, agency):
    """Short names of an agency's people, units, squads, outputs and memberships."""
    ids = city.ids
    ids[f"agency {agency.code}"] = agency.id
    for unit in uow.agency.units(agency.id):
        ids[f"unit {unit.code}"] = unit.id
    for person in uow.agency.people(agency.id):
        name = person.name.split()[0].lower()
        ids[name] = person.id
        city.logins[name] = person.nip
    city.logins["admin"] = "admin"
    for row in uow.lessons.page(LessonScope(agency_id=agency.id), limit=1):
        ids[f"lesson {agency.code}"] = row.lesson.root_id
    [cycle] = uow.performance.cycles(agency.id)
    ids[f"cycle {agency.code}"] = cycle.id
    for squad in uow.contributions.squads(agency.id):
        ids[squad.code] = squad.id
        for output in uow.contributions.outputs(cycle.id, squad.id):
            ids[f"{squad.code}/{output.number}"] = output.id
        for member in uow.contributions.members(squad.id):
            ids[f"{squad.code} {city.short(member.person_id)}"] = member.id
            claim = uow.contributions.claim_of(ids[f"{squad.code}/1"], member.person_id)
            for proof in uow.contributions.evidence(claim_id=claim.id) if claim else ():
                if proof.sha256:
                    ids[f"evidence {city.short(member.person_id)}"] = proof.id


def _lessons(city):
    """Each agency has a lesson of a squad."""
    with city.house.writing() as uow:
        for code, squad_code, who in (("BLDN", "TIM-01", "budi"), ("SEB", "SEB-T1", "vina")):
            squad = uow.contributions.get(Squad, city.ids[squad_code])
            key = city.ids[f"lesson {code}"] = city.house.ids.uuid()
            row = Lesson(
                id=key,
                root_id=key,
                agency_id=squad.host_agency_id,
                unit_id=squad.host_unit_id,
                squad_id=squad.id,
                year=squad.ends_on.year,
                worked="Rapat singkat",
                failed="Data terlambat",
                advice="Minta lebih awal",
                audience=Audience.LEADS,
                words="rapat singkat data terlambat minta lebih awal",
                written_by=city.ids[who],
                at=city.house.clock.now(),
            )
            uow.lessons.add([row, LessonTopic(lesson_id=key, topic="data")])
        uow.commit()


def _ratings(city):
    """Everybody the tests ask about has a recorded rating."""
    level, predikat = PREDIKAT
    with city.house.writing() as uow:
        for code in ("BLDN", "SEB"):
            cycle = city.ids[f"cycle {code}"]
            rows = [
                Rating(
                    id=city.house.ids.uuid(),
                    person_id=person.id,
                    cycle_id=cycle,
                    ihk=Decimal("100.00"),
                    proposed_level=level,
                    result_level=level,
                    behaviour_level=level,
                    predikat=predikat,
                    status=RatingStatus.RATED,
                    at=city.house.clock.now(),
                )
                for person in uow.agency.people(city.ids[f"agency {code}"])
            ]
            uow.performance.add(rows)
            uow.judging.add([_signed(city, row, rows) for row in rows])
        uow.commit()


def _signed(city, row, rows):
    """A rating is read by the person from the day somebody else signed it."""
    return Signature(
        id=city.house.ids.uuid(),
        rating_id=row.id,
        part=SignaturePart.RATER,
        signer_id=next(one.person_id for one in rows if one.person_id != row.person_id),
        digest="0" * 64,
        at=city.house.clock.now(),
    )


def _former_rater(city):
    """Dian was Sari's rater in January, by a letter that was repaired since."""
    change = RoleChange(
        id=city.house.ids.uuid(),
        person_id=city.ids["sari"],
        cycle_id=city.ids["cycle BLDN"],
        kind=ChangeKind.PENILAI,
        starts_on=date(2026, 1, 15),
        letter_no="SK-1",
        rater_id=city.ids["dian"],
        recorded_by=city.ids["andi"],
        at=city.house.clock.now(),
    )
    with city.house.writing() as uow:
        uow.segments.add([change])
        uow.commit()


CLAIM = {
    "contribution_type": "analysis",
    "degree": "equal",
    "evidence_link": "https://bukti.example/1",
    "note": "Rancangan",
}


def accepted(city, output):
    """The contribution's process of an output, handed over and taken; its key."""
    key = city.start("contribution", output_id=city.ids[output])
    city.do(key, "deliver_output", note="Lengkap")
    city.do(key, "accept_output", decision="accept", attainment=100)
    return key


def _work(city):
    """TIM-01/1: Citra's line attested, Sari's claimed with a file and waiting for Budi."""
    key = city.ids["work"] = accepted(city, "TIM-01/1")
    kept = city.api("sari").ask(
        "POST",
        "/api/evidence",
        data={"file": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "bukti.pdf")},
        content_type="multipart/form-data",
    )
    assert kept.status_code == 201, kept.text
    for who in ("sari", "citra"):
        city.do(key, "claim", about=who, **CLAIM, **_file(kept.json, who))
    city.do(key, "attest", about="citra", decision="attest", commitment="met")
    city.ids["evidence sari"] = kept.json["id"]
    city.ids["abroad"] = city.start("contribution", by="xenia", output_id=city.ids["SEB-T1/1"])


def _file(kept, who):
    if who != "sari":
        return {}
    names = {"media_type": "mediaType", "size_bytes": "sizeBytes"}
    keys = ("id", "sha256", "filename", "media_type", "size_bytes")
    return {"evidence_files": [{key: kept[names.get(key, key)] for key in keys}]}


def _keys(form):
    return {part.get("path") or part.get("key") for part in form["components"]}
