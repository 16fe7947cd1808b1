"""What a scenario promises: everything that it expects, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.scenarios.model import Complete, Enter, Expect
from engine.usecases.ports.scenarios import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.scenarios.model import Scenario


def promises_of(scenario: Scenario) -> Sequence[Told]:
    """How it ends first, then what is walked and what is not, then the rest."""
    steps = [placed.step for placed in scenario.steps]
    told = [one for one in steps if isinstance(one, Expect)]
    return (*_end(told), *_ways(told), *_people(told), *_values(told), *_refusals(steps))


def _end(told: Sequence[Expect]) -> Iterator[Told]:
    ends = [one.ended for one in told if one.ended is not None]
    if ends:
        yield (
            Told("promise-ends", "it ends") if ends[-1] else Told("promise-open", "it is not over")
        )
    stuck = tuple(dict.fromkeys(name for one in told for name in one.incidents or ()))
    if stuck:
        yield Told("promise-incidents", f"incidents at {', '.join(stuck)}", elements=stuck)


def _ways(told: Sequence[Expect]) -> Iterator[Told]:
    walked = tuple(dict.fromkeys(name for one in told for name in one.path or ()))
    if walked:
        yield Told("promise-path", f"it goes through {', '.join(walked)}", elements=walked)
    never = tuple(dict.fromkeys(name for one in told for name in one.never))
    if never:
        yield Told("promise-never", f"it never enters {', '.join(never)}", elements=never)


def _people(told: Sequence[Expect]) -> Iterator[Told]:
    tasks = tuple(
        dict.fromkeys(name for one in told for name in (*(one.tasks or ()), *one.assigned))
    )
    if tasks:
        yield Told("promise-tasks", f"somebody has {', '.join(tasks)} to do", elements=tasks)


def _values(told: Sequence[Expect]) -> Iterator[Told]:
    decisions = tuple(dict.fromkeys(name for one in told for name in one.decisions))
    if decisions:
        yield Told("promise-decisions", f"it asks {', '.join(decisions)}", names=decisions)
    names = tuple(dict.fromkeys(name for one in told for name in one.variables))
    if names:
        yield Told("promise-variables", f"it sets {', '.join(names)}", names=names)


def _refusals(steps: Sequence[object]) -> Iterator[Told]:
    refused = tuple(
        dict.fromkeys(
            name
            for one in steps
            if isinstance(one, (Enter, Complete))
            for name in one.refused or ()
        )
    )
    if refused:
        yield Told("promise-refused", f"it refuses {', '.join(refused)}", names=refused)
