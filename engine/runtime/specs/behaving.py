"""Events that a multi-instance throws while its instances complete (BPMN 10.3.8, 13.3.7).

They are caught on its own edge, and never end it: whatever cancelActivity says, the multi-instance
is what tells. What nobody on the edge catches goes where any such event goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.runtime.drawing.model import EventKind
from engine.runtime.drawing.repeats import Behaviour
from engine.runtime.expressions import read_optional
from engine.runtime.signalling import broadcast
from engine.runtime.specs.base import plan_event
from engine.runtime.throwing import throw_escalation
from engine.runtime.token import PENDING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.runtime.drawing.repeats import MultiInstance
    from engine.runtime.expressions import Text
    from engine.runtime.specs.base import EventPlan
    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json


class Telling(NamedTuple):
    """One event of a behaviour, compiled."""

    event: EventPlan
    condition: Text | None


class Said(NamedTuple):
    """What is to be thrown: the kind and the name of a signal or the code of an escalation."""

    kind: EventKind
    name: str


def compiled(plan: MultiInstance, names: frozenset[str]) -> tuple[Telling, ...]:
    """The events of a behaviour."""
    found = ((plan_event(t.event, names), read_optional(t.condition, names)) for t in plan.told)
    return tuple(Telling(event, condition) for event, condition in found if event is not None)


def said(
    behaviour: Behaviour, tellings: tuple[Telling, ...], view: Mapping[str, Any]
) -> tuple[Said, ...]:
    """What an instance that completes has to say; `view` knows the counters. May raise `Fault`."""
    if behaviour is Behaviour.ONE and view["numberOfCompletedInstances"] != 1:
        return ()
    return tuple(
        Said(event.kind, _named(event, view))
        for event, condition in tellings
        if condition is None or condition.truth(view, "the condition of the event")
    )


def _named(event: EventPlan, view: Mapping[str, Any]) -> str:
    text = event.code if event.kind is EventKind.ESCALATION else event.name
    return "" if text is None else str(text.needed(view, "the name of the event"))


def tell(token: Token, what: Said, counters: dict[str, Json]) -> None:
    """Throw it: to the edge of the multi-instance, else to whoever waits."""
    instance = token.workflow
    caught = [b for b in token.task_spec.node.boundary if _catches(token, b, what)]
    for boundary in caught:
        spec = instance.spec.task_specs[boundary]
        mark = instance.add(boundary, token.scope, state=PENDING)
        if spec.gives:
            instance.open_local(mark, ())
        instance.finish(mark, counters if spec.gives else {})
    if caught:
        return
    if what.kind is EventKind.ESCALATION:
        throw_escalation(token, what.name, {})
    else:
        instance.effects.append(lambda: broadcast(instance, what.name, {}))


def _catches(token: Token, boundary: str, what: Said) -> bool:
    instance = token.workflow
    plan = instance.spec.task_specs[boundary].event
    if plan is None or plan.kind is not what.kind:
        return False
    if what.kind is EventKind.ESCALATION:
        return plan.code is None or plan.code.source == what.name
    if plan.name is None:
        return False
    return str(plan.name.value(instance.view(token.reading))) == what.name
