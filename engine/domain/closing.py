"""Closing and sealing a posting period (penutupan periode)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.cycles import PeriodStatus
from engine.domain.errors import TransitionRefused, Violation, require
from engine.domain.outputs import OutputStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from engine.domain.cycles import Period
    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output

#: an output that is on its way: its rows would have to be posted later
_UNDER_WAY = frozenset({OutputStatus.DELIVERED, OutputStatus.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSeal:
    """The decision that sealed a period, and the hash of what it held."""

    #: UUIDv7 text
    id: str
    #: the period
    period_id: str
    #: over its sealed outputs and every row posted in it
    seal_hash: str
    #: how many rows
    rows: int
    #: sealed outputs of the period then, in order; they never change again
    outputs: tuple[str, ...]
    #: outputs under way then, whose rows go to the next open period
    carried: tuple[str, ...] = ()
    #: who decided
    decided_by: str
    #: minutes (berita acara)
    minutes: str
    #: when
    at: datetime


def start_closing(period: Period) -> Period:
    """Promise: the period takes its last rows. Raises TransitionRefused unless it is open."""
    if period.status is not PeriodStatus.OPEN:
        raise TransitionRefused("period", period.status, "close")
    return replace(period, status=PeriodStatus.CLOSING)


def blockers(
    period: Period, outputs: Iterable[Output], corrections: Iterable[str] = ()
) -> tuple[Violation, ...]:
    """Promise: everything that still moves in the period: outputs under way, open corrections."""
    found = [
        Violation(code="output_open", subject=output.id, message=output.status.value)
        for output in outputs
        if output.period_id == period.id and output.status in _UNDER_WAY
    ]
    found.extend(
        Violation(code="correction_open", subject=row, message="is not decided")
        for row in corrections
    )
    return tuple(found)


def seal(
    period: Period,
    periods: Sequence[Period],
    open_things: Sequence[Violation],
    *,
    carry: bool,
) -> Period:
    """Promise: the period sealed.

    Earlier periods come first. What is under way may be carried into the next period by a
    decision; out of the last one nothing can be carried. Raises TransitionRefused, RuleBroken
    with everything in the way.
    """
    if period.status is PeriodStatus.SEALED:
        raise TransitionRefused("period", period.status, "seal")
    earlier = [p for p in periods if p.number < period.number]
    later = [p for p in periods if p.number > period.number]
    found = [
        Violation(code="period_before", subject=p.id, message=f"{p.name} is {p.status.value}")
        for p in earlier
        if p.status is not PeriodStatus.SEALED
    ]
    if open_things and not (carry and later):
        found.extend(open_things)
    require(found)
    return replace(period, status=PeriodStatus.SEALED)


def period_hash(outputs: Iterable[Output], rows: Iterable[Transfer]) -> str:
    """Promise: one hash over sealed outputs (by id) and rows (by number): the period's seal."""
    facts = {
        "outputs": [
            [output.id, output.value_points, str(output.attainment), output.status.value]
            for output in sorted(outputs, key=lambda o: o.id)
        ],
        "rows": [[row.id, row.hash] for row in sorted(rows, key=lambda r: r.id)],
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
