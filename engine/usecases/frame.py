"""What the frame of every page says about its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.organisation import Standing
from engine.usecases.ports.workplace import Frame

if TYPE_CHECKING:
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House


def reader_frame(house: House, actor: Actor) -> Frame:
    """Whether he leads a squad or a unit today, and how many notices he has not read."""
    if actor.person_id is None:
        return Frame()
    with house.reading() as uow:
        today = Standing(uow, house.clock.now()).today(actor.agency_id)
        return uow.workplace.frame(actor.person_id, today)
