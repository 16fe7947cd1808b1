"""Decisions that draw on others: requirements, knowledge, services, boxed expressions, types."""

from __future__ import annotations

import pytest

from engine.dmn import DmnInvalid, DmnUnknownDecision, inspect_model, read_model
from engine.feel import FeelLimitError, HostFunction, to_json


def _decision(name, logic, *requires, kind="requiredDecision", type_ref=""):
    needs = "".join(
        f'<informationRequirement><{kind} href="#{one}"/></informationRequirement>'
        for one in requires
    )
    reference = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<decision id="{name.replace(" ", "_")}" name="{name}">'
        f'<variable name="{name}"{reference}/>{needs}{logic}</decision>'
    )


def _literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def _value(xml, decision, scope=None, warnings=None):
    return to_json(read_model(xml).evaluate(decision, scope or {}, warnings).value)


def test_a_decision_sees_what_it_requires_and_nothing_else(model):
    xml = model(
        '<inputData id="i" name="work result"><variable name="work result"/></inputData>'
        + _decision("base points", _literal("work result * 2"), "i", kind="requiredInput")
        + _decision("sum", _literal("base points + 1"), "base_points")
        + _decision("blind", _literal("base points + 1"))
    )
    warnings = []
    assert _value(xml, "sum", {"work result": 4}) == 9
    assert _value(xml, "blind", {"work result": 4}, warnings) is None
    assert warnings[0].message == "no variable 'base points'"


def test_the_variable_of_a_decision_is_what_others_see(model):
    xml = model(
        _decision("Find the band", _literal("7")).replace(
            '<variable name="Find the band"', '<variable name="band"'
        )
        + _decision("d", _literal("band + 1"), "Find_the_band")
    )
    assert _value(xml, "d") == 8
    assert _value(xml, "Find the band") == 7


def test_host_functions_and_the_clock_are_seen_everywhere(model):
    xml = model(_decision("who", _literal('rater("ayu")')))
    scope = {"rater": HostFunction("rater", ("member",), lambda member: member + "!")}
    assert _value(xml, "who", scope) == "ayu!"


def test_knowledge_is_a_function_with_typed_parameters(model):
    xml = model(
        '<businessKnowledgeModel id="k" name="fact of"><variable name="fact of"/>'
        '<encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
        + _literal("if n = 0 then 1 else n * fact of(n - 1)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
        '<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#k"/>'
        "</knowledgeRequirement><context>"
        f'<contextEntry><variable name="five"/>{_literal("fact of(5)")}</contextEntry>'
        f'<contextEntry><variable name="text"/>{_literal("fact of(&quot;x&quot;)")}</contextEntry>'
        '<contextEntry><variable name="named"/><invocation>'
        + _literal("fact of")
        + f'<binding><parameter name="n"/>{_literal("3")}</binding></invocation></contextEntry>'
        "</context></decision>"
    )
    assert _value(xml, "d") == {"five": 120, "text": None, "named": 6}


def test_a_decision_service_is_called_with_its_inputs(model):
    xml = model(
        '<inputData id="i" name="x"><variable name="x"/></inputData>'
        + _decision("inner", _literal("x + 1"), "i", kind="requiredInput")
        + '<decisionService id="s" name="serve"><variable name="serve"/>'
        '<outputDecision href="#inner"/><inputData href="#i"/></decisionService>'
        '<decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#s"/>'
        f"</knowledgeRequirement>{_literal('[serve(1), serve(x: 10)]')}</decision>"
    )
    assert _value(xml, "d", {"x": 99}) == [2, 11]
    assert _value(xml, "serve", {"x": 5}) == 6


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (f"<list>{_literal('1')}{_literal('1 + 1')}</list>", [1, 2]),
        (
            (
                '<relation><column name="a"/><column name="b c"/>'
                f"<row>{_literal('1')}{_literal('2')}</row></relation>"
            ),
            [{"a": 1, "b c": 2}],
        ),
        (
            (
                f"<conditional><if>{_literal('true')}</if><then>{_literal('1')}</then>"
                f"<else>{_literal('2')}</else></conditional>"
            ),
            1,
        ),
        (
            (
                f"<filter><in>{_literal('[1, 2, 3]')}</in>"
                f"<match>{_literal('item > 1')}</match></filter>"
            ),
            [2, 3],
        ),
        (
            (
                f'<for iteratorVariable="one by"><in>{_literal("[1, 2]")}</in>'
                f"<return>{_literal('one by * 2')}</return></for>"
            ),
            [2, 4],
        ),
        (
            (
                f'<some iteratorVariable="e"><in>{_literal("[1, 2]")}</in>'
                f"<satisfies>{_literal('e > 1')}</satisfies></some>"
            ),
            True,
        ),
        (
            (
                f'<every iteratorVariable="e"><in>{_literal("[1, 2]")}</in>'
                f"<satisfies>{_literal('e > 1')}</satisfies></every>"
            ),
            False,
        ),
        (
            (
                f'<context><contextEntry><variable name="a"/>{_literal("1")}</contextEntry>'
                f"<contextEntry>{_literal('a + 1')}</contextEntry></context>"
            ),
            2,
        ),
    ],
)
def test_a_boxed_expression_gives_its_value(model, logic, expected):
    assert _value(model(_decision("d", logic)), "d") == expected


def test_declared_types_convert_or_drop_values(model):
    types = (
        '<itemDefinition name="band"><typeRef>string</typeRef>'
        '<allowedValues><text>"good", "fair"</text></allowedValues></itemDefinition>'
        '<itemDefinition name="bands" isCollection="true"><typeRef>band</typeRef></itemDefinition>'
        '<itemDefinition name="member"><itemComponent name="full name"><typeRef>string</typeRef>'
        "</itemComponent></itemDefinition>"
    )
    xml = model(
        types
        + _decision("one", _literal('["good"]'), type_ref="band")
        + _decision("many", _literal('"fair"'), type_ref="bands")
        + _decision("wrong", _literal('"bad"'), type_ref="band")
        + _decision("who", _literal('{full name: "Ayu"}.full name'), type_ref="string")
        + _decision("is", _literal('{full name: "Ayu"} instance of member'))
    )
    warnings = []
    assert _value(xml, "one") == "good"
    assert _value(xml, "many") == ["fair"]
    assert _value(xml, "wrong", warnings=warnings) is None
    assert [warning.message for warning in warnings] == [
        "'wrong' is the string bad, not of its type (string, limited)"
    ]
    assert _value(xml, "who") == "Ayu"
    assert _value(xml, "is") is True


def test_a_model_may_import_another(model):
    space = "urn:base"
    base = model(
        '<itemDefinition name="tPoints"><typeRef>number</typeRef></itemDefinition>'
        '<inputData id="i" name="raw score"><variable name="raw score"/></inputData>'
        + _decision("base points", _literal("raw score * 2"), "i", kind="requiredInput")
        + '<businessKnowledgeModel id="k" name="twice"><variable name="twice"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="tPoints"/>'
        + _literal("n * 2")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    ).replace(b'namespace="n"', f'namespace="{space}"'.encode())
    above = model(
        f'<import name="the base" namespace="{space}" importType="x"/>'
        '<decision id="d" name="d"><variable name="d" typeRef="the base.tPoints"/>'
        "<informationRequirement>"
        f'<requiredDecision href="{space}#base_points"/></informationRequirement>'
        f'<knowledgeRequirement><requiredKnowledge href="{space}#k"/></knowledgeRequirement>'
        + _literal("the base.twice(the base.base points) + 1")
        + "</decision>"
    )
    one = read_model(above, imports={space: read_model(base)})
    assert to_json(one.evaluate("d", {"raw score": 3}).value) == 13
    assert to_json(one.evaluate("d", {"the base": {"raw score": 4}}).value) == 17
    assert dict(one.evaluate("d", {"raw score": 3}).inputs) == {"raw score": 3}
    with pytest.raises(DmnInvalid, match="'urn:base' is not among the files"):
        read_model(above)


def test_every_decision_is_evaluated_once(model):
    calls = []
    xml = model(
        _decision("a", _literal("tick()"))
        + _decision("b", _literal("a + 1"), "a")
        + _decision("c", _literal("a + b"), "a", "b")
    )
    scope = {"tick": HostFunction("tick", (), lambda: calls.append(1) or 1)}
    assert _value(xml, "c", scope) == 3
    assert calls == [1]


def test_a_circle_and_a_lost_reference_are_found(model):
    with pytest.raises(DmnInvalid) as caught:
        read_model(
            model(
                _decision("a", _literal("1"), "b")
                + _decision("b", _literal("1"), "a")
                + _decision("c", _literal("1"), "nowhere")
                + _decision("e", _literal("1"), type_ref="tMissing")
            )
        )
    messages = {finding.message for finding in caught.value.findings}
    assert "no element 'nowhere'" in messages
    assert "no type 'tMissing'" in messages
    assert any(message.startswith("requires itself: ") for message in messages)


def test_a_preview_runs_what_is_right(model):
    seen = inspect_model(model(_decision("a", _literal("1 +")) + _decision("b", _literal("2"))))
    assert len(seen.findings) == 1
    assert seen.model.evaluate("b", {}).value == 2
    assert seen.model.evaluate("a", {}).value is None


def test_an_unknown_decision_is_named(model):
    with pytest.raises(DmnUnknownDecision) as caught:
        read_model(model("")).evaluate("x", {})
    assert caught.value.decision == "x"


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
    ],
)
def test_older_versions_are_read(model, namespace):
    xml = model(_decision("d", _literal("1"))).replace(
        b"https://www.omg.org/spec/DMN/20230324/MODEL/", namespace.encode()
    )
    assert _value(xml, "d") == 1


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a",
        b"<a/>",
        b"\xff\xfe",
        b'<!DOCTYPE d [<!ENTITY e "x">]><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        b"<definitions xmlns='urn:other'/>",
        b" " * (4 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_safe_model_is_refused(xml):
    with pytest.raises(DmnInvalid) as caught:
        read_model(xml)
    assert len(caught.value.findings) == 1


def test_an_external_function_is_a_finding_in_both_ways_of_writing_it(model):
    java = '<functionDefinition id="f" kind="Java"><context/></functionDefinition>'
    feel = (
        "<literalExpression id='l'><text>function(a) external {java: {class: \"x\"}}</text>"
        "</literalExpression>"
    )
    for body in (java, feel):
        decision = f'<decision id="d" name="d"><variable name="d"/>{body}</decision>'
        with pytest.raises(DmnInvalid) as caught:
            read_model(model(decision))
        assert "external functions" in str(caught.value)


@pytest.mark.parametrize("text", ["1 instance of nmber", "function(x: nmber) x"])
def test_an_unknown_type_in_a_text_is_found(model, text):
    with pytest.raises(DmnInvalid, match="no type 'nmber'"):
        read_model(model(_decision("d", _literal(text))))


def test_a_boxed_expression_without_a_part_is_found(model):
    asked = f"<if>{_literal('true')}</if><then>{_literal('1')}</then>"
    with pytest.raises(DmnInvalid, match="a boxed conditional without its 'else'"):
        read_model(model(_decision("d", f"<conditional>{asked}</conditional>")))
    with pytest.raises(DmnInvalid, match="a boxed for without its 'return'"):
        read_model(
            model(_decision("d", f'<for iteratorVariable="x"><in>{_literal("[1]")}</in></for>'))
        )


def test_a_type_may_be_limited_as_a_whole_and_in_its_items(model):
    limits = "<{0}><text>{1}</text></{0}>".format
    types = (
        '<itemDefinition name="odd"><typeRef>number</typeRef>'
        + limits("typeConstraint", "odd(?)")
        + '</itemDefinition><itemDefinition name="few" isCollection="true"><typeRef>odd</typeRef>'
        + limits("allowedValues", "[1..9]")
        + limits("typeConstraint", "count(?) &lt; 3")
        + "</itemDefinition>"
    )
    cases = {"[1, 9]": [1, 9], "[1, 2]": None, "[1, 11]": None, "[1, 3, 5]": None}
    for text, expected in cases.items():
        xml = model(types + _decision("d", _literal(text), type_ref="few"))
        assert _value(xml, "d") == expected


def test_the_limits_of_types_are_paid_by_the_evaluation(model):
    dear = "<allowedValues><text>every j in 1..40000 satisfies true</text></allowedValues>"
    kind = f'<itemDefinition name="dear"><typeRef>number</typeRef>{dear}</itemDefinition>'
    many = '<itemDefinition name="many" isCollection="true"><typeRef>dear</typeRef>'
    xml = model(
        f"{kind}{many}</itemDefinition>"
        + _decision("d", _literal("for i in 1..100 return i"), type_ref="many")
    )
    with pytest.raises(FeelLimitError, match="steps"):
        read_model(xml).evaluate("d", {})


def test_a_model_never_changes_and_an_id_that_stands_twice_hides_no_other_fault(model):
    xml = model(_decision("a", _literal("1")) + "\n" + _decision("a", _literal("1 +")))
    found = inspect_model(xml)
    messages = [finding.message for finding in found.findings]
    assert messages[0].startswith("'1 +' is no FEEL")
    assert messages[1] == "the id 'a' stands twice"
    with pytest.raises(AttributeError):
        found.model.names = frozenset()
