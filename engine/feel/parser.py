"""The grammar of FEEL (DMN 1.5, 10.3.1.2): text to syntax tree, by precedence climbing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from engine.feel import limits
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import RESERVED, Token, error_at, read_token
from engine.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    In,
    InstanceOf,
    Logic,
    Negation,
    Node,
    OperatorTest,
    TypeNode,
    UnaryTestsNode,
)

if TYPE_CHECKING:
    from collections.abc import Iterator as Iterable

_PRECEDENCE: Final = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6,
}  # fmt: skip
_OR, _AND, _COMPARE, _ADD, _POWER = 1, 2, 3, 4, 6
COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Cursor:
    """A place in the text, the names known there, and the token that comes next."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self._position = 0
        self._token: Token | None = None
        self._depth = 0
        self._tokens = 0
        self._last: Token | None = None
        self.keys: frozenset[str] = frozenset()
        if len(text) > limits.TEXT_LENGTH:
            raise self.error(f"at most {limits.TEXT_LENGTH} characters", 0)

    @property
    def next(self) -> Token:
        """The next token, not yet taken."""
        if self._token is None:
            self._token = read_token(self.text, self._position, self.names)
        return self._token

    @property
    def position(self) -> int:
        """The offset behind the last token taken."""
        return self._position

    def move(self, position: int) -> None:
        """Go on reading at an offset."""
        self._position = position
        self._token = None

    def take(self) -> Token:
        """Take the next token."""
        token = self.next
        self._tokens += 1
        if self._tokens > 2 * limits.TEXT_LENGTH:
            raise self.error("a simpler expression")
        self._position = token.end
        self._token = None
        self._last = token
        return token

    def at(self, *texts: str) -> bool:
        """Say whether the next token is one of these words or signs."""
        token = self.next
        return token.kind in {"name", "operator"} and token.text in texts

    def accept(self, text: str) -> bool:
        """Take the next token if it is this word or sign."""
        if self.at(text):
            self.take()
            return True
        return False

    def expect(self, text: str, where: str = "") -> Token:
        """Take this word or sign, or say that it is missing."""
        if not self.at(text):
            raise self.error(f"'{text}'{where}")
        return self.take()

    def error(self, expected: str, offset: int | None = None) -> FeelSyntaxError:
        """Make the error for the next token, or for an offset."""
        if offset is None:
            offset = self._token.start if self._token else self._position
            expected += self._hint()
        return error_at(self.text, offset, expected)

    def _hint(self) -> str:
        """Name the word that stands there, or the name of several words that nobody made known."""
        last, token = self._last, self._token
        if token is None or token.kind == "end":
            return ""
        if last is None or (last.kind, token.kind) != ("name", "name"):
            return f", not '{token.text}'" if token.kind == "name" else ""
        if last.text in RESERVED or token.text in RESERVED:
            return ""
        return f" (the name '{last.text} {token.text}' is not known)"

    def know(self, *names: str) -> None:
        """Add names that are known from here on."""
        if not self.names.issuperset(names):
            self.names = self.names.union(names)
            self._token = None

    @contextmanager
    def deeper(self) -> Iterable[None]:
        """Guard one level of nesting; names learnt inside are forgotten outside."""
        names = self.names
        self._depth += 1
        if self._depth > limits.NESTING:
            raise self.error(f"at most {limits.NESTING} levels of nesting")
        try:
            yield
        finally:
            self._depth -= 1
            if self.names is not names:
                self.names = names
                self._token = None


class OperatorParser(Cursor):
    """The levels of the grammar from `or` down to `instance of`."""

    def expression(self) -> Node:
        """Read one expression."""
        with self.deeper():
            return self._binary(_OR)

    def _binary(self, lowest: int) -> Node:
        left = self._unary()
        count = 0
        while True:
            token = self.next
            level = _PRECEDENCE.get(token.text, 0) if token.kind in {"name", "operator"} else 0
            if level < lowest or level == 0:
                return left
            count += 1
            if count > limits.NESTING:
                raise self.error(f"at most {limits.NESTING} operators in a row")
            left = self._operation(left, token, level)

    def _operation(self, left: Node, token: Token, level: int) -> Node:
        if level in {_OR, _AND}:
            return self._logic(left, token, level)
        if level == _COMPARE:
            return self._comparison(left, token)
        rest: list[tuple[str, int, Node]] = []
        while True:
            token = self.next
            if token.kind != "operator" or _PRECEDENCE.get(token.text) != level:
                return Arithmetic(left.at, left, tuple(rest))
            self.take()
            rest.append((token.text, token.start, self._binary(level + 1)))
            self._check_chain(len(rest))

    def _logic(self, left: Node, token: Token, level: int) -> Node:
        operands = [left]
        while self.accept(token.text):
            operands.append(self._binary(level + 1))
            self._check_chain(len(operands))
        return Logic(token.start, level == _AND, tuple(operands))

    def _check_chain(self, length: int) -> None:
        if length > limits.CHAIN:
            raise self.error(f"at most {limits.CHAIN} operands in a row")

    def _comparison(self, left: Node, token: Token) -> Node:
        self.take()
        if token.text == "between":
            low = self._binary(_ADD)
            self.expect("and", " of between")
            return Between(token.start, left, low, self._binary(_ADD))
        if token.text == "in":
            return In(token.start, left, self._in_tests())
        return Comparison(token.start, token.text, left, self._binary(_ADD))

    def _in_tests(self) -> tuple[Node, ...]:
        if not self.at("("):
            return (self.test(_ADD),)
        start, names = self.position, self.names
        try:
            return (self._binary(_ADD),)
        except FeelSyntaxError:
            self.names = names
            self.move(start)
        self.expect("(")
        tests = self.tests()
        self.expect(")", " after the tests of in")
        return tests

    def tests(self) -> tuple[Node, ...]:
        """Read tests divided by commas."""
        with self.deeper():
            tests = [self.test(_OR)]
            while self.accept(","):
                tests.append(self.test(_OR))
            return tuple(tests)

    def test(self, lowest: int) -> Node:
        """Read one test: an operator and its operand, or an expression."""
        if self.at(*COMPARISONS):
            operator = self.take()
            return OperatorTest(operator.start, operator.text, self._binary(_ADD))
        return self._binary(lowest)

    def _unary(self) -> Node:
        if self.at("-"):
            token = self.take()
            with self.deeper():
                return Negation(token.start, self._unary())
        node = self.postfix()
        if self.at("instance"):
            token = self.take()
            self.expect("of", " after instance")
            node = InstanceOf(token.start, node, self.type())
        return node

    def postfix(self, *, filters: bool = True) -> Node:
        """Read a primary expression with its paths, filters and calls."""
        raise self.error(f"an expression (filters: {filters})")  # pragma: no cover - see Parser

    def type(self) -> TypeNode:
        """Read a type."""
        raise self.error("a type")  # pragma: no cover - see Parser

    def unary_tests(self) -> UnaryTestsNode:
        """Read the whole text as unary tests: `-`, tests, or `not(tests)`."""
        if self.at("-"):
            start = self.position
            self.take()
            if self.next.kind == "end":
                return UnaryTestsNode(0, (), negated=False)
            self.move(start)
        negated = self._negated_tests()
        if negated is not None:
            return negated
        tests = self.tests()
        self.end()
        return UnaryTestsNode(0, tests, negated=False)

    def _negated_tests(self) -> UnaryTestsNode | None:
        if not self.at("not"):
            return None
        start, names = self.position, self.names
        self.take()
        try:
            self.expect("(")
            tests = self.tests()
            self.expect(")")
            self.end()
        except FeelSyntaxError:
            self.names = names
            self.move(start)
            return None
        return UnaryTestsNode(0, tests, negated=True)

    def end(self) -> None:
        """Refuse anything left over."""
        if self.next.kind != "end":
            raise self.error("an operator or the end")
