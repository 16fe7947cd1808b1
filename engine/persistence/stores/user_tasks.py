"""Rows of the work list: opened and closed by the engine, together with their candidates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.persistence.stores.instances import INSTANCE, ROOT, InstanceStore
from engine.persistence.stores.rows import RowMapper
from engine.persistence.tables.process import (
    process_instance,
    task_draft,
    user_task,
    user_task_candidate,
)
from engine.usecases.errors import Conflict
from engine.usecases.ports.process import TaskState, UserTaskRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.ports.process import ClosedTask, InstanceRow

#: where tasks without a due date stand in the order of the work list
NEVER = datetime.max.replace(tzinfo=UTC)

TASK = RowMapper(
    UserTaskRow,
    user_task,
    read={
        "candidates": lambda pairs: tuple((kind, name) for kind, name in pairs),
        "state": TaskState,
    },
    write={"state": lambda state: TaskState(state).value},
)
_T = user_task.c
#: literal, so that SQLite recognises the condition of its partial indexes
IS_OPEN = _T.state == sa.literal_column("'created'")

_INSERT = user_task.insert()
INSERT_CANDIDATE = user_task_candidate.insert()
_BY_KEY = sa.select(*TASK.columns).where(_T.key == sa.bindparam("key"))
#: root first: whoever holds it may touch everything below it
_WITH_LOCK = (
    sa.select(*TASK.columns, *INSTANCE.columns)
    .join(process_instance, process_instance.c.key == _T.instance_key)
    .join(ROOT, ROOT.c.key == process_instance.c.root_key)
    .where(_T.key == sa.bindparam("key"))
    .with_for_update(of=[ROOT, process_instance, user_task])
)
#: where one writes at a time, what stands at the lock stands until the commit
_WITH_LOCK_AND_DRAFTS = _WITH_LOCK.add_columns(
    sa.exists().where(task_draft.c.task_key == _T.key).label("drafted")
)
_OPEN = (
    sa.select(*TASK.columns)
    .where(_T.instance_key == sa.bindparam("instance_key"), IS_OPEN)
    .order_by(_T.key)
)
_CLOSE = (
    user_task.update()
    .where(_T.key == sa.bindparam("at_key"), IS_OPEN)
    .values(
        state=sa.bindparam("state"),
        completed_at=sa.bindparam("completed_at"),
        completed_by=sa.bindparam("completed_by"),
        version=_T.version + 1,
    )
)
FORGET_CANDIDATES = user_task_candidate.delete().where(
    user_task_candidate.c.task_key == sa.bindparam("at_key")
)
#: what somebody typed is nobody's any more: it may be what only its author should read
FORGET_DRAFTS = task_draft.delete().where(task_draft.c.task_key == sa.bindparam("at_key"))


class UserTaskStore(InstanceStore):
    """The part of the process store that keeps user tasks."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        #: tasks locked that have no rows of candidates, with how much was written until then
        self._without_candidates: dict[int, int] = {}
        #: tasks locked for which nobody keeps a draft, likewise; only where one writes at a time
        self._without_drafts: dict[int, int] = {}
        #: the task just locked, its instance, and how much was written until then
        self._fresh: tuple[UserTaskRow, InstanceRow, int] | None = None

    def task(self, key: int) -> UserTaskRow | None:
        """A work-list row."""
        return TASK.one_of(self._tx.execute(_BY_KEY, {"key": key}))

    def task_with_lock(self, key: int) -> tuple[UserTaskRow, InstanceRow] | None:
        """A work-list row and its instance, root locked; one statement.

        A command asks for access, its runner asks again: while nothing was written in between,
        the locked rows cannot have changed, and the second answer is the first one, once.
        """
        self.write()
        fresh, self._fresh = self._fresh, None
        if fresh is not None and fresh[0].key == key and fresh[2] == self._tx.writes_sent:
            return fresh[0], fresh[1]
        asked = _WITH_LOCK if self._tx.is_postgresql else _WITH_LOCK_AND_DRAFTS
        row = self._tx.execute(asked, {"key": key}).first()
        if row is None:
            return None
        ends = TASK.width + INSTANCE.width
        task, instance = TASK.of(row[: TASK.width]), INSTANCE.of(row[TASK.width : ends])
        if row[ends:] and not row[ends]:
            self._without_drafts[task.key] = self._tx.writes_sent
        self.locked(instance)
        if not (task.candidates and task.assignee is None):
            self._without_candidates[task.key] = self._tx.writes_sent
        self._fresh = (task, instance, self._tx.writes_sent)
        return task, instance

    def rewind(self, mark: Any) -> None:
        """Forget what was read and changed since the mark, rows changed in memory too."""
        self._fresh = None
        super().rewind(mark)

    def open_tasks(self, instance_key: int) -> Sequence[UserTaskRow]:
        """Open work-list rows of one instance, by key."""
        return TASK.all_of(self._tx.execute(_OPEN, {"instance_key": instance_key}))

    def open_and_close(self, opened: Sequence[UserTaskRow], closed: Sequence[ClosedTask]) -> None:
        """Write the ends and beginnings of tasks; `Conflict` when one is not open any more.

        A task that begins and ends in the same command is kept as ended.
        """
        ends = {end.key: end for end in closed}
        new = {row.key for row in opened}
        self._close([end for end in closed if end.key not in new])
        self._tx.execute_many(_INSERT, [_values(row, ends.get(row.key)) for row in opened])
        alive = [row for row in opened if row.key not in ends]
        self._tx.execute_many(INSERT_CANDIDATE, candidates_of(alive))

    def _close(self, closed: Sequence[ClosedTask]) -> None:
        written = self._tx.writes_sent
        rows = [
            {
                "at_key": end.key,
                "state": TaskState(end.state).value,
                "completed_at": end.at,
                "completed_by": end.by,
            }
            for end in closed
        ]
        if self._tx.execute_many(_CLOSE, rows) != len(rows):
            raise Conflict("a task is not open any more", tasks=[end.key for end in closed])
        # what was seen at the lock counts only while nobody could have given the task back
        listed = [e.key for e in closed if self._without_candidates.get(e.key) != written]
        self._tx.execute_many(FORGET_CANDIDATES, [{"at_key": key} for key in listed])
        drafted = [e.key for e in closed if self._without_drafts.get(e.key) != written]
        self._tx.execute_many(FORGET_DRAFTS, [{"at_key": key} for key in drafted])


def _values(row: UserTaskRow, end: ClosedTask | None) -> dict[str, Any]:
    values = TASK.values(row) | {"sort_at": row.due_at or NEVER}
    if end is not None:
        values |= {
            "state": TaskState(end.state).value,
            "completed_at": end.at,
            "completed_by": end.by,
        }
    return values


def candidates_of(rows: Iterable[UserTaskRow]) -> list[dict[str, Any]]:
    """Rows of `user_task_candidate`: who may take each of these tasks that nobody holds."""
    return [
        {
            "task_key": row.key,
            "kind": kind,
            "name": name,
            # groups are an agency's; a person is the same person everywhere
            "agency_id": (row.agency_id or "") if kind == "group" else "",
            "sort_at": row.due_at or NEVER,
        }
        for row in rows
        if row.assignee is None
        for kind, name in dict.fromkeys(row.candidates)
    ]
