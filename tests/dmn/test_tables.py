"""Decision tables: cells, hit policies, defaults, allowed values, rows from memory."""

from __future__ import annotations

import pytest

from engine.dmn import DmnEvaluationError, DmnInvalid, memory_rules, read_model
from engine.feel import to_json

BANDS = [
    (">= 90", '"very good"'),
    ("[70..90)", '"good"'),
    ("[50..70)", '"fair"'),
    ("< 50", '"poor"'),
]
NESTED = [(">= 90", "1"), (">= 50", "2"), (">= 0", "3")]


@pytest.mark.parametrize(
    ("score", "band"), [(90, "very good"), (89.99, "good"), (50, "fair"), (0, "poor"), (None, None)]
)
def test_a_unique_table_gives_the_one_rule_that_matches(rate, score, band):
    assert rate(score, BANDS) == band


def test_two_hits_in_a_unique_table_are_an_error_that_names_the_rules(rate):
    with pytest.raises(DmnEvaluationError) as caught:
        rate(95, NESTED)
    assert caught.value.element_id == "t"
    assert caught.value.rules == ("1 (r1)", "2 (r2)", "3 (r3)")


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", 1),
        ("RULE ORDER", "", [1, 2, 3]),
        ("COLLECT", "", [1, 2, 3]),
        ("COLLECT", "SUM", 6),
        ("COLLECT", "MIN", 1),
        ("COLLECT", "MAX", 3),
        ("COLLECT", "COUNT", 3),
    ],
)
def test_a_hit_policy_decides_what_becomes_of_the_hits(rate, policy, aggregation, expected):
    options = {"hitPolicy": policy} | ({"aggregation": aggregation} if aggregation else {})
    assert rate(95, NESTED, **options) == expected


def test_priority_follows_the_order_of_the_output_values(rate):
    assert rate(95, NESTED, hitPolicy="PRIORITY", values="2, 3, 1") == 2
    assert rate(95, NESTED, hitPolicy="OUTPUT ORDER", values="2, 3, 1") == [2, 3, 1]


def test_any_takes_equal_outputs_and_refuses_others(rate):
    assert rate(95, [(">= 90", "1"), (">= 50", "0.5 + 0.5")], hitPolicy="ANY") == 1
    with pytest.raises(DmnEvaluationError):
        rate(95, NESTED, hitPolicy="ANY")


def test_without_a_hit_the_default_counts(rate):
    assert rate(10, [(">= 90", "1")], default="0") == 0
    assert rate(10, [(">= 90", "1")]) is None
    assert rate(10, [(">= 90", "1")], hitPolicy="COLLECT") == []
    assert rate(10, [(">= 90", "1")], hitPolicy="COLLECT", aggregation="COUNT") == 0
    assert rate(10, [(">= 90", "1")], hitPolicy="COLLECT", aggregation="SUM") is None


def test_a_value_that_is_not_allowed_is_an_error(rate):
    assert rate(5, [("-", "1")], allowed="[0..100]") == 1
    with pytest.raises(DmnEvaluationError):
        rate(500, [("-", "1")], allowed="[0..100]")
    with pytest.raises(DmnEvaluationError):
        rate(5, [("-", "7")], values="1, 2, 3")


def test_the_outcome_says_which_rules_it_rests_on(model, table):
    decided = read_model(model(table(BANDS))).evaluate("Rating", {"score": 75, "other": 1})
    assert [(m.table_id, m.rule_ids, m.rule_numbers) for m in decided.matched] == [
        ("t", ("r2",), (2,))
    ]
    assert to_json(dict(decided.inputs)) == {"score": 75}


LEGAL = [
    (">= 90", "150", "Annex I", "gazetted"),
    ("[70..90)", "100", "recalled", "memory"),
    ("-", "0", "", "gazetted"),
]


def _legal(model, table):
    return read_model(model(table(LEGAL, hitPolicy="FIRST", notes=("source", "status"))))


def test_a_row_from_memory_waits_for_its_confirmation(model, table):
    legal = _legal(model, table)
    decided = legal.evaluate("d", {"score": 80})
    assert decided.value == 0
    assert [(rule.rule_id, rule.source) for rule in decided.unconfirmed] == [("r2", "recalled")]
    confirmed = legal.evaluate("d", {"score": 80}, confirmed_rules=frozenset({"r2"}))
    assert (confirmed.value, confirmed.unconfirmed) == (100, ())


def test_a_draft_uses_rows_from_memory_and_says_so(model, table):
    decided = _legal(model, table).evaluate("d", {"score": 80}, draft=True)
    assert decided.value == 100
    assert [rule.rule_id for rule in decided.unconfirmed] == ["r2"]
    assert decided.matched[0].rules[0].status == "memory"


def test_a_row_from_memory_that_does_not_apply_leaves_no_mark(model, table):
    decided = _legal(model, table).evaluate("d", {"score": 95})
    assert (decided.value, decided.unconfirmed) == (150, ())
    assert dict(decided.matched[0].rules[0].annotations) == {
        "source": "Annex I",
        "status": "gazetted",
    }


def test_every_fault_of_a_file_is_found_at_once(model, table):
    rules = [("> > 5", "1"), ("5", "1 +")]
    with pytest.raises(DmnInvalid) as caught:
        read_model(model(table(rules, hitPolicy="SOMETIMES", aggregation="AVG")))
    messages = "\n".join(finding.message for finding in caught.value.findings)
    assert len(caught.value.findings) == 4
    for part in ("> > 5", "1 +", "SOMETIMES", "AVG"):
        assert part in messages
    assert all(finding.line >= 1 for finding in caught.value.findings)


def test_a_row_with_too_few_cells_is_found(model, table):
    body = table(BANDS).replace('<outputEntry><text>"good"</text></outputEntry>', "")
    with pytest.raises(DmnInvalid) as caught:
        read_model(model(body))
    assert [finding.message for finding in caught.value.findings] == [
        "rule 2: 0 output entries for 1 outputs"
    ]
    assert caught.value.findings[0].element_id == "r2"


def test_rows_from_memory_have_a_hash_over_their_cells(model, table):
    def rules(rows):
        return memory_rules(model(table(rows, hitPolicy="FIRST", notes=("source", "status"))))

    [rule] = rules(LEGAL)
    assert (rule.rule_id, rule.number, rule.source) == ("r2", 2, "recalled")
    assert [cell for _, cell in (*rule.conditions, *rule.results)] == ["[70..90)", "100"]
    beside = [LEGAL[0], LEGAL[1], ("-", "1", "", "gazetted")]
    another_source = [LEGAL[0], ("[70..90)", "100", "looked up", "memory"), LEGAL[2]]
    assert {r.digest for r in (*rules(beside), *rules(another_source))} == {rule.digest}
    [changed] = rules([LEGAL[0], ("[70..91)", "100", "recalled", "memory"), LEGAL[2]])
    [other] = rules([LEGAL[0], ("[70..90)", "101", "recalled", "memory"), LEGAL[2]])
    assert len({rule.digest, changed.digest, other.digest}) == 3
