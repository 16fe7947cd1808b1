"""The roles of PostgreSQL: who owns the tables, who works on them, and whom policies do not bind.

`regu migrate` runs as the owner; `serve` and `worker` run as a plain role. A superuser and a role
with BYPASSRLS walk past row-level security, so a house that runs as one has no backstop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from engine.persistence.database import Database

_WHO = sa.text(
    "SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypasses, "
    "EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'process_instance' "
    "AND c.relnamespace = 'public'::regnamespace AND c.relowner = r.oid) AS owns "
    "FROM pg_roles r WHERE r.rolname = current_user"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFacts:
    """The role that a connection works as."""

    name: str
    superuser: bool
    bypasses: bool
    #: its tables: it could take the policies away
    owns: bool

    @property
    def is_bound(self) -> bool:
        """Whether row-level security binds it."""
        return not (self.superuser or self.bypasses)


def role_facts(database: Database) -> RoleFacts | None:
    """The role that this house works as; None on SQLite, which has none."""
    if database.is_sqlite:
        return None
    with database.reading.begin() as connection:
        return RoleFacts(**connection.execute(_WHO).mappings().one())


def role_warning(database: Database) -> str | None:
    """What to tell the owner of the machine about the role; None when all is well."""
    facts = role_facts(database)
    if facts is None or facts.is_bound:
        return None
    kind = "a superuser" if facts.superuser else "a role with BYPASSRLS"
    return (
        f"the database role {facts.name} is {kind}: row-level security does not bind it; "
        "run serve and worker as a plain role (docs/operating.md, Roles of PostgreSQL)"
    )


def let_work(role: str) -> list[str]:
    """Statements by which the owner lets a plain role work: rows, never tables."""
    quoted = '"' + role.replace('"', '""') + '"'
    # what carries jobs keeps its own tables; a house whose jobs stay in ours has none
    theirs = (
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'dbos') "
        f"THEN {'; '.join(_let_work_in('dbos', quoted))}; END IF; END $$"
    )
    return [*_let_work_in("public", quoted), theirs]


def _let_work_in(schema: str, role: str) -> list[str]:
    rows = "SELECT, INSERT, UPDATE, DELETE"
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT {rows} ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rows} ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}",
    ]
