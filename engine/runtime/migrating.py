"""Instances move to another version: tokens, scopes and all that waits go along.

Nothing is written until everything was carried over in memory: an instance that cannot move is
left as it was.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from engine.runtime import arming, worklist
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.passage import events_at
from engine.runtime.returning import Snapshot
from engine.runtime.specs.activities import Multi
from engine.runtime.specs.gateways import Inclusive, Parallel
from engine.runtime.specs.tasks import User
from engine.runtime.token import PENDING, WAITING
from engine.usecases.ports.batches import Waits
from engine.usecases.ports.versions import Migrated, MigrationRefused, Obstacle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.runtime.command import Command
    from engine.runtime.instance import Instance
    from engine.runtime.passage import Passage
    from engine.runtime.specs.base import Element, ProcessSpec
    from engine.runtime.token import Token
    from engine.usecases.ports.process import (
        InstanceRow,
        UserTaskRow,
    )
    from engine.usecases.ports.runner import Assignment

#: kept with a token by the event that waits
_BY_EVENT: Final = ("arms", "conds", "sigs", "seen", "got")
#: what is read of an instance's rows, by the key of `internal_data` that tells they are there
_WAITING: Final = {"task": "tasks", "subs": "subscriptions", "job": "jobs", "inc": "incidents"}


class Crossing:
    """One instance, with its multi-instance children, on its way."""

    def __init__(self, command: Command, row: InstanceRow, passage: Passage) -> None:
        self.command = command
        self.passage = passage
        self.row = row
        self.obstacles: list[Obstacle] = []
        self.dropped: set[str] = set()
        #: tasks that go to others, as they were, and to whom
        self.people: list[tuple[UserTaskRow, Assignment]] = []
        self._tokens = 0
        self._kept: dict[str, list[Any]] = {name: [] for name in _WAITING.values()}
        self._gone: list[int] = []
        self._instances: list[Instance] = []
        self._rows_at: dict[tuple[str, int, int], list[Any]] = {}
        self._waits = Waits()

    def look(self) -> Sequence[Obstacle]:
        """Carry it over in memory alone; why it cannot move."""
        self._load()
        for instance in self._instances:
            if not self.obstacles:
                instance.begin_step()
                self._try(instance)
        return self.obstacles

    def go(self) -> Migrated:
        """Carry it over, write, and let it go on; `MigrationRefused`."""
        self._load()
        snapshot = Snapshot.of([i.row for i in self._instances], self._waits)
        for instance in self._instances:
            if not self.obstacles:
                instance.begin_step()
                self._try(instance)
        if self.obstacles:
            raise MigrationRefused(tuple(self.obstacles))
        self._write()
        # a key is taken once all have moved: a message that was kept may let several go on
        for instance in self._instances:
            instance.publish()
            self.command.wake(instance)
        self.command.run()
        stayed = all(row.event == "migrated" for row in self.command.changes.history)
        return Migrated(
            tokens=self._tokens,
            before=snapshot.dump(self.people) if stayed else None,
            dropped=tuple(sorted(self.dropped)),
        )

    # ---- loading

    def _load(self) -> None:
        try:
            self._instances = [self.command.open(self.row), *self._bodies()]
        except StateUnreadable as broken:
            self._refuse("state", "", str(broken))
            return
        self._read()

    def _bodies(self) -> list[Instance]:
        """Live multi-instance children of this process, and those inside them."""
        main = self.command.open(self.row)
        if not any(isinstance(t.task_spec, Multi) for t in main.tokens()):
            return []
        ours, found = {self.row.key}, []
        for row in self.command.uow.upkeep.tree(self.row.root_key):
            if row.body is not None and row.parent_key in ours:
                ours.add(row.key)
                found.append(self.command.open(row))
        return found

    def _read(self) -> None:
        wanted: set[str] = set()
        keys: set[int] = set()
        for instance in self._instances:
            for token in instance.tokens():
                names = {_WAITING[key] for key in _WAITING if key in token.internal_data}
                if names:
                    wanted |= names
                    keys.add(instance.row.key)
        if wanted:
            self._waits = self.command.uow.upkeep.waits(keys, only=wanted)
        for name in ("subscriptions", "jobs", "incidents", "tasks"):
            for row in getattr(self._waits, name):
                self._rows_at.setdefault((name, row.instance_key, row.token), []).append(row)

    # ---- carrying over

    def _try(self, instance: Instance) -> None:
        try:
            self._carry(instance)
        except Fault as fault:
            self._refuse(fault.kind, "", fault.message, instance)

    def _carry(self, instance: Instance) -> None:
        pairs, target = self.passage.pairs, self.passage.target
        body = None if instance.row.body is None else pairs.get(instance.row.body)
        if instance.row.body is not None and body not in target.bodies:
            self._refuse("unmapped", instance.row.body, "its multi-instance has no pair", instance)
            return
        spec = target.spec(body)
        named = self.passage.named
        for token in instance.tokens():
            self._check(instance, token, spec.task_specs.get(named(token.task_spec.name)))
        if self.obstacles:
            return
        old = instance.spec
        instance.program, instance.spec = target, spec
        row = instance.row
        row.process_id, row.definition_key = target.process.id, target.definition.key
        row.body = body
        watching = _watching(instance)
        for token in list(instance.tokens()):
            new = spec.task_specs.get(named(token.task_spec.name))
            if new is None:
                self._unwatch(instance, token)
            else:
                self._move(instance, token, new)
        for scope in instance.scopes.values():
            if scope.records:
                scope.records = tuple(self.passage.records(scope.records, spec))
        self._watch(instance, old, watching)
        for token in list(instance.tokens()):
            _rejoin(instance, token)

    def _check(self, instance: Instance, token: Token, new: Element | None) -> None:
        old = token.task_spec
        if new is None:
            if "watch" not in token.internal_data:
                text = f"'{old.node.label}' has no pair in the new version"
                self._refuse("unmapped", old.node.id, text, instance)
        elif len(new.node.incoming) > 1 and isinstance(new, Parallel):
            flows = [token.flow, *_flows_seen(token)]
            if any(flow is not None and flow not in self.passage.flows for flow in flows):
                text = f"the flow on which it came to '{new.node.label}' is not in the new version"
                self._refuse("flow", old.node.id, text, instance)

    def _move(self, instance: Instance, token: Token, new: Element) -> None:
        old, data = token.task_spec, dict(token.internal_data)
        token.task_spec, token.internal_data = new, data
        token.flow = self.passage.flows.get(token.flow) if token.flow is not None else None
        waits = token._state != PENDING and "go" not in data  # noqa: SLF001 - hot
        self._inside(instance, data, old, new)
        self._listeners(instance, token, old, new)
        self._rows(instance, token, new)
        if waits and (new.takes or new.gives) and token.local is None and "watch" not in data:
            instance.open_local(token, ())  # its inputs were those of the old version
        for event in self._fresh(old, new) if waits else ():
            arming.arm(token, event)
        if "watch" in data:
            return
        self._tokens += 1
        source = self.passage.source.definition.key
        told = {"from": str(source), "element": old.node.id}
        instance.note(token, "migrated", json.dumps(told))

    def _fresh(self, old: Element, new: Element) -> list[str]:
        """Events that the new version draws at an element and that the old one had not."""
        carried = {self.passage.event(event, old, new) for event in events_at(old)}
        return [event for event in events_at(new) if event not in carried]

    def _inside(self, instance: Instance, data: dict[str, Any], old: Element, new: Element) -> None:
        """What a token keeps under names of elements, events and flows gets the new names."""
        for name in _BY_EVENT:
            kept = data.get(name)
            if isinstance(kept, dict):
                pairs = {event: self.passage.event(event, old, new) for event in kept}
                data[name] = {to: kept[event] for event, to in pairs.items() if to is not None}
                for event in kept:
                    if pairs[event] is None:
                        self._drop(event)
        if isinstance(data.get("seen"), list):
            data["seen"] = sorted(self.passage.flows[flow] for flow in data["seen"])
        if "todo" in data:
            named = [self.passage.named(key) for key in data["todo"]]
            data["todo"] = [key for key in named if key in instance.spec.task_specs]
        if "kidrec" in data:
            data["kidrec"] = self.passage.records(data["kidrec"], instance.spec)
        if "undo" in data:
            data["undo"] = [
                [scope, self.passage.records(records, instance.spec), own]
                for scope, records, own in data["undo"]
            ]

    def _listeners(self, instance: Instance, token: Token, old: Element, new: Element) -> None:
        data = token.internal_data
        if "subs" not in data:
            return
        stay = 0
        for row in self._rows_at.get(("subscriptions", instance.row.key, token.id), ()):
            to = self.passage.event(arming.waited(row), old, new)
            if to is None:
                self._gone.append(row.key)
                self._drop(row.element_id)
            else:
                self._keep("subscriptions", row, to.partition(arming.PART)[0])
                stay += 1
        if not stay:
            del data["subs"]
        if "kept" in data:
            event, *waits_for = data.pop("kept")
            to = self.passage.event(event, old, new)
            if to is not None:
                data["kept"] = [to, *waits_for]

    def _drop(self, event: str) -> None:
        if event.partition(arming.PART)[0] not in self.passage.plan.anew:
            self.dropped.add(event.partition(arming.PART)[0])

    def _rows(self, instance: Instance, token: Token, new: Element) -> None:
        """The rows of a token's task, job and incident are those of the new element."""
        for name in ("jobs", "incidents"):
            for row in self._rows_at.get((name, instance.row.key, token.id), ()):
                self._keep(name, row, new.node.id)
        key = token.internal_data.get("task")
        for row in self._rows_at.get(("tasks", instance.row.key, token.id), ()) if key else ():
            if row.key == key and isinstance(new, User):
                self._task(instance, token, new, row)

    def _task(self, instance: Instance, token: Token, new: User, row: UserTaskRow) -> None:
        form = self.passage.form(self.command, new)
        named = replace(
            row,
            name=new.node.label,
            form_key=form.key if form is not None else None,
            form_id=new.form.form_id or new.form.form_key if new.form is not None else None,
        )
        self._keep("tasks", named, new.node.id)
        if self.passage.plan.ask_people:
            found = worklist.assigned(new, instance.view(token.reading))
            if found != worklist.standing(row):
                # rewriting the row makes it one version older
                self.people.append((replace(row, version=row.version + 1), found))

    def _keep(self, name: str, row: Any, element: str) -> None:
        target = self.passage.target
        place = {"process_id": target.process.id, "definition_key": target.definition.key}
        self._kept[name].append(replace(row, element_id=element, **place))

    # ---- event sub-processes

    def _unwatch(self, instance: Instance, token: Token) -> None:
        """Nobody draws this event sub-process any more: its watching token ends."""
        self._drop(token.task_spec.node.id)
        for row in self._rows_at.get(("subscriptions", instance.row.key, token.id), ()):
            self._gone.append(row.key)
        data = token.internal_data
        token.internal_data = {name: data[name] for name in ("watch", "inc") if name in data}
        instance.cancelled(token)

    def _watch(self, instance: Instance, old: ProcessSpec, watching: dict[int, str | None]) -> None:
        """Scopes that live wait for the event sub-processes that the new version adds."""
        for scope, sub in watching.items():
            known = {self.passage.named(name) for name in old.watched.get(sub, ())}
            to = None if sub is None else self.passage.named(sub)
            for name in instance.spec.watched.get(to, ()):
                if name not in known:
                    instance.watch(name, scope)

    def _refuse(
        self, code: str, element: str, message: str, instance: Instance | None = None
    ) -> None:
        key = self.row.key if instance is None else instance.row.key
        found = Obstacle(code=code, element_id=element, message=message, instance_key=key)
        self.obstacles.append(found)

    # ---- writing

    def _write(self) -> None:
        upkeep = self.command.uow.upkeep
        upkeep.rewrite(Waits(**self._kept))
        upkeep.drop_subscriptions(self._gone)
        for task, found in self.people:
            self.command.uow.work_list.move(task, found)


def _flows_seen(token: Token) -> list[str]:
    """Flows that a complex gateway remembers."""
    seen = token.internal_data.get("seen")
    return seen if isinstance(seen, list) else []


def _watching(instance: Instance) -> dict[int, str | None]:
    """Scopes in which tokens live: the root, and insides of sub-processes by their element."""
    found: dict[int, str | None] = {0: None}
    for token in instance.tokens():
        if token.local is not None and instance.scopes[token.local].owner == token.id:
            found[token.local] = token.task_spec.name
    return found


def _rejoin(instance: Instance, token: Token) -> None:
    """A join that has all its flows in the new version must not wait for another arrival."""
    spec = token.task_spec
    if not isinstance(spec, Parallel) or isinstance(spec, Inclusive):
        return
    if token._state != WAITING or instance.tasks.get(token.id) is not token:  # noqa: SLF001
        return
    wanted = len(spec.node.incoming)
    others = spec.arrived(token)
    if wanted < 2 or (len(others) >= wanted and token in others.values()):  # noqa: PLR2004
        first = token if wanted < 2 else min(others.values(), key=lambda t: t.id)  # noqa: PLR2004
        if first is token:
            token._state = PENDING  # noqa: SLF001 - it arrives again
            instance.waken(token)
