"""How a SQLite engine of SQLAlchemy begins, ends and passes the gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from engine.persistence.gate.fifo import WriteGate

#: safe at power loss, and no walking past keys and append-only triggers
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "busy_timeout=30000",
    # 0.5 MB a connection: what it holds is dropped whenever another one has written, so a large
    # one is freed and filled anew all day and leaves the heap in pieces; the system has the file
    "cache_size=-500",
)

#: what takes the write lock, as the driver sees it, and what takes it by name
_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|BEGIN|CREATE|ALTER|DROP)\b", re.IGNORECASE
)


def prepare(engine: sa.Engine, *, read_only: bool) -> None:
    """Set the pragmas of every new connection and take over BEGIN from the driver."""

    @sa.event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: Any) -> None:
        driver.isolation_level = None  # BEGIN is ours
        for pragma in PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        if read_only:
            driver.execute("PRAGMA query_only=ON")


def begin_reading(engine: sa.Engine) -> None:
    """Readers see one snapshot and wait for nobody."""

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def begin_writing(engine: sa.Engine, gate: WriteGate) -> None:
    """Writers pass the gate before BEGIN IMMEDIATE and leave it after COMMIT or ROLLBACK."""
    holders = _leave_after(engine, gate)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        gate.begin()
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            gate.release()
            raise
        holders.add(id(_driver(connection)))


def prepare_foreign(engine: sa.Engine, gate: WriteGate) -> None:
    """For code that leaves BEGIN to the driver: our pragmas, and the gate before its first write.

    Such code may also say BEGIN itself; a BEGIN of ours would stand in its way.
    """

    @sa.event.listens_for(engine, "connect")
    def _connected(driver: Any, _record: Any) -> None:
        driver.isolation_level = None
        for pragma in PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        driver.isolation_level = "IMMEDIATE"  # the driver begins at the first write

    holders = _leave_after(engine, gate)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def _before(connection: sa.Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        driver = id(_driver(connection))
        if driver not in holders and _WRITES.match(statement):
            gate.acquire()
            holders.add(driver)


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.dbapi_connection


def _leave_after(engine: sa.Engine, gate: WriteGate) -> set[int]:
    """Open the gate after each end of a transaction; whose it is stands in the set returned."""
    holders: set[int] = set()

    def leave(proxied: Any) -> None:
        # SQLAlchemy hands over the pool's proxy here, and the bare connection elsewhere
        driver = id(getattr(proxied, "dbapi_connection", proxied))
        if driver in holders:
            holders.discard(driver)
            gate.release()

    _wrap_ends(engine.dialect, leave)
    return holders


def _wrap_ends(dialect: Any, leave: Any) -> None:
    """Wrap the dialect's ends of a transaction: events fire before them, the gate opens after."""
    commit, rollback, close = dialect.do_commit, dialect.do_rollback, dialect.do_close

    def do_commit(driver: Any) -> None:
        try:
            commit(driver)
        except BaseException:
            # SQLite keeps a transaction open when its COMMIT fails, and the pool would not know
            do_rollback(driver)
            raise
        leave(driver)

    def do_rollback(driver: Any) -> None:
        try:
            rollback(driver)
        finally:
            leave(driver)

    def do_close(driver: Any) -> None:
        try:
            close(driver)
        finally:
            leave(driver)

    dialect.do_commit, dialect.do_rollback, dialect.do_close = do_commit, do_rollback, do_close
