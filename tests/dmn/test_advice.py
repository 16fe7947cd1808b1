"""What a table leaves open or says twice is told with an example that shows it when it runs."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import DmnEvaluationError, Flaw, advise, read_model

_SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
LEVELS = ("rendah", "cukup", "tinggi")
KNOWN = ", ".join(f'"{one}"' for one in LEVELS)
NOTED = "<annotation name='status'/>"


def written(rules, policy="UNIQUE", *, allowed=KNOWN, status=()):
    """A file with the decision `d` over `score` and `level`."""
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>{escape(score)}</text></inputEntry>'
        f"<inputEntry><text>{escape(level)}</text></inputEntry>"
        f"<outputEntry><text>{n}</text></outputEntry>"
        + "".join(
            f"<annotationEntry><text>{word}</text></annotationEntry>" for word in status[n - 1 : n]
        )
        + "</rule>"
        for n, (score, level) in enumerate(rules, 1)
    )
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    return (
        f'<definitions xmlns="{_SPACE}" id="m" name="m" namespace="n">'
        '<inputData id="a" name="score"/><inputData id="b" name="level"/>'
        '<decision id="d" name="Peringkat"><variable name="Peringkat"/>'
        '<informationRequirement><requiredInput href="#a"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#b"/></informationRequirement>'
        f'<decisionTable id="t" hitPolicy="{policy}">'
        '<input id="i1" label="score"><inputExpression typeRef="number"><text>score</text>'
        "</inputExpression></input>"
        '<input id="i2" label="level"><inputExpression typeRef="string"><text>level</text>'
        f"</inputExpression>{values}</input>"
        f'<output id="o" name="rank"/>{NOTED if status else ""}{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def told(*arguments, **options):
    return [(one.flaw, one.rules) for one in advise(written(*arguments, **options))]


def test_a_whole_table_is_left_in_peace():
    assert told([(">= 50", "-"), ("< 50", '"rendah", "cukup"'), ("< 50", '"tinggi"')]) == []


def test_two_rules_that_match_at_once_are_told_with_an_input_that_breaks_the_table():
    table = written([(">= 50", "-"), ("[40..60]", '"tinggi"'), ("< 50", "-")])
    overlaps = [one for one in advise(table) if one.flaw is Flaw.OVERLAP]
    assert [one.rules for one in overlaps] == [(1, 2), (2, 3)]
    for one in overlaps:
        with pytest.raises(DmnEvaluationError):
            read_model(table).evaluate("d", one.example)


def test_a_gap_is_told_with_an_input_that_nothing_meets():
    table = written([("> 50", "-"), ("< 50", "-"), ("50", '"rendah"')])
    (gap,) = advise(table)
    assert gap.flaw is Flaw.GAP
    assert gap.example == {"score": Decimal(50), "level": gap.example["level"]}
    assert read_model(table).evaluate("d", gap.example).value is None
    assert "score = 50" in gap.where.message
    assert gap.where.element_name == "Peringkat"


def test_what_may_not_come_in_is_no_gap():
    assert told([("-", '"rendah"'), ("-", '"cukup"'), ("-", '"tinggi"')]) == []
    assert told([("-", '"rendah"'), ("-", '"cukup"')], allowed="") == [(Flaw.GAP, ())]


def test_a_rule_that_no_input_meets_or_that_earlier_ones_hide_never_counts():
    assert told([("> 5", "-"), ("<= 5", "-"), ("> 5", '"sedang"')]) == [(Flaw.NEVER, (3,))]
    hidden = [("> 5", "-"), ("<= 5", "-"), ("7", '"tinggi"'), ("-", "-")]
    assert told(hidden, "FIRST") == [(Flaw.NEVER, (3,)), (Flaw.NEVER, (4,))]


def test_a_row_from_memory_hides_nothing():
    rules = [("<= 7", "-"), ("<= 7", "-"), ("-", "-")]
    assert told(rules, "FIRST", status=("memory", "agency", "agency")) == []


def test_any_may_say_the_same_twice_and_a_list_may_be_empty():
    assert told([("> 5", "-"), ("> 3", "-")], "COLLECT") == []
    assert (Flaw.OVERLAP, (1, 2)) in told([("> 5", "-"), ("> 3", "-")], "ANY")


def test_a_cell_that_reads_a_variable_is_not_guessed():
    assert told([("> limit", "-"), ("> 10", "-"), ("<= 10", "-")]) == []


def test_a_column_of_mixed_kinds_is_said_to_be_unseen():
    assert told([('> 5, "many"', "-"), ("<= 5", "-")]) == [(Flaw.UNSEEN, ())]


NUMBERS = st.integers(0, 4)
SCORES = st.one_of(
    st.just("-"),
    NUMBERS.map(str),
    st.builds("{}{}".format, st.sampled_from(["< ", "<= ", "> ", ">= "]), NUMBERS),
    st.builds("[{}..{})".format, st.integers(0, 2), st.integers(2, 4)),
    st.builds("not({})".format, NUMBERS),
)
WORDS = st.one_of(st.just("-"), st.sampled_from(LEVELS).map('"{}"'.format))
GRID = [{"score": Decimal(n) / 2, "level": level} for n in range(-2, 11) for level in LEVELS]


@settings(max_examples=150, deadline=None)
@given(
    rules=st.lists(st.tuples(SCORES, WORDS), min_size=1, max_size=6),
    policy=st.sampled_from(["UNIQUE", "FIRST"]),
)
def test_what_is_told_is_what_trying_everything_finds(rules, policy):
    hits = _tried(rules)
    found = advise(written(rules, policy))
    flaws = {(one.flaw, one.rules) for one in found}
    assert any(one.flaw is Flaw.GAP for one in found) == any(not hit for hit in hits)
    for number in range(1, len(rules) + 1):
        first = policy == "FIRST"
        counts = any(number in hit and (not first or number == min(hit)) for hit in hits)
        assert ((Flaw.NEVER, (number,)) in flaws) == (not counts)
    pairs = {(one, other) for hit in hits for one in hit for other in hit if one < other}
    told_pairs = {numbers for flaw, numbers in flaws if flaw is Flaw.OVERLAP}
    if policy == "UNIQUE":
        assert told_pairs <= pairs
        assert len(told_pairs) == min(len(pairs), 10)


def _tried(rules):
    """The numbers of the rules that each input of the grid meets."""
    model = read_model(written(rules, "COLLECT"))
    return [{int(n) for n in model.evaluate("d", given).value} for given in GRID]
