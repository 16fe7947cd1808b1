"""Events that throw; catching ones are `tasks.Catch`, boundary and start events pass through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.specs.base import Element, EventPlan

if TYPE_CHECKING:
    from engine.runtime.token import Token


class Throw(Element):
    """Root of the throwing events."""

    @property
    def plan(self) -> EventPlan:
        """What is thrown."""
        if self.event is None:
            raise ValueError(self.name)
        return self.event

    def code(self, token: Token) -> str:
        """Error or escalation code, empty when none is drawn."""
        if self.plan.code is None:
            return ""
        view = token.workflow.view(token.reading)
        return str(self.plan.code.needed(view, "the code"))


class ThrowError(Throw):
    """Ends its path with a BPMN error; uncaught, it is an incident here."""

    def _run_hook(self, token: Token) -> bool | None:
        token.workflow.throw_error(token, self.code(token), "", token.workflow.payload(token))
        return None


class ThrowEscalation(Throw):
    """Tells those outside and goes on, unless it interrupts itself."""

    def _run_hook(self, token: Token) -> bool | None:
        instance = token.workflow
        instance.finish(token, {})
        instance.throw_escalation(token, self.code(token), instance.payload(token))
        return None


class ThrowSignal(Throw):
    """Broadcasts after the step; the worker delivers to each receiver."""

    def _run_hook(self, token: Token) -> bool:
        instance = token.workflow
        text = self.plan.name
        if text is None:
            raise ValueError(self.name)
        name = str(text.needed(instance.view(token.reading), "the signal name"))
        payload = instance.payload(token)
        instance.effects.append(lambda: instance.command.broadcast(name, payload))
        return True


class Terminate(Throw):
    """Ends its scope with everything inside."""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.terminate(token)
        return True
