"""Values that instances of a simulation go about with: those that its scenarios tell of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from engine.scenarios.model import Complete, Enter, Expect, Work
from engine.scenarios.reading import read_scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.rehearsal.answers import Given
    from engine.scenarios.model import Scenario
    from engine.usecases.ports.process import Json, Resource

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """What an instance begins with, is answered and is told by its forms."""

    #: name of the scenario that is followed; "" when there is none
    story: str = ""
    as_of: datetime | None = None
    variables: Mapping[str, Json] = field(default_factory=dict)
    #: element -> values of its form or job
    gives: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    operations: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    functions: Mapping[str, Sequence[Given]] = field(default_factory=dict)


def cast_of(files: Sequence[Resource], process_id: str) -> Cast:
    """The first scenario that ends well, and from the others what it does not tell."""
    read = (read_scenarios(one)[0] for one in files)
    told = [
        one for file in read if file and file.process_id == process_id for one in file.scenarios
    ]
    if not told:
        return Cast()
    usual = next((one for one in told if _ends(one)), told[0])
    order = [usual, *(one for one in told if one is not usual)]
    return Cast(
        story=usual.name,
        as_of=usual.at,
        variables=_begins(usual),
        gives=_first(pair for one in order for pair in _forms(one)),
        operations=_first(pair for one in order for pair in one.operations.items()),
        functions=_first(pair for one in order for pair in one.functions.items()),
    )


def _ends(scenario: Scenario) -> bool:
    expected = [placed.step for placed in scenario.steps if isinstance(placed.step, Expect)]
    stuck = any(one.incidents for one in expected)
    return not stuck and any(one.ended for one in expected) and _begins(scenario) != {}


def _begins(scenario: Scenario) -> Mapping[str, Json]:
    """Its variables, else the form that somebody starts it with."""
    if scenario.start:
        return scenario.start
    entered = (placed.step for placed in scenario.steps if isinstance(placed.step, Enter))
    return next((step.form for step in entered if step.refused is None), {})


def _forms(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for placed in scenario.steps:
        match placed.step:
            case Complete(element_id=element, form=form, refused=None):
                yield element, form
            case Work(element_id=element, variables=values, error=None, failure=None):
                yield element, values
            case _:
                pass


def _first(pairs: Iterator[tuple[str, _Value]]) -> Mapping[str, _Value]:
    found: dict[str, _Value] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found
