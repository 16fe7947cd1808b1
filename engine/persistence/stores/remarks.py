"""Remarks and followers on SQL: each question is one statement of index reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.access import reach_of
from engine.persistence.stores.transaction import Store
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.tables.agency import person
from engine.persistence.tables.contributions import evidence, squad
from engine.persistence.tables.process import process_definition, process_instance, user_task
from engine.persistence.tables.remarks import remark, watch
from engine.persistence.tables.waiting import incident
from engine.persistence.tables.workplace import notice
from engine.usecases.ports import remarks as p
from engine.usecases.ports.process import InstanceStatus, TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.persistence.stores.access import Substitutes
    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.actor import Actor

_T, _I, _R, _W = user_task.c, process_instance.c, remark.c, watch.c
_OVER: Final = (InstanceStatus.COMPLETED.value, InstanceStatus.CANCELLED.value)


class SqlRemarks(Store):
    """`RemarkStore` on SQL."""

    def __init__(self, transaction: Transaction, substitutes: Substitutes) -> None:
        super().__init__(transaction)
        self._substitutes = substitutes

    def add(self, row: p.Remark) -> None:
        """Keep a remark."""
        values = {name: getattr(row, name) for name in _R.keys()}  # noqa: SIM118 - columns
        self._tx.execute(remark.insert(), values | {"mentions": list(row.mentions)})

    def remark(self, remark_id: str) -> p.Remark | None:
        """One by id."""
        row = self._tx.execute(sa.select(remark).where(_R.id == remark_id)).mappings().first()
        return None if row is None else _remark(row)

    def heard(
        self, instance_key: int, *, after: str | None = None, limit: int = 50
    ) -> Sequence[p.Heard]:
        """Remarks of an instance, newest first, keyset paged by id; one statement."""
        asked = (
            sa.select(
                *remark.c,
                person.c.name.label("author"),
                _T.name.label("task"),
                evidence.c.filename,
                evidence.c.size_bytes,
            )
            .select_from(remark)
            .join(person, person.c.id == _R.author_id)
            .outerjoin(user_task, _T.key == _R.task_key)
            .outerjoin(evidence, evidence.c.id == _R.evidence_id)
            .where(_R.instance_key == instance_key)
        )
        if after is not None:
            asked = asked.where(_R.id < after)
        rows = self._tx.execute(asked.order_by(_R.id.desc()).limit(limit)).mappings()
        return [
            p.Heard(
                remark=_remark(row),
                author=row["author"],
                task=row["task"] or "",
                filename=row["filename"] or "",
                size_bytes=row["size_bytes"] or 0,
            )
            for row in rows
        ]

    def people(self, instance_key: int) -> Mapping[str, str]:
        """Names by id of who started it, has or had a task in it or spoke; one statement."""
        here = _T.instance_key == instance_key
        names = sa.union(
            sa.select(_T.assignee.label("id")).where(here),
            sa.select(_T.owner).where(here),
            sa.select(_T.completed_by).where(here),
            sa.select(_I.started_by).where(_I.key == instance_key),
            sa.select(_R.author_id).where(_R.instance_key == instance_key),
        ).subquery()
        asked = sa.select(person.c.id, person.c.name).join(names, names.c.id == person.c.id)
        return {row.id: row.name for row in self._tx.execute(asked.order_by(person.c.name))}

    def parties(self, instance_key: int, task_key: int) -> frozenset[str]:
        """Who has or had another task of that instance, and the sponsor of the task's squad."""
        others = sa.and_(_T.instance_key == instance_key, _T.key != task_key)
        sponsor = (
            sa.select(squad.c.sponsor_id)
            .join(user_task, _T.squad_id == squad.c.id)
            .where(_T.key == task_key)
        )
        found = sa.union(
            sa.select(_T.assignee.label("id")).where(others),
            sa.select(_T.owner).where(others),
            sa.select(_T.completed_by).where(others),
            sponsor,
        )
        return frozenset(row.id for row in self._tx.execute(found) if row.id)

    def takes_part(self, actor: Actor, instance_key: int, now: datetime) -> bool:
        """Whether he has or had a task in exactly this instance, or may take an open one."""
        if actor.person_id is not None:
            own = sa.or_(
                *(one == actor.person_id for one in (_T.assignee, _T.owner, _T.completed_by))
            )
            asked = sa.select(_T.key).where(_T.instance_key == instance_key, own).limit(1)
            if self._tx.execute(asked).first() is not None:
                return True
        reach = reach_of(self._tx.connection, actor, now, self._substitutes)
        tasks = sa.select(*TASK.columns).where(_T.instance_key == instance_key, IS_OPEN)
        return any(reach.holds(task) for task in TASK.all_of(self._tx.execute(tasks)))

    def watches(self, person_id: str, instance_key: int) -> frozenset[int]:
        """Keys of the tasks of this instance that he follows; 0 is the instance."""
        asked = sa.select(_W.task_key).where(
            _W.person_id == person_id, _W.instance_key == instance_key
        )
        return frozenset(row.task_key for row in self._tx.execute(asked))

    def watch(self, person_id: str, instance_key: int, task_key: int, at: datetime) -> None:
        """Follow; a second time changes nothing."""
        insert = (postgresql if self._tx.is_postgresql else sqlite).insert(watch)
        row = {
            "person_id": person_id,
            "instance_key": instance_key,
            "task_key": task_key,
            "at": at,
        }
        self._tx.execute(insert.on_conflict_do_nothing(), row)

    def unwatch(self, person_id: str, instance_key: int, task_key: int) -> None:
        """Follow no longer."""
        self._tx.execute(watch.delete().where(_is(person_id, instance_key, task_key)))

    def followers(self, instance_key: int, task_key: int) -> Sequence[str]:
        """Who follows that task or its whole instance; with task 0 the instance alone."""
        asked = (
            sa.select(_W.person_id)
            .distinct()
            .where(_W.instance_key == instance_key, _W.task_key.in_({0, task_key}))
        )
        return [row.person_id for row in self._tx.execute(asked.order_by(_W.person_id))]

    def stopped(self, limit: int) -> Sequence[p.Followed]:
        """Instances that somebody follows and that stand at an incident of which he was not told.

        Only incidents since he follows.
        """
        return [p.Followed(**row) for row in self._tx.execute(_stopped(limit)).mappings()]

    def has_ended(self) -> bool:
        """Whether something that somebody follows has ended."""
        return self._tx.execute(_ended(1)).first() is not None

    def ended(self, limit: int) -> Sequence[p.Followed]:
        """What somebody follows and has ended; those rows are gone with the transaction."""
        asked = _ended(limit)
        if self._tx.is_postgresql:  # another worker's rows are left to it
            asked = asked.with_for_update(of=watch, skip_locked=True)
        found = [p.Followed(**row) for row in self._tx.execute(asked).mappings()]
        if found:
            gone = watch.delete().where(
                sa.and_(*(_W[name] == sa.bindparam(f"at_{name}") for name in _KEY))
            )
            self._tx.execute_many(
                gone, [{f"at_{name}": getattr(one, name) for name in _KEY} for one in found]
            )
        return found


_KEY: Final = ("person_id", "instance_key", "task_key")


def _ended(limit: int) -> sa.Select[Any]:
    over = sa.or_(
        sa.and_(_W.task_key == 0, _I.status.in_(_OVER)),
        sa.and_(_W.task_key != 0, _T.state != TaskState.CREATED.value),
    )
    return _followed().where(over).limit(limit)


def _stopped(limit: int) -> sa.Select[Any]:
    told = sa.exists().where(
        notice.c.person_id == _W.person_id,
        notice.c.key == sa.literal("incident:").concat(sa.cast(incident.c.key, sa.Text)),
    )
    return (
        _followed()
        .add_columns(incident.c.key.label("incident_key"))
        .join(incident, incident.c.instance_key == _W.instance_key)
        .where(incident.c.resolved_at.is_(None), incident.c.created_at >= _W.at, ~told)
        .order_by(incident.c.key)
        .limit(limit)
    )


def _followed() -> sa.Select[Any]:
    """What somebody follows, with its title and state."""
    return (
        sa.select(
            *(_W[name] for name in _KEY),
            sa.func.coalesce(
                _T.name, sa.func.nullif(process_definition.c.name, ""), _I.process_id
            ).label("title"),
            sa.case((_W.task_key == 0, _I.status), else_=_T.state).label("state"),
        )
        .select_from(watch)
        .join(process_instance, _I.key == _W.instance_key)
        .join(process_definition, process_definition.c.key == _I.definition_key)
        .outerjoin(user_task, _T.key == _W.task_key)
    )


def _is(person_id: str, instance_key: int, task_key: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        _W.person_id == person_id, _W.instance_key == instance_key, _W.task_key == task_key
    )


def _remark(row: sa.RowMapping) -> p.Remark:
    values = {name: row[name] for name in _R.keys()}  # noqa: SIM118 - columns
    return p.Remark(**values | {"mentions": tuple(values["mentions"])})
