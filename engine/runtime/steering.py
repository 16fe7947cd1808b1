"""The part of the runner that changes instances from outside their drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.runtime import comparing, outside, returning, starts
from engine.runtime.command import Command
from engine.runtime.drawing import mapping
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.migrating import Crossing
from engine.runtime.moving import Moving
from engine.runtime.passage import Passage
from engine.usecases import piloting
from engine.usecases.actor import system
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.process import InstanceStatus, SubscriptionKind
from engine.usecases.ports.versions import (
    MigrationPlan,
    MigrationRefused,
    Obstacle,
    Proposed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.runtime.house import Engine
    from engine.runtime.instance import Instance
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import InstanceRow, Json
    from engine.usecases.ports.steering import Consequences, Shift
    from engine.usecases.ports.versions import Difference, Migrated
    from engine.usecases.ports.work import UnitOfWork


class Steering:
    """`ProcessSteering` on compiled definitions."""

    _engine: Engine

    # ---- versions

    def difference(self, uow: UnitOfWork, source_key: int, target_key: int) -> Difference:
        """What changed between two versions, forms and decisions that they bind included."""
        source = self._engine.program(uow, source_key)
        target = self._engine.program(uow, target_key)
        return comparing.difference(uow, source, target)

    def propose(self, uow: UnitOfWork, source_key: int, target_key: int) -> Proposed:
        """A plan by id and kind, then by kind and name."""
        old = self._engine.program(uow, source_key).process
        new = self._engine.program(uow, target_key).process
        pairs, because = mapping.proposal(old, new)
        return Proposed(
            plan=MigrationPlan(source_key=source_key, target_key=target_key, elements=pairs),
            because=because,
            open=mapping.unanswered(old, pairs),
        )

    def check_plan(self, uow: UnitOfWork, plan: MigrationPlan) -> Sequence[Obstacle]:
        """Every fault of a plan, whatever the instances are."""
        old = self._engine.program(uow, plan.source_key).process
        new = self._engine.program(uow, plan.target_key).process
        found = list(mapping.faults(old, new, plan.elements))
        found += [
            Obstacle(code="unknown-element", element_id=e, message=f"'{e}' is no event")
            for e in sorted(plan.anew)
            if e not in old.nodes or old.nodes[e].event is None
        ]
        return found

    def check_migration(
        self, uow: UnitOfWork, instance_key: int, plan: MigrationPlan
    ) -> Sequence[Obstacle]:
        """Why an instance cannot move by a plan without faults; empty: it can. Reads only."""
        row = uow.processes.instance(instance_key)
        if row is None:
            raise NotFound("instance", instance_key)
        refused = _passes(row, plan)
        if refused is not None:
            return (refused,)
        command = Command(self._engine, uow, system())
        return tuple(Crossing(command, row, self._passage(uow, plan)).look())

    def migrate(
        self, uow: UnitOfWork, instance_key: int, plan: MigrationPlan, actor: Actor
    ) -> Migrated:
        """Move an instance with its multi-instance children; `MigrationRefused` leaves it."""
        row = _locked(uow, instance_key)
        refused = _passes(row, plan)
        if refused is not None:
            raise MigrationRefused((refused,))
        command = Command(self._engine, uow, actor)
        return Crossing(command, row, self._passage(uow, plan)).go()

    def undo_migration(
        self, uow: UnitOfWork, instance_key: int, before: bytes, actor: Actor
    ) -> None:
        """Bring it back as it was; `MigrationRefused` when it moved on since."""
        row = _locked(uow, instance_key)
        returning.undo(Command(self._engine, uow, actor), row, before)

    def _passage(self, uow: UnitOfWork, plan: MigrationPlan) -> Passage:
        source = self._engine.program(uow, plan.source_key)
        return Passage(plan, source, self._engine.program(uow, plan.target_key))

    def replan_starts(self, uow: UnitOfWork, process_id: str, actor: Actor) -> None:
        """Starts wait at the newest version that is no pilot; a pilot's units take theirs then."""
        row = piloting.newest(uow, process_id)
        if row is None:
            raise NotFound("process", process_id)
        engine = self._engine
        zone = (
            ZoneInfo("Asia/Jakarta") if engine.zone is None else engine.zone(uow, actor.agency_id)
        )
        now, program = engine.clock.now(), engine.programs.get(row)
        waiting = starts.subscriptions(program, engine.ids, now, zone)
        uow.processes.replace_start_subscriptions(process_id, waiting)

    # ---- holding

    def suspend(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Hold an instance with all below it: no timer fires, no task or job ends."""
        del actor
        row = _own_root(_locked(uow, instance_key))
        if row.status is not InstanceStatus.ACTIVE:
            raise _not(row)
        uow.upkeep.set_status(row.key, InstanceStatus.ACTIVE, InstanceStatus.SUSPENDED)

    def resume(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Let it go on; what became due meanwhile happens once, messages kept come in."""
        row = _own_root(_locked(uow, instance_key))
        if row.status is not InstanceStatus.SUSPENDED:
            raise _not(row)
        uow.upkeep.set_status(row.key, InstanceStatus.SUSPENDED, InstanceStatus.ACTIVE)
        self._deliver_kept(uow, row, actor)

    def _deliver_kept(self, uow: UnitOfWork, row: InstanceRow, actor: Actor) -> None:
        """Messages that came meanwhile are brought by the worker."""
        keys = [one.key for one in uow.upkeep.tree(row.key)]
        now = self._engine.clock.now()
        for sub in uow.upkeep.waits(keys, only={"subscriptions"}).subscriptions:
            key = sub.correlation_key
            if sub.kind is not SubscriptionKind.MESSAGE or key is None:
                continue
            if not uow.processes.waiting_messages(sub.name, key, now):
                continue
            args = {"name": sub.name, "correlation_key": key, "on_behalf_of": actor.human}
            uow.jobs.enqueue("deliver_message", f"resumed:{sub.key}:{row.version}", args)

    def cancel(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Cancel an instance with all below it; a called one ends with its caller only."""
        row = _own_root(_locked(uow, instance_key))
        if not row.status.lives:
            raise _not(row)
        command = Command(self._engine, uow, actor)
        command.end(row)
        command.run()

    # ---- tokens

    def preview(self, uow: UnitOfWork, instance_key: int, shifts: Sequence[Shift]) -> Consequences:
        """What `modify` would end and begin; writes nothing and takes no lock."""
        row = uow.processes.instance(instance_key)
        if row is None:
            raise NotFound("instance", instance_key)
        if not row.status.lives:
            raise _not(row)
        command = Command(self._engine, uow, system())
        return _moved(command, _open(command, row), shifts, arms=False)

    def modify(
        self, uow: UnitOfWork, instance_key: int, shifts: Sequence[Shift], actor: Actor
    ) -> Consequences:
        """End and begin tokens, then let the instance go on; `Conflict`, `InputRefused`."""
        row = _locked(uow, instance_key)
        if not row.status.lives:
            raise _not(row)
        command = Command(self._engine, uow, actor)
        instance = _open(command, row)
        told = _moved(command, instance, shifts, arms=True)
        command.wake(instance)
        command.run()
        return told

    def restart(
        self,
        uow: UnitOfWork,
        instance_key: int,
        shifts: Sequence[Shift],
        actor: Actor,
        *,
        definition_key: int | None = None,
    ) -> int:
        """A new instance with the variables of one that ended, begun at these elements."""
        row = _own_root(_locked(uow, instance_key))
        if row.status.lives:
            raise _not(row)
        store = uow.processes
        if row.business_key and store.live_start(row.process_id, row.business_key) is not None:
            raise Conflict("an instance with this key lives", key=row.business_key)
        command = Command(self._engine, uow, actor)
        variables = dict(_open(command, row).scopes[0].variables)
        program = self._engine.program(uow, definition_key or row.definition_key)
        instance = command.create(program, _again(command, row, program.definition.key), variables)
        instance.perform(lambda: _begun_at(instance, shifts))
        command.wake(instance)
        command.run()
        return instance.row.key

    def set_variables(
        self, uow: UnitOfWork, instance_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """Change variables of the root scope."""
        self.set_variables_at(uow, instance_key, variables, actor)

    def set_variables_at(
        self,
        uow: UnitOfWork,
        instance_key: int,
        variables: Mapping[str, Json],
        actor: Actor,
        *,
        token: int | None = None,
        local: bool = False,
    ) -> None:
        """Change variables as seen from a token (None: the root), or exactly in its scope."""
        row = _locked(uow, instance_key)
        if not row.status.lives:
            raise _not(row)
        command = Command(self._engine, uow, actor)
        instance = _open(command, row)
        try:
            instance.perform(lambda: _write(instance, variables, token, local=local))
        except Fault as fault:
            raise outside.refused(fault) from fault
        command.wake(instance)
        command.run()


def _write(
    instance: Instance, variables: Mapping[str, Json], number: int | None, *, local: bool
) -> None:
    token = instance.tasks.get(number) if number is not None else None
    if number is not None and token is None:
        raise NotFound("token", number)
    if token is not None and local and token.local is None:
        instance.touch(token)
        instance.open_local(token, ())
    scope = 0 if token is None else token.reading
    for name, value in variables.items():
        (instance.put if local or token is None else instance.write)(scope, name, value)


def _begun_at(instance: Instance, shifts: Sequence[Shift]) -> None:
    """First tokens of an instance; event sub-processes wait before all else, as at any start."""
    instance.watch_over(None, 0)
    Moving(instance).shift(shifts)


def _moved(
    command: Command, instance: Instance, shifts: Sequence[Shift], *, arms: bool
) -> Consequences:
    moving = Moving(instance, arms=arms)
    try:
        instance.perform(lambda: moving.shift(shifts))
    except Fault as fault:
        raise outside.refused(fault) from fault
    return moving.told(command)


def _again(command: Command, row: InstanceRow, definition_key: int) -> InstanceRow:
    """The row of an instance that begins where another ended."""
    key = command.ids.key()
    return replace(
        row,
        key=key,
        root_key=key,
        definition_key=definition_key,
        status=InstanceStatus.ACTIVE,
        state=b"",
        version=1,
        due_at=None,
        incidents=0,
        started_at=command.now,
        ended_at=None,
        started_by=command.actor.name,
        audit_seq=0,
        audit_head=b"",
    )


def _passes(row: InstanceRow, plan: MigrationPlan) -> Obstacle | None:
    """Whether a row may move at all."""
    why = None
    if not row.status.lives:
        why = ("ended", f"it is {row.status.value}")
    elif row.body is not None:
        why = ("version", "it moves with its process")
    elif row.definition_key != plan.source_key:
        why = ("version", "it runs on another version")
    if why is None:
        return None
    return Obstacle(code=why[0], element_id="", message=why[1], instance_key=row.key)


def _locked(uow: UnitOfWork, instance_key: int) -> InstanceRow:
    row = uow.processes.lock(instance_key)
    if row is None:
        raise NotFound("instance", instance_key)
    return row


def _own_root(row: InstanceRow) -> InstanceRow:
    if row.parent_key is not None:
        raise Conflict("what called it decides: name the outermost one", root=row.root_key)
    return row


def _not(row: InstanceRow) -> Conflict:
    return Conflict(f"the instance is {row.status.value}", state=row.status.value)


def _open(command: Command, row: InstanceRow) -> Instance:
    try:
        return command.open(row)
    except StateUnreadable as broken:
        raise Conflict(str(broken), instance=row.key) from broken
