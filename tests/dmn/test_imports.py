"""Models that import others: with and without a name, carried along, never lost."""

from __future__ import annotations

import pytest

from engine.dmn import (
    DmnInvalid,
    enclose,
    inspect_model,
    memory_rules,
    read_inputs,
    read_model,
)
from engine.feel import to_json

SPACE = "urn:base"
BASE = """<inputData id="i" name="score"><variable name="score" typeRef="tPoints"/></inputData>
<itemDefinition name="tPoints"><typeRef>number</typeRef></itemDefinition>
<decision id="b" name="base points"><variable name="base points"/>
  <informationRequirement><requiredInput href="#i"/></informationRequirement>
  <literalExpression><text>score * 2</text></literalExpression></decision>
<businessKnowledgeModel id="k" name="twice"><variable name="twice"/><encapsulatedLogic>
  <formalParameter name="n" typeRef="tPoints"/>
  <literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic>
</businessKnowledgeModel>"""


@pytest.fixture
def base(model):
    """The model that others import."""
    return model(BASE).replace(b'namespace="n"', f'namespace="{SPACE}"'.encode())


@pytest.fixture
def above(model):
    """Write a model that imports the base under a name."""

    def write(alias, text, space="n"):
        written = model(
            f'<import name="{alias}" namespace="{SPACE}" importType="x"/>'
            '<decision id="d" name="d"><informationRequirement>'
            f'<requiredDecision href="{SPACE}#b"/></informationRequirement>'
            f'<knowledgeRequirement><requiredKnowledge href="{SPACE}#k"/></knowledgeRequirement>'
            f"<literalExpression><text>{text}</text></literalExpression></decision>"
        )
        return written.replace(b'namespace="n"', f'namespace="{space}"'.encode())

    return write


def _value(xml, scope):
    return to_json(read_model(xml).evaluate("d", scope).value)


def test_without_a_name_what_is_imported_has_its_own_name(base, above):
    xml = enclose(above("", "twice(base points) + 1"), [base])
    assert _value(xml, {"score": 3}) == 13


def test_a_file_carries_what_it_imports_and_what_that_imports(base, above, model):
    middle = above("base", "base.twice(base.base points)", space="urn:middle")
    top = model(
        '<import name="mid" namespace="urn:middle" importType="x"/><decision id="d" name="d">'
        '<informationRequirement><requiredDecision href="urn:middle#d"/></informationRequirement>'
        "<literalExpression><text>mid.d + 1</text></literalExpression></decision>"
    )
    near = [b"no xml", base, middle, top]
    carried = enclose(top, near)
    assert _value(carried, {"score": 3}) == 13
    assert carried.startswith(top[:-20])
    assert enclose(top, near) == carried
    assert enclose(base, near) == base


def test_a_lost_import_and_faults_inside_one_are_found(base, above):
    xml = above("base", "base.base points")
    with pytest.raises(DmnInvalid, match="'urn:base' is not among the files"):
        read_model(enclose(xml, []))
    broken = base.replace(b"score * 2", b"score *")
    with pytest.raises(DmnInvalid, match="in the imported model, line 5: 'score \\*' is no FEEL"):
        read_model(enclose(xml, [broken]))


def test_two_models_that_import_each_other_are_refused(above):
    one, other = above("o", "1", space="urn:one"), above("o", "1", space=SPACE)
    one = one.replace(b'id="m"', b'id="one"')
    other = other.replace(f'name="o" namespace="{SPACE}"'.encode(), b'name="o" namespace="urn:one"')
    with pytest.raises(DmnInvalid, match="'urn:one' is not among the files"):
        read_model(enclose(one, [other]))


def test_rows_from_memory_are_found_in_carried_models(model, table, above):
    rows = [("1", '"x"', "memory")]
    inner = model(table(rows, notes=["status"]).replace('id="d"', 'id="b"'))
    inner = inner.replace(b'namespace="n"', f'namespace="{SPACE}"'.encode())
    xml = enclose(above("base", "base.Rating"), [inner])
    assert memory_rules(xml) == ()
    assert [rule.owner_id for rule in memory_rules(xml, carried=True)] == ["b"]


def test_a_decision_is_touched_only_by_what_it_rests_on(model):
    def decision(name, text, needs=""):
        return (
            f'\n<decision id="{name}" name="{name}">'
            + "".join(
                f'<informationRequirement><requiredDecision href="#{n}"/></informationRequirement>'
                for n in needs
            )
            + f"<literalExpression><text>{text}</text></literalExpression></decision>"
        )

    found = inspect_model(
        model(decision("a", "1 +") + decision("b", "a", "a") + decision("c", "2") + "\n")
    )
    assert len(found.findings) == 1
    assert found.touching("a") == found.touching("b") == found.findings
    assert found.touching("c") == ()


def test_what_imported_models_are_given_is_read_as_they_declare(model, above):
    due = model(
        '<inputData id="i" name="day"><variable name="day" typeRef="date"/></inputData>'
        '<decision id="b" name="next"><informationRequirement><requiredInput href="#i"/>'
        '</informationRequirement><literalExpression><text>day + @"P1D"</text></literalExpression>'
        "</decision>"
        '<businessKnowledgeModel id="k" name="k"/>'
    ).replace(b'namespace="n"', f'namespace="{SPACE}"'.encode())
    whole = read_model(enclose(above("base", "base.next"), [due]))
    for given in ({"day": "2026-12-31"}, {"base": {"day": "2026-12-31"}}):
        value = whole.evaluate("d", read_inputs(whole, given)).value
        assert to_json(value) == "2027-01-01"
