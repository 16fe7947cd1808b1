"""Handlers that bring messages and signals to their receivers, one per transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

    Handler = Callable[[UnitOfWork, Mapping[str, Json]], Mapping[str, Json] | None]


def handlers(house: House) -> Mapping[str, Handler]:
    """Handlers by kind of job; each takes the open unit of work of its job and never commits."""
    return {
        messages.DELIVER_MESSAGE: lambda uow, args: messages.deliver_next(house, uow, args),
        messages.BROADCAST_SIGNAL: lambda uow, args: messages.signal_next(house, uow, args),
    }
