"""Spoilt files are refused by name, and the harness sees a door that breaks or hangs."""

from __future__ import annotations

from argparse import Namespace

import pytest

from bench import fuzz_files

#: what openpyxl says of a spoilt workbook is no fault of ours; outside of tests it is no error
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


def test_spoilt_drawings_forms_workbooks_and_evidence_are_refused_by_name(tmp_path):
    asked = Namespace(drawings=60, forms=60, workbooks=6, evidence=60, seed=3, keep=None)
    tallies = fuzz_files.run(tmp_path, asked)
    assert [tally.broken for tally in tallies] == [[], [], [], []]
    assert [tally.found.total() for tally in tallies] == [60, 60, 6, 60]


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_twenty_thousand_drawings_and_forms_five_hundred_workbooks_and_evidence(tmp_path):
    asked = Namespace(
        drawings=20_000, forms=20_000, workbooks=500, evidence=2_000, seed=1, keep=None
    )
    assert [tally.broken for tally in fuzz_files.run(tmp_path, asked)] == [[], [], [], []]


def _falls():
    return {}["x"]


def _hangs():
    while True:
        pass


def test_the_harness_sees_a_door_that_falls_and_one_that_hangs(monkeypatch):
    monkeypatch.setattr(fuzz_files, "SECONDS_MAX", 0.1)
    fuzz_files.signal.signal(fuzz_files.signal.SIGVTALRM, fuzz_files._too_long)
    assert fuzz_files._guarded(_falls).startswith("BROKEN KeyError")
    assert fuzz_files._guarded(_hangs).startswith("BROKEN took more than")
