"""Triggers that keep append-only tables append-only, for migrations."""

from __future__ import annotations

#: one function serves all tables on PostgreSQL
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION regu_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""


def append_only(table: str, dialect: str) -> list[str]:
    """Statements that refuse UPDATE, DELETE and TRUNCATE on a table.

    On SQLite an INSERT OR REPLACE deletes by the trigger too, because every connection sets
    recursive_triggers.
    """
    if dialect == "postgresql":
        return [POSTGRESQL_FUNCTION] + [
            f"CREATE TRIGGER tr_{table}_{name} BEFORE {verbs} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION regu_append_only()"
            for name, verbs, each in (
                ("rows", "UPDATE OR DELETE", "ROW"),
                ("whole", "TRUNCATE", "STATEMENT"),
            )
        ]
    return [
        f"CREATE TRIGGER tr_{table}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


_SPENT = (
    "EXISTS (SELECT 1 FROM process_instance "
    "WHERE key = OLD.root_key AND ended_at IS NOT NULL AND spent_at IS NOT NULL)"
)


def kept_until_spent(dialect: str) -> list[str]:
    """As `append_only` for history, but rows of an ended instance that is marked spent may go."""
    updates_refused, truncate_or_delete = append_only("history", dialect)[-2:]
    if dialect == "postgresql":
        function = (
            "CREATE OR REPLACE FUNCTION regu_history_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF TG_OP = 'DELETE' AND {_SPENT} THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'restrict_violation'; END $$"
        )
        rows = (
            "CREATE TRIGGER tr_history_rows BEFORE UPDATE OR DELETE ON history "
            "FOR EACH ROW EXECUTE FUNCTION regu_history_kept()"
        )
        return [function, rows, truncate_or_delete]
    deletes = (
        f"CREATE TRIGGER tr_history_delete BEFORE DELETE ON history WHEN NOT {_SPENT} "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    )
    return [updates_refused, deletes]


def not_append_only(table: str, dialect: str) -> list[str]:
    """Statements that take the triggers away again."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER tr_{table}_{part} ON {table}" for part in ("rows", "whole")]
    return [f"DROP TRIGGER tr_{table}_{verb}" for verb in ("update", "delete")]
