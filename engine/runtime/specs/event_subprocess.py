"""Event sub-processes: a token waits for the event beside the flow, others run what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.specs.activities import Sub
from engine.runtime.token import PENDING, STARTED, WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json


class EventSub(Sub):
    """A sub-process that its start event triggers while the scope around it is active.

    Each scope keeps one watching token per event sub-process; what the event triggers is a token
    of its own, with an inside as any sub-process.
    """

    @property
    def trigger(self) -> str:
        """Its start event."""
        return self.entries[0]

    def arrive(self, token: Token) -> None:
        """The step of a watching token: wait for the event; may raise."""
        token.workflow.arm(token, self.trigger)
        token._set_state(WAITING)  # noqa: SLF001 - the library's own way to force a state

    def happened(self, token: Token, variables: Mapping[str, Json]) -> None:
        """The event happens at a watching token: run inside, instead of all else or beside it."""
        instance = token.workflow
        running = self.begin(token, token.scope, variables)
        if instance.spec.task_specs[self.trigger].node.interrupting:
            for other in [t for t in instance.tokens() if t.scope == token.scope]:
                if other is not running:
                    other.cancel()

    def begin(self, cause: Token, scope: int, variables: Mapping[str, Json]) -> Token:
        """Run it once in a scope; the token that stands for this run."""
        instance = cause.workflow
        running = instance.add(self.name, scope, state=STARTED)
        instance.open_local(running, self.takes)
        inner = running.reading
        instance.own(inner, running)
        instance.watch_over(self.name, inner)
        start = instance.add(self.trigger, inner, state=PENDING)
        if start.task_spec.gives:
            instance.open_local(start, ())
        instance.finish(start, variables)
        instance.note(running, "activated")
        return running
