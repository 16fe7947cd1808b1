"""`regu import`: every flaw, then what is right; `regu export FILE.xlsx`: the way back."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from app.operator import OPERATOR
from app.passwords import Passwords
from engine.usecases import agencies
from engine.usecases.errors import Conflict, InputRefused, NotFound
from engine.usecases.exports import export_agency
from engine.usecases.rights import PERF_ADMIN

if TYPE_CHECKING:
    from pathlib import Path

    from app.wiring import Wired
    from engine.usecases.agencies import Examination
    from engine.usecases.imports.cells import Flaw


def import_file(wired: Wired, path: Path, *, dry_run: bool) -> int:
    """Print every flaw by sheet and cell; without `dry_run` import the rows that stand."""
    content = path.read_bytes()
    try:
        found = agencies.examine_workbook(wired.house, OPERATOR, content)
        _show(found)
        if dry_run:
            return 1 if found.obstacle else 0
        command = agencies.ImportAgency(content=content, filename=path.name)
        done = agencies.import_agency(wired.house, OPERATOR, command, Passwords().hash)
    except InputRefused as error:
        print("; ".join(fault.message for fault in error.faults), file=sys.stderr)
        return 1
    except Conflict as error:
        print(f"{error.reason}: {error.facts}", file=sys.stderr)
        return 1
    print(f"imported: agency {done['agency_id']}, cycle {done['cycle_id']}")
    return 0


def export_file(wired: Wired, path: Path, *, code: str | None, year: str | None) -> int:
    """Write an agency's year (the newest) as a workbook that an import reads again."""
    keeper = replace(
        OPERATOR, groups=OPERATOR.groups | {PERF_ADMIN}, agency_id=wired.agency_id(code)
    )
    try:
        content = export_agency(wired.house, keeper, year)
    except NotFound as error:
        print(error, file=sys.stderr)
        return 1
    path.write_bytes(content)
    print(path)
    return 0


def _show(found: Examination) -> None:
    for flaw in found.flaws:
        print(line_of(flaw), file=sys.stderr)
    for sheet, count in found.counts.items():
        print(f"{sheet}: {count} rows stand")
    if found.obstacle:
        print(f"nothing can be imported: {found.obstacle}", file=sys.stderr)


def line_of(flaw: Flaw) -> str:
    """A flaw as a line: sheet, cell, what is wrong, what stands there."""
    place = f"{flaw.sheet}!{flaw.cell}" if flaw.cell else f"{flaw.sheet} row {flaw.row}"
    value = f" ({flaw.value})" if flaw.value else ""
    return f"{place}: {flaw.severity.value}: {flaw.message}{value} [{flaw.code}]"
