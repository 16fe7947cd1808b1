"""`regu check`: files as a deployment reads them, without a database, fast to start."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from engine.usecases.ports.scenarios import SCENARIO_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from engine.usecases.errors import Finding

SUFFIXES = (".bpmn", ".dmn", ".form", ".json", ".xml", *SCENARIO_SUFFIXES)


def check(paths: Sequence[Path], *, as_json: bool = False) -> int:
    """Print every finding as a line on stderr and what was accepted as JSON on stdout.

    With `as_json` everything is one JSON object on stdout: `files`, `findings`, `errors`,
    `warnings`. The code is 1 when there is an error, 2 when there is nothing to check.
    """
    from engine.usecases.ports.process import Resource  # noqa: PLC0415 - start fast

    files = list(files_of(paths))
    missing = [path for path in paths if not path.exists()]
    if missing or not files:
        for path in missing or paths:
            print(f"{path}: no such file, or nothing in it to check", file=sys.stderr)
        return 2
    findings = check_resources([Resource(name=p.name, content=p.read_bytes()) for p in files])
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    told = {"files": [path.name for path in files], "warnings": warnings}
    if as_json:
        print(json.dumps(told | {"errors": errors, "findings": [asdict(f) for f in findings]}))
        return 1 if errors else 0
    for finding in findings:
        print(line_of(finding), file=sys.stderr)
    if not errors:
        print(json.dumps(told))
    return 1 if errors else 0


def check_resources(resources: Sequence[Any]) -> tuple[Finding, ...]:
    """All findings, as a deployment would report them, without a store."""
    from app.check import check_files  # noqa: PLC0415 - start fast

    return check_files(resources)


def line_of(finding: Finding) -> str:
    """A finding as a line that names file, line, element and what to do."""
    place = f"{finding.resource}:{finding.line}" if finding.line else finding.resource
    element = finding.element_id
    if finding.element_name:
        element = f"{finding.element_name} ({element})"
    where = f" {element}:" if element else ""
    rule = f" ({finding.rule})" if finding.rule else ""
    return f"{place}: {finding.severity}:{where} {finding.message} [{finding.code}]{rule}"


def files_of(paths: Iterable[Path]) -> Iterable[Path]:
    """Files named, and those of folders, that a deployment takes."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and p.name.endswith(SUFFIXES)
            )
        elif path.is_file():
            yield path
