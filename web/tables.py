"""A table that reads as a page, as CSV and as a workbook: what stands behind every picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request, url_for

from engine.usecases.spreadsheets import Book, csv_line
from forms.nip import grouped
from web import formats
from web.language import agency_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NUMBER_FORMATS: Final = {"number": "#,##0.##", "percent": "#,##0.00", "points": "#,##0.####"}
_WIDTH_MAX: Final = 60

Cell = str | int | Decimal | Fraction | date | datetime | bool | None


class Kind(StrEnum):
    """How the cells of a column read."""

    TEXT = "text"
    #: grouped 8 6 1 3 on a page, text in a workbook
    NIP = "nip"
    NUMBER = "number"
    #: basis points, shown in %
    PERCENT = "percent"
    #: points scaled by 10,000
    POINTS = "points"
    DAY = "day"
    MOMENT = "moment"

    @property
    def figures(self) -> bool:
        """Whether its cells stand to the right."""
        return self in {Kind.NUMBER, Kind.PERCENT, Kind.POINTS}


_AS_SHOWN: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: str,
    Kind.NIP: grouped,
    Kind.NUMBER: formats.number,
    Kind.PERCENT: formats.percent,
    Kind.POINTS: formats.points,
    Kind.DAY: lambda day: formats.day(day, "medium"),
    Kind.MOMENT: formats.moment,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `title` is in the reader's language."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; `name` becomes a file's, `links` are the first cells' pages."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    links: Sequence[str | None] = ()

    def link(self, number: int) -> str | None:
        """The page of a row, counted from 0."""
        return self.links[number] if number < len(self.links) else None

    def address(self, form: str) -> str:
        """Where this page hands out the table as "csv" or "xlsx"."""
        asked = request.args.to_dict() | {"bentuk": form, "tabel": self.name}
        return url_for(str(request.endpoint), **{**(request.view_args or {}), **asked})


def shown(cell: Cell, kind: Kind) -> str:
    """A cell as a page shows it."""
    if cell is None or cell == "" or cell is False:
        return formats.NOTHING
    if cell is True:
        return "✓"
    if isinstance(cell, Fraction):
        return formats.ratio(cell)
    return _AS_SHOWN[kind](cell)


def wanted(*tables: Table) -> Response | None:
    """The table that the query asks for as a file, None when a page is asked for."""
    form = request.args.get("bentuk")
    named = request.args.get("tabel") or (tables[0].name if tables else "")
    for table in tables:
        if table.name == named and form == "csv":
            return _file(as_csv(table).encode("utf-8-sig"), "text/csv", f"{table.name}.csv")
        if table.name == named and form == "xlsx":
            return _file(as_workbook(table), XLSX, f"{table.name}.xlsx")
    return None


def as_csv(table: Table) -> str:
    """With semicolons, as Indonesian spreadsheets read it; no cell is taken for a formula."""
    lines = [csv_line((column.title for column in table.columns), ";")]
    for row in table.rows:
        pairs = zip(row, table.columns, strict=True)
        lines.append(csv_line((_csv_text(cell, column.kind) for cell, column in pairs), ";"))
    return "".join(lines)


def as_workbook(table: Table) -> bytes:
    """One sheet; numbers are numbers, a NIP is text."""
    titles = [column.title for column in table.columns]
    rows = [
        [_value(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    columns = zip(titles, *rows, strict=True)
    longest = [max(len(str(cell or "")) for cell in cells) for cells in columns]
    book = Book()
    widths = [min(max(length + 2, 8), _WIDTH_MAX) for length in longest]
    sheet = book.sheet(table.title, widths=widths, headed=True)
    sheet.append(titles, bold=True)
    formats = [_NUMBER_FORMATS.get(column.kind, "") for column in table.columns]
    for values in rows:
        sheet.append(values, formats=formats)
    return book.content()


def _csv_text(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    return str(cell) if kind is Kind.NIP else shown(cell, kind)


def _value(cell: Cell, kind: Kind) -> str | int | Decimal | date | datetime | None:
    if isinstance(cell, datetime):
        return cell.astimezone(agency_zone()).replace(tzinfo=None)
    if kind is Kind.PERCENT and isinstance(cell, int):
        return Decimal(cell) / 100
    if kind is Kind.POINTS and isinstance(cell, int):
        return Decimal(cell) / 10_000
    if isinstance(cell, Fraction):
        return round(Decimal(cell.numerator) / Decimal(cell.denominator), 4)
    return cell


def _file(content: bytes, media: str, name: str) -> Response:
    answer = Response(content, mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
