"""Compiled FEEL conditions beside Python lambdas on the same dict."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, at_most
from bench.lanes import Lane, in_turns, same
from engine.dmn import read_model
from engine.feel import compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.place import Ground

FEEL_MAX = 15.0
#: a table of this many rules beside one condition
RULES, TABLE_MAX = 50, 60.0
_TIMES = 2_000
_SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
#: the rule that 91 meets
_LAST = 45

_SCOPE: dict[str, Any] = {
    "amount": 50,
    "decision": "accept",
    "level": 3,
    "nilai": 91,
    "perilaku": "di atas",
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
        'nilai >= 90 and perilaku = "di atas"',
        lambda v: v["nilai"] >= 90 and v["perilaku"] == "di atas",
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
    lanes["table"] = same(partial(_often, _table()))
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

    one = found['nilai >= 90 and perilaku = "di atas"']
    yield at_most(
        f"decision table of {RULES} rules, the last one matches",
        TABLE_MAX,
        measured=[seconds / _TIMES for seconds in found["table"]],
        baseline=[seconds / _TIMES for seconds in one],
        named="one condition",
    )


def _table() -> Callable[[dict[str, Any]], Any]:
    """A table over `nilai` and `perilaku` in which the rules are tried to the last."""
    rules = "".join(
        f"<rule id='r{n}'><inputEntry><text>[{n * 2}..{n * 2 + 2})</text></inputEntry>"
        f'<inputEntry><text>"di atas"</text></inputEntry>'
        f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(_LAST - RULES + 1, _LAST + 1)
    )
    columns = "".join(
        f"<input id='{name}'><inputExpression><text>{name}</text></inputExpression></input>"
        for name in ("nilai", "perilaku")
    )
    model = read_model(
        f"<definitions xmlns='{_SPACE}' id='m' name='m' namespace='n'><decision id='d' name='d'>"
        f"<variable name='d'/><decisionTable id='t'>{columns}<output id='o' name='o'/>{rules}"
        "</decisionTable></decision></definitions>".encode()
    )
    assert model.evaluate("d", _SCOPE).value == _LAST
    return lambda scope: model.evaluate("d", scope)


def _often(act: Callable[[dict[str, Any]], Any]) -> None:
    for _ in range(_TIMES):
        act(_SCOPE)
