"""The lists of `/v2` in SQL: conditions, order and place of any list, in one statement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.access import reach_of
from engine.persistence.stores.listing_sources import SOURCES
from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.waiting import history
from engine.usecases.ports.listing import Criteria, Listed, Op, Order, Reader, Rows
from engine.usecases.ports.search import TOTAL_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.persistence.stores.access import Substitutes
    from engine.persistence.stores.listing_source import Source
    from engine.usecases.ports.listing import Condition

_H = history.c
_COMPARED: Final[Mapping[Op, Callable[[Any, Any], Any]]] = {
    Op.EQ: lambda column, value: column == value,
    Op.NEQ: lambda column, value: column != value,
    Op.EXISTS: lambda column, value: column.is_not(None) if value else column.is_(None),
    Op.IN: lambda column, value: column.in_(value),
    Op.NOT_IN: lambda column, value: column.not_in(value),
    Op.GT: lambda column, value: column > value,
    Op.GTE: lambda column, value: column >= value,
    Op.LT: lambda column, value: column < value,
    Op.LTE: lambda column, value: column <= value,
}
#: a pattern, piece by piece: an escaped character, a wildcard or a plain character
_PIECE = re.compile(r"\\(.)|(.)", re.DOTALL)


class SqlListingStore(Store):
    """`ListingStore` on SQL."""

    def __init__(self, transaction: Transaction, substitutes: Substitutes) -> None:
        super().__init__(transaction)
        self._substitutes = substitutes

    def find(self, criteria: Criteria, reader: Reader) -> Rows:
        """A page; one statement, and one more for the total of an empty page."""
        self._tx.write_pending()
        source = SOURCES[criteria.listed]
        where = self._where(source, criteria, reader)
        levels = _levels(source, criteria.order)
        backwards = criteria.before is not None
        counted: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(source.rows).where(*where)
        )
        total = sa.select(sa.func.count()).select_from(counted.limit(TOTAL_MAX + 1).subquery())
        page = (
            sa.select(
                *(column.label(name) for name, column in source.columns.items()),
                *(column.label(f"_{n}") for n, (column, _) in enumerate(levels)),
                total.scalar_subquery().label("_total"),
            )
            .select_from(source.rows)
            .where(*where, *_place(levels, criteria))
            .order_by(*_ordered(levels, backwards=backwards))
            .limit(criteria.limit)
            .offset(criteria.offset or None)
        )
        found = list(self._tx.execute(page).mappings())
        if backwards:
            found.reverse()
        places = [tuple(row[f"_{n}"] for n in range(len(levels))) for row in found]
        return Rows(
            rows=[{name: row[name] for name in source.columns} for row in found],
            total=found[0]["_total"] if found else int(self._tx.execute(total).scalar_one()),
            first=places[0] if places else None,
            last=places[-1] if places else None,
        )

    def elements(
        self, definition_key: int, instances: Criteria, reader: Reader
    ) -> Sequence[tuple[str, str, int, int]]:
        """Element instances of a version, in the instances that are meant; one statement."""
        self._tx.write_pending()
        source, meant = SOURCES[Listed.ELEMENT_INSTANCE], SOURCES[Listed.PROCESS_INSTANCE]
        of_all = Criteria(listed=Listed.ELEMENT_INSTANCE)
        where = [_H.definition_key == definition_key, *self._where(source, of_all, reader)]
        if instances.where or instances.any_of:
            keys = sa.select(meant.key).select_from(meant.rows)
            asked = keys.where(*self._where(meant, instances, reader))
            where.append(source.columns["process_instance"].in_(asked))
        rows = (
            sa.select(
                source.columns["element_id"].label("element"),
                source.columns["state"].label("state"),
                source.columns["has_incident"].label("trouble"),
            )
            .select_from(source.rows)
            .where(*where)
            .subquery()
        )
        counted = sa.select(
            rows.c.element, rows.c.state, sa.func.count(), sa.func.sum(rows.c.trouble)
        ).group_by(rows.c.element, rows.c.state)
        return [tuple(row) for row in self._tx.execute(counted)]

    def activations(self, tokens: Sequence[tuple[int, int]]) -> Mapping[tuple[int, int], int]:
        """Keys of the element instances of (instance key, token); one statement."""
        self._tx.write_pending()
        wanted = set(tokens)
        rows: sa.Select[Any] = sa.select(_H.instance_key, _H.token, sa.func.min(_H.key)).where(
            _H.instance_key.in_({instance for instance, _ in wanted}),
            _H.token.in_({token for _, token in wanted}),
        )
        found: Any = self._tx.execute(rows.group_by(_H.instance_key, _H.token))
        return {(row[0], row[1]): row[2] for row in found if (row[0], row[1]) in wanted}

    def token_of(self, activation: int) -> tuple[int, int] | None:
        """(instance key, token) of an element instance."""
        self._tx.write_pending()
        wanted: sa.Select[Any] = sa.select(_H.instance_key, _H.token)
        row: Any = self._tx.execute(wanted.where(_H.key == activation)).first()
        return None if row is None else (row[0], row[1])

    def _where(
        self, source: Source, criteria: Criteria, reader: Reader
    ) -> list[sa.ColumnElement[bool]]:
        found = [*source.always, *(self._asked(source, one) for one in criteria.where)]
        if criteria.any_of:
            arms = [
                sa.and_(sa.true(), *(self._asked(source, one) for one in arm))
                for arm in criteria.any_of
            ]
            found.append(sa.or_(*arms))
        if source.agency is not None:
            ours: sa.ColumnElement[bool] = source.agency.is_not_distinct_from(reader.agency_id)
            found.append(sa.or_(ours, source.agency.is_(None)) if source.everybodys else ours)
        if reader.job_types is not None:
            found.append(source.columns["type"].in_(sorted(reader.job_types)))
        if reader.taking is not None:
            actor, now = reader.taking
            arms_of = reach_of(self._tx.connection, actor, now, self._substitutes).arms()
            every = sa.union(*arms_of).subquery() if arms_of else None
            mine = sa.false() if every is None else source.key.in_(sa.select(every.c.key))
            found.append(mine)
        return found

    def _asked(self, source: Source, condition: Condition) -> sa.ColumnElement[bool]:
        """One condition; an equal key also names the index that leads to it."""
        within = source.within.get(condition.column)
        if within is not None:
            inner, of_row = within
            return sa.exists().where(*of_row, self._compared(inner, condition))
        asked = self._compared(source.columns[condition.column], condition)
        narrow = source.narrow.get(condition.column)
        if condition.op is Op.EQ and narrow is not None:
            return sa.and_(asked, narrow(condition.value))
        return asked

    def _compared(
        self, column: sa.ColumnElement[Any], condition: Condition
    ) -> sa.ColumnElement[bool]:
        op, value = condition.op, condition.value
        if op is not Op.LIKE:
            compared: sa.ColumnElement[bool] = _COMPARED[op](column, value)
            return compared
        if self._tx.is_postgresql:
            return column.like(_pattern(value, "%_", "\\"), escape="\\")
        # LIKE of SQLite takes no notice of capitals
        return column.op("GLOB")(_pattern(value, "*?", "["))


def _pattern(text: str, wild: str, quote: str) -> str:
    """A pattern of `/v2` as one of LIKE (any, one; quoted by a backslash) or of GLOB."""

    def piece(match: re.Match[str]) -> str:
        plain, sign = match.group(1), match.group(2)
        if sign in ("*", "?"):
            return wild["*?".index(sign)]
        letter = plain or sign
        if quote == "[":
            return f"[{letter}]" if letter in "*?[" else letter
        return f"\\{letter}" if letter in "%_\\" else letter

    return _PIECE.sub(piece, text)


def _levels(source: Source, order: Sequence[Order]) -> list[tuple[sa.ColumnElement[Any], bool]]:
    """Expressions to sort by, the key last, and which of them fall."""
    levels: list[tuple[sa.ColumnElement[Any], bool]] = []
    for one in order:
        column = source.columns[one.column]
        if column is source.key:
            return [*levels, (column, one.descending)]
        absent = sa.case((column.is_(None), 1), else_=0)
        levels += [(absent, False), (column, one.descending)]
    return [*levels, (source.key, False)]


def _ordered(
    levels: Sequence[tuple[sa.ColumnElement[Any], bool]], *, backwards: bool
) -> list[sa.ColumnElement[Any]]:
    return [column.desc() if falls is not backwards else column.asc() for column, falls in levels]


def _place(
    levels: Sequence[tuple[sa.ColumnElement[Any], bool]], criteria: Criteria
) -> list[sa.ColumnElement[bool]]:
    """Rows behind `after`, or before `before`: equal in the first levels, beyond in the next."""
    place = criteria.after if criteria.after is not None else criteria.before
    if place is None:
        return []
    behind: list[sa.ColumnElement[bool]] = []
    equal: list[sa.ColumnElement[bool]] = []
    for (column, falls), value in zip(levels, place, strict=True):
        if value is None:  # the level before it says so
            continue
        less = falls is (criteria.after is not None)
        behind.append(sa.and_(*equal, column < value if less else column > value))
        equal.append(column == value)
    return [sa.or_(*behind)]
