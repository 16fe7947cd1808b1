"""Events that throw; catching ones are `tasks.Catch`, boundary and start events pass through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.model import EventKind
from engine.runtime.signalling import broadcast
from engine.runtime.specs.base import Element, EventPlan
from engine.runtime.throwing import throw_error, throw_escalation

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
        throw_error(token, self.code(token), "", token.workflow.payload(token))
        return None


class ThrowEscalation(Throw):
    """Tells those outside and goes on, unless it interrupts itself."""

    def _run_hook(self, token: Token) -> bool | None:
        instance = token.workflow
        instance.finish(token, {})
        throw_escalation(token, self.code(token), instance.payload(token))
        return None


class Signalling(Throw):
    """Lets those go first that arrived before it: who is about to wait hears the signal."""

    def arrive(self, token: Token) -> None:
        """Arrive behind what is on its way already, once; then as any element."""
        instance = token.workflow
        if "late" not in token.internal_data and instance.arrivals:
            token.internal_data["late"] = 1
            instance.waken(token)
            return
        super().arrive(token)


class ThrowSignal(Signalling):
    """Broadcasts after the step: to its own instance at once, to others by the worker."""

    def _run_hook(self, token: Token) -> bool | None:
        _signal(token, self.plan)
        # leaving is a step of its own: the signal may interrupt what is around
        token.workflow.finish(token, {})
        return None


class ThrowSeveral(Signalling):
    """Throws signals and escalations, one after the other, and goes on."""

    def _run_hook(self, token: Token) -> bool | None:
        instance = token.workflow
        view, payload = instance.view(token.reading), instance.payload(token)
        told = [p for p in self.plan.parts if p.kind is EventKind.ESCALATION]
        codes = [str(p.code.needed(view, "the code")) if p.code else "" for p in told]
        for part in self.plan.parts:
            if part.kind is EventKind.SIGNAL:
                _signal(token, part)
        instance.finish(token, {})
        for code in codes:
            throw_escalation(token, code, payload)
        return None


def _signal(token: Token, plan: EventPlan) -> None:
    instance = token.workflow
    if plan.name is None:
        raise ValueError(plan.kind)
    name = str(plan.name.needed(instance.view(token.reading), "the signal name"))
    payload = instance.payload(token)
    instance.effects.append(lambda: broadcast(instance, name, payload))


class Terminate(Throw):
    """Ends its scope with everything inside."""

    def _run_hook(self, token: Token) -> bool:
        token.workflow.terminate(token)
        return True
