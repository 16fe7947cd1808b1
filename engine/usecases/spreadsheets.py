"""What leaves for a spreadsheet: the one writer of CSV and of workbooks; no text is a formula."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell.cell import Cell as OpenCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

#: what a workbook's cell may hold; datetimes without an offset
Value = str | int | float | bool | date | Decimal | None
TITLE_MAX: Final = 31
#: a spreadsheet takes a text that begins so for a formula (ASVS 1.2.10), the wide signs too
_BEGINS: Final = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
#: separators of any country, and what RFC 4180 quotes
_QUOTED: Final = frozenset(',;\t|"\r\n')
_NO_TITLE: Final = str.maketrans("[]:*?/\\'", "        ")


def plain(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would calculate it."""
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS) else text


def csv_line(values: Iterable[object], separator: str = ",") -> str:
    """One line of CSV with its end (RFC 4180), none of its cells a formula."""
    return separator.join(_quoted(plain(str(value))) for value in values) + "\r\n"


def _quoted(text: str) -> str:
    if _QUOTED.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


@dataclass(slots=True)
class Sheet:
    """One sheet while it is written, row by row."""

    _sheet: WriteOnlyWorksheet

    def append(
        self, values: Iterable[Value], *, formats: Sequence[str] = (), bold: bool = False
    ) -> None:
        """A row; `formats` are number formats by column, "" for the general one."""
        cells = [self._cell(value, bold=bold) for value in values]
        for cell, wanted in zip(cells, formats, strict=False):
            if wanted:
                cell.number_format = wanted
        self._sheet.append(cells)

    def _cell(self, value: Value, *, bold: bool) -> OpenCell:
        cell: OpenCell = WriteOnlyCell(self._sheet)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
            cell.data_type = "s"
        else:
            cell.value = value
        if bold:
            cell.font = Font(bold=True)
        return cell


@dataclass(slots=True)
class Book:
    """A workbook while it is written."""

    _book: Workbook = field(default_factory=lambda: Workbook(write_only=True))

    def sheet(self, title: str, *, widths: Sequence[float] = (), headed: bool = False) -> Sheet:
        """The next sheet; `headed` keeps its first row in sight."""
        made: Any = self._book.create_sheet(title.translate(_NO_TITLE)[:TITLE_MAX])
        for number, width in enumerate(widths, start=1):
            made.column_dimensions[get_column_letter(number)].width = width
        if headed:
            made.freeze_panes = "A2"
        return Sheet(made)

    def content(self) -> bytes:
        """The whole as xlsx."""
        out = io.BytesIO()
        self._book.save(out)
        return out.getvalue()
