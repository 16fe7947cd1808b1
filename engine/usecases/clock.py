"""Move business time in a rehearsal: forward only."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import Conflict
from engine.usecases.once import repeated
from engine.usecases.ports.time import MovableClock
from engine.usecases.rights import require

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House


@repeated
def move_clock(house: House, actor: Actor, to: datetime) -> None:
    """Pin business time to a moment with an offset; the same moment again changes nothing.

    `Conflict` on a server whose clock is real, and for a moment before the present one.
    """
    require(actor, "clock:move")
    if not isinstance(house.clock, MovableClock):
        raise Conflict("this server's clock is real; it cannot be moved")
    # times are kept in UTC: chains hash them as they are written
    to = to.astimezone(UTC)
    with house.writing() as uow:
        before = house.clock.refreshed(uow)
        if to < before:
            raise Conflict("business time moves forward only", now=before.isoformat())
        uow.clock.pin(to)
        note(
            house,
            uow,
            actor,
            stream="clock",
            act=audit_tags.CLOCK_MOVED,
            facts={"from": before.isoformat(), "to": to.isoformat()},
        )
        uow.commit()
    house.clock.pinned(to)


def reset_clock(house: House, actor: Actor) -> None:
    """Always `Conflict`: going back to real time could be a step back in time."""
    require(actor, "clock:move")
    raise Conflict("business time moves forward only", now=house.clock.now().isoformat())
