"""`regu simulate`: play a plan of many instances, without a database."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from app.check import paper_host
from app.cli_files import files_of, line_of
from engine.rehearsal.stage import Props
from engine.scenarios.source import ScenarioUnreadable
from engine.simulation.hours import NeverWorked
from engine.simulation.odds import NoSuchGateway
from engine.simulation.picture import picture
from engine.simulation.reading import read_plan
from engine.simulation.running import TooMuch, simulate
from engine.simulation.wording import as_json, hours_of, lines, percent_of
from engine.usecases.errors import DrawingRefused, UseCaseError
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.ports.process import Resource
from engine.usecases.scenario_gate import apart
from forms.adapter import FormAdapter

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.simulation.figures import Figures
    from engine.simulation.plan import Plan


def play_plan(paths: Sequence[Path], plan: Path, given: argparse.Namespace) -> int:
    """Print what a plan does on drawings, and beside it on others (`against`).

    `seed` wins over the plan's, `json` prints one object, `picture` writes an SVG file. The code
    is 1 when plan or drawings have faults, or an instance stands at an incident.
    """
    try:
        told = read_plan(plan.read_bytes(), seed=given.seed)
        found = _figures(paths, told)
        other = _figures(given.against, told) if given.against else None
    except ScenarioUnreadable as wrong:
        print(f"{plan.name}:{wrong.line}: {wrong}", file=sys.stderr)
        return 1
    except DrawingRefused as refused:
        print("\n".join(line_of(one) for one in refused.findings), file=sys.stderr)
        return 1
    except (NoSuchGateway, NeverWorked, TooMuch, UseCaseError) as wrong:
        print(f"{plan.name}: {wrong}", file=sys.stderr)
        return 1
    if given.picture is not None:
        given.picture.write_bytes(picture(other or found))
    if given.json:
        print(json.dumps({**as_json(found), **({"against": as_json(other)} if other else {})}))
    else:
        print("\n".join(lines(found) if other is None else _beside(found, other)))
    return 1 if found.failed or found.refusals else 0


def _figures(paths: Sequence[Path], plan: Plan) -> Figures:
    files = [Resource(name=path.name, content=path.read_bytes()) for path in files_of(paths)]
    props = Props(host=paper_host(), forms=FormAdapter(FUNCTION_NAMES), zone=plan.hours.zone)
    return simulate(props, apart(files)[0], plan)


def _beside(one: Figures, other: Figures) -> Iterator[str]:
    """Two simulations beside each other."""
    yield f"{'':32} {'before':>16} {'after':>16}"
    for what, before, after in (
        ("ended", str(one.ended), str(other.ended)),
        ("lasts, median", hours_of(one.lasted.median), hours_of(other.lasted.median)),
        ("lasts, 90th percentile", hours_of(one.lasted.p90), hours_of(other.lasted.p90)),
        *_waits(one, other),
        *_loads(one, other),
    ):
        yield f"{what[:32]:32} {before:>16} {after:>16}"


def _waits(one: Figures, other: Figures) -> Iterator[tuple[str, str, str]]:
    tables = [{e.element_id: hours_of(e.waited.p90) for e in f.elements} for f in (one, other)]
    for element in sorted(set(tables[0]) | set(tables[1])):
        before, after = (table.get(element, "-") for table in tables)
        yield f"waits p90: {element}", before, after


def _loads(one: Figures, other: Figures) -> Iterator[tuple[str, str, str]]:
    tables = [
        {(w.role, w.week): percent_of(w.busy, w.available) for w in f.weeks} for f in (one, other)
    ]
    for role, week in sorted(set(tables[0]) | set(tables[1])):
        before, after = (table.get((role, week), "-") for table in tables)
        yield f"{role} {week}", before, after
