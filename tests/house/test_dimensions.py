"""What docs/dimensions.md names is there: processes, addresses, tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.route_access import ROUTES

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "dimensions.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| (\d|\+)", line)
]
NAMED = re.compile(r"`([^`]+)`")


def test_all_nine_dimensions_and_four_elements_are_told():
    assert [row[0].split()[0] for row in ROWS] == [*map(str, range(1, 10)), "+A", "+B", "+C", "+D"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].split()[0])
def test_what_a_dimension_names_is_there(row):
    drawings = {path.stem for path in (ROOT / "workflows").glob("*/*.bpmn")}
    asked = {route.removeprefix("GET ") for route in ROUTES}
    processes, addresses, tests = (NAMED.findall(cell) for cell in row[2:5])
    assert set(processes) <= drawings
    assert set(addresses) <= asked
    assert [name for name in tests if not (ROOT / name).is_file()] == []
    assert processes
    assert addresses
    assert tests
