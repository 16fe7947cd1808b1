"""Letters to people, as the house hands them to whoever carries them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """How a message of the outbox ended."""

    SENT = "sent"
    #: nobody it is for has an address
    NO_ADDRESS = "no_address"
    #: the task it was to remind of is done, or is another's by now
    NOT_NEEDED = "not_needed"
    #: the mail server will never take it
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to one person."""

    #: the same letter again has the same key, so that a second copy can be recognised
    key: str
    name: str
    address: str
    subject: str
    text: str


class LetterRefused(Exception):
    """The mail server will not take this letter, now or later."""

    def __init__(self, address: str, answer: str) -> None:
        super().__init__(f"{address}: {answer}")
        self.address = address
        self.answer = answer


class Mailer(Protocol):
    """Carries letters outside."""

    def send(self, letter: Letter) -> None:
        """Hand over one letter; the same key again is the same letter.

        `LetterRefused` when it can never leave; `OSError` when it cannot leave now.
        """
        ...
