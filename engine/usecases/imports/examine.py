"""First pass over a workbook: every flaw at once, and the rows that stand without an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.scales import WHOLE_BP
from engine.usecases.imports import goal_rows, people_rows, task_rows, work_rows
from engine.usecases.imports.cells import Line, read_book
from engine.usecases.imports.rows import HEADINGS, OPTIONAL_SHEETS, Examined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_READERS: Final[Mapping[str, Callable[[Examined, Line], None]]] = {
    "Instansi": people_rows.read_agency,
    "Unit": people_rows.read_unit,
    "Sasaran": goal_rows.read_objective,
    "Jabatan": people_rows.read_post,
    "Uraian Tugas": task_rows.read_task,
    "Pegawai": people_rows.read_person,
    "Penugasan": people_rows.read_appointment,
    "Hari Libur": people_rows.read_holiday,
    "Tim": work_rows.read_squad,
    "Anggota": work_rows.read_member,
    "SKP": work_rows.read_result,
    "Keluaran": work_rows.read_output,
}


def examine(content: bytes, taken_nips: Callable[[str], bool]) -> Examined:
    """Read and check a whole workbook; `taken_nips` says whether a NIP is known already."""
    book = read_book(content, HEADINGS, OPTIONAL_SHEETS)
    found = Examined(flaws=list(book.flaws))
    for title, read in _READERS.items():
        for line in book.lines[title]:
            read(found, line)
            if title == "Pegawai" and line.good and taken_nips(line.text("NIP")):
                line.error("NIP", "nip_taken", "a person with this NIP is known already")
                found.people.pop(line.text("NIP"), None)
        if title == "Unit":
            _check_units(found)
        if title == "Sasaran":
            goal_rows.check_objectives(found)
    _check_raters(found)
    _check_weights(found)
    _check_budgets(found)
    found.flaws.extend(flaw for lines in book.lines.values() for ln in lines for flaw in ln.flaws)
    order = {title: n for n, title in enumerate((*HEADINGS, *OPTIONAL_SHEETS))}
    found.flaws.sort(key=lambda flaw: (order.get(flaw.sheet, -1), flaw.row, flaw.cell))
    return found


def _check_units(found: Examined) -> None:
    """Parents that are unknown, and circles: those units fall, and nothing is left hanging."""
    fallen = True
    while fallen:
        fallen = False
        for code, row in list(found.units.items()):
            parent = row["parent"]
            if parent is not None and (parent not in found.units or _circle(found, code)):
                row["line"].error("Kode Induk", "parent_unknown", f"{parent} is not above it")
                del found.units[code]
                fallen = True


def _circle(found: Examined, code: str) -> bool:
    seen: set[str] = set()
    step: str | None = code
    while step is not None and step in found.units:
        if step in seen:
            return True
        seen.add(step)
        step = found.units[step]["parent"]
    return False


def _check_raters(found: Examined) -> None:
    """A rater who is missing or unknown is derived from the units; nobody at all is flagged."""
    heads = {found.posts[row["post"]]["unit"] for row in found.appointments if _heads(found, row)}
    for row in found.appointments:
        line: Line = row["line"]
        nip = line.text("NIP Penilai", required=False)
        row["rater"] = nip if nip in found.people and nip != row["nip"] else None
        if nip and row["rater"] is None:
            line.warn("NIP Penilai", "rater_unknown", "not in the sheet Pegawai; derived")
        if row["rater"] is None and not _derivable(found, row, heads):
            line.warn("NIP Penilai", "rater_missing", "nobody rates this person")
        elif not nip:
            line.warn("NIP Penilai", "rater_empty", "empty; the head of the unit is taken")


def _heads(found: Examined, row: Mapping[str, Any]) -> bool:
    return bool(found.posts[row["post"]]["is_head"])


def _derivable(found: Examined, row: Mapping[str, Any], heads: set[str]) -> bool:
    unit: str | None = found.posts[row["post"]]["unit"]
    if _heads(found, row) and unit is not None:
        unit = found.units[unit]["parent"]
    while unit is not None:
        if unit in heads:
            return True
        unit = found.units[unit]["parent"]
    return False


def _check_weights(found: Examined) -> None:
    """Weights of a person's role sum to 100 %, or none of its results is imported."""
    sums: dict[tuple[str, str], int] = {}
    for (nip, _), row in found.results.items():
        key = (nip, row["role"])
        sums[key] = sums.get(key, 0) + row["weight_bp"]
    for (nip, number), row in list(found.results.items()):
        total = sums[nip, row["role"]]
        if total != WHOLE_BP:
            for line in row["lines"]:
                line.error("Bobot %", "weights_sum", f"the role sums to {total / 100:g} %")
            del found.results[nip, number]


def _check_budgets(found: Examined) -> None:
    """I11: an output beyond its squad's budget is not imported."""
    spent: dict[str, int] = {}
    for (code, number), row in list(found.outputs.items()):
        spent[code] = spent.get(code, 0) + row["value"]
        if spent[code] > found.squads[code]["budget"]:
            row["line"].error("Nilai", "budget", f"{spent[code]} points exceed the budget")
            spent[code] -= row["value"]
            del found.outputs[code, number]
