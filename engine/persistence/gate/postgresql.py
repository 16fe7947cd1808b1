"""How a PostgreSQL engine of SQLAlchemy begins: isolation and reach in one message.

The driver is in its autocommit mode and BEGIN is ours, as on SQLite: so the agency whose rows the
transaction may touch (`engine.usecases.reach`) travels with it and costs no statement.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from engine.usecases import reach

#: execution option of the engine that only reads
READS: Final = "regu_reads"
#: the setting that the policies read
SETTING: Final = "regu.agency"

_BEGIN = {
    False: "BEGIN ISOLATION LEVEL READ COMMITTED",
    True: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
}
_PLAIN = re.compile(r"[0-9A-Za-z*_.,-]*")


def begin(engine: sa.Engine) -> None:
    """Begin every transaction of this engine, and of those made from it, in the reach of now."""

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reads = bool(connection.get_execution_options().get(READS))
        driver: Any = connection.connection.dbapi_connection
        # two commands in one message: nothing that can be prepared
        driver.execute(_words(reads, reach.current()), prepare=False)


@lru_cache(maxsize=4096)
def _words(reads: bool, agency: str | None) -> str:  # noqa: FBT001 - one key of a cache
    return _BEGIN[reads] if agency is None else f"{_BEGIN[reads]}; {setting(agency)}"


def setting(agencies: str) -> str:
    """The command that sets the reach of the open transaction; `ValueError` for what is no id."""
    if not _PLAIN.fullmatch(agencies):
        raise ValueError(f"{agencies!r} is no id of an agency")
    return f"SET LOCAL {SETTING} = '{agencies}'"
