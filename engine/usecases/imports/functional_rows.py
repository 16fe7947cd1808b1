"""Optional columns of the sheet Pegawai: employment, functional level, credit, contract."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from engine.domain.functional import (
    Employment,
    FunctionalLevel,
    FunctionalStanding,
    check_standing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.imports.cells import Line
    from engine.usecases.imports.rows import Examined
    from engine.usecases.ports.time import Ids

#: who recorded what a workbook brought
RECORDED_BY: Final = "import"
#: decimals that the store keeps of points
_DECIMALS: Final = 4
#: time of a row that is only checked
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
EMPLOYMENTS: Final[Mapping[str, Employment]] = {one.value: one for one in Employment}
LEVELS: Final[Mapping[str, FunctionalLevel]] = {
    one.value.replace("_", " "): one for one in FunctionalLevel
}
#: column -> where a fault of the rules stands
_COLUMNS: Final = {
    "contract_until": "Kontrak Sampai",
    "brought": "Angka Kredit",
}


def read_level(found: Examined, line: Line) -> dict[str, Any] | None:
    """What a row says of a level or contract; None where it says nothing.

    Without a first day it holds from the first day of the workbook's year.
    """
    told = any(line.text(name, required=False) for name in ("Kepegawaian", "Jenjang"))
    if not told:
        return None
    named = line.text("Kepegawaian", required=False)
    level = line.text("Jenjang", required=False)
    brought = line.number("Angka Kredit", required=False)
    if brought is not None and brought != round(brought, _DECIMALS):
        line.error("Angka Kredit", "not_a_number", "at most four decimals")
    first = line.day("TMT Jenjang", required=False)
    row = {
        "employment": line.word("Kepegawaian", EMPLOYMENTS) if named else Employment.PNS,
        "level": line.word("Jenjang", LEVELS) if level else None,
        "grade": line.text("Golongan", required=False)[:8],
        "valid_from": first or date(found.agency.get("year") or date.max.year, 1, 1),
        "brought": brought,
        "contract_until": line.day("Kontrak Sampai", required=False),
    }
    if line.good:
        for fault in check_standing(_made(row, "", "", _NEVER), None):
            line.error(_COLUMNS.get(fault.subject, "Jenjang"), fault.code, fault.message)
    return row


def standing_of(
    row: Mapping[str, Any], ids: Ids, person_id: str, now: datetime
) -> FunctionalStanding:
    """The row that a person's columns become."""
    return _made(row, ids.uuid(), person_id, now)


def _made(row: Mapping[str, Any], row_id: str, person_id: str, now: datetime) -> FunctionalStanding:
    return FunctionalStanding(
        id=row_id,
        person_id=person_id,
        recorded_by=RECORDED_BY,
        at=now,
        **row,
    )
