"""History by years on PostgreSQL (decision 0023).

The table of before becomes the first partition as it is: no row is copied. `prove_ahead` proved
without a lock that its keys fit, so attaching it reads none either.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.partitions import FUNCTION, SCHEMA, first_bound

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_INDEXES = (
    "CREATE INDEX ix_history_tree ON history (root_key, key)",
    "CREATE INDEX ix_history_token ON history (instance_key, token, key)",
)
_ROWS = (
    "CREATE TRIGGER tr_history_rows BEFORE UPDATE OR DELETE ON history "
    "FOR EACH ROW EXECUTE FUNCTION regu_history_kept()"
)
_PROVED = sa.text(
    "SELECT substring(pg_get_constraintdef(oid) FROM '[0-9]{10,}')::bigint FROM pg_constraint "
    "WHERE conname = 'history_first' AND convalidated AND conrelid = 'history'::regclass"
)
_LATER = sa.text(
    "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'history'::regclass"
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    bound = connection.execute(_PROVED).scalar() or first_bound(connection)
    first = f"{SCHEMA}.history_first"
    for statement in (
        f"CREATE SCHEMA {SCHEMA}",
        "DROP TRIGGER tr_history_rows ON history",
        "ALTER TABLE history RENAME TO history_first",
        f"ALTER TABLE history_first SET SCHEMA {SCHEMA}",
        f"CREATE TABLE history (LIKE {first} INCLUDING DEFAULTS) PARTITION BY RANGE (key)",
        "ALTER TABLE history ADD CONSTRAINT pk_history PRIMARY KEY (key)",
        *_INDEXES,
        _ROWS,
        _whole("history"),
        f"ALTER TABLE history ATTACH PARTITION {first} FOR VALUES FROM (MINVALUE) TO ({bound})",
        f"COMMENT ON TABLE {first} IS '{bound}'",
        f"ALTER TABLE {first} DROP CONSTRAINT IF EXISTS history_first",
        f"CREATE TABLE {SCHEMA}.history_rest PARTITION OF history DEFAULT",
        _whole(f"{SCHEMA}.history_rest"),
        FUNCTION,
    ):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _whole(table: str) -> str:
    return (
        f"CREATE TRIGGER tr_history_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION regu_append_only()"
    )


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    first = f"{SCHEMA}.history_first"
    for statement in (
        "DROP FUNCTION regu_history_of(integer)",
        f"ALTER TABLE history DETACH PARTITION {first}",
    ):
        op.execute(statement)
    for later in connection.scalars(_LATER).all():
        op.execute(f"INSERT INTO {first} SELECT * FROM {later}")  # noqa: S608 - our partitions
    for statement in (
        "DROP TABLE history",
        f"ALTER TABLE {first} SET SCHEMA public",
        "ALTER TABLE history_first RENAME TO history",
        "COMMENT ON TABLE history IS NULL",
        f"DROP SCHEMA {SCHEMA}",
        "DROP TRIGGER IF EXISTS tr_history_rows ON history",
        _ROWS,
    ):
        op.execute(statement)
