"""Who may do what in a PostgreSQL schema, given anew to one that takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

#: rights on the schema itself: grantee "" is everybody
_RIGHTS: Final = sa.text(
    "SELECT CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type "
    "FROM pg_namespace n, aclexplode(n.nspacl) a "
    "WHERE n.nspname = :schema AND a.grantee <> n.nspowner"
)
#: rights on what the present role will make in it
_DEFAULTS: Final = sa.text(
    "SELECT CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, "
    "CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' "
    "WHEN 'f' THEN 'FUNCTIONS' ELSE 'TYPES' END "
    "FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace, "
    "aclexplode(d.defaclacl) a "
    "WHERE n.nspname = :schema AND pg_get_userbyid(d.defaclrole) = current_user"
)


def make_alike(connection: sa.Connection, schema: str, model: str) -> None:
    """Make an empty schema of the present role, with the rights that stand on another one."""
    quoted = connection.dialect.identifier_preparer.quote
    for statement in (f"CREATE SCHEMA {quoted(schema)}", *_grants(connection, schema, model)):
        connection.exec_driver_sql(statement)


def _grants(connection: sa.Connection, schema: str, model: str) -> Iterator[str]:
    quoted = connection.dialect.identifier_preparer.quote
    place, given = quoted(schema), {"schema": model}
    for grantee, right in connection.execute(_RIGHTS, given).all():
        yield f"GRANT {right} ON SCHEMA {place} TO {quoted(grantee) if grantee else 'PUBLIC'}"
    for grantee, right, kind in connection.execute(_DEFAULTS, given).all():
        who = quoted(grantee) if grantee else "PUBLIC"
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {place} GRANT {right} ON {kind} TO {who}"
