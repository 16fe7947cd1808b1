"""Between the dataclasses of the ports and the rows of tables, column by column."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import sqlalchemy as sa

R = TypeVar("R")


class RowMapper(Generic[R]):
    """Reads and writes one dataclass whose fields are named like the columns of a table."""

    def __init__(
        self,
        kind: type[R],
        table: sa.Table,
        *,
        read: Mapping[str, Callable[[Any], Any]] | None = None,
        write: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> None:
        self._kind = kind
        self._names = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]
        self._read = tuple((self._names.index(name), how) for name, how in (read or {}).items())
        self._write = dict(write or {})
        self._get = attrgetter(*self._names)
        self.columns = tuple(table.c[name] for name in self._names)
        self.width = len(self._names)

    def of(self, row: Sequence[Any]) -> R:
        """The dataclass of a row that was selected by `columns`."""
        values = list(row)
        for index, how in self._read:
            values[index] = how(values[index])
        return self._kind(**dict(zip(self._names, values, strict=True)))

    def all_of(self, rows: sa.CursorResult[Any]) -> list[R]:
        """All rows of a result."""
        return [self.of(row) for row in rows]

    def one_of(self, rows: sa.CursorResult[Any]) -> R | None:
        """The first row of a result."""
        row = rows.first()
        return None if row is None else self.of(row)

    def values(self, item: R) -> dict[str, Any]:
        """Column values of a dataclass."""
        found: dict[str, Any] = dict(zip(self._names, self._get(item), strict=True))
        for name, how in self._write.items():
            found[name] = how(found[name])
        return found
