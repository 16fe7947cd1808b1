"""The standard loop: a frame that asks its condition, and the activity inside it once a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.expressions import read_optional
from engine.runtime.scopes import Overlay
from engine.runtime.specs.base import Element
from engine.runtime.specs.quantities import gathered
from engine.runtime.token import PENDING, STARTED

if TYPE_CHECKING:
    from engine.runtime.drawing.model import Node
    from engine.runtime.specs.base import ProcessSpec
    from engine.runtime.token import Token


class Loop(Element):
    """Holds the boundary events and flows; each turn is a token on the activity in its scope.

    `loopCounter` is the number of the turn inside, and of turns done where the condition asks.
    """

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        plan = node.loop
        if plan is None:
            raise ValueError(node.id)
        self.test_before = plan.test_before
        self.condition = read_optional(plan.condition, wf_spec.names)
        self.maximum = None if plan.maximum is None else int(plan.maximum)
        #: set by `program`: the activity inside
        self.turn = ""
        # mappings are those of each turn, not of the frame
        self.takes = self.gives = ()

    def arrive(self, token: Token) -> None:
        """One more turn, or none: a step of its own before each of them."""
        instance, data = token.workflow, token.internal_data
        first = "loop" not in data
        if first and self.gathers > 1 and not gathered(token):
            return
        turns = data.get("loop", 0)
        if not self._again(token, turns):
            instance.finish(token, {})
            return
        if token.local is None:
            instance.open_local(token, ())
        inner = token.reading
        instance.own(inner, token)
        data["loop"] = turns + 1
        instance.put(inner, "loopCounter", turns + 1)
        token._set_state(STARTED)  # noqa: SLF001 - the library's own way to force a state
        if first:
            instance.arm_boundaries(token)
            instance.note(token, "activated")
        instance.add(self.turn, inner)

    def _again(self, token: Token, turns: int) -> bool:
        if self.maximum is not None and turns >= self.maximum:
            return False
        if self.condition is None or not (turns or self.test_before):
            return True
        view = Overlay({"loopCounter": turns}, token.workflow.view(token.reading))
        return self.condition.truth(view, "the loop condition")

    def emptied(self, token: Token, _scope: int) -> None:
        """A turn is done: ask again, as a step of the loop itself."""
        instance = token.workflow
        instance.touch(token)
        token._state = PENDING  # noqa: SLF001 - forced, as _set_state does
        instance.waken(token)
