"""A workbook of an agency without its people: same structure, invented names and numbers."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final

from openpyxl import load_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

PEOPLE: Final = "Pegawai"
_BORN: Final = date(1980, 1, 1)
_SERIALS: Final = 999
_NIP, _NAME, _MAIL = "NIP", "Nama", "Email"


def without_names(content: bytes) -> bytes:
    """The workbook with every name, NIP and address of its people replaced; ValueError without any.

    Invented NIPs keep the form of real ones: born on 1 January 1980, appointed in January 2005.
    """
    book = load_workbook(BytesIO(content))
    if PEOPLE not in book.sheetnames:
        raise ValueError(PEOPLE)
    people = book[PEOPLE]
    heads = {str(cell.value).strip(): cell.column for cell in people[1] if cell.value}
    words: dict[str, str] = {}
    for number, row in enumerate(range(2, people.max_row + 1), 1):
        nip = str(people.cell(row, heads[_NIP]).value or "").replace(" ", "")
        name = str(people.cell(row, heads[_NAME]).value or "").strip()
        if nip:
            words[nip] = _invented(number)
            people.cell(row, heads[_NIP]).value = words[nip]
        if name:
            words[name] = f"Pegawai {number:03}"
        if _MAIL in heads:
            people.cell(row, heads[_MAIL]).value = None
    for sheet in book.worksheets:
        _replace(sheet, words)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _invented(number: int) -> str:
    """The nth NIP; a serial number has three digits, then the birthday moves on."""
    day, serial = divmod(number - 1, _SERIALS)
    return f"{_BORN + timedelta(days=day):%Y%m%d}2005011{serial + 1:03}"


def _replace(sheet: Worksheet, words: dict[str, str]) -> None:
    """Whole cells by name or NIP, and NIPs inside texts such as "NIP=60; NIP=40"."""
    nips = {old: new for old, new in words.items() if old.isdigit()}
    for row in sheet.iter_rows():
        for cell in row:
            text = cell.value
            if not isinstance(text, str):
                continue
            found = words.get(text.strip()) or words.get(text.replace(" ", ""))
            if found is None:
                found = text
                for old, new in nips.items():
                    found = found.replace(old, new)
            if found != text:
                kept = cell.data_type
                cell.value = found
                cell.data_type = kept  # a text that begins with "=" stays one
