"""One command: the instances it loads, the steps it may do, and what it writes at its end."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from engine.runtime import arming, asking, codec, outside
from engine.runtime.below import rows_below
from engine.runtime.drawing.model import Binding
from engine.runtime.faults import DrawingDamaged, Fault, StateUnreadable
from engine.runtime.instance import Instance
from engine.runtime.limits import MAX_DEPTH, MAX_STEPS
from engine.runtime.rows import Rows
from engine.runtime.specs import behaving
from engine.runtime.specs.activities import Call, Multi
from engine.usecases import piloting
from engine.usecases.actor import system
from engine.usecases.errors import Conflict
from engine.usecases.ports.process import HistoryRow, InstanceRow, InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    from engine.runtime.house import Engine
    from engine.runtime.program import Program
    from engine.runtime.specs.base import Bound
    from engine.runtime.specs.tasks import BusinessRule
    from engine.runtime.token import Token
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, ProcessChanges, SubscriptionRow
    from engine.usecases.ports.work import UnitOfWork

_JAKARTA: Final = ZoneInfo("Asia/Jakarta")


class Command:
    """Everything between one lock and one flush; made for each command, never kept."""

    def __init__(self, engine: Engine, uow: UnitOfWork, actor: Actor) -> None:
        self.engine = engine
        self.ids = engine.ids
        self.uow = uow
        self.actor = actor
        #: who acts in automatic steps: the engine, on behalf of the recorded human
        self.machine = system(actor.human)
        self.now: datetime = engine.clock.now()
        self.recorded_at: datetime = engine.clock.real_now()
        self.rows = Rows(self.now)
        #: the instance and token whose step runs
        self.current: tuple[Instance, Token] | None = None
        #: instances of its tree that it has loaded or made
        self.live: dict[int, Instance] = {}
        self._dirty: dict[int, Instance] = {}
        self._queue: deque[Instance] = deque()
        self._new: set[int] = set()
        self._steps = 0
        self._functions: Mapping[str, object] | None = None

    @property
    def changes(self) -> ProcessChanges:
        """What will be written."""
        return self.rows.changes

    # ---- instances

    def instance(self, key: int) -> Instance:
        """An instance of this command's tree, loaded once; `StateUnreadable`."""
        live = self.live.get(key)
        if live is not None:
            return live
        row = self.uow.processes.instance(key)
        if row is None:
            raise StateUnreadable(key, "no such row")
        return self.open(row)

    def open(self, row: InstanceRow) -> Instance:
        """Load an instance from its row, which the caller has locked."""
        live = self.live.get(row.key)
        if live is None:
            try:
                program = self.engine.program(self.uow, row.definition_key)
            except DrawingDamaged as broken:
                raise StateUnreadable(row.key, str(broken)) from broken
            live = Instance.load(program, row, self)
            self.live[row.key] = live
            if not live.idle:
                self.wake(live)
        return live

    def create(self, program: Program, row: InstanceRow, variables: Mapping[str, Json]) -> Instance:
        """A new row with its variables and no token yet; `Fault` when they are too large."""
        self.live[row.key] = made = Instance.begin(program, row, self, variables)
        self._new.add(row.key)
        self.dirty(made)
        return made

    def dirty(self, instance: Instance) -> None:
        """It must be written."""
        self._dirty[instance.row.key] = instance

    def wake(self, instance: Instance) -> None:
        """It may have steps to do."""
        self._queue.append(instance)

    def may_step(self) -> bool:
        """Count an automatic step; False when the command did too many."""
        self._steps += 1
        return self._steps <= MAX_STEPS

    def first_excess(self) -> bool:
        """Whether the step that was just refused is the first one over the limit."""
        return self._steps == MAX_STEPS + 1

    def run(self) -> None:
        """Advance everything until it waits, then write once."""
        try:
            while self._queue:
                instance = self._queue.popleft()
                if instance.row.status is InstanceStatus.ACTIVE:
                    instance.advance()
        except StateUnreadable as broken:
            raise Conflict(str(broken), instance=broken.instance_key) from broken
        self._flush()

    def _flush(self) -> None:
        changes = self.changes
        for key, instance in self._dirty.items():
            row = instance.row
            row.state = codec.dump(instance)
            row.due_at = self._due(instance)
            if key in self._new:
                changes.new_instances.append(row)
            else:
                row.version += 1
                changes.changed_instances.append(row)
        self.uow.processes.flush(changes)

    def _due(self, instance: Instance) -> datetime | None:
        """When the worker must look at it: the earliest timer, or now when work is left over."""
        if not instance.row.status.lives:
            return None
        if not instance.idle:
            return self.now
        due: str | None = None
        for token in instance.tokens():
            data = token.internal_data
            if not data or "go" in data:
                continue
            if "mi" in data and "inc" not in data and token.task_spec.unfinished(token):
                return self.now
            for text, _left, _rule in data.get("arms", {}).values():
                if due is None or text < due:
                    due = text
        return None if due is None else datetime.fromisoformat(due)

    # ---- what an instance asks for

    def zone(self, row: InstanceRow | None) -> tzinfo:
        """The zone of the instance's agency: months and days of timers count there."""
        zone = self.engine.zone
        return _JAKARTA if zone is None else zone(self.uow, row.agency_id if row else None)

    def outer(self, instance: Instance, name: str) -> Any:
        """A name that is no variable: the clock or a function of the host; else KeyError."""
        if name == "$now":
            return self.now.astimezone(self.zone(instance.row))
        if name in asking.EXTRAS:
            return asking.EXTRAS[name]
        if name not in self.engine.function_names:
            raise KeyError(name)
        if self._functions is None:
            self._functions = self.engine.host.functions(self.uow, self.now)
        return asking.recorded(self, self._functions[name])

    def operate(self, token: Token, name: str) -> Mapping[str, Json]:
        """Run an operation for a token in a savepoint."""
        return asking.operate(self, token, name)

    def decide_for(self, token: Token, spec: BusinessRule) -> Json:
        """Evaluate the decision of a business rule task."""
        return asking.decide(self, token, spec)

    def called_program(self, instance: Instance, token: Token, called: Bound) -> Program:
        """The version that a call activity calls now."""
        view = instance.view(token.reading)
        process_id = str(called.id.needed(view, "the called process"))
        store = self.uow.processes
        own = instance.program.definition.deployment_key
        if called.binding is Binding.DEPLOYMENT:
            # a file whose bytes were deployed before made no version of its own then
            row = store.deployment_definition(process_id, own) or next(
                (d for d in store.definition_versions(process_id) if d.deployment_key <= own), None
            )
        elif called.binding is Binding.VERSION_TAG:
            # resolved at deploy: keys grow with time, so what came later does not count
            standing = (d for d in store.definition_versions(process_id) if d.deployment_key <= own)
            row = next((d for d in standing if d.version_tag == called.version_tag), None)
        else:
            row = piloting.newest(self.uow, process_id, self.units(view))
        if row is None:
            raise Fault("operation", f"process '{process_id}' is not deployed")
        if row.suspended_at is not None:
            raise Fault("operation", f"version {row.version} of '{process_id}' is suspended")
        program = self.engine.programs.get(row)
        if not program.main.entries:
            raise Fault("operation", f"process '{process_id}' has no none start event")
        if instance.nesting >= MAX_DEPTH:
            raise Fault("limit", f"calls are nested deeper than {MAX_DEPTH}")
        return program

    def units(self, variables: Mapping[str, Json]) -> piloting.Units:
        """Who asks for the units of an undertaking, which a pilot may be for."""
        on = self.now.date()
        return lambda: piloting.units_around(self.uow, variables, self.actor.human, on)

    # ---- rows below

    def call(
        self, parent: Instance, token: Token, program: Program, variables: Mapping[str, Json]
    ) -> None:
        """Make the row of a called process, in the caller's step: `Fault` when it is too large."""
        self._below(parent, token, program, None, None, variables)

    def spawn(
        self, parent: Instance, token: Token, index: int, variables: Mapping[str, Json]
    ) -> None:
        """Make the row of a multi-instance child."""
        self._below(parent, token, parent.program, token.task_spec.name, index, variables)

    def _below(
        self,
        parent: Instance,
        token: Token,
        program: Program,
        body: str | None,
        index: int | None,
        variables: Mapping[str, Json],
    ) -> None:
        if parent.tasks.get(token.id) is not token:
            return
        row = InstanceRow(
            key=self.ids.key(),
            root_key=parent.row.root_key,
            parent_key=parent.row.key,
            parent_token=token.id,
            item_index=index,
            process_id=program.process.id,
            definition_key=program.definition.key,
            body=body,
            status=InstanceStatus.ACTIVE,
            business_key=None,
            state=b"",
            version=1,
            due_at=None,
            incidents=0,
            started_at=self.now,
            ended_at=None,
            started_by=parent.row.started_by,
            agency_id=parent.row.agency_id,
        )
        child = self.create(program, row, variables)
        parent.journal.append((self._forget, (row.key,)))
        child.nesting = parent.nesting + 1
        child.watch_over(None, 0)
        for entry in child.spec.entries:
            child.add(entry, 0)
        child.journal.clear()
        self.wake(child)

    def _forget(self, key: int) -> None:
        """The step that made a row is undone."""
        self._new.discard(key)
        for kept in (self.live, self._dirty):
            kept.pop(key, None)

    def leave_output(self, child: Instance) -> None:
        """In the child's last step: what it leaves, and whether the condition to stop holds."""
        if child.row.body is None or child.row.parent_key is None:
            return
        parent = self.instance(child.row.parent_key)
        token = parent.tasks.get(child.row.parent_token)
        if token is None or not isinstance(token.task_spec, Multi):
            return
        spec = token.task_spec
        if spec.output_element is not None:
            child.output = spec.output_element.value(child.view(0))
        if spec.completion_condition is None and not spec.tellings:
            return
        view = asking.overlaid(spec.counters(token, 1), child.view(0))
        child.told = behaving.said(spec.plan.behaviour, spec.tellings, view)
        if spec.completion_condition is not None:
            child.met = spec.completion_condition.truth(view, "the completion condition")

    def completed(self, instance: Instance) -> None:
        """An execution root is done: tell the parent, or take the next message of its key."""
        row = instance.row
        row.status = InstanceStatus.COMPLETED
        row.ended_at = self.now
        if row.parent_key is None:
            self.engine.after_end(self, row)
            return
        parent = self.instance(row.parent_key)
        token = parent.tasks.get(row.parent_token)
        if token is None or not isinstance(token.task_spec, (Call, Multi)):
            return
        spec = token.task_spec
        parent.perform(lambda: spec.child_done(token, instance))
        self.wake(parent)

    def cancel_children(self, parent: Instance, token: Token) -> None:
        """Cancel the rows below a token, and those below them."""
        for row in rows_below(self, parent, token):
            self.end(row)

    def living_children(self, parent: Instance, token: Token) -> list[Instance]:
        """The instances below a token that are active and can be read."""
        found = []
        for row in rows_below(self, parent, token):
            with suppress(StateUnreadable):
                found.append(self.open(row))
        return found

    def end(self, row: InstanceRow) -> None:
        """Cancel an instance with all below it, also one whose state cannot be read."""
        try:
            instance = self.open(row)
        except StateUnreadable:
            outside.bury(self, row)
        else:
            instance.perform(instance.cancel_all)

    # ---- outside

    def subscribe(self, instance: Instance, token: Token, row: SubscriptionRow) -> None:
        """Open a subscription, unless a message waits for it already."""
        if instance.tasks.get(token.id) is not token:
            return
        self.rows.open_subscription(row)
        if row.correlation_key is None:
            return
        self.take_kept(instance, token, arming.waited(row), (row.name, row.correlation_key))

    def take_kept(
        self, instance: Instance, token: Token, event: str, waits_for: tuple[str, str]
    ) -> None:
        """Bring the first message kept under a name and key; one that fails is kept on."""
        store = self.uow.processes
        for message in store.waiting_messages(*waits_for, self.now):
            if not message.reaches(instance.row):
                continue
            try:
                with self.uow.savepoint():
                    if not store.mark_delivered(message.key, instance.row.process_id):
                        continue
                    instance.perform(partial(arming.fire, token, event, message.variables))
            except Fault as fault:
                instance.undo()
                instance.perform(partial(arming.fail, token, fault))
                token.internal_data["kept"] = [event, *waits_for]
            self.wake(instance)
            return

    def acting(self, row: InstanceRow) -> Actor:
        """The engine as actor in an instance of that agency."""
        return replace(self.machine, agency_id=row.agency_id)

    def history(self, token: Token, event: str, detail: str | None) -> HistoryRow:
        """A history row of now; automatic steps are the engine's."""
        row, node, data = token.workflow.row, token.task_spec.node, token.internal_data
        return HistoryRow(
            key=self.ids.key(),
            instance_key=row.key,
            root_key=row.root_key,
            process_id=row.process_id,
            definition_key=row.definition_key,
            element_id=node.id,
            element_type=node.kind.value,
            token=token.id,
            event=event,
            at=self.now,
            recorded_at=self.recorded_at,
            actor=data.get("by", self.machine.name),
            detail=detail,
            on_behalf_of=data.get("for"),
        )

    def perform(self, instance: Instance, action: Callable[[], object]) -> None:
        """Change an instance from outside, then let it go on."""
        instance.perform(action)
        self.wake(instance)
