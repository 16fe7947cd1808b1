"""Compensation and cancel events: what was completed is undone, the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runtime.specs.event_subprocess import EventSub
from engine.runtime.specs.events import Throw
from engine.runtime.throwing import throw_cancel
from engine.runtime.token import STARTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.runtime.specs.base import Way
    from engine.runtime.token import Token


class Compensate(Throw):
    """Undoes completed activities of its scope, all or one, and waits until that is done."""

    def enter(self, token: Token) -> int | None:
        """Begin with the latest; nothing to undo passes at once."""
        frames = taken(token, self.plan.activity)
        if not frames:
            return None
        token.internal_data["undo"] = frames
        if not self.plan.waits:
            token.internal_data["left"] = 1
            for way in self.outgoing:
                token.workflow.add(way.target, token.scope, way.id)
        go_on(token)
        return STARTED

    def emptied(self, token: Token, scope: int) -> None:
        """One thing is undone: go on with the one before it."""
        instance = token.workflow
        instance.touch(token)
        instance.drop_scope(scope)
        go_on(token)

    def undone(self, token: Token) -> None:
        """Everything is undone."""
        token.workflow.finish(token, {})

    def ways(self, token: Token) -> Iterable[Way]:
        """The flows out, unless its token went on while things were being undone."""
        return () if "left" in token.internal_data else self.outgoing


class CancelTransaction(Compensate):
    """Ends a transaction: stops what is active, undoes what is done, leaves by its boundary."""

    def enter(self, token: Token) -> int | None:
        """Stop all else inside, then undo."""
        token.workflow.terminate(token)
        return super().enter(token)

    def undone(self, token: Token) -> None:
        """Leave by the cancel boundary event of the transaction."""
        throw_cancel(token)

    def _run_hook(self, token: Token) -> bool | None:
        self.undone(token)
        return None


def taken(token: Token, activity: str | None) -> list[Any]:
    """Take the records that a compensation throw means out of their scopes.

    Frames [scope, records, opened for undoing], those to be undone first at the end.
    """
    frames = []
    for scope in _meant(token):
        records = token.workflow.scopes[scope].records
        mine = [r for r in records if activity in {None, r["e"]}]
        if mine:
            rest = tuple(r for r in records if r not in mine)
            token.workflow.keep_records(scope, rest)
            frames.append([scope, mine, 0])
    return frames


def _meant(token: Token) -> list[int]:
    """The scope of a throw; out of event sub-processes, those around too, the outermost first."""
    instance = token.workflow
    found = [token.scope]
    while True:
        owner = instance.tasks.get(instance.scopes[found[0]].owner)
        if owner is None or not isinstance(owner.task_spec, EventSub):
            return found
        found.insert(0, owner.scope)


def go_on(token: Token) -> None:
    """Begin to undo the next thing; the token has been touched."""
    instance = token.workflow
    frames = [[scope, list(records), own] for scope, records, own in token.internal_data["undo"]]
    while frames:
        scope, records, own = frames[-1]
        if not records:
            frames.pop()
            if own:
                instance.drop_scope(scope)
            continue
        record = records.pop()
        inside = _undo(token, scope, record)
        if inside is None:
            token.internal_data["undo"] = frames
            return
        frames.append(inside)
    token.internal_data["undo"] = frames
    spec = token.task_spec
    if isinstance(spec, Compensate):
        spec.undone(token)


def _undo(token: Token, scope: int, record: dict[str, Any]) -> list[Any] | None:
    """Start what undoes a record; else a frame with what was done inside it."""
    instance = token.workflow
    spec = instance.spec.task_specs[record["e"]] if "e" in record else None
    undoing = spec.undoing if spec is not None else None
    inside = record.get("in", [])
    if spec is not None:
        instance.note(token, "compensating", spec.name)
    if undoing is not None and undoing.handler is not None:
        inner = instance.open_scope(scope, token, record.get("v", {}))
        instance.add(undoing.handler, inner)
        return None
    inner_sub = None if undoing is None or "kids" in record else undoing.inside
    own = instance.spec.task_specs.get(inner_sub or "")
    if isinstance(own, EventSub):
        inner = instance.open_scope(scope, token, record.get("v", {}), tuple(inside))
        own.begin(token, inner, {})
        return None
    return [instance.open_scope(scope, token, record.get("v", {})), list(inside), 1]
