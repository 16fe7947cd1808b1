"""Count the SQL statements of a block, for budgets."""

from __future__ import annotations

import re
from contextlib import contextmanager

import sqlalchemy as sa

#: the ends and beginnings of transactions are not counted
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
#: the clock of a rehearsal is looked at again each half second: it counts how slow the machine is
_CLOCK = re.compile(r"\bFROM clock\b")


class Statements:
    """What was sent while counting; an executemany is one statement."""

    def __init__(self):
        self.texts = []
        self.values = []
        self.commits = 0

    @property
    def count(self):
        return len(self.texts)


@contextmanager
def counted(engine):
    """Statements and commits of an engine inside the block."""
    found = Statements()

    def execute(_connection, _cursor, text, values, _context, _many):
        if not (text.lstrip().upper().startswith(_FRAME) or _CLOCK.search(text)):
            found.texts.append(text)
            found.values.append(values)

    def commit(_connection):
        found.commits += 1

    sa.event.listen(engine, "before_cursor_execute", execute)
    sa.event.listen(engine, "commit", commit)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", execute)
        sa.event.remove(engine, "commit", commit)
