"""Send what waits in the outbox: after its commit, at least once, with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House

#: kinds of messages that drawings put out (regu.notify.remind and regu.notify.escalate)
KINDS = ("reminder", "escalation")

#: messages of one look
CHUNK = 100


class Sender(Protocol):
    """Brings a message outside; the same key again must change nothing there."""

    def send(self, kind: str, key: str, payload: Json) -> None:
        """Send one message; `OSError` when it cannot leave now."""
        ...


def send_waiting(house: House, sender: Sender, kinds: Sequence[str] = KINDS) -> int:
    """Send some of what waits, oldest first; how many left.

    The effect comes before its note: a crash between the two sends once more under the same key.
    """
    done = 0
    for kind in kinds:
        with house.reading() as uow:
            waiting = uow.outbox.waiting(kind, CHUNK)
        for message_id, key, payload in waiting:
            sender.send(kind, key, payload)
            with house.writing() as uow:
                uow.outbox.sent(message_id, house.clock.real_now())
                uow.commit()
            done += 1
    return done
