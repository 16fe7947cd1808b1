"""What people say beside the work, and what they follow: rows and the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Words or a file beside a task or its process; never changed, never taken back."""

    #: UUIDv7 text
    id: str
    instance_key: int
    #: the task beside which it was said; None: beside the process
    task_key: int | None
    author_id: str
    text: str
    #: ids of people who were called by it
    mentions: tuple[str, ...]
    #: a kept file
    evidence_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A remark as people read it."""

    remark: Remark
    author: str
    #: name of the task beside which it was said, "" beside the process
    task: str
    #: of the file; "" where there is none
    filename: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Something that somebody follows, and that ended or stands at an incident."""

    person_id: str
    instance_key: int
    #: 0: the whole instance
    task_key: int
    #: of the process, and of the task where it is one
    title: str
    #: a word of the task's or instance's state
    state: str
    #: of the incident; None: it ended
    incident_key: int | None = None

    @property
    def key(self) -> str:
        """Once per person and this."""
        if self.incident_key is not None:
            return f"incident:{self.incident_key}"
        return f"ended:{self.instance_key}:{self.task_key}"


class RemarkStore(Protocol):
    """Part of the unit of work."""

    def add(self, row: Remark) -> None:
        """Keep a remark."""
        ...

    def remark(self, remark_id: str) -> Remark | None:
        """One by id."""
        ...

    def heard(
        self, instance_key: int, *, after: str | None = None, limit: int = 50
    ) -> Sequence[Heard]:
        """Remarks of an instance, newest first, keyset paged by id; one statement."""
        ...

    def people(self, instance_key: int) -> Mapping[str, str]:
        """Names by id of who started it, has or had a task in it or spoke; one statement."""
        ...

    def parties(self, instance_key: int, task_key: int) -> frozenset[str]:
        """Who has or had another task of that instance, and the sponsor of the task's squad."""
        ...

    def takes_part(self, actor: Actor, instance_key: int, now: datetime) -> bool:
        """Whether he has or had a task in exactly this instance, or may take an open one."""
        ...

    def watches(self, person_id: str, instance_key: int) -> frozenset[int]:
        """Keys of the tasks of this instance that he follows; 0 is the instance."""
        ...

    def watch(self, person_id: str, instance_key: int, task_key: int, at: datetime) -> None:
        """Follow; a second time changes nothing."""
        ...

    def unwatch(self, person_id: str, instance_key: int, task_key: int) -> None:
        """Follow no longer."""
        ...

    def followers(self, instance_key: int, task_key: int) -> Sequence[str]:
        """Who follows that task or its whole instance; with task 0 the instance alone."""
        ...

    def stopped(self, limit: int) -> Sequence[Followed]:
        """Instances that somebody follows and that stand at an incident of which he was not told.

        Only incidents since he follows.
        """
        ...

    def has_ended(self) -> bool:
        """Whether something that somebody follows has ended."""
        ...

    def ended(self, limit: int) -> Sequence[Followed]:
        """What somebody follows and has ended; those rows are gone with the transaction."""
        ...
