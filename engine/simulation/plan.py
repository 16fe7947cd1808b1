"""What a simulation is told: how many come, who works, how long it takes, which way they go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from engine.rehearsal.answers import Given
    from engine.simulation.chance import Length
    from engine.simulation.hours import WorkingHours
    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What an element costs."""

    #: working time of one person, or for an event the time until it happens
    takes: Length
    #: time until somebody takes it up, before it is queued for the role; None: at once
    after: Length | None = None
    #: whose work it is; None: somebody who is always free
    role: str | None = None
    #: values of the form or of the job; some are choices
    gives: Mapping[str, Json] = field(default_factory=dict)
    #: of an event: how often it happens at all
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One simulation."""

    process_id: str
    seed: int
    #: first arrival, and how long instances arrive
    begins: datetime
    arrivals_for: timedelta
    #: time between two arrivals
    between: Length
    instances_max: int
    hours: WorkingHours
    #: role -> people
    roles: Mapping[str, int]
    #: element -> its work; user tasks, jobs of external workers, messages and signals
    work: Mapping[str, Work]
    #: for every task that `work` does not name
    otherwise: Work
    #: gateway -> flow -> probability
    ways: Mapping[str, Mapping[str, float]]
    variables: Mapping[str, Json]
    operations: Mapping[str, Sequence[Given]]
    functions: Mapping[str, Sequence[Given]]
    #: moment at which days and moments in variables and answers are meant: each instance finds
    #: them as many days later as it begins; None: they stand as written
    as_of: datetime | None = None
