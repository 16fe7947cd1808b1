"""Which units are looked at together against a distribution pattern (pola distribusi)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.ratings import PatternRule, Predikat, people_at_least, people_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Units whose people are counted together, under the one that is rated."""

    #: the unit whose pattern counts
    unit_id: str
    #: all units in it, that one first
    unit_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A condition that the counted people miss: a consideration, never a bar."""

    #: predikats counted together
    predikats: tuple[Predikat, ...]
    #: how many there are
    has: int
    #: of how many people
    people: int
    #: the most there should be, None where the least is missed
    at_most: int | None = None
    #: the least there should be, None where the most is exceeded
    at_least: int | None = None


def pools(
    people: Mapping[str, int], parents: Mapping[str, str | None], smallest: int
) -> dict[str, Pool]:
    """Promise: unit -> the pool it is counted in; every unit is in exactly one.

    A unit with fewer people than `smallest` joins the unit above it, from the leaves up (SE
    3/2023 does not speak of small units; domain.md 3.3 pools them). A top unit stays on its own.
    """
    joined: dict[str, list[str]] = {unit: [unit] for unit in parents}
    into: dict[str, str] = {}
    for unit in sorted(parents, key=lambda one: (-_depth(one, parents), one)):
        parent = parents[unit]
        size = sum(people.get(one, 0) for one in joined[unit])
        if parent is not None and parent in parents and size < smallest:
            joined[parent] += joined.pop(unit)
            into[unit] = parent
    made: dict[str, Pool] = {}
    for top, units in joined.items():
        pool = Pool(unit_id=top, unit_ids=(top, *sorted(set(units) - {top})))
        made |= dict.fromkeys(pool.unit_ids, pool)
    return made


def count(predikats: Sequence[Predikat]) -> dict[Predikat, int]:
    """Promise: people by predikat."""
    return dict(Counter(predikats))


def misses(counts: Mapping[Predikat, int], pattern: Sequence[PatternRule]) -> tuple[Miss, ...]:
    """Promise: what `check_distribution` finds, with the figures apart from the words."""
    people = sum(counts.values())
    found: list[Miss] = []
    for rule in pattern:
        has = sum(counts.get(predikat, 0) for predikat in rule.predikats)
        names = tuple(sorted(rule.predikats))
        most, least = people_at_most(rule, people), people_at_least(rule, people)
        if most is not None and has > most:
            found.append(Miss(predikats=names, has=has, people=people, at_most=most))
        if has < least:
            found.append(Miss(predikats=names, has=has, people=people, at_least=least))
    return tuple(found)


def _depth(unit: str, parents: Mapping[str, str | None]) -> int:
    steps, seen = 0, {unit}
    above = parents.get(unit)
    while above is not None and above not in seen:
        seen.add(above)
        steps, above = steps + 1, parents.get(above)
    return steps
