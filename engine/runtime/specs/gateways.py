"""Exclusive, parallel, inclusive and event-based gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs import defaults as stock

from engine.runtime.faults import Fault
from engine.runtime.specs.base import Element
from engine.runtime.token import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.runtime.specs.base import Way
    from engine.runtime.token import Token


def _default(element: Element) -> list[Way]:
    default = [w for w in element.outgoing if w.default]
    if not default:
        raise Fault("condition", "no condition is true and there is no default flow")
    return default


class Exclusive(Element, stock.ExclusiveGateway):
    """One flow: the first in document order whose condition holds, else the default one.

    The stock class tells flows apart by target only; two flows to one node are two for us.
    """

    def _run_hook(self, _token: Token) -> bool:
        return True

    def ways(self, token: Token) -> Iterable[Way]:
        """The one flow taken; nothing true and no default is a fault."""
        view = token.workflow.view(token.scope)
        for way in self.outgoing:
            if not way.default and (way.condition is None or way.condition.truth(view, way.id)):
                return (way,)
        return _default(self) if self.outgoing else ()


class Parallel(Element):
    """Takes one token per incoming flow and scope; surplus tokens wait for partners."""

    def enter(self, token: Token) -> int | None:
        """Wait until every incoming flow has brought a token."""
        if len(self.node.incoming) < 2:  # noqa: PLR2004 - nothing to join
            return None
        return WAITING if len(self.arrived(token)) < len(self.node.incoming) else None

    def arrived(self, token: Token) -> dict[str | None, Token]:
        """The oldest token per incoming flow in this scope, this one included."""
        oldest: dict[str | None, Token] = {}
        for other in token.workflow.standing(self.name, token.scope):
            if other is token or other._state == WAITING:  # noqa: SLF001 - a hot loop
                known = oldest.get(other.flow)
                if known is None or other.id < known.id:
                    oldest[other.flow] = other
        return oldest

    def _run_hook(self, token: Token) -> bool | None:
        if len(self.node.incoming) > 1:
            for other in self.arrived(token).values():
                if other is not token:
                    token.workflow.merge(other)
        return True

    def ways(self, token: Token) -> Iterable[Way]:
        """All flows: conditions mean nothing here (BPMN 10.6.4)."""
        del token
        return self.outgoing


class Inclusive(Parallel):
    """Joins by BPMN 2.0.2 §13.4.3 when nothing else can move; splits to every true condition."""

    def enter(self, _token: Token) -> int | None:
        """The instance decides when no other token can move."""
        return WAITING if len(self.node.incoming) > 1 else None

    def ready(self, token: Token) -> bool:
        """Whether it may fire: BPMN 2.0.2 §13.4.3.

        No token elsewhere can come to an empty flow without also being able to reach a full one;
        paths through the gateway itself do not count.
        """
        full = self.full(token)
        empty = [f.id for f in self.node.incoming if f.id not in full]
        spec, name = self._wf_spec, self.name
        for other in token.workflow.tokens():
            if other.task_spec is self or other.scope != token.scope:
                continue
            if "seen" in other.internal_data:
                continue  # what a complex gateway remembers is no token
            at = other.task_spec.name
            if any(spec.reaches(at, f, name) for f in empty) and not any(
                f is not None and spec.reaches(at, f, name) for f in full
            ):
                return False
        return True

    def full(self, token: Token) -> set[str | None]:
        """Flows of which nothing more is waited for."""
        return set(self.arrived(token))

    def ways(self, token: Token) -> Iterable[Way]:
        """Every flow whose condition holds, else the default one."""
        if len(self.outgoing) == 1 and self.outgoing[0].condition is None:
            return self.outgoing
        view = token.workflow.view(token.scope)
        taken = [
            w
            for w in self.outgoing
            if not w.default and (w.condition is None or w.condition.truth(view, w.id))
        ]
        return taken or (_default(self) if self.outgoing else ())


class EventBased(Element):
    """Waits for the first of the events behind its flows."""

    def enter(self, token: Token) -> int | None:
        """Arm every event behind the gateway."""
        for way in self.outgoing:
            token.workflow.arm(token, way.target)
        return WAITING
