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


def kept_until_spent(table: str, instance: str, dialect: str) -> list[str]:
    """As `append_only`, but rows of an ended instance that is marked spent may go.

    `instance` is the column that names it.
    """
    spent = (
        f"EXISTS (SELECT 1 FROM process_instance WHERE key = OLD.{instance} "  # noqa: S608 - ours
        "AND ended_at IS NOT NULL AND spent_at IS NOT NULL)"
    )
    updates_refused, truncate_or_delete = append_only(table, dialect)[-2:]
    if dialect == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION regu_{table}_kept() RETURNS trigger LANGUAGE plpgsql "
            "SET regu.agency = '*' "
            f"AS $$ BEGIN IF TG_OP = 'DELETE' AND {spent} THEN RETURN OLD; END IF; "
            f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; "
            "END $$"
        )
        rows = (
            f"CREATE TRIGGER tr_{table}_rows BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION regu_{table}_kept()"
        )
        return [function, rows, truncate_or_delete]
    deletes = (
        f"CREATE TRIGGER tr_{table}_delete BEFORE DELETE ON {table} WHEN NOT {spent} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
    return [updates_refused, deletes]


def not_append_only(table: str, dialect: str) -> list[str]:
    """Statements that take the triggers away again."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER tr_{table}_{part} ON {table}" for part in ("rows", "whole")]
    return [f"DROP TRIGGER tr_{table}_{verb}" for verb in ("update", "delete")]
