"""Slots: the names under which workers hold work, each used by one process at a time.

A worker that comes back takes its slot again and finds what it held. The lock on a slot goes
with its process, whatever ends it. On PostgreSQL it goes with its connection, too, which a restart
or a fail-over ends while the process lives: so whoever holds a slot looks again.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.persistence.database import DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger("regu.jobs")

#: PostgreSQL shows a lock's number in two halves
_IS_HELD: Final = sa.text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND pid = pg_backend_pid() AND objsubid = 1"
    " AND (classid::bigint << 32) | objid::bigint = :number)"
)
#: slots of one machine without names of their own
NUMBERED_MAX = 999


class SlotTaken(DatabaseRefused):
    """Another process works under this slot."""

    def __init__(self, slot: str) -> None:
        super().__init__(f"slot {slot} is at work in another process; name another one")
        self.slot = slot


class Slot:
    """A slot that this process holds until it lets go or ends."""

    def __init__(self, name: str, let_go: Callable[[], None]) -> None:
        self.name = name
        self.let_go = let_go

    def hold_on(self) -> None:
        """Nothing to look at: a lock on a file goes with its process alone."""


class _SessionSlot(Slot):
    """A slot whose lock goes with a connection to PostgreSQL."""

    def __init__(self, engine: sa.Engine, name: str, connection: sa.Connection) -> None:
        super().__init__(name, self._unlock)
        self._engine = engine
        self._connection: sa.Connection | None = connection

    def hold_on(self) -> None:
        """Take a slot again whose connection was cut; `SlotTaken` when another was quicker.

        A database that is away leaves as its error; the next look is the next try.
        """
        if self._stands():
            return
        self._drop()
        self._connection = _locked(self._engine, self.name)
        if self._connection is None:
            raise SlotTaken(self.name)
        log.warning("the connection of slot %s was cut; the slot is taken again", self.name)

    def _stands(self) -> bool:
        if self._connection is None:
            return False
        try:
            return bool(self._connection.scalar(_IS_HELD, {"number": _number(self.name)}))
        except sa.exc.DBAPIError:
            return False

    def _unlock(self) -> None:
        if self._connection is not None:
            with suppress(sa.exc.DBAPIError):  # a lost connection has lost its lock already
                self._connection.execute(sa.select(sa.func.pg_advisory_unlock(_number(self.name))))
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(sa.exc.DBAPIError):
                self._connection.close()
        self._connection = None


def take_slot(engine: sa.Engine, file: Path | None, name: str) -> Slot:
    """Hold that slot, or without a name the first free one of this machine; `SlotTaken`.

    `file`: the database file of SQLite; None: `engine` is a PostgreSQL.
    """
    if name:
        found = _hold(engine, file, name)
        if found is None:
            raise SlotTaken(name)
        return found
    machine = re.sub(r"[^A-Za-z0-9._@-]", "-", socket.gethostname()) or "worker"
    for number in range(1, NUMBERED_MAX + 1):
        found = _hold(engine, file, f"{machine}-{number}")
        if found is not None:
            return found
    raise SlotTaken(f"{machine}-{NUMBERED_MAX}")


def _hold(engine: sa.Engine, file: Path | None, name: str) -> Slot | None:
    if file is None:
        return _hold_in_postgresql(engine, name)
    return _hold_on_disk(file.with_name(f"{file.name}.slot-{name}"), name)


def _hold_on_disk(path: Path, name: str) -> Slot | None:
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return Slot(name, lambda: os.close(held))


def _hold_in_postgresql(engine: sa.Engine, name: str) -> Slot | None:
    connection = _locked(engine, name)
    return None if connection is None else _SessionSlot(engine, name, connection)


def _locked(engine: sa.Engine, name: str) -> sa.Connection | None:
    """A connection that has the lock of a slot; None when another one has it."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_number(name)))):
        return connection
    connection.close()
    return None


def _number(name: str) -> int:
    digest = hashlib.sha256(f"regu slot\x00{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
