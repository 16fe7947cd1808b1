"""The rest of the grammar: primary expressions, types, and the entrances of the parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engine.feel import limits
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import LOOSE_NAME, RESERVED, Token, normal_name, skip_space
from engine.feel.nodes import (
    Call,
    ContextLiteral,
    Filter,
    For,
    FunctionDefinition,
    If,
    Iterator,
    ListLiteral,
    Literal,
    Name,
    Node,
    OperatorTest,
    Path,
    Quantified,
    RangeLiteral,
    TypeNode,
    UnaryTestsNode,
)
from engine.feel.parser import COMPARISONS, OperatorParser
from engine.feel.temporal_text import parse_temporal
from engine.feel.values import NUMBERS, read_number

if TYPE_CHECKING:
    from decimal import Decimal

_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_BEFORE_COLON: Final = re.compile(rf"({LOOSE_NAME.pattern})\s*:")
_BEFORE_IN: Final = re.compile(rf"({LOOSE_NAME.pattern})\s+in\b")
_PARAMETER: Final = re.compile(rf"({LOOSE_NAME.pattern})\s*(?=[:,)])")
_LITERALS: Final = frozenset({"number", "string", "at"})
_TYPE_NAMES: Final = frozenset(
    {"date and time", "days and time duration", "years and months duration", "day time duration"}
)
_PROPERTIES: Final = frozenset({"time offset", "start included", "end included"})


class Parser(OperatorParser):
    """Reads a whole text; make one for each text."""

    def postfix(self, *, filters: bool = True) -> Node:
        """Read a primary expression with its paths, filters and calls."""
        node = self._primary()
        for _ in range(limits.NESTING):
            if self.at("."):
                token = self.take()
                node = Path(token.start, node, self._property())
            elif filters and self.at("["):
                node = self._filter(node)
            elif self.at("("):
                node = self._call(node)
            else:
                return node
        raise self.error(f"at most {limits.NESTING} steps in a path")

    def _property(self) -> str:
        names = self.names
        self.know(*_PROPERTIES, *self.keys)
        token = self.next
        if token.kind != "name":
            raise self.error("a name after the dot")
        self.take()
        self.names = names
        return token.text

    def _filter(self, source: Node) -> Node:
        at = self.expect("[").start
        with self.deeper():
            self.know("item", *self.keys)
            condition = self.expression()
            self.expect("]", " after the filter")
        return Filter(at, source, condition)

    def _call(self, function: Node) -> Node:
        at = self.expect("(").start
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at(")"):
            name = self._loose(_BEFORE_COLON)
            if arguments and (name is None) != (not names):
                raise self.error("arguments all by name or all by position")
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
            if not self._more(")"):
                break
        self.expect(")", " after the arguments")
        return Call(at, function, tuple(arguments), tuple(names) if names else None)

    def _more(self, closing: str) -> bool:
        """Take a comma; nothing but another part may follow it."""
        if not self.accept(","):
            return False
        if self.at(closing):
            raise self.error("another part after the comma")
        return True

    def _loose(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self.text, skip_space(self.text, self.position))
        if match is None:
            return None
        self.move(match.end())
        return normal_name(match[1])

    def _primary(self) -> Node:
        token = self.next
        if token.kind == "name":
            return self._word(token)
        if token.kind == "operator":
            return self._bracket(token)
        if token.kind == "end":
            raise self.error("an expression")
        self.take()
        if token.kind == "number":
            return Literal(token.start, self._number(token))
        if token.kind == "string":
            return Literal(token.start, token.text)
        value = parse_temporal(token.text)
        if value is None:
            raise self.error("a date, time or duration after @", token.start)
        return Literal(token.start, value)

    def _number(self, token: Token) -> Decimal:
        value = read_number(token.text)
        if value is None:
            raise self.error(f"a number below 1e{NUMBERS.Emax}", token.start)
        return value

    def _word(self, token: Token) -> Node:
        if token.text in _CONSTANTS:
            self.take()
            return Literal(token.start, _CONSTANTS[token.text])
        special = {
            "if": self._if, "for": self._for, "some": self._quantified,
            "every": self._quantified, "function": self._function,
        }.get(token.text)  # fmt: skip
        if special is not None:
            return special()
        if token.text in RESERVED:
            raise self.error("an expression")
        self.take()
        return Name(token.start, token.text)

    def _bracket(self, token: Token) -> Node:
        if token.text == "{":
            return self._context()
        if token.text == "(":
            return self._parenthesis()
        if token.text in {"[", "]"}:
            return self._square()
        raise self.error("an expression")

    def _parenthesis(self) -> Node:
        at = self.expect("(").start
        if self.at(*COMPARISONS):
            with self.deeper():
                operator = self.take()
                node: Node = OperatorTest(at, operator.text, self.expression())
            self.expect(")", " after the range")
            return node
        node = self.expression()
        if self.accept(".."):
            return self._range(at, node, included=False)
        self.expect(")")
        return node

    def _square(self) -> Node:
        opening = self.take()
        if opening.text == "[" and self.accept("]"):
            return ListLiteral(opening.start, ())
        first = self.expression()
        if self.accept(".."):
            return self._range(opening.start, first, included=opening.text == "[")
        if opening.text == "]":
            raise self.error("'..' of a range")
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        self.expect("]", " after the list")
        return ListLiteral(opening.start, tuple(items))

    def _range(self, at: int, low: Node, *, included: bool) -> Node:
        high = self._range_end()
        if not self.at(")", "]", "["):
            raise self.error("the end of the range")
        closing = self.take()
        return RangeLiteral(at, low, high, included, closing.text == "]")

    def _range_end(self) -> Node:
        """Read the high end; a `[` behind it closes the range unless it is a whole filter."""
        start, names = self.position, self.names
        try:
            node = self._primary() if self.next.kind in _LITERALS else self.expression()
            if self.at(")", "]", "["):
                return node
        except FeelSyntaxError:
            pass
        self.names = names
        self.move(start)
        if self.next.kind in _LITERALS:
            return self.expression()
        return self.postfix(filters=False)

    def _if(self) -> Node:
        at = self.next.start
        arms = []
        while True:
            self.expect("if")
            condition = self.expression()
            self.expect("then")
            arms.append((condition, self.expression()))
            self.expect("else")
            if not self.at("if"):
                return If(at, tuple(arms), self.expression())

    def _for(self) -> Node:
        at = self.take().start
        with self.deeper():
            iterators = self._iterators()
            self.expect("return")
            self.know("partial")
            return For(at, iterators, self.expression())

    def _quantified(self) -> Node:
        token = self.take()
        with self.deeper():
            iterators = self._iterators()
            self.expect("satisfies")
            return Quantified(token.start, token.text == "every", iterators, self.expression())

    def _iterators(self) -> tuple[Iterator, ...]:
        iterators = []
        while True:
            at = skip_space(self.text, self.position)
            name = self._loose(_BEFORE_IN)
            if name is None:
                raise self.error("a name and 'in'", at)
            source = self.expression()
            end = self.expression() if self.accept("..") else None
            self.know(name)
            iterators.append(Iterator(at, name, source, end))
            if not self.accept(","):
                return tuple(iterators)

    def _function(self) -> Node:
        at = self.take().start
        self.expect("(", " after function")
        names: list[str] = []
        types: list[TypeNode | None] = []
        while not self.at(")"):
            name = self._loose(_PARAMETER)
            if name is None:
                raise self.error("the name of a parameter")
            names.append(name)
            types.append(self.type() if self.accept(":") else None)
            if not self._more(")"):
                break
        self.expect(")", " after the parameters")
        external = self.accept("external")
        with self.deeper():
            self.know(*names)
            return FunctionDefinition(at, tuple(names), tuple(types), self.expression(), external)

    def _context(self) -> Node:
        at = self.expect("{").start
        entries: list[tuple[str, Node]] = []
        with self.deeper():
            while not self.at("}"):
                key = self._key({name for name, _ in entries})
                entries.append((key, self.expression()))
                self.know(key)
                if not self._more("}"):
                    break
            self.expect("}", " after the context")
        return ContextLiteral(at, tuple(entries))

    def _key(self, taken: set[str]) -> str:
        start = skip_space(self.text, self.position)
        if self.text[start : start + 1] == '"':
            key = self.take().text
            self.expect(":", " after the key")
        else:
            name = self._loose(_BEFORE_COLON)
            if name is None:
                raise self.error("a key and ':'", start)
            key = name
        if key in taken:
            raise self.error(f"a key other than '{key}'", start)
        self.keys |= {key}
        return key

    def type(self) -> TypeNode:
        """Read a type such as `list<number>` or `function<string> -> boolean`."""
        with self.deeper():
            names = self.names
            self.know(*_TYPE_NAMES)
            token = self.next
            if token.kind != "name":
                raise self.error("a type")
            self.take()
            self.names = names
            return self._type_arguments(token)

    def _type_arguments(self, token: Token) -> TypeNode:
        name = token.text
        while self.accept("."):
            name = f"{name}.{self._property()}"
        if name not in {"list", "range", "context", "function"} or not self.accept("<"):
            return TypeNode(token.start, name)
        parts: list[TypeNode] = []
        entries: list[str] = []
        while not self.at(">"):
            if name == "context":
                entries.append(self._key(set(entries)))
            parts.append(self.type())
            if not self._more(">"):
                break
        self.expect(">", " after the type")
        result = None
        if name == "function":
            self.expect("->", " and the type of the result")
            result = self.type()
        return TypeNode(token.start, name, tuple(parts), tuple(entries), result)


def parse_expression(text: str, names: frozenset[str]) -> Node:
    """Read a text as one expression; FeelSyntaxError says where it is none."""
    parser = Parser(text, names)
    try:
        node = parser.expression()
        parser.end()
    except RecursionError:
        raise parser.error("a simpler expression", 0) from None
    return node


def parse_unary_tests(text: str, names: frozenset[str]) -> UnaryTestsNode:
    """Read a text as unary tests; FeelSyntaxError says where it is none."""
    parser = Parser(text, names)
    try:
        return parser.unary_tests()
    except RecursionError:
        raise parser.error("a simpler expression", 0) from None
