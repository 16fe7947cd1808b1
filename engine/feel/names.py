"""Where a name is found: known when compiling, except that a filter's item may hold any name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.feel.signatures import BUILTINS
from engine.feel.values import NATIVE, norm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.feel.feeltypes import FeelType
    from engine.feel.run import Closure, Environment, Run


@dataclass(frozen=True, slots=True)
class Place:
    """One frame of local names; `names` is None for the item of a filter."""

    names: frozenset[str] | None
    around: Place | None


@dataclass(slots=True)
class Compilation:
    """What compiling one text collects."""

    types: Mapping[str, FeelType]
    free: set[str] = field(default_factory=set)
    perhaps_items: set[str] = field(default_factory=set)
    uses_input: bool = False
    #: a function with an external body stands somewhere in the text
    external: bool = False
    #: types named in the text that nobody knows
    unknown_types: set[str] = field(default_factory=set)


def compile_name(name: str, at: int, place: Place | None, work: Compilation) -> Closure:
    """Make the closure that reads a name."""
    if name == "?":
        work.uses_input = True
    frames, local = _search(name, place)
    if local and len(frames) == 1 and frames[0][1]:
        return _local(name, frames[0][0])
    if local:
        return _through_items(name, frames, None)
    if name != "?" and name not in BUILTINS:
        (work.perhaps_items if frames else work.free).add(name)
    outer = _free(name, at)
    return _through_items(name, frames, outer) if frames else outer


def _search(name: str, place: Place | None) -> tuple[list[tuple[int, bool]], bool]:
    """Give the frames that may hold the name, as hops and certainty, and whether one must."""
    frames: list[tuple[int, bool]] = []
    hops = 0
    while place is not None:
        if place.names is None:
            frames.append((hops, False))
            if name == "item":
                return frames, True
        elif name in place.names:
            frames.append((hops, True))
            return frames, True
        place = place.around
        hops += 1
    return frames, False


def _local(name: str, hops: int) -> Closure:
    if name == "partial":
        return lambda run, env: _snapshot(run, _frame(env, hops)[name])
    if hops == 0:
        return lambda _run, env: env[0][name]  # type: ignore[index]
    if hops == 1:
        return lambda _run, env: env[1][0][name]  # type: ignore[index]
    return lambda _run, env: _frame(env, hops)[name]


def _snapshot(run: Run, values: Any) -> Any:
    if not isinstance(values, list):
        return values
    run.spend(len(values))
    return list(values)


def _frame(env: Environment, hops: int) -> Any:
    for _ in range(hops):
        env = env[1]  # type: ignore[index]
    return env[0]  # type: ignore[index]


def _through_items(name: str, frames: list[tuple[int, bool]], outer: Closure | None) -> Closure:
    def read(run: Run, env: Environment) -> Any:
        for hops, certain in frames:
            frame = _frame(env, hops)
            if certain:
                return frame[name]
            if frame.__class__ is dict and name in frame:
                return norm(frame[name])
            if name == "item":
                return frame
        return outer(run, env) if outer is not None else None

    return read


def _free(name: str, at: int) -> Closure:
    function = BUILTINS.get(name)

    def read(run: Run, _env: Environment) -> Any:
        try:
            value = run.scope[name]
        except KeyError:
            return function if function is not None else run.warn(at, f"no variable '{name}'")
        return value if value.__class__ in NATIVE else norm(value)

    return read
