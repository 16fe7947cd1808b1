"""The next instances of a batch operation, each alone: one that fails is left as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.audit import note
from engine.usecases.batches import plan_of, shifts_of
from engine.usecases.errors import (
    AccessRefused,
    Conflict,
    InputRefused,
    NotFound,
    StaleWrite,
    UseCaseError,
)
from engine.usecases.ports.batches import BatchItem, BatchKind, BatchState, ItemState
from engine.usecases.ports.versions import MigrationRefused
from engine.usecases.processes import is_about
from engine.usecases.undertakings import end, reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.batches import BatchRow
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: instances of one transaction; each holds the lock of its root until the commit
CHUNK: Final = 50
#: characters of a refusal that are kept
_MESSAGE_MAX: Final = 1_000
_GOING: Final = frozenset({BatchState.CREATED, BatchState.ACTIVE})

_TAGS: Final = {
    BatchKind.MIGRATE: audit_tags.INSTANCE_MIGRATED,
    BatchKind.MIGRATION_UNDO: audit_tags.INSTANCE_MIGRATION_UNDONE,
    BatchKind.SUSPEND: audit_tags.INSTANCE_SUSPENDED,
    BatchKind.RESUME: audit_tags.INSTANCE_RESUMED,
    BatchKind.CANCEL: audit_tags.INSTANCE_CANCELLED,
    BatchKind.RETRY: audit_tags.INCIDENT_RETRIED,
    BatchKind.MODIFY: audit_tags.INSTANCE_MODIFIED,
}


def do_next(house: House, uow: UnitOfWork, args: Mapping[str, Json]) -> Mapping[str, Json] | None:
    """Do the next chunk; the arguments of what remains, None when nothing does.

    What each item became, and how far all has come, is written in the transaction of the chunk:
    a worker that dies leaves no half-done instance, and another goes on where it stopped.
    """
    row = uow.batches.batch(int(args["batch"]), lock=True)
    if row is None or row.state not in _GOING:
        return None
    now = house.clock.now()
    if row.started_at is None:
        row = replace(row, started_at=now)
    items = uow.batches.items(row.key, states={ItemState.WAITING}, limit=CHUNK)
    done = [_Item(house, uow, row, item).done() for item in items]
    uow.batches.put_items(done)
    good = sum(item.state is ItemState.DONE for item in done)
    row = replace(
        row,
        state=BatchState.ACTIVE,
        done=row.done + good,
        failed=row.failed + len(done) - good,
    )
    if len(items) == CHUNK:
        uow.batches.put(row)
        if row.undertaking_id is not None:
            reach(uow, row.undertaking_id, row.done + row.failed, row.total)
        return args
    _finish(house, uow, replace(row, state=BatchState.COMPLETED, ended_at=now))
    return None


def gave_up(house: House, uow: UnitOfWork, args: Mapping[str, Json]) -> None:
    """The worker could not go on: say so."""
    row = uow.batches.batch(int(args["batch"]), lock=True)
    if row is None or row.state not in _GOING:
        return
    uow.batches.put(replace(row, state=BatchState.FAILED, ended_at=house.clock.now()))
    if row.undertaking_id is not None:
        end(house, uow, row.undertaking_id, failed="gave_up")


def _finish(house: House, uow: UnitOfWork, row: BatchRow) -> None:
    uow.batches.put(row)
    if row.undertaking_id is not None:
        reach(uow, row.undertaking_id, row.done + row.failed, row.total)
        end(house, uow, row.undertaking_id, facts={"done": row.done, "failed": row.failed})


class _Item:
    """One instance."""

    def __init__(self, house: House, uow: UnitOfWork, row: BatchRow, item: BatchItem) -> None:
        self._house = house
        self._uow = uow
        self._row = row
        self._item = item
        self._before: bytes | None = None
        self._actor = Actor(
            kind=ActorKind.CLIENT if row.person_id is None else ActorKind.PERSON,
            name=row.actor,
            person_id=row.person_id,
            groups=frozenset(row.groups),
            agency_id=row.agency_id,
        )

    def done(self) -> BatchItem:
        """What became of it."""
        at = self._house.clock.now()
        try:
            with self._uow.savepoint():
                self._do()
        except StaleWrite:
            raise  # the chunk is tried again, on what the other transaction left
        except UseCaseError as refused:
            code, element, message = told(refused)
            return replace(
                self._item,
                state=ItemState.FAILED,
                code=code,
                element_id=element,
                message=message[:_MESSAGE_MAX],
                at=at,
            )
        return replace(self._item, state=ItemState.DONE, before=self._before, at=at)

    def _do(self) -> None:
        uow, row, key = self._uow, self._row, self._item.instance_key
        if row.kind is BatchKind.MIGRATION_CHECK:
            obstacles = self._house.runner.check_migration(uow, key, plan_of(row))
            if obstacles:
                raise MigrationRefused(tuple(obstacles))
            return
        instance = uow.processes.lock(key)
        if instance is None:
            raise NotFound("instance", key)
        person = row.person_id
        if person is not None and is_about(self._house, uow, instance, person):
            raise AccessRefused("instance:steer", "own matter")
        self._act(key)
        note(
            self._house,
            uow,
            self._actor,
            stream=f"instance:{instance.root_key}",
            act=_TAGS[row.kind],
            facts={"instance": str(key), "batch": str(row.key), "reason": row.reason},
        )

    def _act(self, key: int) -> None:
        runner, uow, actor, row = self._house.runner, self._uow, self._actor, self._row
        match row.kind:
            case BatchKind.MIGRATE:
                self._before = runner.migrate(uow, key, plan_of(row), actor).before
            case BatchKind.MIGRATION_UNDO:
                self._undo(key)
            case BatchKind.SUSPEND:
                runner.suspend(uow, key, actor)
            case BatchKind.RESUME:
                runner.resume(uow, key, actor)
            case BatchKind.CANCEL:
                runner.cancel(uow, key, actor)
            case BatchKind.RETRY:
                runner.retry(uow, key, None, actor)
            case BatchKind.MODIFY:
                runner.modify(uow, key, shifts_of(row), actor)

    def _undo(self, key: int) -> None:
        first = self._uow.batches.item(int(self._row.args["of"]), key)
        if first is None or first.before is None or first.state is not ItemState.DONE:
            raise Conflict("it was undone already")
        self._house.runner.undo_migration(self._uow, key, first.before, self._actor)
        self._uow.batches.put_items([replace(first, state=ItemState.UNDONE, before=None)])


def told(refused: UseCaseError) -> tuple[str, str, str]:
    """A refusal as (code, element id, sentence)."""
    if isinstance(refused, MigrationRefused):
        first = refused.obstacles[0]
        return first.code, first.element_id, first.message
    if isinstance(refused, InputRefused):
        fault = refused.faults[0]
        return fault.code, "", fault.message
    if isinstance(refused, AccessRefused):
        return "own-matter", "", "nobody steers what is about himself"
    if isinstance(refused, NotFound):
        return "gone", "", str(refused)
    return "conflict", "", str(refused)
