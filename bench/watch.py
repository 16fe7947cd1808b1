"""What a command sends to the database: statements, commits, and bytes that it writes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

#: beginnings and ends of transactions are no statements
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
_WRITES = ("INSERT", "UPDATE", "DELETE")
#: bytes of a number or a moment in a row
_FIXED = 8


class Traffic:
    """What was sent while watching; an executemany is one statement."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0
        self.bytes_written = 0

    def sent(self, text: str, parameters: Any) -> None:
        """Note one statement as the driver gets it."""
        verb = text.lstrip().split(None, 1)[0].upper()
        if verb in _FRAME:
            return
        self.statements.append(text)
        if verb in _WRITES:
            self.bytes_written += _size(parameters)


@contextmanager
def watched(engine: sa.Engine) -> Iterator[Traffic]:
    """Watch an engine inside the block."""
    traffic = Traffic()

    def execute(*given: Any) -> None:
        traffic.sent(given[2], given[3])

    def commit(_connection: sa.Connection) -> None:
        traffic.commits += 1

    sa.event.listen(engine, "before_cursor_execute", execute)
    sa.event.listen(engine, "commit", commit)
    try:
        yield traffic
    finally:
        sa.event.remove(engine, "before_cursor_execute", execute)
        sa.event.remove(engine, "commit", commit)


def _size(value: Any) -> int:
    """Bytes of bound values, however the driver groups them."""
    if isinstance(value, dict):
        return sum(_size(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return sum(_size(item) for item in value)
    if isinstance(value, str):
        return len(value.encode())
    value = getattr(value, "obj", value)  # psycopg wraps bytes
    if isinstance(value, (bytes, bytearray, memoryview)):
        return len(value)
    return 0 if value is None else _FIXED
