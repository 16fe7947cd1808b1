"""Compiled FEEL conditions beside Python lambdas on the same dict."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, at_most
from bench.lanes import Lane, in_turns, same
from engine.feel import compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.place import Ground

FEEL_MAX = 15.0
_TIMES = 2_000

_SCOPE: dict[str, Any] = {
    "amount": 50,
    "decision": "accept",
    "level": 3,
    "person": {"unit": "A1", "posts": 2},
}
#: as gateways of the drawings ask
_CONDITIONS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("amount > 10", lambda v: v["amount"] > 10),
    ('decision = "accept"', lambda v: v["decision"] == "accept"),
    (
        'decision = "accept" and level >= 3',
        lambda v: v["decision"] == "accept" and v["level"] >= 3,
    ),
    (
        'person.posts > 1 or person.unit = "B2"',
        lambda v: v["person"]["posts"] > 1 or v["person"]["unit"] == "B2",
    ),
)


def measure(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """Each condition with its lambda in turns."""
    del ground
    lanes: dict[str, Lane] = {}
    for text, plain in _CONDITIONS:
        feel = compile_expression(text).evaluate
        assert feel(_SCOPE) is plain(_SCOPE)
        lanes[text] = same(partial(_often, feel))
        lanes[f"lambda {text}"] = same(partial(_often, plain))
    gc.disable()
    try:
        found = in_turns(lanes, rounds=10 if quick else 40)
    finally:
        gc.enable()
    for text, _plain in _CONDITIONS:
        yield at_most(
            f"FEEL condition, compiled: {text}",
            FEEL_MAX,
            measured=[seconds / _TIMES for seconds in found[text]],
            baseline=[seconds / _TIMES for seconds in found[f"lambda {text}"]],
            named="lambda",
        )


def _often(act: Callable[[dict[str, Any]], Any]) -> None:
    for _ in range(_TIMES):
        act(_SCOPE)
