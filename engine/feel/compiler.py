"""Turn a syntax tree into closures, once; an evaluation then only calls them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.feel import access, loops, operators
from engine.feel.arithmetic import negate
from engine.feel.cells import short_test
from engine.feel.equality import compare
from engine.feel.feeltypes import ANY, FeelType, is_instance, resolve
from engine.feel.names import Compilation, Place, compile_name
from engine.feel.nodes import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    ContextLiteral,
    Filter,
    For,
    FunctionDefinition,
    If,
    In,
    InstanceOf,
    Iterator,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    OperatorTest,
    Path,
    Quantified,
    RangeLiteral,
    TypeNode,
    UnaryTestsNode,
)
from engine.feel.values import Function, Range, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.run import Closure, Environment, Run


class Compiler:
    """Compiles one text; `work` collects what the text reads."""

    def __init__(self, work: Compilation) -> None:
        self.work = work

    def compile(self, node: Node, place: Place | None) -> Closure:
        """Make the closure of a node whose local names stand in `place`."""
        return _VISITORS[node.__class__](self, node, place)

    def many(self, nodes: tuple[Node, ...], place: Place | None) -> list[Closure]:
        """Make the closures of several nodes in the same place."""
        return [self.compile(node, place) for node in nodes]

    def literal(self, node: Literal, _place: Place | None) -> Closure:
        """A value."""
        value = node.value
        return lambda _run, _env: value

    def name(self, node: Name, place: Place | None) -> Closure:
        """A variable or built-in."""
        return compile_name(node.name, node.at, place, self.work)

    def path(self, node: Path, place: Place | None) -> Closure:
        """`source.name`; a qualified name of an imported model is a path, too."""
        return access.path(self.compile(node.source, place), node.name, node.at)

    def filter(self, node: Filter, place: Place | None) -> Closure:
        """`source[condition]`."""
        condition = self.compile(node.condition, Place(None, place))
        return access.filtered(self.compile(node.source, place), condition, node.at)

    def call(self, node: Call, place: Place | None) -> Closure:
        """`function(arguments)`."""
        function = self.compile(node.function, place)
        return access.called(function, self.many(node.arguments, place), node.names, node.at)

    def arithmetic(self, node: Arithmetic, place: Place | None) -> Closure:
        """A chain of + and -, or * and /, or **."""
        rest = [(sign, at, self.compile(operand, place)) for sign, at, operand in node.rest]
        return operators.arithmetic(self.compile(node.first, place), rest)

    def negation(self, node: Negation, place: Place | None) -> Closure:
        """`-operand`."""
        if isinstance(node.operand, Literal) and isinstance(node.operand.value, Decimal):
            constant = negate(node.operand.value)
            return lambda _run, _env: constant
        return operators.negation(self.compile(node.operand, place), node.at)

    def comparison(self, node: Comparison, place: Place | None) -> Closure:
        """= != < <= > >=."""
        left, right = self.compile(node.left, place), self.compile(node.right, place)
        constant = node.right.value if isinstance(node.right, Literal) else None
        if node.operator in {"=", "!="}:
            negated = node.operator == "!="
            return operators.equality(left, right, constant, negated=negated, at=node.at)
        return operators.order(node.operator, left, right, constant, node.at)

    def between(self, node: Between, place: Place | None) -> Closure:
        """`value between low and high`."""
        value, low, high = self.many((node.value, node.low, node.high), place)
        return operators.between(value, low, high, node.at)

    def in_tests(self, node: In, place: Place | None) -> Closure:
        """`value in tests`."""
        value = self.compile(node.value, place)
        test = operators.any_test([self.test(test, place) for test in node.tests])
        return lambda run, env: test(run, env, value(run, env))

    def test(self, node: Node, place: Place | None) -> operators.Test:
        """One unary test."""
        if isinstance(node, OperatorTest):
            operand = self.compile(node.operand, place)
            return short_test(node, operators.operator_test(node.operator, operand, node.at))
        before = self.work.uses_input
        self.work.uses_input = False
        operand = self.compile(node, place)
        asks_input = self.work.uses_input
        self.work.uses_input = before or asks_input
        return short_test(node, operators.value_test(operand, asks_input=asks_input))

    def operator_range(self, node: OperatorTest, place: Place | None) -> Closure:
        """`(> 5)` as a value."""
        operand, sign = self.compile(node.operand, place), node.operator
        return lambda run, env: operators.range_of(sign, operand(run, env))

    def logic(self, node: Logic, place: Place | None) -> Closure:
        """`and`, `or`."""
        operands = self.many(node.operands, place)
        make = operators.conjunction if node.conjunction else operators.disjunction
        return make(operands)

    def condition(self, node: If, place: Place | None) -> Closure:
        """`if`; a condition that is not true counts as false."""
        arms = [(self.compile(c, place), self.compile(v, place)) for c, v in node.arms]
        otherwise = self.compile(node.otherwise, place)

        def choose(run: Run, env: Environment) -> Any:
            for condition, value in arms:
                if condition(run, env) is True:
                    return value(run, env)
            return otherwise(run, env)

        return choose

    def _loops(
        self, iterators: tuple[Iterator, ...], place: Place | None
    ) -> tuple[list[loops.Loop], Place | None]:
        made: list[loops.Loop] = []
        for iterator in iterators:
            source = self.compile(iterator.source, place)
            end = self.compile(iterator.end, place) if iterator.end is not None else None
            made.append((iterator.name, source, end))
            place = Place(frozenset({iterator.name}), place)
        return made, place

    def for_loop(self, node: For, place: Place | None) -> Closure:
        """`for .. return ..`."""
        outer = Place(frozenset({"partial"}), place)
        made, inner = self._loops(node.iterators, outer)
        return loops.for_loop(made, self.compile(node.body, inner), node.at)

    def quantified(self, node: Quantified, place: Place | None) -> Closure:
        """`some`, `every`."""
        made, inner = self._loops(node.iterators, place)
        condition = self.compile(node.condition, inner)
        return loops.quantified(made, condition, every=node.every, at=node.at)

    def instance_of(self, node: InstanceOf, place: Place | None) -> Closure:
        """`value instance of type`."""
        value, of = self.compile(node.value, place), self._type(node.type)
        if of is None:
            return lambda run, _env: run.warn(node.at, f"no type '{node.type.name}'")
        return lambda run, env: is_instance(value(run, env), of, run)

    def function(self, node: FunctionDefinition, place: Place | None) -> Closure:
        """`function(parameters) body`, closing over the names around it."""
        names = node.parameters
        types = tuple(self._parameter_type(asked) for asked in node.types)
        body = self.compile(node.body, Place(frozenset(names), place))
        at, external = node.at, node.external
        self.work.external = self.work.external or external

        def make(maker: Run, env: Environment) -> Function:
            scope = maker.scope

            def invoke(run: Run, arguments: list[Any]) -> Any:
                if external:
                    return run.warn(at, "external functions are not run")
                return run.inside(scope, body, (dict(zip(names, arguments, strict=True)), env))

            return Function("anonymous", names, invoke, types)

        return make

    def _parameter_type(self, asked: TypeNode | None) -> FeelType:
        return (self._type(asked) or ANY) if asked is not None else ANY

    def _type(self, asked: TypeNode) -> FeelType | None:
        of = resolve(asked, self.work.types)
        if of is None:
            self.work.unknown_types.add(asked.name)
        return of

    def context(self, node: ContextLiteral, place: Place | None) -> Closure:
        """`{key: value}`; an entry sees those before it, a function also itself."""
        entries: list[tuple[str, Closure]] = []
        known: frozenset[str] = frozenset()
        for key, value in node.entries:
            own = {key} if isinstance(value, FunctionDefinition) else set()
            entries.append((key, self.compile(value, Place(known | own, place))))
            known |= {key}

        def build(run: Run, env: Environment) -> dict[str, Any]:
            made: dict[str, Any] = {}
            inner = (made, env)
            for key, value in entries:
                made[key] = value(run, inner)
            return made

        return build

    def list(self, node: ListLiteral, place: Place | None) -> Closure:
        """`[item, ...]`."""
        items = self.many(node.items, place)
        return lambda run, env: [item(run, env) for item in items]

    def range(self, node: RangeLiteral, place: Place | None) -> Closure:
        """`[low..high]`; ends without an order make no range."""
        low, high = self.compile(node.low, place), self.compile(node.high, place)
        known = _known_range(node)
        if known is not None:
            return lambda _run, _env: known

        def make(run: Run, env: Environment) -> Any:
            one, other = low(run, env), high(run, env)
            if _no_order(one, other):
                kinds = f"{type_name(one)} to {type_name(other)}"
                return run.warn(node.at, f"no range from {kinds}")
            return Range(one, other, node.low_included, node.high_included)

        return make

    def unary_tests(self, node: UnaryTestsNode, place: Place | None = None) -> operators.Test:
        """The tests of a cell."""
        if not node.tests:
            return lambda _run, _env, _value: True
        test = operators.any_test([self.test(test, place) for test in node.tests])
        if not node.negated:
            return test

        def negated(run: Run, env: Environment, value: Any) -> bool | None:
            met = test(run, env, value)
            return None if met is None else not met

        return negated


def _no_order(low: Any, high: Any) -> bool:
    """Whether two ends make no range; one end alone must be of a kind that has an order."""
    one, other = (high if low is None else low), (low if high is None else high)
    return one is not None and compare(one, other) is None


def _known_range(node: RangeLiteral) -> Range | None:
    """Make a range of two literals once, when compiling."""
    if not isinstance(node.low, Literal) or not isinstance(node.high, Literal):
        return None
    low, high = node.low.value, node.high.value
    if compare(low, high) is None:
        return None
    return Range(low, high, node.low_included, node.high_included)


_VISITORS: Final[dict[type, Callable[[Compiler, Any, Place | None], Closure]]] = {
    Literal: Compiler.literal,
    Name: Compiler.name,
    Path: Compiler.path,
    Filter: Compiler.filter,
    Call: Compiler.call,
    Arithmetic: Compiler.arithmetic,
    Negation: Compiler.negation,
    Comparison: Compiler.comparison,
    Between: Compiler.between,
    In: Compiler.in_tests,
    OperatorTest: Compiler.operator_range,
    Logic: Compiler.logic,
    If: Compiler.condition,
    For: Compiler.for_loop,
    Quantified: Compiler.quantified,
    InstanceOf: Compiler.instance_of,
    FunctionDefinition: Compiler.function,
    ContextLiteral: Compiler.context,
    ListLiteral: Compiler.list,
    RangeLiteral: Compiler.range,
}
