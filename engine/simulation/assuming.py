"""What a simulation assumes, in the words of a form: from history where there is some."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.simulation.chance import Exponential, Observed, Triangular
from engine.simulation.plan import Plan, Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.simulation.casting import Cast
    from engine.simulation.chance import Length
    from engine.simulation.hours import WorkingHours
    from engine.simulation.shape import Shape, Step
    from engine.usecases.mining import Learned

#: instances of one simulation, and days over which they arrive
INSTANCES_MAX: Final = 300
DAYS_MAX: Final = 366
#: days of a month, when a number for each month is spread
MONTH: Final = timedelta(days=30)
#: what a task takes when nobody says it, minutes of work; an event from outside, hours
MINUTES: Final = 30
HOURS: Final = Decimal(24)
PER_MONTH: Final = Decimal(20)
_WHOLE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAssumption:
    """One step."""

    #: whose work it is; "": nobody in particular
    role: str = ""
    #: working time of one person
    minutes: int = 0
    #: hours until somebody takes it up, or until an event comes; None: as history shows
    reply_hours: Decimal | None = None
    #: of an event: how often in a hundred it comes at all
    percent: int = _WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Everything that a simulation is told."""

    begins: date
    days: int
    per_month: Decimal
    seed: int = 1
    steps: Mapping[str, StepAssumption] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    #: gateway -> flow -> how often in a hundred; a gateway that is not here decides as drawn
    ways: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def expected(self) -> int:
        """How many instances will come, more or less."""
        return int(self.per_month * self.days / MONTH.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What history says of the steps."""

    started: int = 0
    #: step -> lengths at even fractions, the shortest first
    lengths: Mapping[str, tuple[timedelta, ...]] = field(default_factory=dict)
    #: step -> how often it ended
    ended: Mapping[str, int] = field(default_factory=dict)
    #: gateway -> flow -> how often in a hundred
    ways: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    hands: Mapping[str, int] = field(default_factory=dict)
    per_month: Decimal | None = None

    def median(self, step_id: str) -> timedelta | None:
        """The usual length of a step, from coming to leaving."""
        lengths = self.lengths.get(step_id)
        return lengths[len(lengths) // 2] if lengths else None


def history_of(learned: Learned) -> History:
    """What was learned, as a form shows it."""
    return History(
        started=learned.started,
        lengths={
            one.element_id: tuple(timedelta(seconds=s) for s in one.quantiles_s)
            for one in learned.times
            if one.quantiles_s
        },
        ended={one.element_id: one.ended for one in learned.times},
        ways=_percent(learned),
        hands=learned.hands,
        per_month=_per_month(learned),
    )


def usual(shape: Shape, history: History, begins: date) -> Assumptions:
    """Assumptions to begin with: history, else plain guesses that a person changes."""
    steps = {one.id: _usual(one, history) for one in shape.steps}
    return Assumptions(
        begins=begins,
        days=MONTH.days * 3,
        per_month=history.per_month or PER_MONTH,
        steps=steps,
        people=_people(steps, history),
        ways={fork.id: history.ways[fork.id] for fork in shape.forks if fork.id in history.ways},
    )


def plan_of(
    told: Assumptions,
    shape: Shape,
    history: History,
    cast: Cast,
    *,
    process_id: str,
    hours: WorkingHours,
) -> Plan:
    """The plan for one drawing: what it does not have is left out."""
    begins = datetime.combine(told.begins, time(), ZoneInfo(hours.zone)).astimezone(UTC)
    return Plan(
        process_id=process_id,
        seed=told.seed,
        begins=begins,
        arrivals_for=timedelta(days=told.days),
        between=Exponential(MONTH / float(max(told.per_month, Decimal("0.1")))),
        instances_max=INSTANCES_MAX,
        hours=hours,
        roles={name: max(count, 1) for name, count in told.people.items()},
        work={one.id: _work(one, told, history, cast) for one in shape.steps},
        otherwise=Work(takes=_around(timedelta(minutes=MINUTES))),
        ways=_ways(told, shape),
        variables=cast.variables,
        operations=cast.operations,
        functions=cast.functions,
        as_of=cast.as_of,
    )


def _usual(step: Step, history: History) -> StepAssumption:
    known = step.id in history.lengths
    if step.kind == "event":
        reply = None if known else HOURS
        return StepAssumption(reply_hours=reply, percent=_chance(step, history))
    return StepAssumption(
        role=step.role, minutes=MINUTES, reply_hours=None if known else Decimal(0)
    )


def _chance(step: Step, history: History) -> int:
    """How often an event beside something else came; one alone always comes."""
    if not step.beside:
        return _WHOLE
    times = history.ended.get(step.beside, 0)
    return min(_WHOLE, history.ended.get(step.id, 0) * _WHOLE // times) if times else 0


def _people(steps: Mapping[str, StepAssumption], history: History) -> Mapping[str, int]:
    """As many as ever did one task of a role, one at least."""
    found: Counter[str] = Counter()
    for step_id, one in steps.items():
        if one.role:
            found[one.role] = max(found[one.role], history.hands.get(step_id, 1), 1)
    return dict(found)


def _work(step: Step, told: Assumptions, history: History, cast: Cast) -> Work:
    assumed = told.steps.get(step.id, StepAssumption(role="", minutes=MINUTES))
    gives = cast.gives.get(step.id, {})
    reply = _reply(step, assumed, history)
    if step.kind == "event":
        takes = reply or _around(timedelta(hours=float(HOURS)))
        return Work(takes=takes, chance=assumed.percent / _WHOLE, gives=gives)
    role = assumed.role if assumed.role in told.people else None
    takes = _around(timedelta(minutes=assumed.minutes))
    return Work(takes=takes, role=role, after=reply, gives=gives)


def _reply(step: Step, assumed: StepAssumption, history: History) -> Length | None:
    lengths = history.lengths.get(step.id)
    if assumed.reply_hours is None:
        return Observed(lengths) if lengths else None
    if not assumed.reply_hours:
        return None
    return _around(timedelta(hours=float(assumed.reply_hours)))


def _around(usual_length: timedelta) -> Length:
    """Between half of what is usual and twice that."""
    return Triangular(usual_length / 2, usual_length, usual_length * 2)


def _ways(told: Assumptions, shape: Shape) -> Mapping[str, Mapping[str, float]]:
    """Probabilities of the ways that this drawing has, where all of them are told."""
    found = {}
    for fork in shape.forks:
        shares = told.ways.get(fork.id, {})
        total = sum(shares.get(way, 0) for way in fork.ways)
        if total and set(fork.ways) <= set(shares):
            found[fork.id] = {way: shares[way] / total for way in fork.ways}
    return found


def _percent(learned: Learned) -> Mapping[str, Mapping[str, int]]:
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    visits: Counter[str] = Counter()
    for element, detail, count in learned.ways:
        visits[element] += count
        for flow in json.loads(detail):
            taken[element][flow] += count
    return {
        element: {flow: round(count * _WHOLE / visits[element]) for flow, count in flows.items()}
        for element, flows in taken.items()
    }


def _per_month(learned: Learned) -> Decimal | None:
    if learned.first is None or learned.last is None or not learned.started:
        return None
    span = max(learned.last - learned.first, MONTH)
    return round(Decimal(learned.started) * (MONTH.days * 86400) / Decimal(span.total_seconds()), 1)
