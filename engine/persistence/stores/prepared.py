"""Statements compiled once: what every command writes goes to the driver without bookkeeping.

SQLAlchemy compiles, casts and binds; what is left out is looking that up anew for each of the
same few statements, which costs more than SQLite needs to run them.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
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
        order: list[str] = list(compiled.positiontup or compiled.binds)
        binds = [compiled.binds[name] for name in order]
        #: what no row names is a constant of the statement
        constants = {n: b.value for n, b in zip(order, binds, strict=True) if n not in names}
        casts = [
            (index, cast)
            for index, bind in enumerate(binds)
            if (cast := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        ]

        picked: Any = itemgetter(*order, order[0])  # twice the first: always a tuple

        def bound(row: Row) -> tuple[Any, ...]:
            values = list(picked({**constants, **row} if constants else row))
            values.pop()
            for index, cast in casts:
                values[index] = cast(values[index])
            return tuple(values)

        if compiled.positional:
            return compiled.string, bound
        return compiled.string, lambda row: dict(zip(order, bound(row), strict=True))


@lru_cache(maxsize=256)
def prepared(statement: Writing) -> Prepared:
    """The same statement object, prepared once."""
    return Prepared(statement)
