"""Compiled expressions and unary tests: the doors of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from engine.feel import builtins_registered, limits
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelLimitError, FeelWarning
from engine.feel.names import Compilation
from engine.feel.run import Closure, Run
from engine.feel.signatures import BUILTINS
from engine.feel.syntax import parse_expression, parse_unary_tests
from engine.feel.values import deep, norm

if TYPE_CHECKING:
    from engine.feel.feeltypes import FeelType
    from engine.feel.operators import Test

_NO_TYPES: Final[Mapping[str, FeelType]] = MappingProxyType({})
_BUILTIN_NAMES: Final = frozenset(BUILTINS) | builtins_registered.EXTRA_NAMES


class InputScope(Mapping[str, Any]):
    """A scope with the input value of unary tests under `?`."""

    __slots__ = ("_scope", "_value")

    def __init__(self, scope: Mapping[str, Any], value: Any) -> None:
        self._scope = scope
        self._value = value

    def __getitem__(self, name: str) -> Any:
        return self._value if name == "?" else self._scope[name]

    def __iter__(self) -> Iterator[str]:
        yield "?"
        yield from self._scope

    def __len__(self) -> int:
        return len(self._scope) + 1


class Expression:
    """A compiled FEEL expression; immutable, so threads may share it."""

    __slots__ = ("_closure", "external", "item_names", "text", "variables")

    _closure: Closure
    #: A function with an external body stands in the text; it gives null when it is called.
    external: bool
    text: str
    #: Names read from the scope, without built-ins and local names.
    variables: frozenset[str]
    #: Those of `variables` that stand in a filter, where an item may hold them instead.
    item_names: frozenset[str]

    def __init__(self, text: str, closure: Closure, work: Compilation) -> None:
        set_once = object.__setattr__
        set_once(self, "text", text)
        set_once(self, "variables", frozenset(work.free | work.perhaps_items))
        set_once(self, "item_names", frozenset(work.perhaps_items - work.free))
        set_once(self, "_closure", closure)
        set_once(self, "external", work.external)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Expression never changes ({name}: {value!r})")

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, scope: Mapping[str, Any], warnings: list[FeelWarning] | None = None) -> Any:
        """Give the FEEL value in a scope; data faults are null and a warning.

        Raises FeelLimitError when the evaluation costs more than engine.feel.limits allows.
        """
        run = Run(scope, warnings, self.text)
        try:
            value = self._closure(run, None)
            kind = value.__class__
            return deep(value, run.spend) if kind is list or kind is dict else value
        except RecursionError:
            raise FeelLimitError("call depth", limits.CALL_DEPTH) from None


class UnaryTests:
    """Compiled unary tests, as in an input cell of a decision table; immutable."""

    __slots__ = ("_test", "text", "variables")

    _test: Test
    text: str
    variables: frozenset[str]

    def __init__(self, text: str, test: Test, work: Compilation) -> None:
        set_once = object.__setattr__
        set_once(self, "text", text)
        set_once(self, "variables", frozenset(work.free | work.perhaps_items))
        set_once(self, "_test", test)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"UnaryTests never change ({name}: {value!r})")

    def evaluate(
        self, scope: Mapping[str, Any], value: Any, warnings: list[FeelWarning] | None = None
    ) -> bool | None:
        """Say whether a value meets the tests; `?` is the value; None if that is undefined."""
        value = norm(value)
        return self.asked(Run(InputScope(scope, value), warnings, self.text), value)

    def asked(self, run: Run, value: Any) -> bool | None:
        """The same inside another evaluation, whose budget pays; `?` is read from its scope."""
        try:
            return self._test(run, None, value)
        except RecursionError:
            raise FeelLimitError("call depth", limits.CALL_DEPTH) from None


def build_expression(
    text: str, names: frozenset[str], types: Mapping[str, FeelType] = _NO_TYPES
) -> Expression:
    """Compile an expression with the types of a decision model."""
    node = parse_expression(text, names | _BUILTIN_NAMES)
    work = Compilation(types)
    return Expression(text, Compiler(work).compile(node, None), work)


def build_unary_tests(
    text: str, names: frozenset[str], types: Mapping[str, FeelType] = _NO_TYPES
) -> UnaryTests:
    """Compile unary tests with the types of a decision model."""
    node = parse_unary_tests(text, names | _BUILTIN_NAMES)
    work = Compilation(types)
    return UnaryTests(text, Compiler(work).unary_tests(node), work)


@lru_cache(maxsize=4096)
def compile_expression(text: str, *, names: frozenset[str] = frozenset()) -> Expression:
    """Compile an expression, once; `names` are the known names that are not one plain word.

    Raises FeelSyntaxError with the place and what would fit there.
    """
    return build_expression(text, names)


@lru_cache(maxsize=4096)
def compile_unary_tests(text: str, *, names: frozenset[str] = frozenset()) -> UnaryTests:
    """Compile unary tests, once; names and errors as for compile_expression."""
    return build_unary_tests(text, names)
