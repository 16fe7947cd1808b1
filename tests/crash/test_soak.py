"""Real processes under SIGKILL; the small storm by default, the large ones at length."""

from __future__ import annotations

from argparse import Namespace

import pytest

from tests.crash.soak import __main__ as program
from tests.crash.soak import mass

#: seconds that a large storm may take on a busy machine
LONG_S = 3_600


def _storm(capfd, **changes):
    """The reckoning of a storm, and what was said about it."""
    usual = {"database": "sqlite", "jobs": "table", "seed": 1, "every": 0.4, "jolts": 0.03}
    asked = Namespace(**{**usual, "bug": None, "logs": False, **changes})
    return program.soak(asked), capfd.readouterr().out


@pytest.mark.timeout(LONG_S)
def test_killed_processes_lose_double_and_invent_nothing(capfd):
    found, told = _storm(capfd, completions=25)
    assert found.holds, told
    assert found.completions == 25
    assert found.jobs >= 30


@pytest.mark.long
@pytest.mark.timeout(LONG_S)
@pytest.mark.parametrize("jobs", ["table", "dbos"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_five_thousand_completions_and_jobs_under_kills_are_there_once(capfd, database, jobs):
    found, told = _storm(capfd, database=database, jobs=jobs, completions=5_000, every=1.5)
    assert found.holds, told
    assert found.completions >= 5_000
    assert found.jobs >= 5_000


@pytest.mark.long
@pytest.mark.timeout(LONG_S)
@pytest.mark.parametrize(
    ("bug", "seen"),
    [("forgetful", "doubled"), ("effect_early", "doubled"), ("job_late", "lost")],
)
def test_the_soak_sees_a_planted_bug(capfd, bug, seen):
    found, told = _storm(capfd, completions=80, bug=bug)
    assert getattr(found, seen), told


@pytest.mark.long
@pytest.mark.timeout(LONG_S)
@pytest.mark.parametrize("jobs", ["table", "dbos"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_start_for_twenty_thousand_that_is_killed_starts_everybody_once(database, jobs):
    assert mass.main(["--database", database, "--jobs", jobs]) == 0
