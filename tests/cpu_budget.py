"""How much processor time a run takes, by folder, and what it may take: ten minutes on two cores.

Each report carries the time since the last one, with that of child processes that have ended (a
browser's at its end, a database server's never). `REGU_CPU_STRICT=1` fails a whole run that is
over its budget; put it where the machine is idle, for other work makes every second dearer.
"""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

#: seconds of a folder in the default run, on a machine on which `_speed` takes SPEED seconds
BUDGET = {
    "acceptance": 190,
    "access": 150,
    "api": 50,
    "app": 55,
    "crash": 80,
    "machine": 45,
    "persistence": 55,
    "races": 35,
    "runtime": 75,
    "usecases": 100,
    "web": 300,
    "workflows": 130,
}
#: of every other folder
OTHERS = 25
SPEED = 0.038


def _used():
    return sum(os.times()[:4])


def _speed():
    """Processor seconds of some work that is always the same; the best of three."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        sum(number * number for number in range(1_000_000))
        best = min(best, time.process_time() - begun)
    return best


class CpuBudget:
    """Adds up what each folder took and says which took more than it may."""

    def __init__(self, config):
        self._config = config
        self._spent = Counter()
        self._last = _used()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        report = yield
        now = _used()
        report.cpu_seconds, self._last = now - self._last, now
        return report

    def pytest_collection_finish(self):
        self._last = _used()

    def pytest_runtest_logreport(self, report):
        folder = report.nodeid.removeprefix("tests/").partition("/")[0]
        self._spent[folder] += getattr(report, "cpu_seconds", 0.0)

    def pytest_terminal_summary(self, terminalreporter):
        told = ", ".join(f"{folder} {spent:.0f}" for folder, spent in self._spent.most_common())
        terminalreporter.write_line(f"processor: {self._spent.total():.0f} s ({told})")
        for line in self._over():
            terminalreporter.write_line(line, yellow=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        strict = os.environ.get("REGU_CPU_STRICT") == "1" and not hasattr(session, "workerinput")
        if strict and exitstatus == pytest.ExitCode.OK and any(self._over()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _over(self):
        if self._config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
            return
        slower = max(1.0, _speed() / SPEED)
        for folder, spent in self._spent.items():
            may = BUDGET.get(folder, OTHERS) * slower
            if spent > may:
                yield f"over its budget: tests/{folder} took {spent:.0f} s of {may:.0f} s"


def register(config):
    """In every process of a run; what workers report is added up where they report to."""
    config.pluginmanager.register(CpuBudget(config), "cpu-budget")
