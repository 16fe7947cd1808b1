"""Joins that wait for each other, or for what can never come: an incident, never silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.faults import Fault
from engine.runtime.specs.gateways import Inclusive, Parallel
from engine.runtime.token import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.instance import Instance
    from engine.runtime.token import Token

STALLED: Final = Fault(
    "stall",
    "the gateway waits for a token that can never come",
    "only joins that wait for each other are left that could bring it",
)


def stuck(instance: Instance) -> Iterator[Token]:
    """The oldest token of each scope in which joins wait though nothing that moves can help.

    Asked when no step is left to do. A token that an incident holds can be retried: it moves.
    """
    inside: dict[int, tuple[list[Token], list[Token]]] = {}
    for token in instance.tokens():
        if "watch" in token.internal_data:
            continue
        waiting, others = inside.setdefault(token.scope, ([], []))
        (waiting if _waits(token) else others).append(token)
    for waiting, others in inside.values():
        left = _hopeless(waiting, others) if waiting else waiting
        if left:
            yield min(left, key=lambda token: token.id)


def _waits(token: Token) -> bool:
    return (
        token._state == WAITING  # noqa: SLF001 - hot
        and "inc" not in token.internal_data
        and (isinstance(token.task_spec, Parallel) or "gather" in token.internal_data)
    )


def _hopeless(waiting: list[Token], moving: list[Token]) -> list[Token]:
    """Tokens at joins that no moving token can reach, also not by setting another join free."""
    if not moving:
        return waiting
    # from where a parallel join is reached is not measured: it counts as one that moves
    moving = moving + [t for t in waiting if not isinstance(t.task_spec, Inclusive)]
    left = [t for t in waiting if isinstance(t.task_spec, Inclusive)]
    while left:
        freed = [t for t in left if any(_reaches(other, t) for other in moving)]
        if not freed:
            break
        moving += freed
        left = [t for t in left if t not in freed]
    return left


def _reaches(other: Token, token: Token) -> bool:
    """Whether a token may come to any flow into the join at which the other one waits."""
    spec = token.task_spec
    if other.task_spec is spec:
        return True
    return any(
        token.workflow.spec.reaches(other.task_spec.name, flow.id, spec.name)
        for flow in spec.node.incoming
    )
