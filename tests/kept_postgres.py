"""PostgreSQL databases that tests use one after the other: what a test left is cleared away.

Copying a template costs a fifth of a second, clearing a hundredth. Whoever changed the schema or
grew the files leaves his database to be thrown away.
"""

from __future__ import annotations

import uuid

import psycopg
from psycopg import sql

#: dead rows stay in the files, for nobody vacuums; from here on a new copy is the cheaper
BYTES_MAX = 24 << 20
_TABLES = """
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname IN ('public', 'dbos') ORDER BY nspname, relname
"""
#: what a change of the schema cannot leave alike
_SCHEMA = """
SELECT (SELECT (count(*), max(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT (count(*), max(oid)) FROM pg_constraint),
    (SELECT (count(*), max(oid), sum((tgenabled = 'O')::int)) FROM pg_trigger),
    (SELECT (count(*), max(oid), sum(xmin::text::bigint)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_attribute)
"""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class KeptDatabases:
    """Copies of one template, each lent to one test at a time."""

    def __init__(self, *, server, template, with_name):
        self._server = server
        self._template = template
        self._with_name = with_name
        self._free = []

    def take(self):
        """Name of a database that is as the template is."""
        return self._free.pop() if self._free else self._copied()

    def give_back(self, name):
        """Take it back from a test that closed it; what cannot be cleared is dropped."""
        with psycopg.connect(self._with_name(self._server, name), autocommit=True) as base:
            cleared = self._of_template.clear(base)
        if cleared:
            self._free.append(name)
        else:
            self._do("DROP DATABASE {} WITH (FORCE)", name)

    def drop(self):
        """Drop all of them."""
        for name in self._free:
            self._do("DROP DATABASE {} WITH (FORCE)", name)
        self._free.clear()

    def _copied(self):
        name = f"regu_{uuid.uuid4().hex[:12]}"
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, self._template)
        with psycopg.connect(self._with_name(self._server, name), autocommit=True) as base:
            self._of_template = _Contents(base)
        return name

    def _do(self, words, *names):
        with psycopg.connect(self._server, autocommit=True) as base:
            base.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


class _Contents:
    """Rows, sequences and schema of a database as its template has them."""

    def __init__(self, base):
        self._schema = base.execute(_SCHEMA).fetchone()
        self._tables = [(schema, name) for schema, name in base.execute(_TABLES)]
        one = sql.SQL("(SELECT {}, {} FROM {} LIMIT 1)")
        self._filled = sql.SQL(" UNION ALL ").join(
            one.format(*map(sql.Literal, name), sql.Identifier(*name)) for name in self._tables
        )
        self._rows = {name: _read(base, name) for name in self._dirty(base)}
        self._sequences = base.execute(
            "SELECT sequencename, start_value, last_value FROM pg_sequences"
        ).fetchall()

    def clear(self, base):
        """Bring the rows back; False when that is not enough."""
        base.execute(_OTHERS)
        size = base.execute("SELECT pg_database_size(current_database())").fetchone()[0]
        if size > BYTES_MAX or base.execute(_SCHEMA).fetchone() != self._schema:
            return False
        # no guard of append-only rows and no foreign key stands in the way
        base.execute("SET session_replication_role = replica")
        with base.transaction():
            for name in sorted({*self._dirty(base), *self._rows}):
                base.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(*name)))
            for name, rows in self._rows.items():
                _write(base, name, rows)
            for name, first, last in self._sequences:
                base.execute("SELECT setval(%s, %s, %s)", (name, last or first, last is not None))
        return True

    def _dirty(self, base):
        return [(schema, name) for schema, name in base.execute(self._filled)]


def _read(base, table):
    words = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))
    with base.cursor().copy(words) as copy:
        return b"".join(copy)


def _write(base, table, rows):
    words = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(*table))
    with base.cursor().copy(words) as copy:
        copy.write(rows)
