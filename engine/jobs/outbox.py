"""Send what waits in the outbox: after its commit, at least once, with its key."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.usecases.letters import ESCALATION, MOVED, NOTICE, REMINDER, Desk
from engine.usecases.ports.mail import LetterRefused, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.mail import Letter, Mailer
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House

log = logging.getLogger("regu.outbox")

#: what drawings put out (regu.notify.remind, regu.notify.escalate), tasks that moved away, and
#: decisions that ask no task of whom they concern
KINDS = (REMINDER, ESCALATION, MOVED, NOTICE)

#: messages of one look: few, since timers wait in the same thread while a mail server thinks
CHUNK = 20
#: messages of one digest
TOGETHER = 100
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
    and ends this look: the mail server is away for the others as well. A message whose person
    reads digests, or sleeps, waits for its hour; then everything that waited for the same person
    leaves as one letter.
    """
    done = 0
    for kind in KINDS:
        with house.reading() as uow:
            waiting = uow.outbox.waiting(
                kind, CHUNK, free_at=house.clock.real_now(), now=house.clock.now()
            )
        for message_id, key, payload in waiting:
            found = _due(house, (message_id, kind, key, payload), public_url)
            if not found:
                continue
            try:
                done += _leave(house, mailer, found, public_url)
            except OSError as fault:
                log.warning("a message could not leave (attempt %d): %s", found[0].attempts, fault)
                for message in found:
                    _put_off(house, message, fault)
                return done
    return done


def _due(
    house: House, row: tuple[int, str, str, Mapping[str, Json]], public_url: str
) -> Sequence[_Message]:
    """The message, held by this sender, with those that leave beside it; none before its hour."""
    message_id, kind, _key, payload = row
    now = house.clock.now()
    with house.reading() as uow:
        recipient_id, put_off_to = uow.outbox.recipient(message_id)
        desk = Desk(uow, now, public_url)
        hour = desk.hour(kind, payload, waited=put_off_to is not None)
        alone = recipient_id is None or put_off_to is None
        rows = (
            [row]
            if alone or recipient_id is None
            else uow.outbox.beside(recipient_id, KINDS, now=now, limit=TOGETHER)
        )
    if hour > now:
        with house.writing() as uow:
            uow.outbox.hold(message_id, hour)
            uow.commit()
        return ()
    return [taken for one in rows if (taken := _taken(house, one)) is not None]


def _taken(house: House, row: tuple[int, str, str, Mapping[str, Json]]) -> _Message | None:
    message_id, kind, key, payload = row
    attempts = _claim(house, message_id)
    if attempts is None:
        return None
    return _Message(id=message_id, kind=kind, key=key, payload=payload, attempts=attempts)


def _leave(house: House, mailer: Mailer, found: Sequence[_Message], public_url: str) -> int:
    """Send them, as one letter where there are several; how many came to their end."""
    if len(found) == 1:
        _end(house, found[0], *_send(house, mailer, found[0], public_url))
        return 1
    with house.reading() as uow:
        desk = Desk(uow, house.clock.now(), public_url)
        said = [(message, desk.entry(message.kind, message.payload)) for message in found]
        entries = [entry for _message, entry in said if not isinstance(entry, Outcome)]
        person_id = str(found[0].payload.get("recipient_id"))
        letter = desk.digest(f"digest:{found[0].key}", person_id, entries)
    outcome, error = Outcome.NOT_NEEDED, None
    if entries:
        outcome, error = _carried(mailer, letter)
    for message, entry in said:
        ended = (entry, None) if isinstance(entry, Outcome) else (outcome, error)
        _end(house, message, *ended)
    return len(found)


def _carried(mailer: Mailer, letter: Letter | Outcome) -> tuple[Outcome, str | None]:
    if isinstance(letter, Outcome):
        return letter, None
    try:
        mailer.send(letter)
    except LetterRefused as refusal:
        log.warning("a letter was refused for good: %s", refusal.answer)
        return Outcome.REFUSED, refusal.answer
    return Outcome.SENT, None


def _send(
    house: House, mailer: Mailer, message: _Message, public_url: str
) -> tuple[Outcome, str | None]:
    with house.reading() as uow:
        desk = Desk(uow, house.clock.now(), public_url)
        letters = desk.letters(message.kind, message.key, message.payload)
    if isinstance(letters, Outcome):
        return letters, None
    ended = [_carried(mailer, letter) for letter in letters]
    errors = "; ".join(error for _outcome, error in ended if error) or None
    refused = all(outcome is Outcome.REFUSED for outcome, _error in ended)
    return (Outcome.REFUSED if refused else Outcome.SENT), errors


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
