"""An agency's year as a workbook that an import reads again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.usecases.books import cycle_of
from engine.usecases.errors import NotFound
from engine.usecases.imports.rows import HEADINGS, OPTIONAL_HEADINGS, OPTIONAL_SHEETS
from engine.usecases.rights import require
from engine.usecases.spreadsheets import Book

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.usecases.actor import Actor
    from engine.usecases.ports.exports import Cell
    from engine.usecases.ports.work import House

#: sheets of the workbook
SHEETS: Final = len(HEADINGS) + len(OPTIONAL_SHEETS)
#: the right to take an agency's sheets out
EXPORT_ACT: Final = "agency:export"


def export_agency(
    house: House,
    actor: Actor,
    wanted: str | None = None,
    written: Callable[[str], None] = lambda _title: None,
) -> bytes:
    """The actor's agency in a cycle (id or year; the newest) as an xlsx workbook.

    The sheets and headings are those of docs/import.md. Texts stay texts, whatever they begin
    with: no spreadsheet takes them for formulas. `written` hears of each sheet that is done.
    """
    require(actor, EXPORT_ACT)
    if actor.agency_id is None:
        raise NotFound("agency", "")
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, wanted)
        book = Book()
        for title, rows in uow.exports.sheets(actor.agency_id, cycle.id):
            sheet = book.sheet(title)
            names = _names(title)
            sheet.append(list(names))
            for row in rows:
                values = [row.get(name) for name in names]
                sheet.append(values, formats=[_format(value) for value in values])
            written(title)
    return book.content()


def _names(title: str) -> tuple[str, ...]:
    always = HEADINGS[title] if title in HEADINGS else OPTIONAL_SHEETS[title]
    return (*always, *OPTIONAL_HEADINGS.get(title, ()))


def _format(value: Cell) -> str:
    if isinstance(value, str):
        return "@"
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if isinstance(value, Decimal):
        return "0.00" if value.as_tuple().exponent else "0"
    return ""
