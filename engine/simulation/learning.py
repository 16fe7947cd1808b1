"""A plan learned from history: arrivals, times and ways as they were, to be changed by hand."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.simulation.shape import Shape, shape_of
from engine.usecases.mining import learn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.mining import Learned
    from engine.usecases.ports.mining import ElementTimes, Window
    from engine.usecases.ports.work import House

#: fractions at which lengths are noted, so that nothing of their shape is lost
FRACTIONS: Final = tuple(n / 10 for n in range(11))
#: elements that people or the outside take time for
_TIMED: Final = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
#: elements that may be jobs of outside workers: those of the house itself take no time
_JOBS: Final = frozenset(
    {"serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent"}
)
#: what a person may need for a task, to begin with
_MINUTES: Final = 10
_GATEWAYS: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})


def learned_plan(
    house: House, actor: Actor, window: Window, begins: datetime, length: timedelta
) -> str:
    """A plan file from the history of a process; `AccessRefused`, `NotFound`."""
    learned = learn(house, actor, window, FRACTIONS)
    with house.reading() as uow:
        row = uow.processes.latest_definition(window.process_id)
    shape = shape_of(row.xml, window.process_id) if row is not None else None
    return plan_text(learned, begins, length, shape)


def plan_text(
    learned: Learned, begins: datetime, length: timedelta, shape: Shape | None = None
) -> str:
    """A plan file: as many as came, in the same time, going the same ways.

    Lengths are those of the whole wait, from entering to leaving. Each task of people has a second
    line, not in force, that gives it to its role: to ask what other numbers of people would change.
    """
    drawn = shape or Shape(name=learned.process_id)
    roles = _roles(learned, drawn)
    parts = (_head(learned, begins, length), _people(learned, roles), _work(learned, drawn, roles))
    return "\n".join((*(line for part in parts for line in part), *_ways(learned), ""))


def _head(learned: Learned, begins: datetime, length: timedelta) -> Iterator[str]:
    yield "# Learned from history. Lengths are whole waits: to ask what more or fewer people would"
    yield "# change, take away a task's line and the mark before the next one, which gives it to"
    yield "# its role, and say how long one works on it."
    yield f"process: {learned.process_id}"
    yield f"begins: {begins.isoformat()}"
    yield f"arrivals: {{per_day: {_per_day(learned):.4f}, for: {_iso(length)}}}"


def _roles(learned: Learned, shape: Shape) -> Mapping[str, str]:
    """Task that people did -> whose work it is: as drawn, else the task's own people."""
    drawn = {one.id: one.role for one in shape.steps}
    return {task: drawn.get(task) or task for task in learned.hands}


def _people(learned: Learned, roles: Mapping[str, str]) -> Iterator[str]:
    """As many as ever did one task of a role."""
    found: Counter[str] = Counter()
    for task, role in roles.items():
        found[role] = max(found[role], learned.hands[task])
    told = ", ".join(f"{_text(role)}: {count}" for role, count in sorted(found.items()))
    yield f"roles: {{{told}}}"


def _per_day(learned: Learned) -> float:
    if learned.first is None or learned.last is None or learned.last <= learned.first:
        return float(max(learned.started, 1))
    return learned.started / ((learned.last - learned.first) / timedelta(days=1))


def _work(learned: Learned, shape: Shape, roles: Mapping[str, str]) -> Iterator[str]:
    jobs = {one.id for one in shape.steps if one.kind == "job"}
    timed = [one for one in learned.times if one.quantiles_s and _takes_time(one, jobs)]
    yield "work:" if timed else "work: {}"
    for one in timed:
        lengths = ", ".join(_iso(timedelta(seconds=round(s))) for s in one.quantiles_s)
        yield f"  {one.element_id}: {{takes: {{observed: [{lengths}]}}}}"
        if one.element_id in roles:
            role, takes = _text(roles[one.element_id]), f"PT{_MINUTES}M"
            after = f"{{observed: [{lengths}]}}"
            yield f"  # {one.element_id}: {{role: {role}, takes: {takes}, after: {after}}}"


def _takes_time(one: ElementTimes, jobs: Collection[str]) -> bool:
    """Whether people or the outside take time for it; what only holds others is left out."""
    job = one.element_type in _JOBS and one.quantiles_s[-1] > 0
    return one.element_type in _TIMED or job or one.element_id in jobs


def _ways(learned: Learned) -> Iterator[str]:
    kinds = {one.element_id: one.element_type for one in learned.times}
    taken = [(e, d, n) for e, d, n in learned.ways if kinds.get(e) in _GATEWAYS]
    yield "ways:" if taken else "ways: {}"
    for gateway, flows in _shares(taken).items():
        told = ", ".join(f"{flow}: {share:.4f}" for flow, share in flows.items())
        yield f"  {gateway}: {{{told}}}"


def _shares(rows: Sequence[tuple[str, str, int]]) -> Mapping[str, Mapping[str, float]]:
    """Gateway -> flow -> share of the visits that took it."""
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    visits: Counter[str] = Counter()
    for gateway, detail, count in rows:
        visits[gateway] += count
        for flow in json.loads(detail):
            taken[gateway][flow] += count
    return {
        gateway: {flow: number / visits[gateway] for flow, number in sorted(flows.items())}
        for gateway, flows in sorted(taken.items())
    }


def _iso(length: timedelta) -> str:
    return f"PT{int(length.total_seconds())}S"


def _text(value: str) -> str:
    """As YAML reads it, whatever is in it."""
    return json.dumps(value, ensure_ascii=False)
