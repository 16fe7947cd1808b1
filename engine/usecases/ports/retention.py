"""Rows that have done their work and may go; ledger and audit are none of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Spent(StrEnum):
    """What may be deleted once it is old enough."""

    #: answers kept for repeated requests
    ANSWERS = "answers"
    #: published messages whose time to live is over
    MESSAGES = "messages"
    #: messages of the outbox that left, or needed no leaving
    LETTERS = "letters"
    #: sessions that ended by time or by hand
    SESSIONS = "sessions"
    #: sign-ins that failed
    FAILURES = "failures"
    #: tickets that were shown once
    TICKETS = "tickets"


class RetentionStore(Protocol):
    """Deletes what is spent, and nothing else."""

    def keeping(self) -> Sequence[tuple[int, int]]:
        """(definition key, days) of versions whose history is not kept for ever."""
        ...

    def forget_history(
        self, definition_key: int, before: datetime, now: datetime, limit: int
    ) -> int:
        """Delete history, tasks, incidents and variables of up to `limit` root instances.

        Those of a version that ended before then, with all below them; the bare instance, ledger
        and audit stay. How many there were.
        """
        ...

    def forget(self, spent: Spent, before: datetime, limit: int) -> int:
        """Delete up to `limit` rows that were done before then; how many there were."""
        ...

    def make_years_ahead(self) -> int:
        """Make room for the rows of next year where rows lie by years; how many were made."""
        ...
