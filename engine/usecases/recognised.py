"""What recognition stands on: years before and sealed credit in other units, from stored rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.ratings import RatingStatus
from engine.domain.recognition import CrossUnit, cross_unit

if TYPE_CHECKING:
    from engine.domain.cycles import Cycle
    from engine.usecases.ports.work import UnitOfWork


def predikat_before(uow: UnitOfWork, person_id: str, cycle: Cycle) -> str:
    """Final predikat of the year before, "" where there is none."""
    before = uow.performance.cycle_of(cycle.agency_id, cycle.year - 1)
    rating = uow.performance.rating_of(person_id, before.id) if before else None
    if rating is None or rating.status is not RatingStatus.FINAL or rating.predikat is None:
        return ""
    return rating.predikat.value


def cross_unit_credit(uow: UnitOfWork, person_id: str, cycle_id: str) -> CrossUnit:
    """A person's sealed credit in units that are not his own, in a cycle."""
    lines = uow.credits.sealed_lines(person_id, cycle_id)
    return cross_unit((row, output.value_points) for row, output in lines)
