"""Send what waits in the outbox: after its commit, at least once, with its key."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.usecases.letters import ESCALATION, MOVED, NOTICE, REMINDER, Desk
from engine.usecases.ports.mail import LetterRefused, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.mail import Mailer
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House

log = logging.getLogger("regu.outbox")

#: what drawings put out (regu.notify.remind, regu.notify.escalate), tasks that moved away, and
#: decisions that ask no task of whom they concern
KINDS = (REMINDER, ESCALATION, MOVED, NOTICE)

#: messages of one look: few, since timers wait in the same thread while a mail server thinks
CHUNK = 20
#: how long a sender holds a message; a sender that died is followed by another one after that
CLAIM = timedelta(minutes=5)
#: pause after the first failure; doubled by each further one
PAUSE = timedelta(seconds=30)
PAUSE_MAX = timedelta(hours=1)
_DOUBLINGS_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    id: int
    kind: str
    key: str
    payload: Mapping[str, Json]
    attempts: int


def send_waiting(house: House, mailer: Mailer, public_url: str = "") -> int:
    """Send some of what waits, oldest first; how many messages came to their end.

    A message is held by one sender. Its effect comes before its note: a crash between the two
    sends once more, under the same key. A message that cannot leave now waits longer each time,
    and ends this look: the mail server is away for the others as well.
    """
    done = 0
    for kind in KINDS:
        with house.reading() as uow:
            waiting = uow.outbox.waiting(kind, CHUNK, free_at=house.clock.real_now())
        for message_id, key, payload in waiting:
            attempts = _claim(house, message_id)
            if attempts is None:
                continue
            message = _Message(
                id=message_id, kind=kind, key=key, payload=payload, attempts=attempts
            )
            try:
                _end(house, message, *_send(house, mailer, message, public_url))
            except OSError as fault:
                log.warning("a message could not leave (attempt %d): %s", attempts, fault)
                _put_off(house, message, fault)
                return done
            done += 1
    return done


def _send(
    house: House, mailer: Mailer, message: _Message, public_url: str
) -> tuple[Outcome, str | None]:
    with house.reading() as uow:
        desk = Desk(uow, house.clock.now(), public_url)
        letters = desk.letters(message.kind, message.key, message.payload)
    if isinstance(letters, Outcome):
        return letters, None
    refusals = []
    for letter in letters:
        try:
            mailer.send(letter)
        except LetterRefused as refusal:
            log.warning("a letter was refused for good: %s", refusal.answer)
            refusals.append(refusal.answer)
    if len(refusals) == len(letters):
        return Outcome.REFUSED, "; ".join(refusals)
    return Outcome.SENT, "; ".join(refusals) or None


def _claim(house: House, message_id: int) -> int | None:
    now = house.clock.real_now()
    with house.writing() as uow:
        attempts = uow.outbox.claim(message_id, now, now + CLAIM)
        uow.commit()
    return attempts


def _put_off(house: House, message: _Message, fault: OSError) -> None:
    pause = min(PAUSE * 2 ** min(message.attempts - 1, _DOUBLINGS_MAX), PAUSE_MAX)
    with house.writing() as uow:
        uow.outbox.failed(message.id, str(fault), house.clock.real_now() + pause)
        uow.commit()


def _end(house: House, message: _Message, outcome: Outcome, error: str | None) -> None:
    with house.writing() as uow:
        uow.outbox.sent(message.id, house.clock.real_now(), outcome, error)
        uow.commit()
