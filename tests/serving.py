"""A whole Regu on a real port for the tests of its doors."""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import requests
from waitress import wasyncore
from waitress.server import create_server

from app.factory import create_app
from app.passwords import Passwords
from app.settings import Settings
from app.wiring import wire
from engine.domain.people import Person
from engine.domain.units import Agency
from engine.usecases.ports.accounts import AccountRow

PASSWORD = "a long enough secret"  # noqa: S105 - of invented people
AGENCY, OTHER_AGENCY = "agency-1", "agency-2"
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)

#: role -> (person id, groups, agency)
PEOPLE = {
    "admin": (None, ("admin", "process_owner", "perf_admin"), AGENCY),
    "process_owner": ("p-owner", ("process_owner",), AGENCY),
    "perf_admin": ("p-perf", ("perf_admin",), AGENCY),
    "hr": ("p-hr", ("hr",), AGENCY),
    "auditor": ("p-auditor", ("auditor",), AGENCY),
    "employee": ("p-employee", (), AGENCY),
    "colleague": ("p-colleague", (), AGENCY),
    "nowhere": (None, ("admin", "process_owner", "perf_admin"), None),
    "stranger": ("p-stranger", ("process_owner", "perf_admin"), OTHER_AGENCY),
}

DRAWINGS = Path(__file__).parent / "drawings"


@dataclass(frozen=True)
class Client:
    """A person or program that speaks HTTP Basic to the served house."""

    base: str
    role: str

    def ask(self, method, path, **options):
        auth = (self.role, PASSWORD)
        return requests.request(method, self.base + path, auth=auth, timeout=30, **options)

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, json=None, **options):
        return self.ask("POST", path, json={} if json is None else json, **options)

    def deploy(self, *paths):
        files = [("resources", (path.name, path.read_bytes())) for path in paths]
        return self.ask("POST", "/v2/deployments", files=files)


class Served:
    """Application, worker and server in threads of this process."""

    def __init__(self, folder, template, **changes):
        folder.mkdir(exist_ok=True)
        path = folder / "regu.db"
        if template is not None:
            shutil.copyfile(template, path)
        settings = Settings(
            database_url=f"sqlite:///{path}",
            data_dir=folder,
            secret_file=folder / "secret",
            clock="movable",
            clock_start=START,
        )
        self.settings = replace(settings, **changes)
        self.wired = wire(self.settings)
        self.house = self.wired.house
        self.hasher = Passwords(memory_kib=64, passes=1)
        self.add_people()
        self.worker = self.wired.worker()
        self.app = create_app(
            self.settings, wired=self.wired, hasher=self.hasher, wake=self.worker.wake
        )
        self.server = create_server(self.app, host="127.0.0.1", port=0, threads=8)
        self.base = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def start(self, *, worker=True):
        self.thread.start()
        if worker:
            self.worker.start()
        return self

    def close(self):
        self.worker.stop()
        with suppress(OSError):  # a loop that has ended closed its end of the trigger
            self.server.trigger.pull_trigger(
                lambda: wasyncore.close_all(self.server._map, ignore_all=True)
            )
        self.thread.join(10)
        self.server.task_dispatcher.shutdown()
        self.wired.close()

    def client(self, role):
        return Client(self.base, role)

    def add_people(self):
        with self.house.writing() as uow:
            if uow.accounts.account("admin") is not None:
                return
            uow.agency.add(
                [
                    Agency(id=one, code=one, name=one, timezone="Asia/Jakarta")
                    for one in (AGENCY, OTHER_AGENCY)
                ]
            )
            uow.agency.add(
                [
                    Person(id=person_id, agency_id=agency, nip=f"19900101201501{n:04}", name=role)
                    for n, (role, (person_id, _groups, agency)) in enumerate(PEOPLE.items(), 1001)
                    if person_id is not None
                ]
            )
            for role, (person_id, groups, agency_id) in PEOPLE.items():
                row = AccountRow(
                    login=role,
                    person_id=person_id,
                    password_hash=self.hasher.hash(PASSWORD),
                    agency_id=agency_id,
                    display_name=role.title(),
                )
                uow.accounts.put(row)
                for group in groups:
                    uow.accounts.grant(role, group, date(2020, 1, 1))
            uow.commit()

    def _serve(self):
        self.server.run()
