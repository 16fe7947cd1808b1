"""What docs/security.md claims is there: tests, files, every requirement once, nothing unproved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "security.md"
#: requirements of levels 1 and 2 of ASVS 5.0.0 by section, as their last numbers
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11,
    "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
STATUSES = {"met", "partly", "open", "not applicable"}
_ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE
)
_NAMED = re.compile(
    r"`((?:tests|app|api|web|engine|forms|docs|deploy)/[\w./-]+(?:::\w+)?|requirements\.lock|pyproject\.toml)`"
)


def text():
    return PAPER.read_text(encoding="utf-8")


def level_two(words):
    return _ROW.findall(words.split("Of level 3")[0])


def missing(names):
    """What of these names is no file, or no test in it."""
    for name in names:
        path, _, test = name.partition("::")
        file = ROOT / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text(encoding="utf-8")):
            yield name


def unproved(rows):
    """Claims without a file, and gaps without words."""
    for number, _gist, status, how, proof in rows:
        bare = status in {"met", "partly"} and not _NAMED.search(proof)
        if bare or status not in STATUSES or len(how.split()) < 1:
            yield number


def test_every_requirement_of_levels_one_and_two_stands_once():
    found = [number for number, *_ in level_two(text())]
    wanted = {f"{section}.{n}" for section, most in SECTIONS.items() for n in range(1, most + 1)}
    assert len(wanted) == 253
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_every_test_and_file_that_the_paper_names_is_there():
    named = _NAMED.findall(text())
    assert len(named) > 250
    assert sorted(set(missing(named))) == []


def test_nothing_is_called_met_without_a_test_or_a_file():
    assert list(unproved(_ROW.findall(text()))) == []


def test_the_counts_are_those_of_the_rows():
    statuses = [status for _n, _g, status, *_ in level_two(text())]
    told = (
        f"Today {statuses.count('met')} are met, {statuses.count('partly')} partly, "
        f"{statuses.count('open')} open, {statuses.count('not applicable')} not applicable."
    )
    assert told in " ".join(text().split())


def test_all_rows_of_the_attack_surface_and_all_functions_of_bssn_are_told():
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| [^|]+ \| (`tests/[^|]+) \|$", text(), re.MULTILINE)
    assert [int(number) for number, _proof in rows] == list(range(1, 22))
    functions = re.findall(r"^\| (\d+) [a-zA-Z ]+ \| ([\d. ]+) \| `tests/", text(), re.MULTILINE)
    assert [int(number) for number, _ids in functions] == list(range(1, 14))
    known = {number for number, *_ in level_two(text())}
    assert {one for _number, ids in functions for one in ids.split()} <= known


def test_every_test_of_attacks_is_named():
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests/security").glob("test_*")}
    assert {name for name in files if f"`{name}" not in text()} == set()


def test_the_check_finds_what_it_is_for():
    """The positive control."""
    assert list(missing(["tests/house/test_nothing.py", "docs/access.md::test_x"])) != []
    rows = [("1.1.1", "x", "met", "y", ""), ("1.1.2", "x", "perhaps", "y", "`docs/access.md`")]
    assert list(unproved(rows)) == ["1.1.1", "1.1.2"]
    with pytest.raises(AssertionError):
        assert not list(unproved(rows))
