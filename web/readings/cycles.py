"""Which cycle a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.cycles import Cycle, CycleStatus
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from engine.usecases.ports.work import UnitOfWork


def chosen_cycle(uow: UnitOfWork, agency_id: str | None, wanted: str | None) -> Cycle:
    """The cycle asked for, else the newest that has begun; `NotFound` without any."""
    if agency_id is None:
        raise NotFound("cycle", wanted or "")
    cycles = uow.performance.cycles(agency_id)
    if wanted is not None:
        found = next((cycle for cycle in cycles if wanted in (cycle.id, str(cycle.year))), None)
    else:
        begun = [cycle for cycle in cycles if cycle.status is not CycleStatus.DRAFT]
        found = next(iter(begun or cycles), None)
    if found is None:
        raise NotFound("cycle", wanted or "")
    return found
