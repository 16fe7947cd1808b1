"""Built-ins by name: how their parameters are declared, and how any function is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.feel.errors import Fault
from engine.feel.feeltypes import conform, unfit
from engine.feel.temporal import (
    DayTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearMonthDuration,
)
from engine.feel.values import (
    FUNCTIONS,
    BuiltinFunction,
    Function,
    HostFunction,
    NotEqual,
    Range,
    elements,
    norm,
    type_name,
)

if TYPE_CHECKING:
    from engine.feel.run import Run

Implementation = Callable[..., Any]
ImplementationT = TypeVar("ImplementationT", bound=Implementation)


class Omitted:
    """An argument that a call by name leaves out."""


OMITTED: Final = Omitted()
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "range": (Range, NotEqual),
    "date": (FeelDate,),
    "time": (FeelTime,),
    "datetime": (FeelDateTime,),
    "daytime": (DayTimeDuration,),
    "yearmonth": (YearMonthDuration,),
    "function": FUNCTIONS,
}
_PARAMETER: Final = re.compile(r"([a-zA-Z0-9 ]+?)(\.\.\.)?: ?([a-z|]+)(\?)?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `kinds` empty is anything; null passes only if `nullable`."""

    name: str
    kinds: tuple[type, ...]
    nullable: bool
    optional: bool
    variadic: bool

    def take(self, value: Any) -> Any:
        """Convert an argument as FEEL does; Fault if it does not fit."""
        if value is OMITTED:
            return None
        if value is None:
            if self.nullable:
                return None
            raise Fault(f"{self.name} is null")
        if not self.kinds or value.__class__ in self.kinds:
            return elements(value) if value.__class__ is list else value
        if list in self.kinds:
            return [value]
        if value.__class__ is list and len(value) == 1:
            only = norm(value[0])
            if only.__class__ in self.kinds:
                return only
        if FeelDateTime in self.kinds and isinstance(value, FeelDate):
            return FeelDateTime(value, FeelTime(0, 0, 0, 0, 0))
        raise Fault(f"{self.name} cannot be {type_name(value)}")


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    call: Implementation

    def arrange(self, arguments: Sequence[Any], names: tuple[str, ...] | None) -> list[Any] | None:
        """Put arguments in the order of the parameters; None if they are not for this one."""
        if names is not None:
            return self._arrange_named(dict(zip(names, arguments, strict=True)))
        last = self.parameters[-1] if self.parameters else None
        needed = sum(not p.optional for p in self.parameters)
        if len(arguments) < needed:
            return None
        if last is not None and last.variadic:
            return list(arguments)
        return list(arguments) if len(arguments) <= len(self.parameters) else None

    def _arrange_named(self, given: dict[str, Any]) -> list[Any] | None:
        ordered = []
        for parameter in self.parameters:
            if parameter.name in given:
                value = given.pop(parameter.name)
                ordered.append(value)
            elif parameter.optional or parameter.nullable:
                ordered.append(OMITTED)
            else:
                return None
        return None if given else ordered

    def take(self, arguments: list[Any]) -> list[Any]:
        """Convert every argument; Fault at the first that does not fit."""
        last = len(self.parameters) - 1
        return [
            self.parameters[min(index, last)].take(argument)
            for index, argument in enumerate(arguments)
        ]


BUILTINS: Final[dict[str, BuiltinFunction]] = {}


def builtin(name: str, declaration: str) -> Callable[[ImplementationT], ImplementationT]:
    """Register an overload.

    The declaration reads `string: string, start position: number, length: number?`: `?` may be
    left out, `name...: kind` repeats, kinds are joined by `|`, `any` takes null too.
    """
    parameters = tuple(map(_parameter, declaration.split(", "))) if declaration else ()

    def register(call: ImplementationT) -> ImplementationT:
        known = BUILTINS[name].overloads if name in BUILTINS else ()
        BUILTINS[name] = BuiltinFunction(name, (*known, Overload(parameters, call)))
        return call

    return register


def _parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise ValueError(text)
    names = match[3].split("|")
    anything = "any" in names
    kinds = (
        () if anything else tuple(kind for name in names if name != "null" for kind in _KINDS[name])
    )
    return Parameter(match[1], kinds, anything or "null" in names, bool(match[4]), bool(match[2]))


def call(run: Run, function: Any, arguments: list[Any], names: tuple[str, ...] | None) -> Any:
    """Call any function with FEEL values; Fault if it is none or the arguments do not fit."""
    if isinstance(function, BuiltinFunction):
        return _call_builtin(run, function, arguments, names)
    if isinstance(function, Function):
        given = _conformed(run, function, _ordered(function, arguments, names))
        run.enter()
        try:
            result = function.invoke(run, given)
        finally:
            run.depth -= 1
        done = conform(result, function.result_type, run)
        if not done.fits:
            raise Fault(unfit(f"the result of {function.name}", result, function.result_type))
        return done.value
    if isinstance(function, HostFunction):
        return norm(function.call(*_ordered(function, arguments, names)))
    raise Fault(f"{type_name(function)} is no function")


def _call_builtin(
    run: Run, function: BuiltinFunction, arguments: list[Any], names: tuple[str, ...] | None
) -> Any:
    fault: Fault | None = None
    for overload in _in_order(function.overloads, names):
        arranged = overload.arrange(arguments, names)
        if arranged is None:
            continue
        try:
            taken = overload.take(arranged)
        except Fault as problem:
            fault = fault or problem
            continue
        result = overload.call(run, *taken)
        run.spend(_weight(result))
        return result
    raise Fault(f"{function.name}: {fault or 'the arguments do not fit its parameters'}")


def _in_order(overloads: tuple[Overload, ...], names: tuple[str, ...] | None) -> Sequence[Overload]:
    """Put the one first whose parameters are written so: `after(range, point)` has a mirror."""
    if names is None or len(overloads) == 1:
        return overloads
    return sorted(overloads, key=lambda o: tuple(p.name for p in o.parameters) != names)


def _weight(result: Any) -> int:
    """Say what a result counts as: memory is spent as well as time."""
    if isinstance(result, str):
        return 1 + (len(result) >> 6)
    return 1 + (len(result) >> 3) if isinstance(result, list) else 1


def _ordered(
    function: Function | HostFunction, arguments: list[Any], names: tuple[str, ...] | None
) -> list[Any]:
    if isinstance(function, Function) and function.variadic and names is None:
        fixed = len(function.parameters) - 1
        return [*arguments[:fixed], arguments[fixed:]]
    if names is not None:
        given = dict(zip(names, arguments, strict=True))
        if given.keys() != set(function.parameters):
            raise Fault(f"{function.name} takes {', '.join(function.parameters)}")
        return [given[name] for name in function.parameters]
    if len(arguments) != len(function.parameters):
        raise Fault(f"{function.name} takes {len(function.parameters)} arguments")
    return arguments


def _conformed(run: Run, function: Function, arguments: list[Any]) -> list[Any]:
    if not function.types:
        return arguments
    done = [conform(a, t, run) for a, t in zip(arguments, function.types, strict=True)]
    for place, one in enumerate(done):
        if not one.fits:
            named = f"{function.parameters[place]} of {function.name}"
            raise Fault(unfit(named, arguments[place], function.types[place]))
    return [one.value for one in done]
