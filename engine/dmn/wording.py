"""Rules of decision tables as sentences for people, in Indonesian and in English.

Only the common shapes of a cell have words (values, comparisons, ranges, lists of these, `not`);
anything else stands as the author wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.feel.errors import FeelSyntaxError
from engine.feel.nodes import Literal, Negation, Node, OperatorTest, RangeLiteral
from engine.feel.syntax import parse_unary_tests
from engine.feel.values import number_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.dmn.trace import RuleHit


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language."""

    rule: str
    always: str
    both: str
    either: str
    then: str
    neither: str
    truth: Mapping[bool, str]
    nothing: str
    #: operator -> phrase around a value
    comparisons: Mapping[str, str]
    #: (low end included, high end included) -> phrase around two values
    ranges: Mapping[tuple[bool, bool], str]
    decimal_mark: str


PHRASES: Final[Mapping[str, Phrases]] = {
    "id": Phrases(
        rule="Aturan {number}: {conditions}, maka {results}",
        always="selalu",
        both=" dan ",
        either=" atau ",
        then=", ",
        neither="bukan {}",
        truth={True: "ya", False: "tidak"},
        nothing="kosong",
        comparisons={
            "<": "kurang dari {}",
            "<=": "{} atau kurang",
            ">": "lebih dari {}",
            ">=": "{} atau lebih",
            "=": "{}",
            "!=": "bukan {}",
        },
        ranges={
            (True, True): "{} sampai {}",
            (True, False): "{} sampai kurang dari {}",
            (False, True): "lebih dari {} sampai {}",
            (False, False): "lebih dari {} dan kurang dari {}",
        },
        decimal_mark=",",
    ),
    "en": Phrases(
        rule="Rule {number}: {conditions}, so {results}",
        always="always",
        both=" and ",
        either=" or ",
        then=", ",
        neither="not {}",
        truth={True: "yes", False: "no"},
        nothing="empty",
        comparisons={
            "<": "less than {}",
            "<=": "{} or less",
            ">": "more than {}",
            ">=": "{} or more",
            "=": "{}",
            "!=": "not {}",
        },
        ranges={
            (True, True): "{} to {}",
            (True, False): "{} to less than {}",
            (False, True): "more than {} to {}",
            (False, False): "more than {} and less than {}",
        },
        decimal_mark=".",
    ),
}


def sentence(hit: RuleHit, language: str = "id") -> str:
    """A rule that counted: "Aturan 4: hasil kerja di atas dan perilaku di atas, maka Sangat Baik".

    `language` is "id" or "en"; another one reads Indonesian.
    """
    words = PHRASES.get(language, PHRASES["id"])
    said = [f"{_small(label)} {_cell(text, words)}" for label, text in hit.conditions]
    alone = len(hit.results) == 1
    given = [
        _titled(value, words) if alone else f"{_plain(name)} {_titled(value, words)}"
        for name, value in hit.results
    ]
    return words.rule.format(
        number=hit.number,
        conditions=words.both.join(said) or words.always,
        results=words.then.join(given) or words.nothing,
    )


def _cell(text: str, words: Phrases) -> str:
    try:
        node = parse_unary_tests(text, frozenset())
    except FeelSyntaxError:
        return text
    tests = [_test(test, words) for test in node.tests]
    if any(test is None for test in tests):
        return text
    joined = words.either.join(test for test in tests if test is not None)
    return words.neither.format(joined) if node.negated else joined


def _test(node: Node, words: Phrases) -> str | None:
    """The words of one test; None for what has none."""
    if isinstance(node, OperatorTest) and node.operator in words.comparisons:
        value = _value(node.operand, words)
        return None if value is None else words.comparisons[node.operator].format(value)
    if isinstance(node, RangeLiteral):
        ends = _value(node.low, words), _value(node.high, words)
        if None in ends:
            return None
        return words.ranges[node.low_included, node.high_included].format(*ends)
    return _value(node, words)


def _value(node: Node, words: Phrases) -> str | None:
    if isinstance(node, Literal):
        return _shown(node.value, words)
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        return f"-{_shown(node.operand.value, words)}"
    return None


def _shown(value: Any, words: Phrases) -> str:
    if value is None:
        return words.nothing
    if isinstance(value, bool):
        return words.truth[value]
    if isinstance(value, Decimal):
        return number_text(value).replace(".", words.decimal_mark)
    if isinstance(value, list):
        return words.then.join(_shown(item, words) for item in value)
    if isinstance(value, dict):
        return words.then.join(f"{_plain(k)} {_shown(v, words)}" for k, v in value.items())
    return _plain(str(value))


def _titled(value: Any, words: Phrases) -> str:
    """A result; a word of the author's list gets capitals: `sangat_baik` reads "Sangat Baik"."""
    shown = _shown(value, words)
    return shown.title() if isinstance(value, str) and shown.islower() else shown


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _small(label: str) -> str:
    """A column's title inside a sentence; an abbreviation keeps its capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{_plain(label[1:])}"
