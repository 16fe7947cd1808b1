"""The syntax tree of FEEL; `at` is the offset in the text where a node begins or operates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any piece of syntax."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written in the text: number, string, boolean, null or `@` literal."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or a built-in."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`, also an index."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` is None for a call by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A chain of one precedence: `first`, then each operator, its offset and its operand."""

    first: Node
    rest: tuple[tuple[str, int, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right` with = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class OperatorTest(Node):
    """`> 5` in a unary test, or `(> 5)` as a range value."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """A chain of `and` (if `conjunction`) or of `or`."""

    conjunction: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if .. then .. else if .. then .. else ..`: arms of condition and value."""

    arms: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in start..end`, or `name in source` (then `end` is None)."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`every` (else `some`) `iterators satisfies condition`."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeNode(Node):
    """A type: a name, with element types for `list<..>`, entry names for `context<..>`."""

    name: str
    parts: tuple[TypeNode, ...] = ()
    entries: tuple[str, ...] = ()
    result: TypeNode | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: TypeNode


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """`function(parameters) body`; `external` bodies are read and refused when called."""

    parameters: tuple[str, ...]
    types: tuple[TypeNode | None, ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{key: value, ...}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[item, ...]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[low..high]` with each end open or closed."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class UnaryTestsNode(Node):
    """The tests of a decision table cell; no tests is `-`, which everything meets."""

    tests: tuple[Node, ...]
    negated: bool
