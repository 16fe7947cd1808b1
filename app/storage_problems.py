"""What is wrong with the place where things are kept: full, unreachable or damaged."""

from __future__ import annotations

import errno
from typing import Final, NamedTuple

import sqlalchemy as sa


class Trouble(NamedTuple):
    """How a door answers: nothing was saved, and whom it concerns is the machine's owner."""

    status: int
    slug: str
    title: str
    detail: str


FULL: Final = Trouble(
    507, "storage-full", "There is no room left", "Nothing was saved; reading goes on."
)
AWAY: Final = Trouble(
    503, "storage-unavailable", "The storage does not answer", "Nothing was saved; try again."
)
DAMAGED: Final = Trouble(
    503, "storage-damaged", "The database is damaged", "Nothing was saved; what is whole goes on."
)

#: primary result codes of SQLite (sqlite.org/rescode.html): FULL, IOERR, CANTOPEN, CORRUPT, NOTADB
_SQLITE: Final = {13: FULL, 10: AWAY, 14: AWAY, 11: DAMAGED, 26: DAMAGED}
#: SQLSTATE of PostgreSQL (Appendix A): disk full, connection classes, data and index corrupted
_POSTGRESQL: Final = {"53100": FULL, "XX001": DAMAGED, "XX002": DAMAGED}
_CONNECTION: Final = ("08", "57")
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def trouble_of(error: BaseException) -> Trouble | None:
    """The trouble behind an error; None for anything else."""
    if isinstance(error, sa.exc.DBAPIError):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return FULL
    return None


def _of_database(error: sa.exc.DBAPIError) -> Trouble | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF)
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRESQL.get(state) or (AWAY if state.startswith(_CONNECTION) else None)
    lost = error.connection_invalidated or isinstance(error, sa.exc.OperationalError)
    return AWAY if lost else None
