"""The complex gateway: begins by its condition, then waits for what is still under way (13.4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.expressions import read_optional
from engine.runtime.faults import Fault
from engine.runtime.scopes import Overlay
from engine.runtime.specs.gateways import Inclusive
from engine.runtime.token import PENDING, WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.runtime.drawing.model import Node
    from engine.runtime.specs.base import ProcessSpec, Way
    from engine.runtime.token import Token


class Complex(Inclusive):
    """Takes a token of each flow that has one when its activation condition holds.

    Then a token of its own remembers the flows (`seen`) until from all others a token has come or
    none can come; these are taken in silence, except for flows whose condition says otherwise
    (`waitingForStart` is false then).
    """

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.activation = read_optional(node.activation, wf_spec.names)

    def enter(self, token: Token) -> int | None:
        """Go on when the condition holds; while it remembers, everything waits for its reset."""
        if len(self.node.incoming) < 2:  # noqa: PLR2004 - nothing to join
            return None
        here = [t for t in self._here(token) if t is not token]
        if any("seen" in t.internal_data for t in here):
            return WAITING
        token.internal_data["count"] = len(here) + 1
        if self.activation is None:
            return None
        holds = self.activation.truth(self._view(token), "the activation condition")
        return None if holds else WAITING

    def _here(self, token: Token) -> list[Token]:
        """Tokens at the gateway in this scope, those that were taken in excepted."""
        return [
            other
            for other in token.workflow.standing(self.name, token.scope)
            if other is token or other._state == WAITING  # noqa: SLF001 - a hot loop
        ]

    def _view(self, token: Token) -> Overlay:
        data = token.internal_data
        known = {"activationCount": data.get("count", 1), "waitingForStart": "seen" not in data}
        return Overlay(known, token.workflow.view(token.scope))

    def arrived(self, token: Token) -> dict[str | None, Token]:
        """The oldest token per flow; for the reset, of the flows not seen yet."""
        seen = token.internal_data.get("seen", ())
        oldest: dict[str | None, Token] = {}
        for other in sorted(self._here(token), key=lambda one: one.id):
            if "seen" not in other.internal_data and other.flow not in seen:
                oldest.setdefault(other.flow, other)
        return oldest

    def full(self, token: Token) -> set[str | None]:
        """Flows of which nothing more is waited for."""
        return {*token.internal_data.get("seen", ()), *self.arrived(token)}

    def ready(self, token: Token) -> bool:
        """Only what remembers is set free by the flows; the rest by the condition."""
        return "seen" in token.internal_data and super().ready(token)

    def _run_hook(self, token: Token) -> bool | None:
        if len(self.node.incoming) < 2:  # noqa: PLR2004 - nothing to join
            return True
        instance = token.workflow
        taken = self.arrived(token)
        for other in taken.values():
            if other is not token:
                instance.merge(other)
        if "seen" in token.internal_data:
            return self._reset(token)
        seen = {token.flow, *taken}
        if len(seen) < len(self.node.incoming):
            memory = instance.add(self.name, token.scope, state=WAITING)
            memory.internal_data["seen"] = sorted(str(flow) for flow in seen)
        else:
            self._waken_next(token)
        return True

    def _reset(self, token: Token) -> bool | None:
        """Begin anew; a token that came twice on its flow asks the condition again."""
        instance = token.workflow
        self._waken_next(token)
        if self.ways(token):
            return True
        instance.remove(token)
        instance.scope_left(token.scope)
        return None

    def _waken_next(self, token: Token) -> None:
        instance = token.workflow
        left = [other for other in self._here(token) if other is not token]
        if left:
            first = min(left, key=lambda one: one.id)
            instance.touch(first)
            first._state = PENDING  # noqa: SLF001 - forced, as _set_state does
            instance.waken(first)

    def ways(self, token: Token) -> Iterable[Way]:
        """Each flow without a condition or whose condition holds, else the default one.

        At the reset only flows with a condition that holds, and none is no fault.
        """
        view = self._view(token)
        resetting = "seen" in token.internal_data
        taken = [
            w
            for w in self.outgoing
            if (w.condition is None and not w.default and not resetting)
            or (w.condition is not None and w.condition.truth(view, w.id))
        ]
        if taken or resetting or not self.outgoing:
            return taken
        default = [w for w in self.outgoing if w.default]
        if not default:
            raise Fault("condition", "no condition is true and there is no default flow")
        return default
