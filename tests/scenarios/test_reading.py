"""A scenario file is read whole, or every fault is said with its line."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.scenarios.model import Advance, Complete
from engine.scenarios.reading import SCENARIOS_MAX, STEPS_MAX, read_scenarios
from engine.scenarios.source import BYTES_MAX
from engine.usecases.ports.process import Resource


def read(text):
    return read_scenarios(Resource(name="a.scenarios.yaml", content=text.encode()))


def faults(text):
    file, findings = read(text)
    assert file is None
    assert {f.resource for f in findings} == {"a.scenarios.yaml"}
    return [(f.line, f.message) for f in findings]


GOOD = """process: p
scenarios:
  - name: one
    start: {amount: 1.10, day: 2026-03-02, yes: true}
    steps:
      - advance: P1DT2H
      - complete: a
        number: 2
"""


def test_numbers_are_decimals_days_are_text_and_steps_know_their_lines():
    file, findings = read(GOOD)
    (scenario,) = file.scenarios
    assert findings == ()
    assert scenario.start == {"amount": Decimal("1.10"), "day": "2026-03-02", "yes": True}
    assert [placed.line for placed in scenario.steps] == [6, 7]
    assert scenario.steps[0].step == Advance(by=timedelta(days=1, hours=2))
    assert scenario.steps[1].step == Complete(element_id="a", number=2)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("process: [", 1, "This is no YAML"),
        ("- a", 1, "A scenario file is written as"),
        ("scenarios: []", 1, "needs 'process'"),
        ("process: p\nscenarios: []", 1, "1 to 500 scenarios"),
        ("process: p\nprocess: q", 2, "'process' stands here twice"),
        ("a: &a [1]\nb: *a", 2, "Anchors and aliases"),
        ("process: p\nscenarios:\n  - start: {}", 3, "needs 'name'"),
        ("process: p\nscenarios:\n  - {name: a, step: []}", 3, "Did you mean 'steps'?"),
        ("process: p\nscenarios:\n  - {name: a, at: monday}", 3, "'at' is a moment"),
        ("process: p\nscenarios:\n  - name: a\n    steps:\n      - go: x", 5, "A step begins with"),
        ("process: p\nscenarios:\n  - name: a\n    steps:\n      - x", 3, "A step is written as"),
        (
            "process: p\nscenarios:\n  - name: a\n    steps:\n      - advance: P1M",
            5,
            "write the days instead",
        ),
        (
            "process: p\nscenarios:\n  - name: a\n    steps:\n      - expect: {task: [x]}",
            5,
            "Did you mean 'tasks'?",
        ),
        ("process: p\nholidays: [x]\nscenarios: [{name: a}]", 1, "a list of days"),
        ("process: p\nx: .inf\nscenarios: [{name: a}]", 2, "no number"),
    ],
)
def test_a_fault_is_said_with_its_line(text, line, said):
    ((at, message),) = faults(text)
    assert at == line
    assert said in message


def test_every_faulty_scenario_is_told_at_once():
    text = "process: p\nscenarios:\n  - name: 1\n  - name: a\n  - name: a\n  - {nam: b}"
    assert [line for line, _ in faults(text)] == [3, 6, 5]


def test_the_limits_hold():
    many = "process: p\nscenarios:\n" + "".join(
        f"  - name: n{n}\n" for n in range(SCENARIOS_MAX + 1)
    )
    steps = "process: p\nscenarios:\n  - name: a\n    steps:\n" + "      - cancel: true\n" * (
        STEPS_MAX + 1
    )
    assert "500 scenarios" in faults(many)[0][1]
    assert "500 steps" in faults(steps)[0][1]
    assert "bytes" in faults("#" * (BYTES_MAX + 1))[0][1]
    assert "no YAML" in faults("a: " + "[" * 5_000)[0][1]
