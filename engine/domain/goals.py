"""Objectives of an organisation and its units in a tree (pohon kinerja), with indicators.

Source: PermenPANRB 89/2021: the tree is built from the outcome downward.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.cascade import above, circles
from engine.domain.errors import TransitionRefused, Violation
from engine.domain.indicators import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal


class ObjectiveLevel(StrEnum):
    """Where an objective stands in the tree."""

    #: final result for the public
    OUTCOME = "outcome"
    #: what leads to it (intermediate outcome)
    INTERMEDIATE = "intermediate"
    #: product
    OUTPUT = "output"
    #: service (layanan)
    SERVICE = "service"


class Perspective(StrEnum):
    """Column "Perspektif" of a JPT's plan."""

    #: penerima layanan
    RECIPIENT = "recipient"
    #: proses bisnis
    PROCESS = "process"
    #: penguatan internal
    INTERNAL = "internal"
    #: anggaran
    BUDGET = "budget"


class ObjectiveStatus(StrEnum):
    """State of an objective."""

    DRAFT = "draft"
    #: plans below build on it
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """An objective of a unit for a cycle; the root unit's are the organisation's."""

    #: UUIDv7 text
    id: str
    #: which cycle
    cycle_id: str
    #: whose objective
    unit_id: str
    #: the objective it leads to; None: it stands on top
    parent_id: str | None = None
    #: short code, unique in the cycle, such as "S1.2"
    code: str
    #: where it stands
    level: ObjectiveLevel
    #: column of a JPT's plan, None when not said
    perspective: Perspective | None = None
    #: in words
    title: str
    #: draft or published
    status: ObjectiveStatus = ObjectiveStatus.DRAFT
    #: when it was published
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveIndicator:
    """A measure of an objective."""

    #: UUIDv7 text
    id: str
    #: the objective it measures
    objective_id: str
    #: 1-based order
    number: int
    #: in words
    text: str
    #: number to reach, None when qualitative
    target: Decimal | None = None
    #: unit of the target
    unit: str = ""
    #: which way is better
    direction: Direction = Direction.HIGHER


_RANK: Final[Mapping[ObjectiveLevel, int]] = {
    ObjectiveLevel.OUTCOME: 1,
    ObjectiveLevel.INTERMEDIATE: 2,
    ObjectiveLevel.OUTPUT: 3,
    ObjectiveLevel.SERVICE: 3,
}


def publish(objective: Objective, at: datetime) -> Objective:
    """Promise: the objective published. Raises TransitionRefused when it is already."""
    if objective.status is ObjectiveStatus.PUBLISHED:
        raise TransitionRefused("objective", objective.status, "publish")
    return replace(objective, status=ObjectiveStatus.PUBLISHED, published_at=at)


def check_tree(
    objectives: Sequence[Objective], units: Mapping[str, str | None]
) -> tuple[Violation, ...]:
    """Promise: every fault of the tree of a cycle, each named by the objective.

    Shapes: unit id to the id of the unit above. A parent is in the same cycle, of the same unit
    or one above it, not lower in the ladder of levels; outputs and services carry no objectives;
    nothing leads to itself; codes are unique.
    """
    known = {one.id: one for one in objectives}
    lines = {unit: [parent] for unit, parent in units.items() if parent is not None}
    found: list[Violation] = []
    codes: set[str] = set()
    for one in objectives:
        found += _own_faults(one, codes)
        codes.add(one.code)
        if one.parent_id is not None:
            higher = above([one.unit_id], lines) | {one.unit_id}
            found += _parent_faults(one, known.get(one.parent_id), higher)
    ladder = {one.id: [one.parent_id] for one in objectives if one.parent_id is not None}
    found += [_fault("objective_circle", item, "leads to itself") for item in circles(ladder)]
    return tuple(found)


def check_publication(
    objectives: Sequence[Objective], indicators: Sequence[ObjectiveIndicator]
) -> tuple[Violation, ...]:
    """Promise: what keeps objectives from being published.

    Each needs an indicator with words; each that is no outcome leads to another one.
    """
    measured = {row.objective_id for row in indicators if row.text.strip()}
    found: list[Violation] = []
    for one in objectives:
        if one.id not in measured:
            found.append(_fault("indicator_missing", one.id, "has no indicator"))
        if one.parent_id is None and one.level is not ObjectiveLevel.OUTCOME:
            found.append(_fault("objective_loose", one.id, "leads to no outcome"))
    return tuple(found)


def _own_faults(one: Objective, codes: set[str]) -> Iterator[Violation]:
    if not one.title.strip():
        yield _fault("title_missing", one.id, "has no words")
    if not one.code.strip():
        yield _fault("code_missing", one.id, "has no code")
    if one.code in codes:
        yield _fault("code_twice", one.id, f"code {one.code} is used twice")


def _parent_faults(
    one: Objective, parent: Objective | None, higher: frozenset[str]
) -> Iterator[Violation]:
    if parent is None or parent.cycle_id != one.cycle_id:
        yield _fault("parent_unknown", one.id, "leads to nothing of this cycle")
        return
    if parent.unit_id not in higher:
        yield _fault("parent_unit", one.id, "leads to an objective of a unit that is not above")
    if _RANK[parent.level] > _RANK[one.level]:
        yield _fault("level_order", one.id, f"{one.level} leads to {parent.level}")
    if _RANK[parent.level] == _RANK[ObjectiveLevel.OUTPUT]:
        yield _fault("level_leaf", one.id, f"{parent.level} carries no objectives")


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
