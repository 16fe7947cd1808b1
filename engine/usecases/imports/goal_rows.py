"""Rows of the optional sheet Sasaran: objectives of units in a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.goals import Objective, ObjectiveLevel, Perspective, check_tree

if TYPE_CHECKING:
    from engine.usecases.imports.cells import Line
    from engine.usecases.imports.rows import Examined

LEVELS: Final = {
    "outcome": ObjectiveLevel.OUTCOME,
    "antara": ObjectiveLevel.INTERMEDIATE,
    "keluaran": ObjectiveLevel.OUTPUT,
    "layanan": ObjectiveLevel.SERVICE,
}
PERSPECTIVES: Final = {
    "penerima layanan": Perspective.RECIPIENT,
    "proses bisnis": Perspective.PROCESS,
    "penguatan internal": Perspective.INTERNAL,
    "anggaran": Perspective.BUDGET,
}


def read_objective(found: Examined, line: Line) -> None:
    """A row of the sheet Sasaran; without a level the top is an outcome, the rest lead to it."""
    parent = line.text("Kode Induk", required=False) or None
    level = line.word("Tingkat", LEVELS) if line.text("Tingkat", required=False) else None
    view = line.text("Perspektif", required=False)
    row: dict[str, Any] = {
        "title": line.text("Judul"),
        "unit": line.text("Kode Unit"),
        "parent": parent,
        "level": level or (ObjectiveLevel.INTERMEDIATE if parent else ObjectiveLevel.OUTCOME),
        "perspective": line.word("Perspektif", PERSPECTIVES) if view else None,
        "line": line,
    }
    code = line.text("Kode")
    if row["unit"] and row["unit"] not in found.units:
        line.error("Kode Unit", "unit_unknown", f"unit {row['unit']} is not in the sheet Unit")
    if code in found.objectives:
        line.error("Kode", "duplicate", "the objective is there already")
    if line.good:
        found.objectives[code] = row


def check_objectives(found: Examined) -> None:
    """Objectives that the tree refuses fall, and what leads to them, until the rest stands."""
    units = {code: row["parent"] for code, row in found.units.items()}
    while faults := check_tree([_objective(found, code) for code in found.objectives], units):
        for fault in faults:
            row = found.objectives.pop(fault.subject, None)
            if row is not None:
                row["line"].error("Kode Induk", fault.code, fault.message)


def _objective(found: Examined, code: str) -> Objective:
    row = found.objectives[code]
    return Objective(
        id=code,
        cycle_id="",
        unit_id=row["unit"],
        parent_id=row["parent"],
        code=code,
        level=row["level"],
        perspective=row["perspective"],
        title=row["title"],
    )
