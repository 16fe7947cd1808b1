"""Undoing a migration: what an instance was before, kept small, and bringing it back.

An instance moved on when its state is another: a token went, a variable, a timer or what it waits
for changed. Being held or released since is no move; it stays as it is. What people did with its
tasks since stands as well: a draft lies with the task, whose key stays, and a task that was taken
or offered to others by hand keeps who has it.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.runtime.faults import StateUnreadable
from engine.usecases.ports.batches import Waits
from engine.usecases.ports.process import (
    InstanceRow,
    SubscriptionKind,
    SubscriptionRow,
    UserTaskRow,
)
from engine.usecases.ports.runner import Assignment
from engine.usecases.ports.versions import MigrationRefused, Obstacle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.runtime.command import Command

_FORMAT: Final = b"S1"
_PLACE: Final = ("key", "process_id", "definition_key", "element_id")
_TASK: Final = (*_PLACE, "name", "form_key", "form_id")
_ROW: Final = ("key", "process_id", "definition_key", "body")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of an instance before it moved; versions are those after."""

    rows: Sequence[InstanceRow]
    before: Sequence[dict[str, Any]]
    waits: Waits

    @classmethod
    def of(cls, rows: Sequence[InstanceRow], waits: Waits) -> Snapshot:
        """Remember rows that are about to change."""
        before = [
            {name: getattr(row, name) for name in _ROW} | {"state": b64encode(row.state).decode()}
            for row in rows
        ]
        return cls(rows, before, waits)

    def dump(self, people: Sequence[tuple[UserTaskRow, Assignment]] = ()) -> bytes:
        """As bytes, with what the rows are now; `people`: tasks that went to others, and to whom.

        The version is for programs from before there were digests.
        """
        waits = self.waits
        told = {
            "rows": [
                {**old, "version": row.version, "after": _digest(row)}
                for old, row in zip(self.before, self.rows, strict=True)
            ],
            "people": [_handed(task, found) for task, found in people],
            "tasks": [_picked(row, _TASK) for row in waits.tasks],
            "jobs": [_picked(row, _PLACE) for row in waits.jobs],
            "incidents": [_picked(row, _PLACE) for row in waits.incidents],
            "subscriptions": [asdict(row) for row in waits.subscriptions],
        }
        return _FORMAT + zlib.compress(orjson.dumps(told), 1)


def undo(command: Command, row: InstanceRow, before: bytes) -> None:
    """Bring an instance back; `MigrationRefused` when one of its rows moved on since."""
    if before[:2] != _FORMAT:
        raise MigrationRefused((_obstacle(row, "state", "what was kept cannot be read"),))
    told = orjson.loads(zlib.decompress(before[2:]))
    rows = _unchanged(command, row, told["rows"])
    upkeep = command.uow.upkeep
    keys = [one.key for one in rows]
    now = upkeep.waits(keys)
    for one, old in zip(rows, told["rows"], strict=True):
        one.process_id, one.definition_key = old["process_id"], old["definition_key"]
        one.body, one.state = old["body"], b64decode(old["state"])
    try:
        instances = [command.open(one) for one in rows]
    except StateUnreadable as broken:
        raise MigrationRefused((_obstacle(row, "state", str(broken)),)) from broken
    upkeep.drop_subscriptions([sub.key for sub in now.subscriptions])
    upkeep.rewrite(
        Waits(
            tasks=_restored(now.tasks, told["tasks"]),
            jobs=_restored(now.jobs, told["jobs"]),
            incidents=_restored(now.incidents, told["incidents"]),
        )
    )
    _give_back(command, now.tasks, told.get("people", ()))
    for kept in told["subscriptions"]:
        command.rows.open_subscription(_subscription(kept))
    for instance in instances:
        for token in instance.tokens():
            instance.note(token, "migration_undone")
        instance.publish()
    command.run()


def _unchanged(
    command: Command, row: InstanceRow, told: Sequence[dict[str, Any]]
) -> list[InstanceRow]:
    """The rows as they stand, when none of them moved; the root is locked."""
    rows = []
    for old in told:
        one = row if old["key"] == row.key else command.uow.processes.instance(old["key"])
        if one is None or _moved(one, old) or not one.status.lives:
            raise MigrationRefused((_obstacle(row, "moved", "it moved on since"),))
        rows.append(one)
    return rows


def _moved(row: InstanceRow, old: dict[str, Any]) -> bool:
    """Whether a row is another than the migration left it; without a digest its version tells."""
    if "after" not in old:
        return bool(row.version != old["version"])
    return bool(_digest(row) != old["after"])


def _digest(row: InstanceRow) -> str:
    """Of all that runs in a row: not of its status, nor of how often it was written."""
    seen = hashlib.sha256(f"{row.definition_key} {row.body} ".encode())
    seen.update(row.state)
    return seen.hexdigest()


def _give_back(
    command: Command, tasks: Sequence[UserTaskRow], told: Sequence[dict[str, Any]]
) -> None:
    """Tasks that the migration gave to others; what people changed about them since stays."""
    work, open_now = command.uow.work_list, {task.key: task for task in tasks}
    for one in told:
        task = open_now[one["key"]]
        (assignee, owner), (candidates, orphaned) = (
            old if now == then else now
            for old, then, now in zip(one["before"], one["after"], _people(task), strict=True)
        )
        found = Assignment(
            assignee=assignee,
            candidates=tuple((kind, name) for kind, name in candidates),
            orphaned=orphaned,
        )
        # rewriting the row made it one version older, and so does each hand it goes through
        work.move(replace(task, version=task.version + 1), found)
        if owner is not None:
            work.entrust(task.key, owner=owner, assignee=assignee, version=task.version + 2)


def _handed(task: UserTaskRow, found: Assignment) -> dict[str, Any]:
    """Whose a task was before the migration, and whose after it."""
    after = [[found.assignee, None], [found.candidates, found.orphaned]]
    return {"key": task.key, "before": _people(task), "after": after}


def _people(task: UserTaskRow) -> list[list[Any]]:
    """Who works on it and for whom; to whom it is offered and whether for want of anybody."""
    offered = [list(candidate) for candidate in task.candidates]
    return [[task.assignee, task.owner], [offered, task.orphaned]]


def _obstacle(row: InstanceRow, code: str, message: str) -> Obstacle:
    return Obstacle(code=code, element_id="", message=message, instance_key=row.key)


def _picked(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _restored(rows: Sequence[Any], told: Sequence[dict[str, Any]]) -> list[Any]:
    """Rows that are there still, with what they said before."""
    old = {one["key"]: one for one in told}
    return [replace(row, **old[row.key]) for row in rows if row.key in old]


def _subscription(told: dict[str, Any]) -> SubscriptionRow:
    due = told["due_at"]
    given = {field.name: told[field.name] for field in fields(SubscriptionRow)}
    given["kind"] = SubscriptionKind(told["kind"])
    given["due_at"] = datetime.fromisoformat(due) if due else None
    return SubscriptionRow(**given)
