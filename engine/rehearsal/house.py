"""Units of work, clock and ids of a rehearsal: one thread, nothing kept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, cast

from engine.domain.people import Person
from engine.rehearsal.store import RehearsalStore, Tables
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import UseCaseError
from engine.usecases.ports.process import TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.rehearsal.answers import AnsweringHost
    from engine.usecases.ports.process import Json, MessageRow, UserTaskRow
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.work import AuditEntry, UnitOfWork


class Unanswered(UseCaseError):
    """Something asked for what a rehearsal does not have; a question then gives null."""


class StandingClock:
    """Business time that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Business time."""
        return self.at

    def real_now(self) -> datetime:
        """The same: nothing here takes real time."""
        return self.at


class CountingIds:
    """Keys that count from 1."""

    def __init__(self) -> None:
        self._last = 0

    def key(self) -> int:
        """The next number."""
        self._last += 1
        return self._last

    def uuid(self) -> str:
        """The next number in the shape of a UUID."""
        return f"00000000-0000-7000-8000-{self.key():012d}"


class _Jobs:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def enqueue(
        self,
        kind: str,
        key: str,
        args: Mapping[str, Json],
        *,
        due_at: datetime | None = None,
    ) -> None:
        """Keep work for later; `due_at` is not waited for."""
        del due_at
        if (kind, key) not in self._tables.enqueued:
            self._tables.enqueued[kind, key] = dict(args)


class _Searching:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def message(self, key: int) -> MessageRow | None:
        """A published message."""
        return self._tables.messages.take(key)


class _Absent:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, question: str) -> Any:
        """Nobody is here to answer."""
        raise Unanswered(f"{self._name}.{question}")


class _Agency:
    def __init__(self, holidays: frozenset[date]) -> None:
        self._holidays = holidays

    def holidays(self, _agency_id: str | None, first: date, last: date) -> frozenset[date]:
        """The days that the rehearsal calls free."""
        return frozenset(day for day in self._holidays if first <= day <= last)

    def get(self, kind: type, _key: str) -> None:
        """Whoever is named is nobody that the house knows; units and posts are not asked for."""
        if kind is not Person:
            raise Unanswered(kind.__name__)

    def __getattr__(self, name: str) -> Any:
        """No people, no units."""
        raise Unanswered(name)


class _NobodyAway(_Absent):
    def leave(self, _person_id: str, _first: date, _until: date) -> Sequence[Any]:
        """Nobody is on leave."""
        return ()

    def pauses_of(self, _person_id: str, _first: date, _until: date) -> Sequence[Any]:
        """Nobody pauses."""
        return ()


class _Confirmations:
    def standing(self, *_asked: object) -> Sequence[Any]:
        """Nobody confirmed a row from memory."""
        return ()


class _Audit:
    def append(self, entry: AuditEntry) -> None:
        """Nothing is proved here."""


class _WorkList:
    def may_take(self, actor: Actor, task: UserTaskRow, *, now: datetime) -> bool:
        """Assigned to the person, or a candidate by person or group."""
        del now
        return may_take(actor, task)


def may_take(actor: Actor, task: UserTaskRow) -> bool:
    """Whether an open task is in somebody's list."""
    if task.state is not TaskState.CREATED:
        return False
    if task.assignee is not None:
        return task.assignee == actor.person_id
    return any(
        name == actor.person_id if kind == "user" else name in actor.groups
        for kind, name in task.candidates
    )


def whoever(task: UserTaskRow) -> Actor:
    """Somebody who may take a task: its assignee, a candidate, or anybody of its groups."""
    groups = frozenset(name for kind, name in task.candidates if kind == "group")
    users = [name for kind, name in task.candidates if kind == "user"]
    name = task.assignee or next(iter(users), "anybody")
    return Actor(kind=ActorKind.PERSON, name=name, person_id=name, groups=groups)


class RehearsalWork(AbstractContextManager["RehearsalWork"]):
    """One transaction over the tables; what the domain would need besides is `Unanswered`."""

    def __init__(self, tables: Tables, behind: ProcessStore | None, host: AnsweringHost) -> None:
        self._tables = tables
        self._mark = 0
        self.processes: ProcessStore = RehearsalStore(tables, behind)
        self.jobs = _Jobs(tables)
        self.search = _Searching(tables)
        self.agency = _Agency(host.answers.holidays)
        self.credits = _NobodyAway("credits")
        self.segments = _NobodyAway("segments")
        self.confirmations = _Confirmations()
        self.audit = _Audit()
        self.work_list = _WorkList()

    def __enter__(self) -> Self:
        """Begin; leaving without `commit` takes everything back."""
        self._mark = self._tables.undo.mark()
        return self

    def __exit__(self, *_left: object) -> None:
        """Take back what was not committed."""
        self._tables.undo.back_to(self._mark)

    def __getattr__(self, name: str) -> Any:
        """A store that a rehearsal does not have: it may be held, not asked."""
        return _Absent(name)

    def commit(self) -> None:
        """Let everything stand."""
        self._mark = self._tables.undo.mark()

    def savepoint(self) -> AbstractContextManager[None]:
        """What raises inside leaves nothing behind."""
        return self._tables.undo.savepoint()


def opened(tables: Tables, behind: ProcessStore | None, host: AnsweringHost) -> UnitOfWork:
    """A unit of work over these tables."""
    return cast("UnitOfWork", RehearsalWork(tables, behind, host))
