"""Rows as the domain's own dataclasses: a field and its column have one name."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from engine.persistence.giving_way import lost_a_race
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = TypeVar("Row")


class Entities:
    """Insert, read and rewrite dataclasses of one room."""

    def __init__(self, connection: sa.Connection, tables: Mapping[type[Any], sa.Table]) -> None:
        self.connection = connection
        self._tables = tables

    def add(self, rows: Sequence[Any]) -> None:
        """Insert rows in the order given, those of one kind in one statement."""
        for kind, group in groupby(rows, key=type):
            values = [values_of(row) for row in group]
            with translated():
                self.connection.execute(self._tables[kind].insert(), values)

    def put(self, row: Any) -> None:
        """Write all fields of a row with an id; `Conflict` when there is none."""
        table = self._tables[type(row)]
        with translated():
            done = self.connection.execute(
                table.update()
                .where(table.c.id == row.id)
                .values(values_of(row))
                .returning(table.c.id)
            ).first()
        if done is None:
            raise Conflict("row_missing", kind=table.name, id=row.id)

    def get(self, kind: type[Row], row_id: str) -> Row | None:
        """A row by id."""
        query = _by_id(self._tables[kind])
        found = self.connection.execute(query, {"row_id": row_id}).mappings().first()
        return None if found is None else kind(**found)

    def first(self, kind: type[Row], query: sa.Select[Any]) -> Row | None:
        """The first row of a query as a dataclass."""
        found = self.connection.execute(query.limit(1)).mappings().first()
        return None if found is None else kind(**found)

    def all(
        self, kind: type[Row], query: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> list[Row]:
        """Every row of a query as a dataclass; `values` of its named parameters."""
        return [kind(**row) for row in self.connection.execute(query, values).mappings()]


@cache
def _by_id(table: sa.Table) -> sa.Select[Any]:
    """A row by its id: the commonest question, put into words once."""
    return sa.select(table).where(table.c.id == sa.bindparam("row_id")).limit(1)


def values_of(row: Any) -> dict[str, Any]:
    """Column values of a dataclass."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def columns_of(kind: type[Any], table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of a table that its dataclass has; what else is there is the database's own."""
    return [table.c[field.name] for field in fields(kind)]


class translated:  # noqa: N801 - a context manager reads as a word
    """Broken constraints leave as `Conflict`, named by what the database says; lost races stay."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Translate what came out."""
        if lost_a_race(error):
            return
        if isinstance(error, sa.exc.IntegrityError | sa.exc.DatabaseError):
            raise Conflict(_broken(error)) from error


def _broken(error: sa.exc.DBAPIError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    named = getattr(diagnosis, "constraint_name", None)
    return str(named or str(error.orig).splitlines()[0])
