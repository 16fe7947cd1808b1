"""Slots: the names under which workers hold work, each used by one process at a time.

A worker that comes back takes its slot again and finds what it held. The lock on a slot goes
with its process, whatever ends it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.database import DatabaseRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    digest = hashlib.sha256(f"regu slot\x00{name}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(number))):
        return Slot(name, lambda: _unlock(connection, number))
    connection.close()
    return None


def _unlock(connection: sa.Connection, number: int) -> None:
    with suppress(sa.exc.DBAPIError):  # a lost connection has lost its lock already
        connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
    connection.close()
