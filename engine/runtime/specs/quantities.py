"""startQuantity: an activity that begins when so many tokens are there (BPMN 10.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime import arming
from engine.runtime.token import WAITING

if TYPE_CHECKING:
    from engine.runtime.token import Token


def gathered(token: Token) -> bool:
    """Take in the tokens that wait, or wait with them while they are too few."""
    instance, spec = token.workflow, token.task_spec
    waiting = sorted(
        (
            other
            for other in instance.standing(spec.name, token.scope)
            if "gather" in other.internal_data and other is not token
        ),
        key=lambda other: other.id,
    )
    if len(waiting) + 1 < spec.gathers:
        token.internal_data["gather"] = 1
        token._set_state(WAITING)  # noqa: SLF001 - the library's own way to force a state
        return False
    for other in waiting[: spec.gathers - 1]:
        instance.touch(other)
        arming.disarm(other)
        instance.merge(other)
    return True
