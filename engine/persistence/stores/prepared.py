"""Statements compiled once: what every command writes goes to the driver without bookkeeping.

SQLAlchemy compiles, casts and binds; what is left out is looking that up anew for each of the
same few statements, which costs more than SQLite needs to run them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import sqlalchemy as sa

    Row = Mapping[str, Any]
    Bound = tuple[Any, ...] | dict[str, Any]
    Writing = sa.Insert | sa.Update | sa.Delete


class Prepared:
    """An INSERT, UPDATE or DELETE without RETURNING, and its compiled forms.

    All rows have the same keys; every key names a column or a bind parameter.
    """

    def __init__(self, statement: Writing) -> None:
        self._statement = statement
        self._forms: dict[tuple[str, tuple[str, ...]], tuple[str, Callable[[Row], Bound]]] = {}

    def run(self, connection: sa.Connection, rows: Sequence[Row]) -> int:
        """Run it for all rows at once; how many rows were touched in all."""
        dialect = connection.dialect
        place = (dialect.name, tuple(rows[0]))
        form = self._forms.get(place)
        if form is None:
            form = self._forms[place] = self._compiled(dialect, place[1])
        text, bound = form
        values: Any = bound(rows[0]) if len(rows) == 1 else [bound(row) for row in rows]
        return connection.exec_driver_sql(text, values).rowcount

    def _compiled(
        self, dialect: sa.Dialect, names: tuple[str, ...]
    ) -> tuple[str, Callable[[Row], Bound]]:
        compiled: Any = self._statement.compile(
            dialect=dialect, column_keys=list(names), for_executemany=True
        )
        order: Sequence[str] = compiled.positiontup or tuple(compiled.binds)
        plan = [_part(dialect, name, compiled.binds[name], names) for name in order]
        if compiled.positional:
            return compiled.string, lambda row: tuple([part(row) for part in plan])
        named = list(zip(order, plan, strict=True))
        return compiled.string, lambda row: {name: part(row) for name, part in named}


def _part(
    dialect: sa.Dialect, name: str, bind: sa.BindParameter[Any], names: Sequence[str]
) -> Callable[[Row], Any]:
    """How one parameter is made from a row; what no row names is a constant of the statement."""
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if name not in names:
        constant = process(bind.value) if process else bind.value
        return lambda _row: constant
    if process is None:
        return lambda row: row[name]
    return lambda row: process(row[name])


@lru_cache(maxsize=256)
def prepared(statement: Writing) -> Prepared:
    """The same statement object, prepared once."""
    return Prepared(statement)
