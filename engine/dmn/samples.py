"""Values that tell the cells of one column of a decision table apart.

Every constant of the column divides what may come in: the constants themselves, something between
two neighbours, something below all and above all. Cells are asked with these values by the very
tests that run, so that what is found holds when the table runs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from engine.dmn.source import EMPTY
from engine.feel import civil
from engine.feel.compiler import Compiler
from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.names import Compilation
from engine.feel.nodes import Call, Literal, Negation, Node
from engine.feel.run import Run
from engine.feel.syntax import parse_unary_tests
from engine.feel.temporal import DayTimeDuration, FeelDate, YearMonthDuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.feel.feeltypes import FeelType
    from engine.feel.operators import Test

#: constants of one column beyond which it is not taken apart
CONSTANTS_MAX: Final = 400
_OTHER: Final = "…"


@dataclass(frozen=True, slots=True)
class Column:
    """One input: values that tell its cells apart, and which cell each of them meets.

    `met[rule]` holds one bit per sample; None for a cell that reads variables, so that nobody can
    say what it meets.
    """

    label: str
    samples: tuple[Any, ...]
    met: tuple[int | None, ...]

    @property
    def everything(self) -> int:
        """The bits of all samples."""
        return (1 << len(self.samples)) - 1


@dataclass(frozen=True, slots=True)
class Cells:
    """What a column's cells say: texts of the rules, of its allowed values, its declared type."""

    label: str
    texts: Sequence[str]
    allowed: str
    type: FeelType | None


@dataclass(frozen=True, slots=True)
class Language:
    """Names with spaces and types that the cells may use."""

    names: frozenset[str]
    types: Mapping[str, FeelType]


def column_of(cells: Cells, language: Language) -> Column | None:
    """Take a column apart; None when it cannot be: other types, too many constants, bad text."""
    try:
        read = [_Cell(text, language) for text in (cells.allowed, *cells.texts)]
    except FeelSyntaxError:
        return None
    constants = [value for cell in read for value in cell.constants]
    samples = _samples(constants, cells.type)
    if samples is None or len(constants) > CONSTANTS_MAX:
        return None
    allowed = [value for value in samples if read[0].meets(value) is not False]
    met = tuple(_bits(cell, allowed) for cell in read[1:])
    return Column(cells.label, tuple(allowed), met)


def _bits(cell: _Cell, samples: Sequence[Any]) -> int | None:
    if cell.reads_variables:
        return None
    return sum(1 << place for place, value in enumerate(samples) if cell.meets(value) is True)


class _Cell:
    """One cell, compiled; with the constants it holds."""

    def __init__(self, text: str, language: Language) -> None:
        self.constants: list[Any] = []
        self.reads_variables = False
        self._test: Test | None = None
        self._text = text
        if text in EMPTY:
            return
        node = parse_unary_tests(text, language.names)
        work = Compilation(language.types)
        self._test = Compiler(work).unary_tests(node)
        self.reads_variables = bool(work.free | work.perhaps_items)
        self.constants = list(_constants(node, language.types))

    def meets(self, value: Any) -> bool | None:
        """Whether a value meets it; None when that cannot be said."""
        if self.reads_variables:
            return None
        if self._test is None:
            return True
        try:
            return self._test(Run({"?": value}, None, self._text), ({"?": value}, None), value)
        except FeelLimitError:
            return None


def _constants(node: Node, types: Mapping[str, FeelType]) -> Iterator[Any]:
    """Values that stand in a cell: literals, and calls and negations of literals alone."""
    if isinstance(node, Literal | Negation | Call):
        work = Compilation(types)
        closure = Compiler(work).compile(node, None)
        if not (work.free or work.perhaps_items or work.uses_input):
            try:
                yield closure(Run({}, None, ""), None)
            except FeelLimitError:
                return
            return
    for part in fields(node):
        yield from _inside(getattr(node, part.name), types)


def _inside(value: Any, types: Mapping[str, FeelType]) -> Iterator[Any]:
    if isinstance(value, Node):
        yield from _constants(value, types)
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item, types)


def _samples(constants: Sequence[Any], of: FeelType | None) -> list[Any] | None:
    """Values to ask with; None when the constants are of several kinds or cannot be ordered."""
    kinds = {type(value) for value in constants if value is not None}
    if of is not None and of.name == "boolean" and kinds <= {bool}:
        return [True, False]
    if not kinds:
        return [None]
    if len(kinds) > 1:
        return None
    make = _KINDS.get(kinds.pop())
    return None if make is None else make([value for value in constants if value is not None])


def _texts(constants: Sequence[str]) -> list[Any]:
    other = _OTHER
    while other in constants:
        other += _OTHER
    return [*dict.fromkeys(constants), other]


def _numbers(constants: Sequence[Decimal]) -> list[Any]:
    held = sorted(set(constants))
    between = [(low + high) / 2 for low, high in pairwise(held)]
    return sorted([held[0] - 1, *held, *between, held[-1] + 1])


def _whole(count: Callable[[Any], int], make: Callable[[int], Any]) -> Callable[..., list[Any]]:
    """Samples of a kind that is counted in whole steps: days, months, seconds."""

    def samples(constants: Sequence[Any]) -> list[Any]:
        held = sorted({count(value) for value in constants})
        between = [(low + high) // 2 for low, high in pairwise(held) if high - low > 1]
        return [make(number) for number in sorted([held[0] - 1, *held, *between, held[-1] + 1])]

    return samples


_KINDS: Final[Mapping[type, Callable[..., list[Any]]]] = {
    str: _texts,
    bool: lambda _constants: [True, False],
    Decimal: _numbers,
    FeelDate: _whole(FeelDate.days, lambda days: FeelDate(*civil.from_days(days))),
    YearMonthDuration: _whole(lambda value: value.months, YearMonthDuration),
    DayTimeDuration: _whole(lambda value: value.nanos, DayTimeDuration),
}
