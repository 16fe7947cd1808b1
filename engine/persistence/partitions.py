"""History by years on PostgreSQL (decision 0023): the partitions, and next year's made ahead.

A key is time-ordered (`identity.py`), so a range of keys is a year, and the primary key stays what
it was. Partitions stand in a schema of their own: nobody asks them past their table.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.persistence.identity import EPOCH_MS, NODE_BITS, SEQUENCE_BITS

if TYPE_CHECKING:
    from engine.persistence.database import Database

SCHEMA: Final = "regu_years"
_SHIFT: Final = NODE_BITS + SEQUENCE_BITS
#: keys of an instance's history are its own and later ones, but for clocks that differ by this
SLACK: Final = 3_600_000 << _SHIFT
_FIRST_YEAR, _LAST_YEAR = 2024, 2092


def first_key(year: int) -> int:
    """The least key that a year can have; UTC, as keys count."""
    moment = datetime(year, 1, 1, tzinfo=UTC)
    return (int(moment.timestamp()) * 1000 - EPOCH_MS) << _SHIFT


def year_of(key: int) -> int:
    """The year in which a key was made."""
    return datetime.fromtimestamp(((key >> _SHIFT) + EPOCH_MS) // 1000, tz=UTC).year


#: runs as the owner of the tables, so that a worker of a plain role can ask for it; it makes the
#: partition beside its table and attaches it empty: who reads and writes goes on meanwhile
FUNCTION: Final = f"""
CREATE FUNCTION regu_history_of(wanted integer) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := 'history_' || wanted;
    low bigint; high bigint;
BEGIN
    IF wanted NOT BETWEEN {_FIRST_YEAR} AND {_LAST_YEAR} THEN
        RAISE EXCEPTION 'no keys are made in %', wanted;
    END IF;
    low := ((extract(epoch FROM make_timestamptz(wanted, 1, 1, 0, 0, 0, 'UTC')) * 1000)::bigint
        - {EPOCH_MS}) << {_SHIFT};
    high := ((extract(epoch FROM make_timestamptz(wanted + 1, 1, 1, 0, 0, 0, 'UTC')) * 1000)::bigint
        - {EPOCH_MS}) << {_SHIFT};
    PERFORM pg_advisory_xact_lock(hashtext('regu_history_of'));
    IF to_regclass('{SCHEMA}.' || name) IS NOT NULL OR EXISTS (
        SELECT 1 FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
        WHERE c.relnamespace = '{SCHEMA}'::regnamespace AND c.relname = 'history_first'
        AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
        AND d.description::bigint > low) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE {SCHEMA}.%I (LIKE public.history INCLUDING DEFAULTS '
        'INCLUDING CONSTRAINTS INCLUDING INDEXES)', name);
    -- what came before its partition was caught by the rest
    IF EXISTS (SELECT 1 FROM {SCHEMA}.history_rest WHERE key >= low AND key < high) THEN
        ALTER TABLE {SCHEMA}.history_rest DISABLE TRIGGER USER;
        EXECUTE format('WITH gone AS (DELETE FROM {SCHEMA}.history_rest '
            'WHERE key >= %s AND key < %s RETURNING *) INSERT INTO {SCHEMA}.%I '
            'SELECT * FROM gone', low, high, name);
        ALTER TABLE {SCHEMA}.history_rest ENABLE TRIGGER USER;
    END IF;
    EXECUTE format('ALTER TABLE public.history ATTACH PARTITION {SCHEMA}.%I '
        'FOR VALUES FROM (%s) TO (%s)', name, low, high);
    EXECUTE format('CREATE TRIGGER tr_history_whole BEFORE TRUNCATE ON {SCHEMA}.%I '
        'FOR EACH STATEMENT EXECUTE FUNCTION public.regu_append_only()', name);
    RETURN true;
END $$
"""  # noqa: S608 - names and numbers of ours

_IS_WHOLE = sa.text(
    "SELECT relkind = 'r' FROM pg_class "
    "WHERE relname = 'history' AND relnamespace = 'public'::regnamespace"
)
_MADE = sa.text("SELECT to_regproc('public.regu_history_of') IS NOT NULL")
_AHEAD = sa.text(
    "SELECT count(*) FILTER (WHERE regu_history_of(extract(year FROM now())::int + more)) "
    "FROM generate_series(0, 1) AS more"
)


def first_bound(connection: sa.Connection) -> int:
    """The key before which all rows of today's table lie: the first of next year."""
    newest = connection.execute(sa.text("SELECT max(key) FROM history")).scalar()
    now = connection.execute(sa.text("SELECT extract(year FROM now())::int")).scalar_one()
    return first_key(max(now, year_of(newest or 0)) + 1)


def prove_ahead(database: Database, lock_ms: int = 3_000) -> None:
    """Before the table becomes a partition: prove that it fits, while others read and write.

    Attaching takes the proof instead of reading all rows under an exclusive lock.
    """
    with database.writing.begin() as connection:
        if not connection.execute(_IS_WHOLE).scalar():
            return
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {lock_ms:d}")
        bound = first_bound(connection)
        connection.exec_driver_sql("ALTER TABLE history DROP CONSTRAINT IF EXISTS history_first")
        connection.exec_driver_sql(
            f"ALTER TABLE history ADD CONSTRAINT history_first CHECK (key < {bound}) NOT VALID"
        )
    with database.writing.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE history VALIDATE CONSTRAINT history_first")


def make_ahead(database: Database) -> int:
    """Partitions of this year and the next, where they are missing; how many were made."""
    if database.is_sqlite:
        return 0
    with database.writing.begin() as connection:
        return make_ahead_on(connection)


def make_ahead_on(connection: sa.Connection) -> int:
    """The same on an open transaction; the years are those of the database's clock."""
    if not connection.execute(_MADE).scalar():
        return 0
    return int(connection.execute(_AHEAD).scalar_one())
