"""docs/constraints.md names what is there, and all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.persistence.schema import metadata
from engine.persistence.tables.credit_guards import CREDIT_GUARDS
from engine.persistence.tables.guards import GUARDS, LATER_GUARDS, WORK_GUARDS

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    line.split("|")
    for line in (ROOT / "docs" / "constraints.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| I")
]
#: triggers of the credit ledger and of whoever acts on it
GUARD_NAMES = {guard.name for guard in (*GUARDS, *LATER_GUARDS, *WORK_GUARDS, *CREDIT_GUARDS)}
UNIQUES = {
    str(one.name)
    for table in metadata.tables.values()
    for one in (*table.constraints, *table.indexes)
    if isinstance(one, sa.UniqueConstraint) or getattr(one, "unique", False)
}


def named(kind):
    """What the list names of a kind: G, C or U."""
    parts = [part for row in ROWS for part in row[3].split(";")]
    mine = [part for part in parts if part.strip().startswith(f"{kind} `")]
    return {name for part in mine for name in re.findall(r"`([a-z_.]+)`", part)}


def test_every_invariant_has_its_row_once():
    assert [row[1].split()[0] for row in ROWS] == [f"I{n}" for n in range(1, 15)]


def test_every_guard_is_listed_and_every_listed_one_is_there():
    assert named("G") == GUARD_NAMES


def test_listed_unique_keys_are_there():
    assert named("U")
    assert named("U") - UNIQUES == set()


@pytest.mark.parametrize("name", sorted(named("C")))
def test_a_listed_check_is_there(name):
    table, _, check = name.partition(".")
    found = {
        str(one.name).removeprefix(f"ck_{table}_")
        for one in metadata.tables[table].constraints
        if isinstance(one, sa.CheckConstraint)
    }
    assert check in found


def test_every_check_of_the_ledger_is_listed():
    ledger = metadata.tables["transfer"].constraints
    checks = {str(one.name) for one in ledger if isinstance(one, sa.CheckConstraint)}
    # checks of the words of a column come with the column
    words = {name for name in checks if name.endswith("_known")}
    listed = {one.removeprefix("transfer.") for one in named("C") if one.startswith("transfer.")}
    assert {one.removeprefix("ck_transfer_") for one in checks - words} == listed


def test_rules_that_the_list_names_in_the_domain_are_there():
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "engine" / "domain").glob("*.py")
    )
    files = {path.stem for path in (ROOT / "engine" / "domain").glob("*.py")}
    for row in ROWS:
        for name in re.findall(r"`([a-z_.]+)`", row[2]):
            module, _, function = name.rpartition(".")
            wanted = function if not module or module in files else ""
            assert wanted in files or f"def {wanted}(" in source, name
