"""Which flows leave an element that is no gateway: those without a condition, those that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.faults import Fault

if TYPE_CHECKING:
    from engine.runtime.specs.base import Element, Way
    from engine.runtime.token import Token


def chosen(element: Element, token: Token) -> tuple[Way, ...]:
    """The flows taken, in document order (BPMN 8.4.13, 13.3.1).

    A default flow stands in for conditions of which none holds; a token that could go nowhere is
    a fault, never silently gone.
    """
    view = token.workflow.view(token.scope)
    held = {
        way.id
        for way in element.outgoing
        if way.condition is not None and way.condition.truth(view, way.id)
    }
    taken = tuple(
        way
        for way in element.outgoing
        if way.id in held or (way.condition is None and not (way.default and held))
    )
    if not taken:
        raise Fault("condition", "no condition is true and there is no default flow")
    return taken
