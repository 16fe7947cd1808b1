"""Cells of a workbook with their addresses, typed one by one; every flaw says where it is."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from engine.domain.nip import read_nip
from engine.usecases.errors import FieldFault, InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Word = TypeVar("Word", bound=StrEnum)

BYTES_MAX: Final = 20 * 1024 * 1024
UNPACKED_BYTES_MAX: Final = 200 * 1024 * 1024
ROWS_MAX: Final = 50_000
COLUMNS_MAX: Final = 50
CHARACTERS_MAX: Final = 400
#: how openpyxl says that parts of a file are not what they should be (`SyntaxError`: of XML)
_UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class Severity(StrEnum):
    """What a flaw does."""

    #: the row is not imported
    ERROR = "error"
    #: the row is imported as it is, and somebody should look
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing wrong with a workbook."""

    sheet: str
    #: 1-based row as the spreadsheet shows it; 0: the sheet as a whole
    row: int
    #: such as "C7"; "" for a whole row or sheet
    cell: str
    severity: Severity
    #: stable code such as "unit_unknown"
    code: str
    #: English sentence
    message: str
    #: what stands in the cell
    value: str = ""


@dataclass(slots=True)
class Line:
    """One row of a sheet while it is read; `good` falls with the first error."""

    sheet: str
    #: row number as the spreadsheet shows it
    place: int
    values: Mapping[str, Any]
    columns: Mapping[str, int]
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether no error was found so far."""
        return all(flaw.severity is Severity.WARNING for flaw in self.flaws)

    def error(self, heading: str, code: str, message: str) -> None:
        """The row cannot be imported."""
        self.flaws.append(self._flaw(heading, code, message, Severity.ERROR))

    def warn(self, heading: str, code: str, message: str) -> None:
        """The row is imported, flagged."""
        self.flaws.append(self._flaw(heading, code, message, Severity.WARNING))

    def text(self, heading: str, *, required: bool = True) -> str:
        """Words, trimmed; numbers are written out."""
        value = self.values.get(heading)
        found = "" if value is None else str(value).strip()
        if required and not found:
            self.error(heading, "required", f"{heading} is empty")
        if len(found) > CHARACTERS_MAX:
            self.error(heading, "too_long", f"at most {CHARACTERS_MAX} characters")
        return found

    def nip(self, heading: str, *, required: bool = True) -> str:
        """A NIP kept as text."""
        value = self.values.get(heading)
        if value is None and not required:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.error(
                heading, "nip_number", "kept as a number: the last digits are lost; format as text"
            )
            return ""
        reading = read_nip(value)
        for finding in reading.faults:
            self.error(heading, f"nip_{finding.code}", finding.message)
        for doubt in reading.warnings:
            self.warn(heading, f"nip_{doubt.code}", doubt.message)
        return reading.nip.digits if reading.nip else ""

    def day(self, heading: str, *, required: bool = True) -> date | None:
        """A date cell."""
        value = self.values.get(heading)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if value is None or value == "":
            if required:
                self.error(heading, "required", f"{heading} is empty")
            return None
        self.error(heading, "not_a_date", "a date is needed, not text")
        return None

    def number(self, heading: str, *, required: bool = True) -> Decimal | None:
        """A number, exact."""
        value = self.values.get(heading)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if value is None or value == "":
            if required:
                self.error(heading, "required", f"{heading} is empty")
            return None
        self.error(heading, "not_a_number", "a number is needed")
        return None

    def whole(self, heading: str) -> int:
        """A whole number of 1 or more; 0 with an error."""
        value = self.number(heading)
        if value is None:
            return 0
        if value != value.to_integral_value() or value < 1:
            self.error(heading, "not_whole", "a whole number of 1 or more is needed")
            return 0
        return int(value)

    def percent_bp(self, heading: str) -> int:
        """Percent between 0 and 100 as basis points; 0 with an error."""
        value = self.number(heading)
        if value is None:
            return 0
        scaled = value * 100
        if scaled != scaled.to_integral_value() or not 0 < value <= 100:  # noqa: PLR2004 - percent
            self.error(heading, "not_a_percent", "above 0, at most 100, two decimals")
            return 0
        return int(scaled)

    def word(self, heading: str, words: Mapping[str, Word]) -> Word | None:
        """One of a few words, whatever its case."""
        found = self.text(heading)
        if found and found.lower() not in words:
            self.error(heading, "unknown_word", f"one of {', '.join(words)}")
        return words.get(found.lower())

    def _flaw(self, heading: str, code: str, message: str, severity: Severity) -> Flaw:
        column = self.columns.get(heading)
        value = self.values.get(heading)
        return Flaw(
            sheet=self.sheet,
            row=self.place,
            cell=f"{get_column_letter(column)}{self.place}" if column else "",
            severity=severity,
            code=code,
            message=message,
            value="" if value is None else str(value)[:80],
        )


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a workbook, and what was wrong with them as sheets."""

    lines: Mapping[str, Sequence[Line]]
    flaws: tuple[Flaw, ...]


def read_book(
    content: bytes,
    headings: Mapping[str, Sequence[str]],
    optional: Mapping[str, Sequence[str]] | None = None,
) -> Book:
    """Rows of the named sheets, and of `optional` ones that are there.

    `InputRefused` for what is no workbook or too large.

    A missing sheet or heading is a flaw of the whole sheet; empty rows are passed over.
    """
    check_archive(content)
    try:
        return _read(content, headings, optional or {})
    except _UNREADABLE as error:
        raise _refused("not_a_workbook", "the file is no xlsx workbook") from error


def _read(
    content: bytes, headings: Mapping[str, Sequence[str]], maybe: Mapping[str, Sequence[str]]
) -> Book:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    lines: dict[str, Sequence[Line]] = {}
    flaws: list[Flaw] = []
    for title, wanted in {**headings, **maybe}.items():
        if title not in book.sheetnames:
            lines[title] = []
            if title in maybe:
                continue
            flaws.append(_sheet_flaw(title, "sheet_missing", f"the sheet {title} is missing"))
            continue
        # one cell at the far right of each row would make each of them 16,384 cells wide
        rows = book[title].iter_rows(values_only=True, max_col=COLUMNS_MAX, max_row=ROWS_MAX + 1)
        lines[title] = _lines(title, wanted, rows, flaws)
    book.close()
    return Book(lines, tuple(flaws))


def _lines(
    title: str, wanted: Sequence[str], rows: Iterable[tuple[Any, ...]], flaws: list[Flaw]
) -> list[Line]:
    found: list[Line] = []
    columns: dict[str, int] = {}
    for place, values in enumerate(rows, start=1):
        if place == 1:
            columns = {
                str(name).strip(): n for n, name in enumerate(values[:COLUMNS_MAX], 1) if name
            }
            missing = [name for name in wanted if name not in columns]
            if missing:
                words = f"headings missing: {', '.join(missing)}"
                flaws.append(_sheet_flaw(title, "heading_missing", words))
                return []
            continue
        if place > ROWS_MAX:
            flaws.append(_sheet_flaw(title, "too_many_rows", f"more than {ROWS_MAX} rows"))
            return []
        if any(value is not None for value in values):
            cells = {name: values[n - 1] for name, n in columns.items() if n <= len(values)}
            found.append(Line(title, place, cells, columns))
    return found


def check_archive(content: bytes) -> None:
    """`InputRefused` for what is no packed workbook, or too large packed or unpacked."""
    if len(content) > BYTES_MAX:
        raise _refused("too_large", f"a workbook may have {BYTES_MAX // 1024**2} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _refused("not_a_workbook", "the file is no xlsx workbook") from error
    if unpacked > UNPACKED_BYTES_MAX:
        raise _refused("too_large", "the workbook unpacks to more than is allowed")


def _sheet_flaw(title: str, code: str, message: str) -> Flaw:
    return Flaw(sheet=title, row=0, cell="", severity=Severity.ERROR, code=code, message=message)


def _refused(code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field="workbook", code=code, message=message))
