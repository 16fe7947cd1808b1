"""Where a soak takes place: a database, a folder, a port, an agency of one, deployed drawings."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.passwords import Passwords
from app.settings import Settings
from app.wiring import wire
from engine.domain.people import Person
from engine.domain.units import Agency
from engine.usecases import processes
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.ports.process import Resource

LOGIN, PASSWORD = "producer", "a long enough secret"
WHO, AGENCY = "p-producer", "agency-1"
DRAWING = Path(__file__).with_name("soak.bpmn")


@dataclass(frozen=True, kw_only=True)
class Place:
    url: str
    folder: Path
    port: int
    #: adapter of background jobs
    jobs: str = "table"
    #: part of the commits of the house that fail, all of it rolled back
    jolts: float = 0.03
    #: name of a planted bug
    bug: str | None = None

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def journal(self):
        return self.folder / "journal"

    def settings(self, **more):
        """`more`: settings of one process."""
        return Settings(
            database_url=self.url,
            data_dir=self.folder,
            secret_file=self.folder / "secret",
            port=self.port,
            log="error",
            jobs=self.jobs,
            **more,
        )


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def hasher():
    """Cheap to check: every killed server forgets whom it knew."""
    return Passwords(memory_kib=64, passes=1)


def settle(place, resources=None):
    """Migrate, let the producer in, deploy."""
    place.folder.mkdir(parents=True, exist_ok=True)
    wired = wire(place.settings())
    with wired.house.writing() as uow:
        uow.agency.add([Agency(id=AGENCY, code="a1", name="Agency", timezone="Asia/Jakarta")])
        uow.agency.add([Person(id=WHO, agency_id=AGENCY, nip="199001012015010001", name=WHO)])
        row = AccountRow(
            login=LOGIN,
            person_id=WHO,
            password_hash=hasher().hash(PASSWORD),
            agency_id=AGENCY,
            display_name="Producer",
        )
        uow.accounts.put(row)
        for group in ("admin", "process_owner", "perf_admin"):
            uow.accounts.grant(LOGIN, group, date(2020, 1, 1))
        uow.commit()
    groups = frozenset({"admin", "process_owner"})
    owner = Actor(kind=ActorKind.CLIENT, name="owner", groups=groups, agency_id=AGENCY)
    files = resources or (Resource(name=DRAWING.name, content=DRAWING.read_bytes()),)
    processes.deploy(wired.house, owner, tuple(files))
    wired.close()
