"""Types that an expression has whatever comes in; unknown (`Any`) where that depends on data.

An inferred type is the type of the value where there is one: any FEEL expression may also be null.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from engine.feel import nodes as n
from engine.feel.errors import FeelSyntaxError
from engine.feel.feeltypes import ANY, SIMPLE, FeelType
from engine.feel.signatures import BUILTINS
from engine.feel.syntax import parse_expression
from engine.feel.values import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Known = Mapping[str, FeelType]

_BOOLEAN, _NUMBER = SIMPLE["boolean"], SIMPLE["number"]
_NONE: Final[Known] = MappingProxyType({})
_RESULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": (
        "after", "all", "any", "before", "coincides", "contains", "during", "ends with", "even",
        "finished by", "finishes", "includes", "is", "list contains", "matches", "meets", "met by",
        "not", "odd", "overlaps", "overlaps after", "overlaps before", "started by", "starts",
        "starts with",
    ),
    "number": (
        "abs", "ceiling", "count", "day of year", "decimal", "exp", "floor", "log", "modulo",
        "number", "product", "round down", "round half down", "round half up", "round up", "sqrt",
        "stddev", "string length", "sum", "week of year",
    ),
    "string": (
        "day of week", "lower case", "month of year", "replace", "string", "string join",
        "substring", "substring after", "substring before", "upper case",
    ),
    "list": (
        "append", "concatenate", "distinct values", "flatten", "get entries", "index of",
        "insert before", "list replace", "mode", "remove", "reverse", "sort", "split", "sublist",
        "union",
    ),
    "context": ("context", "context merge", "context put"),
    "date": ("date", "today"),
    "time": ("time",),
    "date and time": ("date and time", "now"),
    "range": ("range",),
    "years and months duration": ("years and months duration",),
}  # fmt: skip
#: built-in -> what it gives; `abs` of a duration is a duration, so it stays out
_GIVES: Final[Mapping[str, FeelType]] = {
    name: SIMPLE[kind] for kind, names in _RESULTS.items() for name in names if name != "abs"
}


def infer(text: str, types: Known = _NONE, *, names: frozenset[str] = frozenset()) -> FeelType:
    """The type of an expression with these types of its variables; `Any` for bad text, too."""
    try:
        node = parse_expression(text, names | frozenset(types) | frozenset(BUILTINS))
    except FeelSyntaxError:
        return ANY
    return type_of(node, types)


def type_of(node: n.Node, types: Known = _NONE) -> FeelType:
    """The same of a syntax tree."""
    ask = _VISITORS.get(type(node))
    return ANY if ask is None else ask(node, types)


def _literal(node: n.Literal, _types: Known) -> FeelType:
    return ANY if node.value is None else SIMPLE.get(type_name(node.value), ANY)


def _name(node: n.Name, types: Known) -> FeelType:
    return types.get(node.name, ANY)


def _path(node: n.Path, types: Known) -> FeelType:
    return _entry(type_of(node.source, types), node.name)


def _entry(of: FeelType, name: str) -> FeelType:
    if of.name == "list" and of.parts:
        return FeelType("list", (_entry(of.parts[0], name),))
    return dict(zip(of.entries, of.parts, strict=False)).get(name, ANY)


def _call(node: n.Call, types: Known) -> FeelType:
    if not isinstance(node.function, n.Name) or node.function.name in types:
        return ANY
    return _GIVES.get(node.function.name, ANY)


def _arithmetic(node: n.Arithmetic, types: Known) -> FeelType:
    """One operand decides a sum: a number or a string adds to nothing of another kind."""
    operands = (node.first, *(one for _, _, one in node.rest))
    found = {type_of(one, types).name for one in operands}
    signs = {sign for sign, _, _ in node.rest}
    if signs <= {"+", "-"}:
        known = sorted(found & {"number", "string"})
        return SIMPLE[known[0]] if known else ANY
    return _NUMBER if found == {"number"} or "**" in signs else ANY


def _negation(node: n.Negation, types: Known) -> FeelType:
    found = type_of(node.operand, types)
    return found if "duration" in found.name or found.name == "number" else ANY


def _if(node: n.If, types: Known) -> FeelType:
    return _common([type_of(arm, types) for _, arm in node.arms] + [type_of(node.otherwise, types)])


def _common(found: Iterable[FeelType]) -> FeelType:
    kinds = set(found)
    return kinds.pop() if len(kinds) == 1 else ANY


def _for(node: n.For, types: Known) -> FeelType:
    return FeelType("list", (type_of(node.body, _with_locals(node.iterators, types)),))


def _with_locals(iterators: tuple[n.Iterator, ...], types: Known) -> Known:
    inner = dict(types)
    for one in iterators:
        source = type_of(one.source, inner)
        item = source.parts[0] if source.name == "list" and source.parts else ANY
        inner[one.name] = _NUMBER if one.end is not None else item
    inner.pop("partial", None)
    return inner


def _list(node: n.ListLiteral, types: Known) -> FeelType:
    return FeelType("list", (_common(type_of(item, types) for item in node.items),))


def _context(node: n.ContextLiteral, types: Known) -> FeelType:
    inner = dict(types)
    for name, value in node.entries:
        inner[name] = type_of(value, inner)
    names = tuple(name for name, _ in node.entries)
    return FeelType("context", tuple(inner[name] for name in names), names)


def _function(_node: n.FunctionDefinition, _types: Known) -> FeelType:
    return SIMPLE["function"]


def _range(_node: n.Node, _types: Known) -> FeelType:
    return SIMPLE["range"]


def _boolean(_node: n.Node, _types: Known) -> FeelType:
    return _BOOLEAN


_VISITORS: Final[Mapping[type[n.Node], Callable[..., FeelType]]] = {
    n.Literal: _literal,
    n.Name: _name,
    n.Path: _path,
    n.Call: _call,
    n.Arithmetic: _arithmetic,
    n.Negation: _negation,
    n.If: _if,
    n.For: _for,
    n.ListLiteral: _list,
    n.ContextLiteral: _context,
    n.FunctionDefinition: _function,
    n.RangeLiteral: _range,
    n.OperatorTest: _range,
    n.Comparison: _boolean,
    n.Between: _boolean,
    n.In: _boolean,
    n.Logic: _boolean,
    n.Quantified: _boolean,
    n.InstanceOf: _boolean,
}
