"""The state of one execution root: tokens and scopes, with a journal that undoes a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.runtime.faults import Fault
from engine.runtime.jsonvalues import clean
from engine.runtime.limits import MAX_STATE_BYTES, MAX_TOKENS
from engine.runtime.scopes import Scope, View, merged
from engine.runtime.scripting import ENGINE
from engine.runtime.token import PENDING, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.runtime.specs.base import Assignment, ProcessSpec
    from engine.usecases.ports.process import Json

#: key of the root of the task tree; token numbers begin at 1
_ROOT: Final = "root"
_MISSING: Final = object()
#: what a token costs in the stored state, about
_TOKEN_BYTES: Final = 64


class State(BpmnWorkflow):
    """Tokens hang flat below one root, so history never stays; scopes hold all variables."""

    spec: ProcessSpec
    tasks: dict[Any, Any]

    def __init__(self, spec: ProcessSpec) -> None:
        # deserializing: the library makes no root task of its own and predicts nothing
        super().__init__(spec, script_engine=ENGINE, deserializing=True)
        self.task_tree: Any = None
        root = Token(self, spec.start, _ROOT, TaskState.COMPLETED)  # type: ignore[arg-type]
        self.task_tree = root
        self.scopes: dict[int, Scope] = {}
        #: live tokens per scope
        self.population: dict[int, int] = {}
        #: highest number given to a token or scope
        self.seq = 0
        #: about how large the stored state is
        self.size = 0
        self.journal: list[tuple[Callable[..., None], tuple[Any, ...]]] = []

    # ---- tokens

    def add(
        self, element: str, scope: int, flow: str | None = None, *, state: int = PENDING
    ) -> Token:
        """Put a token on an element; `Fault` when there are too many."""
        if len(self.tasks) > MAX_TOKENS:
            raise Fault("limit", f"more than {MAX_TOKENS} tokens")
        self.seq += 1
        token = Token(self, self.spec.task_specs[element], self.seq, state)
        token.scope = scope
        token.flow = flow
        self.population[scope] = self.population.get(scope, 0) + 1
        self.size += _TOKEN_BYTES
        self.journal.append((self._unadd, (token,)))
        self.waken(token)
        return token

    def waken(self, token: Token) -> None:
        """A step of that token is to be done; an Instance queues it."""

    def watch(self, element: str, scope: int) -> Token:
        """Put a token on an event sub-process: it waits for the event and keeps no scope open."""
        token = self.add(element, scope)
        token.internal_data["watch"] = 1
        self.population[scope] -= 1
        return token

    def _unadd(self, token: Token) -> None:
        self._remove_task(token.id)
        if "watch" not in token.internal_data:
            self.population[token.scope] -= 1

    def remove(self, token: Token) -> None:
        """Take a token out."""
        self.journal.append((self._unremove, (token,)))
        self._remove_task(token.id)
        if "watch" not in token.internal_data:
            self.population[token.scope] -= 1

    def _unremove(self, token: Token) -> None:
        self.tasks[token.id] = token
        self.task_tree._children.append(token.id)  # noqa: SLF001 - what the library does on adding
        if "watch" not in token.internal_data:
            self.population[token.scope] += 1

    def touch(self, token: Token) -> None:
        """Remember a token as it is, before it changes."""
        before = (token._state, token.local, token.internal_data)  # noqa: SLF001 - hot
        token.internal_data = dict(token.internal_data)
        self.journal.append((self._untouch, (token, *before)))

    @staticmethod
    def _untouch(token: Token, state: int, local: int | None, data: dict[str, Any]) -> None:
        token._state, token.local, token.internal_data = state, local, data  # noqa: SLF001

    def tokens(self) -> Iterator[Token]:
        """All live tokens."""
        return (t for i, t in list(self.tasks.items()) if i != _ROOT)

    def standing(self, element: str, scope: int) -> list[Token]:
        """Tokens on an element in a scope."""
        return [
            t
            for t in self.tasks.values()
            if t.task_spec.name == element and t.scope == scope and t.id != _ROOT
        ]

    # ---- variables

    def view(self, scope: int) -> View:
        """What an expression sees there."""
        return View(self, scope)

    def open_local(self, token: Token, inputs: tuple[Assignment, ...]) -> None:
        """Give a token a scope of its own and fill it; each input sees the earlier ones."""
        self.seq += 1
        number = self.seq
        self.scopes[number] = Scope(token.scope, None, {})
        self.journal.append((self._unscope, (number, None)))
        token.local = number
        for assignment in inputs:
            value = assignment.source.value(self.view(number))
            name, *rest = assignment.path
            old = self.scopes[number].variables.get(name)
            self.put(number, name, merged(old, tuple(rest), value))

    def own(self, scope: int, token: Token) -> None:
        """Make a scope the inside of a sub-process."""
        self.scopes[scope].owner = token.id

    def open_scope(
        self, up: int, token: Token, variables: Mapping[str, Json], records: tuple[Json, ...] = ()
    ) -> int:
        """Open a scope that a token owns beside its local one; `Fault` when it is too large."""
        self.seq += 1
        number = self.seq
        self.scopes[number] = Scope(up, token.id, {}, records)
        self.journal.append((self._unscope, (number, None)))
        for name, value in variables.items():
            self.put(number, name, value)
        return number

    def keep_records(self, number: int, records: tuple[Json, ...]) -> None:
        """Change what a scope knows of things done inside that can be undone."""
        scope = self.scopes[number]
        self.journal.append((setattr, (scope, "records", scope.records)))
        scope.records = records

    def drop_scope(self, number: int) -> None:
        """Forget a scope and its variables."""
        self.journal.append((self._unscope, (number, self.scopes.pop(number))))

    def _unscope(self, number: int, scope: Scope | None) -> None:
        if scope is None:
            del self.scopes[number]
        else:
            self.scopes[number] = scope

    def home(self, scope: int, name: str) -> int:
        """The scope to which a write of that name goes: the nearest that has it, else the root."""
        at = scope
        while name not in self.scopes[at].variables:
            up = self.scopes[at].up
            if up is None:
                break
            at = up
        return at

    def write(self, scope: int, name: str, value: Json) -> None:
        """Write a variable as seen from a scope."""
        self.put(self.home(scope, name), name, value)

    def assign(self, scope: int, path: tuple[str, ...], value: Json) -> None:
        """Write a variable, or an entry of a context, as seen from a scope."""
        at = self.home(scope, path[0])
        old = self.scopes[at].variables.get(path[0])
        self.put(at, path[0], merged(old, path[1:], value))

    def put(self, scope: int, name: str, value: Json) -> None:
        """Write a variable into exactly that scope; `Fault` when it is too large or no JSON."""
        tidy, size = clean(name, value)
        self.charge(size)
        variables = self.scopes[scope].variables
        self.journal.append((self._unput, (variables, name, variables.get(name, _MISSING))))
        variables[name] = tidy

    def charge(self, size: int) -> None:
        """So many bytes come to the state; `Fault` when it becomes too large."""
        self.size += size
        if self.size > MAX_STATE_BYTES:
            self.size = self.measured() + size
            if self.size > MAX_STATE_BYTES:
                raise Fault("limit", f"the state has more than {MAX_STATE_BYTES} bytes")

    def measured(self) -> int:
        """The size of the stored state; an Instance knows it exactly."""
        return self.size

    @staticmethod
    def _unput(variables: dict[str, Json], name: str, old: Any) -> None:
        if old is _MISSING:
            del variables[name]
        else:
            variables[name] = old

    # ---- the journal

    def undo(self) -> None:
        """Take back everything since the journal was emptied."""
        for back, arguments in reversed(self.journal):
            back(*arguments)
        self.journal.clear()

    # ---- what lies beyond this root; an Instance knows

    def beyond(self, name: str) -> Any:
        """A name that no scope of this root has; KeyError when nobody has it."""
        raise KeyError(name)

    def above(self) -> Mapping[str, Any] | None:
        """What the parent of a multi-instance child sees."""
        return None
