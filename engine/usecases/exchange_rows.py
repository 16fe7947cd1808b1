"""What is to be sent, what is sent again, and the word that a run came to rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import (
    MOVING,
    PERSON_FIELD,
    Exchange,
    ExchangeState,
    check_retry,
)

if TYPE_CHECKING:
    from datetime import datetime

    from engine.domain.exchange import Payload
    from engine.usecases.actor import Actor
    from engine.usecases.means import Means
    from engine.usecases.ports.work import UnitOfWork

#: message that the process of an exchange waits for, keyed by its run
SETTLED: Final = "exchange_settled"


def pending(row: Exchange | None, payload: Payload) -> bool:
    """Whether an evaluation is still to be sent: new, stopped, or changed since it stood there."""
    if row is None:
        return True
    if row.state in MOVING:
        return False
    if row.state is not ExchangeState.CONFIRMED:
        return True
    mine = PERSON_FIELD[row.kind]
    return any(row.payload.get(name) != payload[name] for name in payload if name != mine)


def again(row: Exchange, at: datetime) -> Exchange:
    """A stopped row that waits anew; SIASN is read before anything is sent."""
    check_retry(row)
    return replace(
        row,
        state=ExchangeState.WAITING,
        attempts=0,
        free_at=None,
        reason="",
        answer="",
        at=at,
    )


def tell_settled(means: Means, uow: UnitOfWork, actor: Actor, batch_id: str) -> None:
    """The process of a run goes on: none of its rows moves any more."""
    means.announce(uow, actor, SETTLED, batch_id)
