"""What changed in a decision, a form or scenarios, as the reviewer reads it."""

from __future__ import annotations

import json

from engine.usecases.file_changes import form_changes, table_changes
from engine.usecases.scenario_changes import scenario_changes
from tests.usecases.test_release_reach import dmn


def told(changes):
    return [
        (one.how, one.name, [(d.field, d.before, d.after) for d in one.details]) for one in changes
    ]


def test_a_changed_input_cell_is_one_changed_rule_that_names_its_column():
    new = dmn().replace(b'"long"', b'"very long"')
    assert told(table_changes(dmn(), new)) == [
        ("changed", "Days, 2", [("input:Kind", '"long"', '"very long"')])
    ]


def test_a_changed_outcome_names_the_outcome():
    assert told(table_changes(dmn(), dmn("7"))) == [
        ("changed", "Days, 1", [("output:Days", "5", "7")])
    ]


def test_a_rule_without_an_id_is_found_by_what_it_asks_and_then_by_its_place():
    def bare(xml):
        return xml.replace(b' id="r1"', b"").replace(b' id="r2"', b"")

    new = bare(dmn("7")).replace(b'"long"', b'"very long"')
    assert [one.how for one in table_changes(bare(dmn()), new)] == ["changed", "changed"]
    assert [one.how for one in table_changes(dmn(), bare(dmn("7")))] == ["changed"]


def test_a_rule_that_is_added_or_removed_says_what_it_holds():
    rule = dmn()[dmn().index(b'<rule id="r2"') : dmn().index(b"</decisionTable>")]
    fewer = dmn().replace(rule, b"")
    assert told(table_changes(dmn(), fewer)) == [
        ("removed", "Days, 2", [("input:Kind", '"long"', None), ("output:Days", "10", None)])
    ]
    assert told(table_changes(fewer, dmn())) == [
        ("added", "Days, 2", [("input:Kind", None, '"long"'), ("output:Days", None, "10")])
    ]


def test_another_hit_policy_and_another_order_of_rules_are_changes_of_the_table():
    new = dmn().replace(b'"UNIQUE"', b'"FIRST"')
    assert told(table_changes(dmn(), new)) == [
        ("changed", "Days", [("hitPolicy", "UNIQUE", "FIRST")])
    ]
    start, end = dmn().index(b'<rule id="r1"'), dmn().index(b"</decisionTable>")
    middle = dmn().index(b'<rule id="r2"')
    turned = dmn()[:start] + dmn()[middle:end] + dmn()[start:middle] + dmn()[end:]
    assert told(table_changes(dmn(), turned)) == [("changed", "Days", [("order", "1, 2", "2, 1")])]


def ask(**given):
    field = {"type": "textfield", "key": "why", "label": "Why", **given}
    return json.dumps({"type": "default", "id": "ask", "components": [field]}).encode()


def test_what_a_field_demands_is_told_property_by_property():
    new = ask(validate={"required": True, "maxLength": 500})
    assert told(form_changes(ask(validate={"required": False}), new)) == [
        (
            "changed",
            "Why",
            [("validate.required", None, "true"), ("validate.maxLength", None, "500")],
        )
    ]


def test_choices_of_a_field_are_told_by_their_labels():
    yes = {"label": "Yes", "value": "yes"}
    new = ask(values=[yes, {"label": "No", "value": "no"}])
    assert told(form_changes(ask(values=[yes]), new)) == [
        ("changed", "Why", [("values", "Yes (yes)", "Yes (yes), No (no)")])
    ]


OLD = """process: P
scenarios:
  - name: first
    expect: {completed: true}
  - name: second
    expect: {completed: true}
"""
LINES = {"first": 3, "second": 5}


def test_scenarios_are_named_added_removed_and_changed_with_their_text():
    new = OLD.replace("name: second\n    expect: {completed: true}", "name: third\n    expect: {}")
    new = new.replace("name: first\n    expect: {completed: true}", "name: first\n    expect: {}")
    found = scenario_changes(OLD.encode(), LINES, new.encode(), {"first": 3, "third": 5})
    assert told(found) == [
        ("changed", "first", [("text", "expect: {completed: true}", "expect: {}")]),
        ("added", "third", [("text", None, "- name: third\n  expect: {}")]),
        ("removed", "second", [("text", "- name: second\n  expect: {completed: true}", None)]),
    ]


def test_what_all_scenarios_share_is_told_apart_from_them():
    new = OLD.replace("process: P\n", "process: P\nat: 2026-03-02T08:00:00+07:00\n")
    later = {"first": 4, "second": 6}
    found = scenario_changes(OLD.encode(), LINES, new.encode(), later)
    assert told(found) == [("changed", "", [("text", None, "at: 2026-03-02T08:00:00+07:00")])]
