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


def not_append_only(table: str, dialect: str) -> list[str]:
    """Statements that take the triggers away again."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER tr_{table}_{part} ON {table}" for part in ("rows", "whole")]
    return [f"DROP TRIGGER tr_{table}_{verb}" for verb in ("update", "delete")]
