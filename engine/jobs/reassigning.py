"""Handler that moves open tasks after a change of the organisation, a few per transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases import reassigning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

    Handler = Callable[[UnitOfWork, Mapping[str, Json]], Mapping[str, Json] | None]


def handlers(house: House) -> Mapping[str, Handler]:
    """Handlers by kind of job."""
    return {reassigning.REASSIGN: lambda uow, args: reassigning.move_next(house, uow, args)}
