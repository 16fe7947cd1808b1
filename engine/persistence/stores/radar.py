"""Where a cycle is stuck, on SQL: lists by key, counts by set, one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.homes import home_once, homes
from engine.persistence.stores.radar_counts import SqlRadarCounts
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.tables import agency as a
from engine.persistence.tables.columns import ID_LENGTH
from engine.persistence.tables.contributions import output
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.work import outbox
from engine.persistence.types import Key, UtcDateTime
from engine.usecases.ports.radar import HolderLoad, Reminded, Stuck, UnitLate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.radar import StuckQuery

_T = user_task.c
_ROOT: Final = process_instance.alias("root")
#: whose matter the process is: its business key begins with an id
_MATTER: Final = sa.func.substr(_ROOT.c.business_key, 1, ID_LENGTH)
#: the person a task is about, as its row says or else its process
_ABOUT: Final = sa.func.coalesce(_T.about_id, _MATTER)
_PERSON: Final = a.person.alias("about")


class SqlRadarStore(SqlRadarCounts):
    """`RadarStore` on a connection."""

    def stuck(
        self, query: StuckQuery, on: date, *, after: tuple[datetime, int] | None, limit: int
    ) -> Sequence[Stuck]:
        """Tasks that hold the cycle up, longest overdue first, keyset paged by (sort_at, key)."""
        home = home_once(on).subquery("home")
        wanted = (
            _asked(query, home, *_row(home))
            .outerjoin(_PERSON, _PERSON.c.id == _ABOUT)
            .outerjoin(output, output.c.id == sa.func.coalesce(_T.output_id, _MATTER))
            .order_by(_T.sort_at, _T.key)
            .limit(limit)
        )
        if after is not None:
            at, last = after
            seen = sa.tuple_(sa.literal(at, UtcDateTime), sa.literal(last, Key))
            wanted = wanted.where(sa.tuple_(_T.sort_at, _T.key) > seen)
        return [_stuck(row) for row in self._connection.execute(wanted).mappings()]

    def holders(self, query: StuckQuery, on: date, limit: int) -> Sequence[HolderLoad]:
        """Whom the tasks of a query wait for, who keeps most people waiting first."""
        people = sa.func.count(sa.distinct(_ABOUT)).label("people")
        tasks = sa.func.count().label("tasks")
        home = home_once(on).subquery("home")
        wanted = (
            _asked(query, home, _T.assignee, tasks, people, sa.func.min(_T.sort_at).label("since"))
            .group_by(_T.assignee)
            .order_by(people.desc(), tasks.desc(), _T.assignee)
            .limit(limit)
        )
        return [
            HolderLoad(
                holder_id=row["assignee"],
                tasks=row["tasks"],
                people=row["people"],
                since=row["since"],
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def late_by_unit(self, query: StuckQuery, on: date) -> Sequence[UnitLate]:
        """Tasks of a query about people of each unit."""
        home = home_once(on).subquery("home")
        tasks = sa.func.count().label("tasks")
        people = sa.func.count(sa.distinct(_ABOUT)).label("people")
        wanted = (
            _asked(query, home, home.c.unit_id, tasks, people)
            .where(home.c.unit_id.is_not(None))
            .group_by(home.c.unit_id)
        )
        return [UnitLate(**row) for row in self._connection.execute(wanted).mappings()]

    def waiting_people(self, query: StuckQuery, on: date) -> int:
        """How many people the tasks of a query are about."""
        home = home_once(on).subquery("home")
        wanted = _asked(query, home, sa.func.count(sa.distinct(home.c.person_id)))
        return int(self._connection.scalar(wanted) or 0)

    def matters(self, root_keys: Collection[int]) -> Mapping[int, str]:
        """Root instance -> its business key, for those that have one."""
        held = process_instance.c
        wanted = sa.select(held.key, held.business_key).where(
            held.key.in_(sorted(set(root_keys))), held.business_key.is_not(None)
        )
        return {row.key: row.business_key for row in self._connection.execute(wanted)}

    def open_tasks(self, keys: Collection[int]) -> Sequence[UserTaskRow]:
        """Those of the tasks that are open, by key, held until the commit."""
        wanted = sa.select(*TASK.columns).where(_T.key.in_(sorted(keys)), IS_OPEN)
        return TASK.all_of(self._connection.execute(wanted.order_by(_T.key).with_for_update()))

    def tasks(self, keys: Collection[int]) -> Sequence[UserTaskRow]:
        """The tasks of these keys, open or not, by key."""
        wanted = sa.select(*TASK.columns).where(_T.key.in_(sorted(keys)))
        return TASK.all_of(self._connection.execute(wanted.order_by(_T.key)))

    def reminded(self, prefix: str, *, after: str | None, limit: int) -> Sequence[Reminded]:
        """Reminders whose keys begin so, by key."""
        held = outbox.c
        wanted = (
            sa.select(held.key, held.payload, held.put_at, held.outcome)
            .where(held.key > (after or prefix), held.key < f"{prefix}\x7f")
            .order_by(held.key)
            .limit(limit)
        )
        return [
            Reminded(
                key=row["key"],
                task_key=int(row["payload"]["task_key"]),
                holder_id=row["payload"].get("recipient_id"),
                put_at=row["put_at"],
                outcome=row["outcome"],
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def reminded_among(self, keys: Collection[str]) -> frozenset[str]:
        """Those of the keys under which a reminder was put before."""
        wanted = sa.select(outbox.c.key).where(outbox.c.key.in_(sorted(keys)))
        return frozenset(self._connection.scalars(wanted))

    def unit_people(self, agency_id: str, on: date) -> Mapping[str, int]:
        """Unit -> people who belong to it."""
        home = homes(on).subquery("home")
        wanted = (
            sa.select(home.c.unit_id, sa.func.count().label("people"))
            .join(a.unit, a.unit.c.id == home.c.unit_id)
            .where(a.unit.c.agency_id == agency_id)
            .group_by(home.c.unit_id)
        )
        return {row.unit_id: row.people for row in self._connection.execute(wanted)}


def _row(home: sa.Subquery) -> tuple[Any, ...]:
    names = (
        "key", "instance_key", "root_key", "process_id", "element_id", "name", "subject",
        "assignee", "candidates", "orphaned", "due_at", "sort_at",
    )  # fmt: skip
    return (
        *(_T[name] for name in names),
        _MATTER.label("matter_id"),
        output.c.title.label("output_title"),
        _PERSON.c.id.label("about_id"),
        _PERSON.c.name.label("about_name"),
        home.c.unit_id.label("about_unit_id"),
    )


def _asked(query: StuckQuery, home: sa.Subquery, *columns: Any) -> sa.Select[Any]:
    """Open tasks of a query with their roots and homes."""
    wanted = (
        sa.select(*columns)
        .select_from(user_task)
        .join(_ROOT, _ROOT.c.key == _T.root_key)
        .outerjoin(home, home.c.person_id == _ABOUT)
        .where(IS_OPEN, _T.agency_id == query.agency_id, _holds_up(query), _in_cycle(query))
    )
    if query.at_risk:
        risky = sa.or_(_T.sort_at < query.now, _T.due_at > query.deadline, _T.orphaned)
        wanted = wanted.where(risky)
    if query.unit_id is not None:
        wanted = wanted.where(home.c.unit_id == query.unit_id)
    if query.holder_id is not None:
        wanted = wanted.where(_T.assignee == query.holder_id)
    return wanted


def _holds_up(query: StuckQuery) -> sa.ColumnElement[bool]:
    beside = [
        sa.and_(_T.process_id == process, _T.element_id.in_(sorted(elements)))
        for process, elements in sorted(query.processes.items())
        if elements
    ]
    within = _T.process_id.in_(sorted(query.processes))
    return sa.and_(within, sa.not_(sa.or_(*beside))) if beside else within


def _in_cycle(query: StuckQuery) -> sa.ColumnElement[bool]:
    """Processes of this cycle, and those that belong to none by their key."""
    key = _ROOT.c.business_key
    return sa.or_(key.is_(None), key.contains(f":{query.cycle_id}", autoescape=True))


def _stuck(row: sa.RowMapping) -> Stuck:
    facts = {name: row[name] for name in row if name not in {"assignee", "candidates"}}
    groups = tuple(name for kind, name in row["candidates"] if kind == "group")
    return Stuck(**facts, holder_id=row["assignee"], groups=groups)
