"""`regu test-process`: play the scenarios beside drawings, without a database."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.check import paper_host
from app.cli_files import files_of, line_of
from engine.rehearsal.stage import Props
from engine.scenarios.running import Report, run
from engine.usecases.errors import DrawingRefused
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.ports.process import Resource
from engine.usecases.scenario_gate import apart
from forms.adapter import FormAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.scenarios.coverage import Covered


def play_scenarios(paths: Sequence[Path], *, as_json: bool = False, at_least: int = 0) -> int:
    """Play every scenario of files and folders; drawings, tables and forms come with them.

    Prints a line for each scenario and what was walked; `as_json` one object instead. The code is
    1 when a scenario fails or less than `at_least` per cent of a tested drawing's flows are
    walked, 2 when there is no scenario.
    """
    resources = [Resource(name=path.name, content=path.read_bytes()) for path in files_of(paths)]
    if not apart(resources)[1]:
        print("no scenarios: files that end in .scenarios.yaml", file=sys.stderr)
        return 2
    try:
        report = run(Props(host=paper_host(), forms=FormAdapter(FUNCTION_NAMES)), resources)
    except DrawingRefused as refused:
        print("\n".join(line_of(found) for found in refused.findings), file=sys.stderr)
        return 1
    tested = {file.process_id for file in report.files}
    short = [
        one
        for one in report.covered
        if one.kind == "process" and one.name in tested and one.walked * 100 < at_least * one.parts
    ]
    if as_json:
        print(json.dumps(_as_json(report)))
    else:
        print("\n".join(_lines(report)))
    for one in short:
        print(
            f"{one.name}: less than {at_least} % of its flows are walked",
            file=sys.stderr,
        )
    return 1 if short or not report.passed else 0


def _lines(report: Report) -> Iterator[str]:
    yield from (line_of(found) for found in report.findings)
    for resource, one in report.played:
        yield f"{'ok' if one.passed else 'FAILED'}  {resource}: {one.name}"
        yield from (f"      line {one.line}: {fault}" for fault in one.faults)
        if one.unanswered and not one.passed:
            yield f"      without an answer: {', '.join(one.unanswered)}"
    yield from map(_coverage_line, report.covered)


def _coverage_line(one: Covered) -> str:
    what = "flows" if one.kind == "process" else "rules"
    missed = f"; not {', '.join(one.missed)}" if one.missed else ""
    return f"{one.name}: {one.walked} of {one.parts} {what}{missed}"


def _as_json(report: Report) -> dict[str, object]:
    return {
        "passed": report.passed,
        "findings": [asdict(found) for found in report.findings],
        "scenarios": [
            {
                "file": resource,
                "name": one.name,
                "passed": one.passed,
                "line": one.line,
                "faults": list(one.faults),
                "unanswered": list(one.unanswered),
            }
            for resource, one in report.played
        ],
        "coverage": [_covered(one) for one in report.covered],
    }


def _covered(one: Covered) -> dict[str, object]:
    """What was walked in numbers, without all that stands there."""
    return {
        "kind": one.kind,
        "name": one.name,
        "parts": one.parts,
        "missed": one.missed,
        "walked": one.walked,
    }
