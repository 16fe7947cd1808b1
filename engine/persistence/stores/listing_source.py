"""What a list is in SQL: rows, columns by the names of the port, and the ways into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.tables.process import process_instance
from engine.persistence.tables.waiting import history

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_H = history.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One list."""

    rows: sa.FromClause
    key: sa.ColumnElement[int]
    #: None: the list belongs to no agency
    agency: sa.ColumnElement[Any] | None
    #: rows of no agency are everybody's
    everybodys: bool = False
    columns: Mapping[str, sa.ColumnElement[Any]]
    always: tuple[sa.ColumnElement[bool], ...] = ()
    #: column -> what an equal value means for a column with an index
    narrow: Mapping[str, Callable[[Any], sa.ColumnElement[bool]]] = field(default_factory=dict)
    #: asked of rows beside: (their column, what ties them to the row)
    within: Mapping[str, tuple[sa.ColumnElement[Any], tuple[sa.ColumnElement[bool], ...]]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class Family:
    """An instance with the two rows above it, and the root that says whose it is."""

    row: sa.FromClause
    up: sa.FromClause
    top: sa.FromClause
    root: sa.FromClause

    @property
    def process_instance(self) -> sa.ColumnElement[int]:
        """The process instance a row is of: a multi-instance body is of the one above it."""
        return sa.case(
            (self.row.c.body.is_(None), self.row.c.key),
            (self.up.c.body.is_(None), self.up.c.key),
            else_=self.top.c.key,
        )

    @property
    def business_key(self) -> sa.ColumnElement[str]:
        """The business key of that process instance."""
        return sa.case(
            (self.row.c.body.is_(None), self.row.c.business_key),
            (self.up.c.body.is_(None), self.up.c.business_key),
            else_=self.top.c.business_key,
        )

    def joined(self, rows: sa.FromClause, instance_key: sa.ColumnElement[int]) -> sa.Join:
        """Rows of a table with the family of their instance."""
        inner = rows.join(self.row, self.row.c.key == instance_key)
        return (
            inner.join(self.root, self.root.c.key == self.row.c.root_key)
            .outerjoin(self.up, self.up.c.key == self.row.c.parent_key)
            .outerjoin(self.top, self.top.c.key == self.up.c.parent_key)
        )

    def loosely(self, rows: sa.FromClause, instance_key: sa.ColumnElement[int]) -> sa.Join:
        """The same for a table whose rows may have no instance."""
        return (
            rows.outerjoin(self.row, self.row.c.key == instance_key)
            .outerjoin(self.root, self.root.c.key == self.row.c.root_key)
            .outerjoin(self.up, self.up.c.key == self.row.c.parent_key)
            .outerjoin(self.top, self.top.c.key == self.up.c.parent_key)
        )


def family() -> Family:
    """Aliases of the instances of one list."""
    return Family(*(process_instance.alias(name) for name in ("inst", "inst_up", "inst_top", "rt")))


def activation(
    instance_key: sa.ColumnElement[int], token: sa.ColumnElement[int]
) -> sa.ScalarSelect[Any]:
    """The key of an element instance: that of the first thing its token was told to do."""
    first = history.alias("first_told")
    wanted = sa.select(sa.func.min(first.c.key)).where(
        first.c.instance_key == instance_key, first.c.token == token
    )
    return wanted.correlate_except(first).scalar_subquery()


def told_of(
    column: sa.ColumnElement[int],
) -> Callable[[Any], sa.ColumnElement[bool]]:
    """An element instance's key as a condition on the instance of a row."""

    def narrowed(value: Any) -> sa.ColumnElement[bool]:
        wanted = sa.select(_H.instance_key).where(_H.key == value).scalar_subquery()
        return column == wanted

    return narrowed


def tree_of(column: sa.ColumnElement[int]) -> Callable[[Any], sa.ColumnElement[bool]]:
    """A process instance's key as a condition on the root of a row."""

    def narrowed(value: Any) -> sa.ColumnElement[bool]:
        whole = process_instance.alias("whole")
        wanted = sa.select(whole.c.root_key).where(whole.c.key == value).scalar_subquery()
        return column == wanted

    return narrowed
