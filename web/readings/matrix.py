"""The role and result matrix as a page and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.cascade import CascadeMethod
from web.tables import Column, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.matrix_board import Board, Filling


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One person's row."""

    person_id: str
    name: str
    post: str
    unit: str
    #: of another unit than the board's
    guest: bool
    #: serves no column
    idle: bool
    #: fillings by column, in the order of the columns
    fields: Sequence[Sequence[Filling]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixColumn:
    """One column's head."""

    id: str
    title: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPage:
    """The board ready for its template."""

    board: Board
    columns: Sequence[MatrixColumn]
    rows: Sequence[MatrixRow]
    #: words of columns that nobody serves
    gaps: Sequence[str]
    #: (words of the result, words of the column, names)
    doubled: Sequence[tuple[str, str, str]]
    table: Table


def matrix_page(board: Board) -> MatrixPage:
    """Rows and columns of a board."""
    rows = [_row(board, person) for person in board.people]
    return MatrixPage(
        board=board,
        columns=[
            MatrixColumn(
                id=key,
                title=words,
                people=len({one.person_id for one in board.fillings if one.column == key}),
            )
            for key, words in board.columns.items()
        ],
        rows=rows,
        gaps=[board.columns[one] for one in board.coverage.open_columns],
        doubled=[
            (words, board.columns[column], ", ".join(board.names.get(one, "") for one in people))
            for column, words, people in board.coverage.doubled
        ],
        table=_table(board, rows),
    )


def _row(board: Board, person_id: str) -> MatrixRow:
    seat = board.seats.get(person_id)
    mine = [one for one in board.fillings if one.person_id == person_id]
    return MatrixRow(
        person_id=person_id,
        name=board.names.get(person_id, ""),
        post=seat.post_title if seat else "",
        unit=seat.unit_name if seat else "",
        guest=seat is None or seat.unit_id != board.unit.id,
        idle=not mine,
        fields=[[one for one in mine if one.column == key] for key in board.columns],
    )


def _table(board: Board, rows: Sequence[MatrixRow]) -> Table:
    return Table(
        name="matriks",
        title=_("Role and result matrix"),
        columns=(
            Column(_("Employee")),
            Column(_("Post")),
            Column(_("Unit")),
            *(Column(words) for words in board.columns.values()),
        ),
        rows=[
            (row.name, row.post, row.unit, *(_words(board, field) for field in row.fields))
            for row in rows
        ],
    )


def _words(board: Board, field: Sequence[Filling]) -> str:
    return "; ".join(
        f"{one.title} ({', '.join(_facts(board, one))})" if _facts(board, one) else one.title
        for one in field
    )


def _facts(board: Board, one: Filling) -> list[str]:
    found = [_("direct") if one.method is CascadeMethod.DIRECT else ""]
    found.append(board.squads.get(one.squad_id or "", ""))
    found.append("" if one.item_id else _("waits for the draft"))
    return [fact for fact in found if fact]
