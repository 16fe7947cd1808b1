"""The ad-hoc sub-process: what stands in it without a flow is done once, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.expressions import read_optional
from engine.runtime.faults import Fault
from engine.runtime.specs.activities import Sub
from engine.runtime.token import STARTED

if TYPE_CHECKING:
    from engine.runtime.drawing.model import Node
    from engine.runtime.drawing.repeats import AdHoc as Plan
    from engine.runtime.specs.base import ProcessSpec
    from engine.runtime.token import Token


class AdHoc(Sub):
    """Begins all at once, or one after the other; ends by its condition, or when all are done.

    `todo` in the token holds what is still to begin; `enough`: only what runs is waited for.
    """

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        plan: Plan | None = node.ad_hoc
        if plan is None:
            raise ValueError(node.id)
        self.plan = plan
        self.completion = read_optional(plan.completion_condition, wf_spec.names)
        self.active = read_optional(plan.active_elements, wf_spec.names)

    def enter(self, token: Token) -> int | None:
        """Open the inner scope and begin; nothing to begin is done at once."""
        instance = token.workflow
        if token.local is None:
            instance.open_local(token, ())
        inner = token.reading
        instance.own(inner, token)
        instance.watch_over(self.node.id, inner)
        chosen = self._chosen(token)
        if not chosen:
            self._over(token)
            return None
        begun = chosen[:1] if self.plan.sequential else chosen
        token.internal_data["todo"] = chosen[len(begun) :]
        for key in begun:
            instance.add(key, inner)
        return STARTED

    def _chosen(self, token: Token) -> list[str]:
        """Ids of the activities to do; `Fault` for what is none of this sub-process."""
        if self.active is None:
            return list(self.entries)
        found = self.active.needed(token.workflow.view(token.reading), "the active elements")
        if not isinstance(found, list):
            raise self.active.fault("the active elements are no list")
        for key in found:
            if key not in self.entries:
                raise self.active.fault(f"'{key}' is no activity to begin with here")
        return [str(key) for key in found]

    def goes_on(self, token: Token, *, busy: bool) -> bool:
        """Something inside is done: whether others are, or the next one begins."""
        instance, data = token.workflow, token.internal_data
        if "enough" not in data and self._enough(token):
            instance.touch(token)
            data = token.internal_data
            data.update(todo=[], enough=1)
            if self.plan.cancel_remaining and busy:
                instance.cancel_inside(token.reading)
                return False
        if busy:
            return True
        if data["todo"]:
            instance.touch(token)
            first, *later = data["todo"]
            token.internal_data["todo"] = later
            instance.add(first, token.reading)
            return True
        if "enough" not in data:
            self._over(token)
        return False

    def _enough(self, token: Token) -> bool:
        if self.completion is None:
            return False
        view = token.workflow.view(token.reading)
        return self.completion.truth(view, "the completion condition")

    def _over(self, token: Token) -> None:
        """Nothing is left to do: the condition must hold, or it would never end."""
        if self.completion is not None and not self._enough(token):
            text = "everything inside is done and the completion condition does not hold"
            raise Fault("condition", text)
