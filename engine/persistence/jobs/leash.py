"""DBOS on a leash: an engine of our making, JSON alone, our log, and not a word to anybody."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Final, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from engine.persistence.database import DatabaseRefused
from engine.persistence.gate import sqlite as sqlite_gate

if TYPE_CHECKING:
    from engine.persistence.database import Database

#: name of the application in DBOS's tables
APPLICATION: Final = "regu"
#: of DBOS's tables on PostgreSQL; on SQLite they stand beside ours
SCHEMA: Final = "dbos"
#: of what a workflow is given; a deploy that leaves it alone goes on with the work of the last one
VERSION: Final = "jobs-1"


class TablesMissing(DatabaseRefused):
    """DBOS's tables are not there or not as this version wants them."""

    def __init__(self) -> None:
        super().__init__(
            "the tables of DBOS are missing or older than this version, and this role may not "
            "make them: run regu migrate as the owner of the tables, or set REGU_JOBS=table"
        )


def prepare(database: Database) -> None:
    """Make or renew DBOS's tables as the role that owns ours; a plain role then works on them."""
    from dbos import DBOSPortableJSONSerializer  # noqa: PLC0415 - it takes half a second
    from dbos._sys_db import SystemDatabase  # noqa: PLC0415 - `DBOS.migrate` takes no engine

    log_through_ours()
    engine = own_engine(database, pool_size=4)
    tables = SystemDatabase.create(
        system_database_url=database.url,
        engine_kwargs={},
        engine=engine,
        schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        executor_id=None,
        use_listen_notify=False,
    )
    try:
        tables.run_migrations()
    finally:
        tables.destroy()
        engine.dispose()


def config(url: str, engine: sa.Engine, *, slot: str, threads: int) -> Any:
    """What DBOS is told: everything by us, nothing by the environment."""
    from dbos import DBOSPortableJSONSerializer  # noqa: PLC0415 - as above

    if os.environ.get("DBOS__CLOUD") == "true":
        raise DatabaseRefused("DBOS__CLOUD is set: Regu reports to nobody; unset it")
    return {
        "name": APPLICATION,
        "system_database_url": url,
        "system_database_engine": engine,
        "dbos_system_schema": SCHEMA,
        "serializer": DBOSPortableJSONSerializer(),
        "application_version": VERSION,
        "executor_id": slot,
        "max_executor_threads": threads,
        "use_listen_notify": False,
        # nobody waits for messages of DBOS: this is only how fast it ends
        "notification_listener_polling_interval_sec": 0.2,
        "enable_otlp": False,
        "log_level": "WARNING",
    }


def own_engine(database: Database, *, pool_size: int) -> sa.Engine:
    """An engine of DBOS's own: it begins transactions in its own way, under our rules."""
    if database.gate is None:
        return sa.create_engine(
            make_url(database.url).set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={
                "options": "-c timezone=UTC -c lock_timeout=60s"
                " -c idle_in_transaction_session_timeout=60s"
            },
        )
    engine = sa.create_engine(
        database.url,
        module=database.writing.dialect.dbapi,  # the driver that `open_database` found fit
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": 30.0, "check_same_thread": False},
    )
    sqlite_gate.prepare_foreign(engine, database.gate)
    return engine


class PickleRefused(RuntimeError):
    """A row of DBOS's tables holds a pickle: reading one runs whatever its writer wants."""


def never_pickle() -> None:
    """DBOS reads a row in the format the row names, whatever serializer it was given."""
    from dbos._serialization import DefaultSerializer  # noqa: PLC0415 - as above

    def refuse(_self: object, _data: object) -> NoReturn:
        raise PickleRefused("this row holds a pickle, and Regu reads none")

    DefaultSerializer.deserialize = refuse  # type: ignore[assignment,method-assign]


def log_through_ours() -> None:
    """A logger that has a handler gets no console of its own from DBOS."""
    theirs = logging.getLogger("dbos")
    theirs.setLevel(logging.WARNING)
    if not theirs.handlers:
        theirs.addHandler(logging.NullHandler())
