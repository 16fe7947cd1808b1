"""The work list: who may see a task is part of the question, and each page is an index read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.partitions import SLACK
from engine.persistence.stores.access import Reach, reach_of
from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.stores.user_tasks import (
    FORGET_CANDIDATES,
    INSERT_CANDIDATE,
    IS_OPEN,
    NEVER,
    TASK,
    candidates_of,
)
from engine.persistence.tables.process import (
    process_instance,
    task_draft,
    user_task,
)
from engine.persistence.tables.waiting import history
from engine.persistence.types import Key, UtcDateTime
from engine.usecases.errors import StaleWrite
from engine.usecases.ports.process import HistoryRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.persistence.stores.access import Substitutes
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.runner import Assignment

_T, _I = user_task.c, process_instance.c
_HISTORY = RowMapper(HistoryRow, history)
#: literal conditions of partial indexes
_IS_ROOT = _I.parent_key.is_(None)
_IS_ORPHANED = sa.text("user_task.orphaned")

_ASSIGN = (
    user_task.update()
    .where(_T.key == sa.bindparam("at_key"), _T.version == sa.bindparam("at_version"), IS_OPEN)
    .values(assignee=sa.bindparam("assignee"), owner=sa.bindparam("owner"), version=_T.version + 1)
    .returning(*TASK.columns)
)
_MOVE = (
    user_task.update()
    .where(_T.key == sa.bindparam("at_key"), _T.version == sa.bindparam("at_version"), IS_OPEN)
    .values(
        assignee=sa.bindparam("assignee"),
        candidates=sa.bindparam("candidates"),
        orphaned=sa.bindparam("orphaned"),
        owner=None,
        version=_T.version + 1,
    )
    .returning(*TASK.columns)
)
_SCHEDULE = (
    user_task.update()
    .where(_T.key == sa.bindparam("at_key"), _T.version == sa.bindparam("at_version"), IS_OPEN)
    .values(
        due_at=sa.bindparam("due_at"),
        sort_at=sa.bindparam("sort_at"),
        follow_up_at=sa.bindparam("follow_up_at"),
        priority=sa.bindparam("priority"),
        candidates=sa.bindparam("candidates"),
        version=_T.version + 1,
    )
    .returning(*TASK.columns)
)
_INSTANCE_COLUMNS = [
    column for column in process_instance.c if column.name not in {"state", "audit_head"}
]


class SqlWorkList(Store):
    """`WorkList` on SQL.

    A person reaches tasks by a few arms (assigned to, candidate, each group); every arm is one
    index in due order, read no further than the page.
    """

    def __init__(self, transaction: Transaction, substitutes: Substitutes) -> None:
        super().__init__(transaction)
        self._substitutes = substitutes

    def mine(
        self,
        actor: Actor,
        *,
        now: datetime,
        process_id: str | None = None,
        element_id: str | None = None,
        after: tuple[datetime, int] | None = None,
        limit: int = 50,
    ) -> Sequence[UserTaskRow]:
        """Open tasks the actor may take, earliest due first, keyset paged.

        `after` is (due_at, key) of the last row seen, `datetime.max` in UTC for a row that is
        never due.
        """
        wanted = _Wanted(process_id=process_id, element_id=element_id, after=after, limit=limit)
        arms = [_page_arm(arm, wanted) for arm in self._arms(actor, now)]
        if not arms:
            return []
        page = sa.union(*arms).order_by("sort_at", "key").limit(limit).subquery()
        rows = (
            sa.select(*TASK.columns)
            .join(page, page.c.key == _T.key)
            .order_by(page.c.sort_at, page.c.key)
        )
        return TASK.all_of(self._tx.execute(rows))

    def count_mine(self, actor: Actor, *, now: datetime) -> int:
        """How many tasks `mine` holds."""
        arms = self._arms(actor, now)
        if not arms:
            return 0
        every = sa.union(*arms).subquery()
        return int(self._tx.execute(sa.select(sa.func.count()).select_from(every)).scalar() or 0)

    def may_take(self, actor: Actor, task: UserTaskRow, *, now: datetime) -> bool:
        """Whether `mine` would hold this task."""
        alone = Reach(person_id=actor.person_id, groups=actor.groups, agency_id=actor.agency_id)
        if alone.holds(task):
            return True
        return reach_of(self._tx.connection, actor, now, self._substitutes).holds(task)

    def orphaned(self, agency_id: str | None) -> Sequence[UserTaskRow]:
        """Open tasks for which nobody was found, oldest first; None: those of all agencies."""
        wanted = sa.select(*TASK.columns).where(_IS_ORPHANED, IS_OPEN)
        if agency_id is not None:
            wanted = wanted.where(_T.agency_id == agency_id)
        return TASK.all_of(self._tx.execute(wanted.order_by(_T.key)))

    def overdue(
        self, now: datetime, agency_id: str | None, limit: int = 200
    ) -> Sequence[UserTaskRow]:
        """Open tasks past their due date, earliest due first; None: those of all agencies."""
        wanted = sa.select(*TASK.columns).where(IS_OPEN, _T.sort_at < now)
        if agency_id is not None:
            wanted = wanted.where(_T.agency_id == agency_id)
        ordered = wanted.order_by(_T.sort_at, _T.key).limit(limit)
        return TASK.all_of(self._tx.execute(ordered))

    def assign(self, task_key: int, assignee: str | None, *, version: int) -> None:
        """Claim or give back; `StaleWrite` when the version is not the stored one."""
        values = {"at_key": task_key, "at_version": version, "assignee": assignee, "owner": None}
        self._rewrite(_ASSIGN, values)

    def entrust(self, task_key: int, *, owner: str | None, assignee: str, version: int) -> None:
        """Have somebody work on an owner's task (None: it is his own again); `StaleWrite`."""
        values = {"at_key": task_key, "at_version": version, "assignee": assignee, "owner": owner}
        self._rewrite(_ASSIGN, values)

    def entrusted(self, person_id: str, limit: int = 50) -> Sequence[UserTaskRow]:
        """Open tasks of his on which somebody else works, earliest due first."""
        wanted = sa.select(*TASK.columns).where(_T.owner == person_id, IS_OPEN)
        return TASK.all_of(self._tx.execute(wanted.order_by(_T.sort_at, _T.key).limit(limit)))

    def schedule(self, task: UserTaskRow) -> None:
        """Write due date, follow-up date, priority and candidates; `StaleWrite` when stale."""
        values = {
            "at_key": task.key,
            "at_version": task.version,
            "due_at": task.due_at,
            "sort_at": task.due_at or NEVER,
            "follow_up_at": task.follow_up_at,
            "priority": task.priority,
            "candidates": task.candidates,
        }
        self._rewrite(_SCHEDULE, values)

    def move(self, task: UserTaskRow, found: Assignment) -> None:
        """Give an open task to whom its drawing names now; drafts stay with who typed them."""
        values = {
            "at_key": task.key,
            "at_version": task.version,
            "assignee": found.assignee,
            "candidates": found.candidates,
            "orphaned": found.orphaned,
        }
        self._rewrite(_MOVE, values)

    def _rewrite(self, change: sa.UpdateBase, values: Mapping[str, Any]) -> None:
        """Change an open row that is as it was read, and its candidates with it."""
        changed = TASK.one_of(self._tx.execute(change, values))
        if changed is None:
            raise StaleWrite("the task changed meanwhile", task=values["at_key"])
        self._tx.execute(FORGET_CANDIDATES, {"at_key": changed.key})
        self._tx.execute_many(INSERT_CANDIDATE, candidates_of([changed]))

    def save_draft(
        self, task_key: int, person: str, data: Mapping[str, Json], at: datetime
    ) -> None:
        """Keep what somebody typed, apart from process variables."""
        insert = (postgresql if self._tx.is_postgresql else sqlite).insert(task_draft)
        put = insert.on_conflict_do_update(
            index_elements=["task_key", "person_id"],
            set_={"data": insert.excluded.data, "at": insert.excluded.at},
        )
        row = {"task_key": task_key, "person_id": person, "data": dict(data), "at": at}
        self._tx.execute(put, row)

    def draft(self, task_key: int, person: str) -> Mapping[str, Json] | None:
        """What that person typed last."""
        wanted = sa.select(task_draft.c.data).where(
            task_draft.c.task_key == task_key, task_draft.c.person_id == person
        )
        found: Mapping[str, Json] | None = self._tx.execute(wanted).scalar()
        return found

    def drop_draft(self, task_key: int, person: str) -> None:
        """Forget what that person typed."""
        held = task_draft.c
        gone = task_draft.delete().where(held.task_key == task_key, held.person_id == person)
        self._tx.execute(gone)

    def history(
        self, root_key: int, *, after: int | None = None, limit: int | None = None
    ) -> Sequence[Mapping[str, Json]]:
        """History rows of an instance tree by column name, oldest first, keyset paged by key."""
        # no row of a tree is older than its root: on PostgreSQL earlier years are not asked
        behind = history.c.key >= root_key - SLACK if after is None else history.c.key > after
        wanted = sa.select(*_HISTORY.columns).where(history.c.root_key == root_key, behind)
        rows = self._tx.execute(wanted.order_by(history.c.key).limit(limit)).mappings()
        return [dict(row) for row in rows]

    def instances(
        self,
        *,
        process_id: str | None = None,
        status: str | None = None,
        agency_id: str | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> Sequence[Mapping[str, Json]]:
        """Root instances without their state, newest first, keyset paged by key."""
        self._tx.write_pending()
        wanted = sa.select(*_INSTANCE_COLUMNS).where(_IS_ROOT)
        for column, value in (
            (_I.process_id, process_id),
            (_I.status, status),
            (_I.agency_id, agency_id),
        ):
            if value is not None:
                wanted = wanted.where(column == value)
        if after is not None:
            wanted = wanted.where(_I.key < after)
        rows = self._tx.execute(wanted.order_by(_I.key.desc()).limit(limit))
        return [dict(row) for row in rows.mappings()]

    def _arms(self, actor: Actor, now: datetime) -> list[sa.Select[Any]]:
        return reach_of(self._tx.connection, actor, now, self._substitutes).arms()


class _Wanted:
    """Filters of one page."""

    def __init__(
        self,
        *,
        process_id: str | None,
        element_id: str | None,
        after: tuple[datetime, int] | None,
        limit: int,
    ) -> None:
        self.filters = {"process_id": process_id, "element_id": element_id}
        self.after = after
        self.limit = limit


def _page_arm(arm: sa.Select[Any], wanted: _Wanted) -> sa.Select[Any]:
    sort_at, key = arm.selected_columns
    for name, value in wanted.filters.items():
        if value is not None:
            arm = arm.where(_T[name] == value)
    if wanted.after is not None:
        at, last = wanted.after
        seen = sa.tuple_(sa.literal(at, UtcDateTime), sa.literal(last, Key))
        arm = arm.where(sa.tuple_(sort_at, key) > seen)
    page = arm.order_by(sort_at, key).limit(wanted.limit).subquery()
    return sa.select(page.c.sort_at, page.c.key)
