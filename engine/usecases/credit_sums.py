"""A sum of functional credit as plain values, as papers keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.domain.credit_papers import line_facts, target_facts
from engine.domain.functional import level_target, rank_target
from engine.usecases.credit_tables import level_rule

if TYPE_CHECKING:
    from engine.domain.functional import Accumulation
    from engine.usecases.decisions import Tables


def sum_facts(tables: Tables, found: Accumulation) -> dict[str, Any]:
    """Level, lines, sum and targets of an accumulation; numbers as text, so that they stay exact.

    What only an accumulation says is without `rank_target` and `level_target`.
    """
    rule = level_rule(tables, found.level)
    return {
        "level": found.level.value,
        "grade": found.grade,
        "since": found.since.isoformat(),
        "brought": str(found.brought),
        "lines": [line_facts(line) for line in found.lines],
        "units": str(found.units),
        "rank_target": target_facts(rank_target(found, rule)),
        "level_target": target_facts(level_target(found, rule)),
    }
