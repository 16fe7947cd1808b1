"""The first screen of a person: tasks by a filter, with the names that a list shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.workplace import Notice


class Held(StrEnum):
    """Who holds a task of the list."""

    #: the reader, or somebody he stands in for
    OWN = "own"
    #: nobody yet: it is his group's
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Which of somebody's open tasks a list shows; empty: all that are not put off."""

    process_id: str | None = None
    #: tasks of this squad; "": tasks of no squad, the home post's
    squad_id: str | None = None
    #: due at this moment or later
    due_from: datetime | None = None
    #: due before this moment
    due_before: datetime | None = None
    held: Held | None = None
    #: only what the reader put off, in place of what he did not; None: both
    put_off: bool | None = False
    #: only these, of those he may take
    keys: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a list shows of a task beside its row."""

    #: name of the drawing
    process: str
    #: the person that the task is about
    about_id: str | None = None
    about: str | None = None
    squad: str | None = None
    output: str | None = None
    #: who started the process
    sender_id: str | None = None
    sender: str | None = None
    #: when the reader's draft was kept
    draft_at: datetime | None = None
    #: until when the reader does not want to see it
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a filter may ask for, as the reader's open tasks have it."""

    #: process id -> name of its drawing
    processes: Mapping[str, str]
    #: squad id -> name
    squads: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClaim:
    """A claim of the reader's that nobody has decided yet."""

    claim_id: str
    output_id: str
    output: str
    squad_id: str
    squad: str
    claimed_bp: int
    submitted_at: datetime | None
    #: who is asked now; None: the claim waits for the output to be accepted
    attester: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody wrote about the reader."""

    #: the reference that a notice holds
    id: str
    giver: str
    text: str
    at: datetime


class InboxStore(Protocol):
    """Part of the unit of work; every question is one statement, however long the list."""

    def forms(self, keys: Collection[int]) -> Mapping[int, bytes]:
        """Schemas of forms by key."""
        ...

    def tasks(
        self,
        actor: Actor,
        sieve: Sieve,
        *,
        now: datetime,
        after: tuple[datetime, int] | None = None,
        limit: int = 50,
    ) -> Sequence[UserTaskRow]:
        """Open tasks the actor may take that pass the sieve, earliest due first, keyset paged."""
        ...

    def faces(self, keys: Collection[int], person_id: str | None) -> Mapping[int, Face]:
        """What a list shows of these tasks, for a reader who already sees them."""
        ...

    def offered(self, actor: Actor, *, now: datetime, limit: int = 500) -> Offered:
        """Processes and squads of the actor's first open tasks."""
        ...

    def waiting_claims(self, person_id: str, cycle_id: str) -> Sequence[WaitingClaim]:
        """His claims of a cycle that were handed in and not decided, oldest first."""
        ...

    def unread(self, person_id: str, kinds: Collection[str], limit: int = 20) -> Sequence[Notice]:
        """Notices of these kinds that he has not read, newest first."""
        ...

    def reasons(self, ids: Collection[str]) -> Mapping[str, str]:
        """Why it was done, by the id of what was done.

        Of an attestation, a version of shares or of a plan, a change in a squad, a decision about
        consent, a dispute or an objection; what gave no reason is left out.
        """
        ...

    def titles(self, ids: Collection[str]) -> Mapping[str, str]:
        """Titles of outputs and names of squads and people, by id."""
        ...

    def words(self, ids: Collection[str]) -> Mapping[str, Words]:
        """Feedback by id: notes, and words given with a period's documentation."""
        ...
