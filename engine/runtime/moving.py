"""Tokens begin and end where a process owner says, beside what the drawing does by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.kinds import Kind
from engine.runtime.faults import Fault
from engine.runtime.specs.activities import Sub
from engine.runtime.specs.event_subprocess import EventSub
from engine.runtime.specs.gateways import Parallel
from engine.runtime.specs.loops import Loop
from engine.runtime.token import STARTED
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.ports.steering import Consequences, Shift, Touched, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.runtime.command import Command
    from engine.runtime.instance import Instance
    from engine.runtime.specs.base import Element
    from engine.runtime.token import Token

#: changes of one modification
SHIFTS_MAX: Final = 100
#: they begin with what they stand on
_NO_BEGINNING: Final = frozenset({Kind.BOUNDARY_EVENT})


class Moving:
    """One modification of one instance."""

    def __init__(self, instance: Instance, *, arms: bool = True) -> None:
        """`arms`: sub-processes that are opened wait for the events on their edge."""
        self._instance = instance
        self._arms = arms
        self._begun: list[Touched] = []

    def shift(self, shifts: Sequence[Shift]) -> None:
        """End and begin tokens; they go on when the instance is woken. `Conflict`."""
        if not 0 < len(shifts) <= SHIFTS_MAX:
            fault = FieldFault(
                field="shifts", code="size", message=f"between 1 and {SHIFTS_MAX} changes"
            )
            raise InputRefused(fault)
        ended: dict[int, Token] = {}
        # beginnings first, so that a sub-process in which one token takes another's place stays
        for one in shifts:
            ending = self._meant(one)
            ended.update({token.id: token for token in ending})
            if one.begins is not None:
                sources: Sequence[Token | None] = ending or [None]
                for source in sources:
                    self._begin(one, source)
        for token in ended.values():
            self._end(token)

    def told(self, command: Command) -> Consequences:
        """What came of it, as far as the command knows, before the instance goes on."""
        ends = [row for row in command.changes.history if row.event == "cancelled"]
        return Consequences(
            ends=tuple(
                _touched(command.instance(row.instance_key), row.element_id, row.token)
                for row in ends
            ),
            begins=tuple(self._begun),
            tasks=tuple(closed.key for closed in command.changes.closed_tasks),
        )

    # ---- ending

    def _meant(self, one: Shift) -> list[Token]:
        """Tokens that a change ends, watching ones excepted."""
        found: list[Token] = []
        if one.ends_token is not None:
            token = self._instance.tasks.get(one.ends_token)
            if token is not None and isinstance(token.id, int):
                found = [token]
        elif one.ends_element is not None:
            # a turn of a loop ends with its frame
            found = [
                t
                for t in self._instance.tokens()
                if t.task_spec.node.id == one.ends_element and not t.task_spec.node.turn
            ]
        elif one.begins is None:
            raise _refused("shifts", "empty", "a change ends a token, begins one, or both")
        else:
            return []
        found = [token for token in found if "watch" not in token.internal_data]
        if not found:
            where = one.ends_element or one.ends_token
            raise Conflict("nothing waits there any more", element=str(where))
        return found

    def _end(self, token: Token) -> None:
        instance = self._instance
        if instance.tasks.get(token.id) is not token:
            return  # inside another that ended
        scope = token.scope
        token.cancel()
        while not _alive(instance, scope):
            if scope == 0:
                raise Conflict("nothing would remain: cancel the instance instead")
            owner = instance.tasks.get(instance.scopes[scope].owner)
            if owner is None:
                return
            scope = owner.scope
            owner.cancel()

    # ---- beginning

    def _begin(self, one: Shift, source: Token | None) -> None:
        instance = self._instance
        spec = instance.spec.task_specs.get(one.begins or "")
        if spec is None or spec.node.turn:
            raise _refused("begins", "unknown_element", f"there is no element '{one.begins}' here")
        where = self._where(spec, one)
        scope = self._scope(spec, one, source)
        for name, value in one.variables.items():
            _put(instance, scope, name, value)
        token = instance.add(spec.name, scope)
        if where is Where.AFTER:
            instance.finish(token, {})
        self._begun.append(_touched(instance, spec.node.id, None))

    @staticmethod
    def _where(spec: Element, one: Shift) -> Where:
        """Which side; a token at a join that no flow brought passes it."""
        node = spec.node
        if one.where is Where.BEFORE and node.kind in _NO_BEGINNING:
            raise _refused("begins", "boundary", "an event on an edge begins with its activity")
        if isinstance(spec, EventSub) or node.for_compensation:
            raise _refused("begins", "triggered", f"only its event begins '{node.label}'")
        if isinstance(spec, Parallel) and len(node.incoming) > 1:
            return Where.AFTER
        return one.where

    def _scope(self, spec: Element, one: Shift, source: Token | None) -> int:
        """The scope in which a token begins; sub-processes around it are opened as needed."""
        instance, scope = self._instance, 0
        for name in _around(instance, spec):
            inside = [
                t
                for t in instance.standing(name, scope)
                if t.local is not None
                and instance.scopes[t.local].owner == t.id
                and "go" not in t.internal_data
            ]
            scope = self._inside(name, scope, self._chosen(inside, one, source))
        return scope

    def _chosen(self, inside: list[Token], one: Shift, source: Token | None) -> Token | None:
        if len(inside) < 2:  # noqa: PLR2004 - nothing to choose
            return next(iter(inside), None)
        near = set(_owners(self._instance, source)) if source is not None else set()
        wanted = [t for t in inside if t.id == one.within or t.id in near]
        if len(wanted) != 1:
            text = "several of them are under way: say in which one"
            raise _refused("within", "ambiguous", text)
        return wanted[0]

    def _inside(self, name: str, scope: int, token: Token | None) -> int:
        if token is not None:
            return token.reading
        instance = self._instance
        spec = instance.spec.task_specs[name]
        if type(spec) is not Sub or spec.node.turn:
            raise _refused("begins", "closed", f"'{spec.node.label}' is not under way")
        opened = instance.add(name, scope)
        instance.open_local(opened, spec.takes)
        inner = opened.reading
        instance.own(inner, opened)
        instance.watch_over(name, inner)
        opened._set_state(STARTED)  # noqa: SLF001 - the library's own way to force a state
        if self._arms:
            instance.arm_boundaries(opened)
        instance.note(opened, "activated")
        self._begun.append(_touched(instance, spec.node.id, opened.id))
        return inner


def _around(instance: Instance, spec: Element) -> list[str]:
    """Sub-processes around an element of this execution root, the outermost first."""
    found: list[str] = []
    parent = spec.node.parent
    while parent is not None:
        around = instance.spec.task_specs.get(parent)
        if around is None:
            break
        if around.node.multi_instance is not None:
            text = f"'{around.node.label}' repeats: change one of its instances"
            raise _refused("begins", "inside-multi-instance", text)
        if isinstance(around, Loop):
            found.insert(0, around.turn)
        found.insert(0, around.name)
        parent = around.node.parent
    return found


def _owners(instance: Instance, token: Token) -> Iterator[int]:
    """Tokens of the sub-processes around a token."""
    at: int | None = token.scope
    while at is not None:
        scope = instance.scopes[at]
        if scope.owner is not None:
            yield scope.owner
        at = scope.up


def _alive(instance: Instance, scope: int) -> bool:
    """Whether a token lives in a scope, those that only watch for events excepted."""
    return any(t.scope == scope and "watch" not in t.internal_data for t in instance.tokens())


def _put(instance: Instance, scope: int, name: str, value: object) -> None:
    try:
        instance.put(scope, name, value)
    except Fault as fault:
        raise _refused(name, fault.kind, fault.message) from fault


def _touched(instance: Instance, element: str, token: int | None) -> Touched:
    node = instance.spec.task_specs[element].node if element in instance.spec.task_specs else None
    return Touched(
        element_id=element,
        name=node.name if node is not None else "",
        type=node.kind.value if node is not None else "",
        token=token,
        instance_key=instance.row.key,
    )


def _refused(field: str, code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field=field, code=code, message=message))
