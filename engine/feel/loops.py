"""Closures for `for`, `some` and `every`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel import civil, limits
from engine.feel.errors import Fault
from engine.feel.run import Closure, Environment, Run
from engine.feel.temporal import FeelDate
from engine.feel.values import Range, norm, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator as Iterable

#: A name, the closure of its source, and that of the end if it was written `a..b`.
Loop = tuple[str, Closure, "Closure | None"]


def for_loop(loops: list[Loop], body: Closure, at: int) -> Closure:
    """`for .. return ..`; the results so far stand in the outermost frame as `partial`."""

    def collect(run: Run, env: Environment) -> Any:
        results: list[Any] = []
        try:
            for inner in _bindings(run, ({"partial": results}, env), loops, 0):
                run.spend()
                results.append(body(run, inner))
                limits.check_list(len(results))
        except Fault as fault:
            return run.warn(at, str(fault))
        return results

    return collect


def quantified(loops: list[Loop], condition: Closure, *, every: bool, at: int) -> Closure:
    """`some` and `every`, over three values."""

    def decide(run: Run, env: Environment) -> Any:
        result: bool | None = every
        try:
            for inner in _bindings(run, env, loops, 0):
                run.spend()
                met = condition(run, inner)
                if met is (not every):
                    return not every
                if met is not every:
                    result = None
                if met is not None and not isinstance(met, bool):
                    return run.warn(at, f"a condition cannot be {type_name(met)}")
        except Fault as fault:
            return run.warn(at, str(fault))
        return result

    return decide


def _bindings(run: Run, env: Environment, loops: list[Loop], depth: int) -> Iterable[Environment]:
    name, source, end = loops[depth]
    first = source(run, env)
    values = _steps(first, end(run, env)) if end is not None else iterate(first)
    for value in values:
        run.spend()
        inner = ({name: value}, env)
        if depth + 1 == len(loops):
            yield inner
        else:
            yield from _bindings(run, inner, loops, depth + 1)


def iterate(source: Any) -> Iterable[Any]:
    """Give what a loop walks over: a list, a range of whole steps, or a single value."""
    if source is None:
        raise Fault("a loop over null")
    if isinstance(source, list):
        return map(norm, list(source))
    if isinstance(source, Range):
        return _range_steps(source)
    return iter((source,))


def _range_steps(source: Range) -> Iterable[Any]:
    steps = list(_steps(source.low, source.high))
    if not source.low_included:
        steps = steps[1:]
    if not source.high_included and steps and steps[-1] == source.high:
        steps = steps[:-1]
    return iter(steps)


def _steps(low: Any, high: Any) -> Iterable[Any]:
    """Walk from one end to the other, up or down, by one or by days."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        count = abs(high - low)
        limits.check_list(int(count) + 1 if count < limits.LIST_LENGTH else limits.LIST_LENGTH + 1)
        sign = 1 if high >= low else -1
        return (low + sign * step for step in range(int(count) + 1))
    if isinstance(low, FeelDate) and isinstance(high, FeelDate):
        start, stop = low.days(), high.days()
        limits.check_list(abs(stop - start) + 1)
        sign = 1 if stop >= start else -1
        return (FeelDate(*civil.from_days(day)) for day in range(start, stop + sign, sign))
    raise Fault(f"a loop cannot walk from {type_name(low)} to {type_name(high)}")
