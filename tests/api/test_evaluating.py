"""Decisions and expressions are tried over HTTP by who draws them, and explain themselves."""

from __future__ import annotations

import pytest

TABLE = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="n">
  <decision id="band" name="Predikat"><variable name="band"/>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i" label="Nilai"><inputExpression typeRef="number"><text>nilai</text>
      </inputExpression></input>
      <output id="o" name="band" typeRef="string"/>
      <rule id="r1"><inputEntry><text>&gt;= 90</text></inputEntry>
        <outputEntry><text>"sangat_baik"</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"baik"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""

DUE = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="due" name="d" namespace="n">
  <itemDefinition name="span"><itemComponent name="from"><typeRef>date</typeRef></itemComponent>
  </itemDefinition>
  <inputData id="s" name="spans"><variable name="spans" typeRef="spans"/></inputData>
  <itemDefinition name="spans" isCollection="true"><typeRef>span</typeRef></itemDefinition>
  <decision id="due" name="Due"><variable name="due"/>
    <informationRequirement><requiredInput href="#s"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i"><inputExpression typeRef="date"><text>closed_on</text></inputExpression></input>
      <output id="o" name="due"/>
      <rule id="r1"><inputEntry><text>&gt; @"2026-12-30"</text></inputEntry>
        <outputEntry><text>spans[1].from + duration("P1D")</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.fixture
def decision(admin):
    """The deployed table; its key."""
    return deployed(admin, TABLE)


def deployed(admin, text):
    """Deploy a decision; its key."""
    files = {"resources": ("band.dmn", text, "application/xml")}
    made = admin.ask("POST", "/v2/deployments", files=files)
    assert made.status_code == 200, made.text
    found = [item["decisionDefinition"] for item in made.json()["deployments"]]
    (one,) = [decision for decision in found if decision is not None]
    return one["decisionDefinitionKey"]


def test_a_decision_says_what_and_why_by_id_and_by_key(admin, decision):
    for named in (
        {"decisionDefinitionId": "band"},
        {"decisionDefinitionKey": decision},
    ):
        body = {**named, "variables": {"nilai": 93.5}}
        found = admin.post("/v2/decision-definitions/evaluation", body).json()
        assert found["output"] == '"sangat_baik"'
        assert found["decisionDefinitionVersion"] == 1
        (asked,) = found["evaluatedDecisions"]
        assert asked["evaluatedInputs"][0]["inputValue"] == "93.5"
        (rule,) = asked["matchedRules"]
        assert rule["ruleIndex"] == 1
        assert rule["explanation"] == "Aturan 1: nilai 90 atau lebih, maka Sangat Baik"


def test_the_sentence_of_a_rule_is_in_the_language_asked_for(admin, decision):
    body = {"decisionDefinitionKey": decision, "variables": {"nilai": 93.5}}
    headers = {"Accept-Language": "en-GB,en;q=0.9"}
    path = "/v2/decision-definitions/evaluation"
    found = admin.ask("POST", path, json=body, headers=headers).json()
    (rule,) = found["evaluatedDecisions"][0]["matchedRules"]
    assert rule["explanation"] == "Rule 1: nilai 90 or more, so Sangat Baik"


def test_an_expression_is_exact_and_sees_nothing_but_its_variables(admin):
    def tried(text, **variables):
        body = {"expression": text, "variables": variables}
        return admin.post("/v2/expression/evaluation", body)

    assert tried("=a + 0.2", a=0.1).json()["result"] == 0.3
    assert tried("net price * 2", **{"net price": 1}).json()["result"] == 2
    assert tried("get or else(x, 1)", x=None).json()["result"] == 1
    missing = tried("person.name").json()
    assert missing["result"] is None
    assert "line 1, column 1" in missing["warnings"][0]["message"]
    wrong = tried("1 +")
    assert wrong.status_code == 422
    assert "line 1, column 4" in wrong.text
    assert tried("count(for i in 1..1000000 return 1)").status_code == 422


def test_who_draws_nothing_tries_nothing(employee, decision):
    body = {"decisionDefinitionKey": decision}
    assert employee.post("/v2/decision-definitions/evaluation", body).status_code == 403
    assert employee.post("/v2/expression/evaluation", {"expression": "1"}).status_code == 403


def test_a_decision_is_named_in_one_way(admin):
    body = {"decisionDefinitionKey": "1", "decisionDefinitionId": "band"}
    assert admin.post("/v2/decision-definitions/evaluation", body).status_code == 400
    unknown = admin.post("/v2/decision-definitions/evaluation", {"decisionDefinitionId": "nix"})
    assert unknown.status_code == 404


def test_iso_text_is_read_as_the_declared_types_say(admin):
    given = {"closed_on": "2026-12-31", "spans": [{"from": "2026-12-31"}]}
    body = {"decisionDefinitionKey": deployed(admin, DUE), "variables": given}
    found = admin.post("/v2/decision-definitions/evaluation", body).json()
    assert found["output"] == '"2027-01-01"'
    given["closed_on"] = "31 Desember"
    assert admin.post("/v2/decision-definitions/evaluation", body).json()["output"] == "null"
