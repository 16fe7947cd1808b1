"""Matriks Peran Hasil: people in rows, a leader's results in columns, each cell a role's result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.cascade import CascadeMethod
from engine.domain.errors import Violation
from engine.domain.plans import ItemKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime


class CellStatus(StrEnum):
    """What became of a cell."""

    #: waits for the person's draft
    PROPOSED = "proposed"
    #: a result of the person's plan came out of it
    TAKEN = "taken"
    #: the leader took it back
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """The result that a person's role owes to one column of a leader's matrix."""

    #: UUIDv7 text
    id: str
    #: which cycle
    cycle_id: str
    #: whose matrix
    leader_id: str
    #: the row: people of any unit
    person_id: str
    #: the column: a result of the leader; None: an objective is
    parent_id: str | None = None
    #: the column: an objective of the leader's unit; None: a result is
    objective_id: str | None = None
    #: the squad through which the person contributes; None: the home post
    squad_id: str | None = None
    #: the role's result in words
    title: str
    #: direct or non-direct
    method: CascadeMethod = CascadeMethod.NONDIRECT
    #: utama or tambahan
    kind: ItemKind = ItemKind.UTAMA
    #: what became of it
    status: CellStatus = CellStatus.PROPOSED
    #: the result of the plan that came out of it
    item_id: str | None = None
    #: when it was written
    at: datetime

    @property
    def column(self) -> str:
        """Id of the leader's result or objective."""
        return self.parent_id or self.objective_id or ""


def check_cells(cells: Sequence[MatrixCell]) -> tuple[Violation, ...]:
    """Promise: every fault of a matrix, named by the cell.

    One column per cell, words in it, a person once per column and role, no leader in his own rows.
    """
    found: list[Violation] = []
    seen: set[tuple[str, str, str | None]] = set()
    for cell in cells:
        place = (cell.person_id, cell.column, cell.squad_id)
        if (cell.parent_id is None) is (cell.objective_id is None):
            found.append(_fault("cell_column", cell.id, "serves one result or one objective"))
        if not cell.title.strip():
            found.append(_fault("title_missing", cell.id, "has no words"))
        if place in seen:
            found.append(_fault("cell_twice", cell.id, "stands twice in one column"))
        if cell.person_id == cell.leader_id:
            found.append(_fault("cell_own", cell.id, "a leader is no row of his own matrix"))
        seen.add(place)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Somebody's result in a column of a leader's matrix, from a cell or from his plan."""

    person_id: str
    column: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Where a matrix is thin or thick."""

    #: columns that nobody serves
    open_columns: tuple[str, ...]
    #: people of the unit who serve none
    idle_people: tuple[str, ...]
    #: (column, words, people) where several answer for the same words
    doubled: tuple[tuple[str, str, tuple[str, ...]], ...]


def coverage(
    covers: Collection[Cover], columns: Collection[str], people: Collection[str]
) -> Coverage:
    """Promise: gaps and double covers of a matrix, in the order of columns and people."""
    served = {cover.column for cover in covers}
    busy = {cover.person_id for cover in covers}
    doubled = []
    for column in columns:
        holders: dict[str, list[str]] = {}
        words: dict[str, str] = {}
        for cover in covers:
            if cover.column == column:
                key = cover.title.strip().casefold()
                words.setdefault(key, cover.title.strip())
                known = holders.setdefault(key, [])
                known += [] if cover.person_id in known else [cover.person_id]
        doubled += [
            (column, words[key], tuple(names)) for key, names in holders.items() if len(names) > 1
        ]
    return Coverage(
        open_columns=tuple(column for column in columns if column not in served),
        idle_people=tuple(person for person in people if person not in busy),
        doubled=tuple(doubled),
    )


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
