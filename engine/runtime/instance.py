"""One execution root in motion: steps of one element each, undone when they fail."""

from __future__ import annotations

import json
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from engine.runtime import arming, codec
from engine.runtime.compensation import remember
from engine.runtime.conditions import look
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.scopes import Scope
from engine.runtime.specs.ad_hoc import AdHoc
from engine.runtime.specs.gateways import Inclusive
from engine.runtime.stalls import STALLED, stuck
from engine.runtime.state import State
from engine.runtime.throwing import throw_error
from engine.runtime.token import PENDING, WAITING, Token
from engine.usecases.errors import StaleWrite, UseCaseError
from engine.usecases.ports.process import HistoryRow, InstanceStatus
from engine.usecases.ports.runner import BpmnErrorThrown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.runtime.command import Command
    from engine.runtime.program import Program
    from engine.runtime.specs.base import Way
    from engine.runtime.specs.behaving import Said
    from engine.usecases.ports.process import InstanceRow, Json


class Instance(State):
    """A process instance, a called process, or a multi-instance child, inside one command."""

    def __init__(self, program: Program, row: InstanceRow, command: Command) -> None:
        super().__init__(program.spec(row.body))
        self.program = program
        self.row = row
        self.command = command
        #: calls and multi-instances around this one
        self.nesting = 0
        #: what a multi-instance child leaves for the output collection
        self.output: Json = None
        #: root variables written here: what a called process passes up
        self.written: set[str] = set()
        #: the completion condition held in this child
        self.met = False
        #: what its multi-instance throws when this child is done
        self.told: tuple[Said, ...] = ()
        #: interruptions and leaving come before arriving
        self.urgent: deque[Token] = deque()
        self.arrivals: deque[Token] = deque()
        #: what a step means for the rows, other instances and jobs; done when the step stands
        self.effects: list[Callable[[], None]] = []
        #: variables changed, or a condition began to wait, since conditions were looked at
        self.altered = False
        self.events: list[HistoryRow] = []

    @classmethod
    def begin(
        cls, program: Program, row: InstanceRow, command: Command, variables: Mapping[str, Json]
    ) -> Instance:
        """A fresh instance with its variables and no token; `Fault` when they are too large."""
        instance = cls(program, row, command)
        instance.scopes[0] = Scope(None, None, {})
        for name, value in variables.items():
            instance.put(0, name, value)
        instance.journal.clear()
        instance.written.clear()
        return instance

    @classmethod
    def load(cls, program: Program, row: InstanceRow, command: Command) -> Instance:
        """From its row; `StateUnreadable`."""
        instance = cls(program, row, command)
        codec.load(instance, row.state)
        for token in instance.tokens():
            if token._state == PENDING and "inc" not in token.internal_data:  # noqa: SLF001 - hot
                instance.waken(token)
        return instance

    def put(self, scope: int, name: str, value: Json) -> None:
        """Write a variable into exactly that scope; `Fault` when it is too large or no JSON."""
        super().put(scope, name, value)
        self.altered = True
        if scope == 0 and name not in self.written:
            self.written.add(name)
            self.journal.append((self.written.discard, (name,)))

    # ---- names

    def beyond(self, name: str) -> Any:
        """The parent's variables for a multi-instance child, then clock and host functions."""
        above = self.above()
        return above[name] if above is not None else self.command.outer(self, name)

    def above(self) -> Mapping[str, Any] | None:
        """The parent's view around the multi-instance; read only when a name is missing here."""
        if self.row.body is None or self.row.parent_key is None:
            return None
        parent = self.command.instance(self.row.parent_key)
        token = parent.tasks.get(self.row.parent_token)
        return None if token is None else parent.view(token.scope)

    def payload(self, token: Token) -> dict[str, Json]:
        """What a throw event sends: the variables of its inputs."""
        return {} if token.local is None else dict(self.scopes[token.local].variables)

    def measured(self) -> int:
        """The size of the stored state, exactly."""
        return len(codec.dump(self))

    # ---- steps

    def waken(self, token: Token) -> None:
        """A step of that token is to be done."""
        (self.urgent if "go" in token.internal_data else self.arrivals).append(token)

    def advance(self) -> None:
        """Do one step after the other until every token waits, or the command did enough."""
        while (token := self._next()) is not None:
            if self.command.may_step():
                self.step(token)
                continue
            if self.command.first_excess():
                self.perform(lambda: arming.fail(token, _TOO_MANY))
            elif token._state == PENDING:  # noqa: SLF001 - hot
                self.waken(token)
            return
        if self.spec.joining:
            for join in list(stuck(self)):
                self.perform(partial(arming.fail, join, STALLED))

    def _next(self) -> Token | None:
        if self.altered and self.spec.conditional:
            look(self)
        for queue in (self.urgent, self.arrivals):
            while queue:
                token = queue.popleft()
                if (
                    self.tasks.get(token.id) is token
                    and token._state == PENDING  # noqa: SLF001 - hot
                    and "inc" not in token.internal_data
                ):
                    return token
        return self._join() if self.spec.inclusive else None

    def _join(self) -> Token | None:
        """An inclusive join that may fire, now that nothing else moves."""
        for token in self.tokens():
            spec = token.task_spec
            if (
                isinstance(spec, Inclusive)
                and token._state == WAITING  # noqa: SLF001 - hot
                and not any("inc" in t.internal_data for t in spec.arrived(token).values())
                and spec.ready(token)
            ):
                return token
        return None

    @property
    def idle(self) -> bool:
        """No step is to be done."""
        return not self.urgent and not self.arrivals

    def step(self, token: Token) -> None:
        """One element arrives, runs or leaves; on a fault that alone is undone: an incident."""
        self.command.current = (self, token)
        try:
            self.attempt(token, lambda: self._move(token))
        except BpmnErrorThrown as thrown:
            error = thrown
        else:
            return
        self.attempt(
            token,
            lambda: throw_error(token, error.code, error.message, error.variables),
        )

    def _move(self, token: Token) -> None:
        if "go" in token.internal_data:
            token.complete()
        elif token._state == WAITING:  # noqa: SLF001 - an inclusive join that may fire
            token.run()
        else:
            token.task_spec.arrive(token)

    def attempt(self, token: Token, action: Callable[[], None]) -> None:
        """Do it and what follows, or undo it: a BPMN error is passed on, all else an incident."""
        self.begin_step()
        seq, size = self.seq, self.size
        self.touch(token)
        try:
            action()
        except StaleWrite:
            raise  # the command is tried again, on what the other transaction left
        except (BpmnErrorThrown, Fault, StateUnreadable, UseCaseError) as problem:
            self.undo()
            self.seq, self.size = seq, size
            if isinstance(problem, BpmnErrorThrown):
                raise
            fault = problem if isinstance(problem, Fault) else _as_fault(problem)
        else:
            self.publish()
            return
        self.perform(lambda: arming.fail(token, fault))

    def begin_step(self) -> None:
        """What was done before stands: it cannot be undone any more."""
        self.journal.clear()
        self.effects.clear()
        self.events.clear()

    def perform(self, action: Callable[[], object]) -> None:
        """Change something from outside a step, then do what follows from it."""
        self.begin_step()
        action()
        self.publish()

    def publish(self) -> None:
        """The step stands: history, then its effects on rows and other instances."""
        self.command.dirty(self)
        if self.events:
            self.command.changes.history += self.events
            self.events = []
        self.journal.clear()
        if self.effects:
            effects, self.effects = self.effects, []
            for effect in effects:
                effect()

    # ---- moving

    def finish(self, token: Token, results: Mapping[str, Json]) -> None:
        """A token has what it waited for; leaving is a step of its own."""
        self.touch(token)
        arming.disarm(token)
        token.internal_data["go"] = 1
        if results:
            token.internal_data["res"] = dict(results)
        token._state = PENDING  # noqa: SLF001 - forced, as _set_state does
        self.waken(token)

    def leave(self, token: Token) -> None:
        """Write results, choose flows, and put tokens on their targets."""
        spec = token.task_spec
        spec.leaving(token)
        inner = None if token.local is None else self.scopes[token.local]
        self._write_results(token)
        if spec.undoing is not None:
            remember(token, spec, inner)
        taken = tuple(spec.ways(token))
        for way in taken * spec.yields:
            self.add(way.target, token.scope, way.id)
        self.note(token, "completed", _choice(token, taken))

    def _write_results(self, token: Token) -> None:
        local, outputs = token.local, token.task_spec.gives
        if outputs and local is not None:
            for name, value in token.results.items():
                self.put(local, name, value)
            for assignment in outputs:
                value = assignment.source.value(self.view(local))
                self.assign(token.scope, assignment.path, value)
        else:
            for name, value in token.results.items():
                self.write(token.reading, name, value)
        if local is not None:
            self.drop_scope(local)

    def _task_completed_notify(self, task: Token) -> None:
        """A token has left; stock would look for a task called 'End' and walk the tree."""
        self.remove(task)
        self.scope_left(task.scope)

    def scope_left(self, scope: int) -> None:
        """When no token is left in a scope, the sub-process or the whole root is done."""
        if scope and self.spec.ad_hoc and self._goes_on(scope):
            return
        if self.population.get(scope):
            return
        if self.spec.watched:
            self._unwatch(scope)
        if scope == 0:
            self._completed()
            return
        owner = self.tasks.get(self.scopes[scope].owner)
        if owner is not None and "go" not in owner.internal_data:
            owner.task_spec.emptied(owner, scope)

    def watch_over(self, sub: str | None, scope: int) -> None:
        """Wait for the event sub-processes of a scope that opens (None: the root itself)."""
        for name in self.spec.watched.get(sub, ()):
            self.watch(name, scope)

    def _unwatch(self, scope: int) -> None:
        """Nothing but watching tokens is left in a scope: they end with it."""
        for token in [t for t in self.tokens() if t.scope == scope]:
            self.touch(token)
            self.cancelled(token)

    def _goes_on(self, scope: int) -> bool:
        """Whether the ad-hoc sub-process of that scope has or begins something to do."""
        owner = self.tasks.get(self.scopes[scope].owner)
        if owner is None or "go" in owner.internal_data or not isinstance(owner.task_spec, AdHoc):
            return False
        return owner.task_spec.goes_on(owner, busy=bool(self.population.get(scope)))

    def _completed(self) -> None:
        self.command.leave_output(self)
        self.effects.append(lambda: self.command.completed(self))

    def cancelled(self, token: Token) -> None:
        """A token is interrupted: so is everything inside and below it."""
        arming.disarm(token)
        if "kids" in token.internal_data:
            self.effects.append(lambda: self.command.cancel_children(self, token))
        if "undo" in token.internal_data:
            for number in [n for n, s in self.scopes.items() if s.owner == token.id]:
                self.cancel_inside(number)
                self.drop_scope(number)
        if token.local is not None:
            self.cancel_inside(token.local)
            self.drop_scope(token.local)
        if token.internal_data.get("watch", arming.TOLD) == arming.TOLD:
            self.note(token, "cancelled")
        if token.id in self.tasks:
            self.remove(token)

    def cancel_inside(self, scope: int) -> None:
        """Interrupt every token directly in a scope."""
        for inner in [t for t in self.tokens() if t.scope == scope]:
            inner.cancel()

    def cancel_all(self) -> None:
        """Interrupt every token; the root is cancelled."""
        for token in [t for t in self.tokens() if t.scope == 0]:
            token.cancel()
        self.row.status = InstanceStatus.CANCELLED
        self.row.ended_at = self.command.now
        self.urgent.clear()
        self.arrivals.clear()

    def terminate(self, token: Token) -> None:
        """Interrupt all other tokens of the same scope."""
        for other in [t for t in self.tokens() if t.scope == token.scope and t is not token]:
            other.cancel()

    # ---- what specs call

    def arm(self, token: Token, event: str) -> None:
        """Wait for an event at a token."""
        arming.arm(token, event)

    def arm_boundaries(self, token: Token) -> None:
        """Wait for the events on the edge of an activity."""
        for boundary in token.task_spec.node.boundary:
            arming.arm(token, boundary)

    def merge(self, token: Token) -> None:
        """End a token that became part of another, which goes on for both."""
        self.note(token, "completed", TOOK_NONE)
        self.remove(token)

    def note(self, token: Token, event: str, detail: str | None = None) -> None:
        """Write into history."""
        self.events.append(self.command.history(token, event, detail))


def _choice(token: Token, taken: tuple[Way, ...]) -> str | None:
    """Ids of the flows taken, where history could not say by itself which.

    A turn of a loop and a child of a multi-instance take none: their frame does when all is done.
    """
    spec = token.task_spec
    if not spec.outgoing:
        inside = spec.node.turn or token.workflow.row.body == spec.name
        return TOOK_NONE if inside else None
    if len(spec.outgoing) == 1:
        return None
    ways = spec.outgoing if "left" in token.internal_data else taken
    return json.dumps([way.id for way in ways])


#: detail of a row that took no flow
TOOK_NONE: Final = "[]"
_TOO_MANY: Final = Fault("limit", "too many steps in one command: the process may loop")


def _as_fault(problem: Exception) -> Fault:
    kind = "state" if isinstance(problem, StateUnreadable) else "operation"
    return Fault(kind, str(problem), type(problem).__name__)
