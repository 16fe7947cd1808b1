"""Whose tasks an actor reaches: his own, those of people he stands in for, those of his groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.substitutions import Scope, covers_process, processes_of
from engine.persistence.stores.user_tasks import IS_OPEN
from engine.persistence.tables.process import user_task, user_task_candidate
from engine.usecases.ports.process import TaskState

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import UserTaskRow

#: (connection, person, business time) -> (absent person, scope of the letter) for everybody
#: whom that person stands in for at that time
Substitutes = Callable[[sa.Connection, str, "datetime"], Sequence[tuple[str, str]]]

_T, _C = user_task.c, user_task_candidate.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The arms by which an actor reaches tasks."""

    person_id: str | None
    groups: frozenset[str]
    agency_id: str | None
    #: (absent person, scope)
    absent: tuple[tuple[str, str], ...] = ()

    def holds(self, task: UserTaskRow) -> bool:
        """Whether this open task is within reach."""
        if task.state is not TaskState.CREATED:
            return False
        people = {
            person for person, scope in self._people() if covers_process(scope, task.process_id)
        }
        if task.assignee is not None:
            return task.assignee in people
        same_agency = task.agency_id is None or task.agency_id == self.agency_id
        return any(
            name in people if kind == "user" else same_agency and name in self.groups
            for kind, name in task.candidates
        )

    def arms(self) -> list[sa.Select[Any]]:
        """One question (sort_at, key) per arm, each along one index."""
        found: list[sa.Select[Any]] = []
        for person, scope in self._people():
            arms = (_assigned(person), _candidate("user", person, ""))
            inside = processes_of(scope)
            found.extend(
                arm if inside is None else arm.where(_T.process_id.in_(sorted(inside)))
                for arm in arms
            )
        for group in sorted(self.groups):
            found.extend(
                _candidate("group", group, agency)
                for agency in dict.fromkeys((self.agency_id or "", ""))
            )
        return found

    def _people(self) -> tuple[tuple[str, str], ...]:
        own = ((self.person_id, Scope.ALL.value),) if self.person_id is not None else ()
        return own + self.absent


def reach_of(
    connection: sa.Connection, actor: Actor, now: datetime, substitutes: Substitutes
) -> Reach:
    """The reach of an actor at a business time."""
    person = actor.person_id
    absent = substitutes(connection, person, now) if person is not None else ()
    return Reach(
        person_id=person, groups=actor.groups, agency_id=actor.agency_id, absent=tuple(absent)
    )


def _assigned(person: str) -> sa.Select[Any]:
    return sa.select(_T.sort_at, _T.key).where(_T.assignee == person, IS_OPEN)


def _candidate(kind: str, name: str, agency: str) -> sa.Select[Any]:
    return (
        sa.select(_C.sort_at, _C.task_key.label("key"))
        .join(user_task, _T.key == _C.task_key)
        .where(_C.kind == kind, _C.name == name, _C.agency_id == agency)
    )
