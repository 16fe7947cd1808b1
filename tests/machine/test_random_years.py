"""Random years of two agencies on real databases keep every invariant of credit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.years import RandomYear

#: acts of a year, which may end early
STEPS = 100
#: years that are lived, and acts that they make at least
FEW, MANY = {"sqlite": (8, 500), "postgres": (3, 150)}, (720, 50_000)


def lived(fresh, years, **how):
    machine = type("Year", (RandomYear,), {"fresh": staticmethod(fresh), "steps": 0})
    found = settings(
        max_examples=years,
        stateful_step_count=STEPS,
        deadline=None,
        print_blob=True,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        **how,
    )
    run_state_machine_as_test(machine, settings=found)
    return machine.steps


@pytest.fixture(params=["sqlite", "postgres"])
def city(request):
    return request.getfixturevalue(f"{request.param}_city")


@pytest.fixture
def few(request):
    return FEW[request.node.callspec.params["city"]]


@pytest.mark.timeout(900)
def test_hundreds_of_random_acts_keep_every_invariant(city, few):
    years, acts = few
    assert lived(city, years, phases=[Phase.generate]) >= acts


@pytest.mark.long
@pytest.mark.timeout(14_400)
def test_fifty_thousand_random_acts_keep_every_invariant(city):
    years, acts = MANY
    assert lived(city, years) >= acts
