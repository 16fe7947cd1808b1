"""Conditional events: looked at after each step that wrote variables, fired when they become true.

Only the change from not true to true counts (BPMN 2.0.2 §10.5.2); one that is true when it begins
to wait fires at once. Null is not true yet; anything else but a boolean is an incident.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from engine.runtime import arming
from engine.runtime.faults import Fault
from engine.runtime.specs.activities import Multi

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token

FALSE: Final = 0
TRUE: Final = 1
#: it raised a fault: not looked at before a retry
BROKEN: Final = 2


def look(instance: Instance) -> None:
    """See which conditions became true here, oldest token first; children look for themselves."""
    instance.altered = False
    for token in sorted(instance.tokens(), key=lambda token: token.id):
        for event in list(token.internal_data.get("conds", ())):
            if instance.tasks.get(token.id) is token and "go" not in token.internal_data:
                _attempt(instance, token, event)
        spec = token.task_spec
        if isinstance(spec, Multi) and instance.program.spec(spec.name).conditional:
            _pass_down(instance, token)


def _attempt(instance: Instance, token: Token, event: str) -> None:
    """A step of its own: what cannot be evaluated is an incident and rests until a retry."""
    held = "inc" in token.internal_data
    instance.command.current = (instance, token)
    instance.attempt(token, partial(_see, token, event))
    if not held and "inc" in token.internal_data:
        token.internal_data["conds"] = {**token.internal_data["conds"], event: BROKEN}


def _pass_down(instance: Instance, token: Token) -> None:
    """Children of a multi-instance see the variables around it."""
    for child in instance.command.living_children(instance, token):
        child.altered = True
        instance.command.wake(child)


def _see(token: Token, event: str) -> None:
    data = token.internal_data
    before = data.get("conds", {}).get(event)
    if before is None or before == BROKEN:
        return
    try:
        now = _true(token, event)
    except Fault:
        if "inc" in data:
            return
        raise
    if now == before:
        return
    data["conds"] = {**data["conds"], event: now}
    if now == TRUE:
        arming.fire(token, event, {})


def _true(token: Token, event: str) -> int:
    plan = arming.plan_of(token.workflow, event)
    if plan.condition is None:
        return FALSE
    value = plan.condition.value(token.workflow.view(token.reading))
    if value is None or value is False:
        return FALSE
    if value is not True:
        raise Fault("condition", f"the condition {plan.condition.source} is no boolean: {value!r}")
    return TRUE


def mend(token: Token) -> None:
    """A retry: broken conditions are looked at again."""
    conds = token.internal_data.get("conds", {})
    if BROKEN in conds.values():
        mended = {e: FALSE if was == BROKEN else was for e, was in conds.items()}
        token.internal_data["conds"] = mended
        token.workflow.altered = True
