"""`./run bench fuzz [--count N] [--seed S]`: nonsense, half-sense and sense for FEEL and DMN.

Inputs come from a grammar, from words thrown together and from expressions and files that were
spoilt. What must not happen: an exception that is not documented, an evaluation that goes on beyond
its limits, a name asked for that the expression does not name, an object of the host touched, a
value that is no FEEL value. The first of each kind is printed with its input.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from bench.fuzz_texts import CORPUS, Grammar, model_of, spoilt
from engine.dmn import DmnError, inspect_model
from engine.feel import FeelError, FeelWarning, compile_expression, compile_unary_tests, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: CPU seconds that no single input may take, in all: parsing, evaluating, limits reached
SECONDS_MAX: Final = 20.0
#: bytes of memory that the whole run may take
MEMORY_MAX: Final = 2 * 1024**3
#: one input in so many is a decision model
MODELS_EVERY: Final = 20
#: how often the grammar, words and spoilt texts take their turn
_WEIGHTS: Final = (5, 1, 3)
_SHOWN_CHARACTERS: Final = 300


class Untouchable:
    """A value of the host: whoever looks inside has left the context."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"an object of the host was asked for {name}")


class Watched(Mapping[str, Any]):
    """A context that remembers which names were asked for."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


VALUES: Final[Mapping[str, Any]] = {
    "x": [1, {"y": 2}],
    "y": "z",
    "nilai": 91,
    "perilaku": "di atas",
    "a b": {"c": [3, None, True]},
    "host": Untouchable(),
}


def main(words: Sequence[str]) -> int:
    """Try; 1 when anything happened that must not."""
    asked = _parser().parse_args(words)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    found, slowest = run(asked.count, asked.seed)
    print(f"{asked.count:,} inputs, seed {asked.seed}; slowest {slowest:.2f} s of CPU")
    for what, number in sorted(found.items()):
        print(f"  {number:>10,}  {what}")
    broken = [what for what in found if what.startswith("BROKEN")]
    print("nothing happened that must not" if not broken else f"{len(broken)} kinds of harm")
    return 1 if broken else 0


def run(count: int, seed: int) -> tuple[Counter[str], float]:
    """How often what came out, and the CPU seconds of the slowest input."""
    chance = random.Random(seed)  # noqa: S311 - a seeded choice, no secret
    grammar = Grammar(chance)
    found: Counter[str] = Counter()
    slowest = 0.0
    for number in range(count):
        began = time.process_time()
        said, shown = _one(chance, grammar, model=number % MODELS_EVERY == 0)
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > SECONDS_MAX:
            said = f"BROKEN took {took:.0f} s"
        if said.startswith("BROKEN") and not found[said]:
            print(f"{said}: {shown[:_SHOWN_CHARACTERS]!r}", flush=True)
        found[said] += 1
    return found, slowest


def _one(chance: random.Random, grammar: Grammar, *, model: bool) -> tuple[str, str]:
    """What came out, and the input."""
    makers: Sequence[Callable[[], str]] = (
        grammar.expression,
        grammar.words,
        lambda: spoilt(chance.choice(CORPUS), chance),
    )
    (maker,) = chance.choices(makers, _WEIGHTS)
    text = maker()
    if model:
        xml = model_of(text, chance)
        return _guarded(lambda: _decided(xml)), xml.decode("utf-8", "replace")
    act: Callable[[], str] = (
        (lambda: _tested(text)) if chance.random() < 0.2 else (lambda: _evaluated(text))
    )
    return _guarded(act), text


def _guarded(act: Callable[[], str]) -> str:
    try:
        return act()
    except (FeelError, DmnError) as documented:
        return type(documented).__name__
    except Exception as harm:  # noqa: BLE001 - this is what is looked for
        return f"BROKEN {type(harm).__name__}: {str(harm)[:80]}"


def _evaluated(text: str) -> str:
    expression = compile_expression(text)
    context, warnings = Watched(VALUES), list[FeelWarning]()
    value = expression.evaluate(context, warnings)
    return _judged(context, expression.variables, value)


def _tested(text: str) -> str:
    tests = compile_unary_tests(text)
    context = Watched(VALUES)
    return _judged(context, tests.variables, tests.evaluate(context, 91))


def _judged(context: Watched, named: frozenset[str], value: Any) -> str:
    beyond = context.asked - named - {"$now", "?"}
    if any(name in VALUES for name in beyond):
        return f"BROKEN asked for {sorted(beyond)}"
    to_json(value)
    return "null" if value is None else "a value"


def _decided(xml: bytes) -> str:
    seen = inspect_model(xml)
    for decision in seen.model.decisions:
        to_json(seen.model.evaluate(decision, Watched(VALUES)).value)
    return "a model with findings" if seen.findings else "a model that ran"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench fuzz", description=main.__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser
