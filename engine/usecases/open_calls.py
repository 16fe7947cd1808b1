"""Calls that take volunteers, with what helps to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.formation import proposed_effort_bp
from engine.usecases.organisation import Standing
from engine.usecases.places import tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.formation import Formation
    from engine.usecases.actor import Actor
    from engine.usecases.ports.squad_room import Applications
    from engine.usecases.ports.work import House

#: working days of a month, for a first proposal of an effort
_MONTH_DAYS: Final = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCall:
    """A call that takes volunteers."""

    call: Formation
    host_unit: str
    sponsor: str
    applications: Applications | None
    #: a first proposal: an equal part of the agreed days
    effort_bp: int


def open_calls(house: House, actor: Actor) -> Sequence[OpenCall]:
    """Calls of one's agency that take volunteers today, the soonest to close first."""
    if actor.agency_id is None:
        return ()
    with house.reading() as uow:
        now = house.clock.now()
        standing = Standing(uow, now)
        calls = uow.formation.open_calls(actor.agency_id, standing.today(actor.agency_id))
        units = {row.id: row.name for row in uow.agency.units(actor.agency_id)} if calls else {}
        names = uow.agency.names(sorted({row.sponsor_id for row in calls}))
        asked = uow.squad_room.applications([row.id for row in calls], actor.person_id)
        limits = tables_of(house, uow, actor.agency_id).squad_limits() if calls else None
        return [
            OpenCall(
                call=row,
                host_unit=units.get(row.host_unit_id, ""),
                sponsor=names.get(row.sponsor_id, ""),
                applications=asked.get(row.id),
                effort_bp=proposed_effort_bp(
                    row.person_days, row.places or 1, _working_days(row), limits
                )
                if limits
                else 0,
            )
            for row in calls
        ]


def _working_days(call: Formation) -> int:
    months = (call.ends_on.year - call.starts_on.year) * 12
    months += call.ends_on.month - call.starts_on.month + 1
    return months * _MONTH_DAYS
