"""Texts to be thrown at FEEL and DMN: from a grammar, from words, and spoilt ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from engine.feel.signatures import BUILTINS

if TYPE_CHECKING:
    import random

#: how deep the grammar goes
DEPTH_MAX: Final = 5
_SPACE: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
_ATOMS: Final = (
    "null", "true", "false", "0", "-1", "2.5", "1e3", "0.1", "99999999999999999999999999999999999",
    '"a"', '""', '"di atas"', r'"\u00e9\n"', '@"2026-02-29"', '@"2026-12-31"', '@"P1D"',
    '@"-P1Y2M"', '@"10:00:00@Asia/Jakarta"', '@"2026-01-01T00:00:00Z"', '@"999999999-12-31"',
    "x", "y", "nilai", "perilaku", "a b", "host", "host.secret", "item", "?", "x[1]", "x.y",
    "partial", "__class__", "y.__class__", "$now",
)  # fmt: skip
_OPERATORS: Final = (
    "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in",
)  # fmt: skip
_PIECES: Final = (
    *_ATOMS, *_OPERATORS, "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "if", "then", "else",
    "for", "return", "some", "every", "satisfies", "function", "external", "between", "instance of",
    "number", "list<", "context<", ">", "not", "not(", "//", "/*", "\\", '"', "@",
    "\u00a0", "\U0001f600",
)  # fmt: skip
_TYPES: Final = ("number", "string", "boolean", "date", "list<number>", "context<a: string>", "Any")
#: expressions of the kinds that drawings hold, to be spoilt
CORPUS: Final = (
    'nilai >= 90 and perilaku = "di atas"',
    'if nilai > 75 then "baik" else if nilai > 50 then "cukup" else null',
    "for i in 1..10 return if i = 1 then 1 else partial[-1] * i",
    "some a in x satisfies a > 0",
    "every a in x, b in [1, 2] satisfies a < b",
    "x[item > 0]",
    "{a: 1, b: a + 1, f: function(n) n * 2, g: f(b)}.g",
    'date("2026-01-31") + duration("P1M")',
    'date and time("2026-01-01T10:00:00@Asia/Jakarta") - duration("PT1H")',
    "sort([3, 1, 2], function(a, b) a < b)",
    'replace("aaa", "(a)(a)", "$2$1")',
    'matches("foobar", "^fo*b.r$", "i")',
    'split("a;b;c", ";")',
    'string join(["a", "b"], ", ")',
    "sum(x) / count(x)",
    '[1..10] = range("[1..10]")',
    "nilai in (< 10, [20..30), not(50), > 90)",
    "nilai instance of number",
    'context put({}, ["a", "b"], 1)',
    'number("1.000,5", ".", ",")',
    "median([1, 2, 3, 4])",
    "mode([1, 1, 2])",
    'years and months duration(@"2020-01-01", @"2026-11-22")',
    "overlaps([1..5], [3..8])",
    "flatten([[1, [2]], 3])",
    'substring("\U0001f600abc", 1, 2)',
    "a b.c[2]",
    "decimal(1 / 3, 5)",
    "round half up(2.5, 0)",
    "get entries({a: 1})",
    "list replace([1, 2, 3], function(item, new) item > new, 2)",
    "(function(n) if n = 0 then 0 else n)(5)",
)


class Grammar:
    """Makes expressions that parse more often than not."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._names = sorted(BUILTINS)

    def words(self) -> str:
        """Words thrown together."""
        pieces = self._chance.choices(_PIECES, k=self._chance.randint(1, 14))
        return self._chance.choice((" ", "")).join(pieces)

    def expression(self, depth: int = 0) -> str:
        """An expression of a random shape."""
        if depth >= DEPTH_MAX or self._chance.random() < 0.3:
            return self._chance.choice(_ATOMS)
        shape = self._chance.choice(
            (self._operated, self._called, self._chosen, self._looped, self._built, self._looked)
        )
        return shape(depth + 1)

    def _operated(self, depth: int) -> str:
        sign = self._chance.choice(_OPERATORS)
        return f"({self.expression(depth)} {sign} {self.expression(depth)})"

    def _called(self, depth: int) -> str:
        number = self._chance.randint(0, 4)
        arguments = ", ".join(self.expression(depth) for _ in range(number))
        return f"{self._chance.choice(self._names)}({arguments})"

    def _chosen(self, depth: int) -> str:
        one, two, three = (self.expression(depth) for _ in range(3))
        return self._chance.choice(
            (
                f"if {one} then {two} else {three}",
                f"{one} between {two} and {three}",
                f"{one} instance of {self._chance.choice(_TYPES)}",
                f"{one} in ({two}, {three})",
            )
        )

    def _looped(self, depth: int) -> str:
        one, two = self.expression(depth), self.expression(depth)
        return self._chance.choice(
            (
                f"for i in {one} return {two}",
                f"for i in 1..{self._chance.choice((3, -3, 100))} return {two}",
                f"some i in {one} satisfies {two}",
                f"every i in {one} satisfies {two}",
            )
        )

    def _built(self, depth: int) -> str:
        one, two = self.expression(depth), self.expression(depth)
        return self._chance.choice(
            (
                f"[{one}, {two}]",
                f"{{a: {one}, b: {two}}}",
                f"function(n) {one}",
                f"(function(n) {one})({two})",
                f"[{one}..{two}]",
                f"({one}..{two}]",
            )
        )

    def _looked(self, depth: int) -> str:
        one, two = self.expression(depth), self.expression(depth)
        return self._chance.choice(
            (f"{one}[{two}]", f"{{a: {one}}}.a", f"({one}).start", f"-({one})")
        )


def spoilt(text: str, chance: random.Random) -> str:
    """A text with a few letters dropped, doubled, swapped or strange."""
    letters = list(text)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(letters) + 1)
        deed = chance.randrange(4)
        if deed == 0 and letters:
            del letters[min(place, len(letters) - 1)]
        elif deed == 1:
            letters.insert(place, chance.choice('()[]{}.,:"@\\<>=+-*/ \t\n\x00\ud7ff0129ax'))
        elif deed == 2 and letters:
            letters[min(place, len(letters) - 1)] = chance.choice(letters)
        else:
            letters[place:place] = chance.choice(_PIECES)
    return "".join(letters)


def model_of(text: str, chance: random.Random) -> bytes:
    """A decision model with the text in one of its cells, sometimes spoilt as a file."""
    said = escape(text.replace("\x00", ""))
    cells = ["-", "&gt; 90", '"a"']
    cells[chance.randrange(3)] = said
    policy = chance.choice(("UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "X"))
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>{cell}</text></inputEntry>'
        f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n, cell in enumerate(cells)
    )
    literal = f"<literalExpression><text>{said}</text></literalExpression>"
    table = (
        f'<decisionTable id="t" hitPolicy="{policy}"><input id="i"><inputExpression>'
        f"<text>nilai</text></inputExpression></input><output id='o' name='o'/>{rows}"
        "</decisionTable>"
    )
    file = (
        f'<definitions xmlns="{_SPACE}" id="m" name="m" namespace="n"><decision id="d" name="d">'
        f"<variable name='d'/>{chance.choice((table, literal))}</decision></definitions>"
    )
    if chance.random() < 0.3:
        file = spoilt(file, chance)
    return file.encode("utf-8", "replace")
