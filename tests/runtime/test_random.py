"""Random processes: the runtime and an independent reference model agree at every step."""

from __future__ import annotations

import os

import pytest

from tests.runtime.random_processes import play

#: seeds of the default run; the long run takes ten thousand others
_SHORT = range(80)
_LONG = range(10_000, 20_000)
#: the same for processes in which events happen
_EVENTS = range(100)
_MANY_EVENTS = range(30_000, 35_000)


@pytest.mark.parametrize("first", _SHORT[::10])
def test_random_processes_agree_with_the_reference_model(first):
    for seed in range(first, first + 10):
        assert play(seed).ended, f"seed {seed}"


@pytest.mark.parametrize("seed", [201, 202])
def test_large_random_processes_agree_with_the_reference_model(seed):
    assert play(seed, size=60).actions > 0


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", _LONG[::500])
def test_ten_thousand_random_processes_agree_with_the_reference_model(first):
    size = int(os.environ.get("REGU_RANDOM_SIZE", "20"))
    for seed in range(first, first + 500):
        play(seed, size)


@pytest.mark.parametrize("first", _EVENTS[::10])
def test_random_event_driven_processes_agree_with_the_reference_model(first):
    for seed in range(first, first + 10):
        assert play(seed, size=7, events=True).ended, f"seed {seed}"


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("first", _MANY_EVENTS[::250])
def test_five_thousand_random_event_driven_processes_agree_with_the_reference_model(first):
    size = int(os.environ.get("REGU_RANDOM_SIZE", "14"))
    for seed in range(first, first + 250):
        play(seed, size, events=True)
