"""A plan learned from history: arrivals, times and ways as they were, to be changed by hand."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.mining import Learned

#: fractions at which lengths are noted, so that nothing of their shape is lost
FRACTIONS: Final = tuple(n / 10 for n in range(11))
#: elements that people or the outside take time for
_TIMED: Final = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
_GATEWAYS: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})


def plan_text(learned: Learned, begins: datetime, length: timedelta) -> str:
    """A plan file: as many as came, in the same time, going the same ways.

    Lengths are those of the whole wait, from entering to leaving; name a role and a working time
    in their place to ask what other numbers of people would change.
    """
    return "\n".join((*_head(learned, begins, length), *_work(learned), *_ways(learned), ""))


def _head(learned: Learned, begins: datetime, length: timedelta) -> Iterator[str]:
    yield "# Learned from history. Lengths are whole waits; give a role and its working time to"
    yield "# ask what more or fewer people would change:  {role: lead, takes: PT10M}"
    yield f"process: {learned.process_id}"
    yield f"begins: {begins.isoformat()}"
    yield f"arrivals: {{per_day: {_per_day(learned):.4f}, for: {_iso(length)}}}"
    yield "roles: {}"


def _per_day(learned: Learned) -> float:
    if learned.first is None or learned.last is None or learned.last <= learned.first:
        return float(max(learned.started, 1))
    return learned.started / ((learned.last - learned.first) / timedelta(days=1))


def _work(learned: Learned) -> Iterator[str]:
    timed = [one for one in learned.times if one.element_type in _TIMED and one.quantiles_s]
    yield "work:" if timed else "work: {}"
    for one in timed:
        lengths = ", ".join(_iso(timedelta(seconds=round(s))) for s in one.quantiles_s)
        yield f"  {one.element_id}: {{takes: {{observed: [{lengths}]}}}}"


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
