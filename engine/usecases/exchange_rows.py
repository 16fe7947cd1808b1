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
    lacking,
    taken_back,
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
    """Whether an evaluation is still to be sent: new, stopped, changed or taken back."""
    if row is None:
        return True
    if row.state in MOVING:
        return False
    if row.state is not ExchangeState.CONFIRMED or taken_back(row):
        return True
    mine = PERSON_FIELD[row.kind]
    return any(row.payload.get(name) != payload[name] for name in payload if name != mine)


def again(row: Exchange, at: datetime) -> Exchange:
    """A stopped row that waits anew, or is held for what it lacks; SIASN is read before sending."""
    check_retry(row)
    return ready(replace(row, attempts=0, free_at=None, answer="", at=at))


def ready(row: Exchange) -> Exchange:
    """The row waiting to be sent, or stopped with the word of what it lacks."""
    reason = "" if row.withdrawn_by else lacking(row.kind, row.payload)
    state = ExchangeState.REFUSED if reason else ExchangeState.WAITING
    return replace(row, state=state, reason=reason)


def tell_settled(means: Means, uow: UnitOfWork, actor: Actor, batch_id: str) -> None:
    """The process of a run goes on: none of its rows moves any more."""
    means.announce(uow, actor, SETTLED, batch_id)
