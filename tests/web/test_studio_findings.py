"""What the server finds is seen where one draws: at the field, on the canvas, beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.feel import FeelSyntaxError, compile_expression
from engine.usecases.errors import Finding, Unread
from tests.web.looking import grave, until
from tests.web.studio_desk import pick
from web.findings import told

#: cuti with a choice behind its first form: the other way is the default; id of the conditional one
CHOICE = """() => {
  const get = (name) => window.regu.modeler.get(name);
  const append = (from, type) =>
    get("autoPlace").append(from, get("elementFactory").createShape({ type }));
  const choice = append(get("elementRegistry").get("periksa"), "bpmn:ExclusiveGateway");
  append(choice, "bpmn:EndEvent");
  append(choice, "bpmn:EndEvent");
  const [flow, other] = choice.outgoing;
  get("modeling").updateProperties(choice, { default: other.businessObject, name: "Lama?" });
  return flow.id;
}"""
CONDITION = """([id, body]) => {
  const get = (name) => window.regu.modeler.get(name);
  const made = body ? get("bpmnFactory").create("bpmn:FormalExpression", { body }) : undefined;
  get("modeling").updateProperties(get("elementRegistry").get(id), { conditionExpression: made });
}"""
BAD = "nosuchfn(days == 3"
ON_SCREEN = """(selector) => {
  const { top, bottom, left, right } = document.querySelector(selector).getBoundingClientRect();
  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
}"""


def feel_fault(text):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text, names=frozenset())
    fault = caught.value
    return Finding(
        severity="error",
        code="feel-syntax",
        message=f"'a': the condition '={text}' is no FEEL: {fault}.",
        unread=Unread(fault.line, fault.column, fault.expected),
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (BAD, "pada baris 1, huruf 16"),
        ("1 +", "pada baris 1, huruf 4: sebuah ekspresi belum ada di situ"),
        ("if a then b", "baris 1"),
    ],
)
def test_an_expression_that_cannot_be_read_is_told_in_the_readers_language(town, text, where):
    with town.app.test_request_context(headers={"Accept-Language": "id"}):
        sentence, detail = told(feel_fault(text))
    assert where in sentence
    assert detail == ""


@pytest.mark.browser
def test_a_wrong_condition_is_seen_at_its_field_on_the_canvas_and_beside_it(desk):
    page = desk()
    flow = page.evaluate(CHOICE)
    page.evaluate(CONDITION, [flow, "=true"])
    pick(page, flow)
    page.click("[data-group-id=group-condition] .bio-properties-panel-group-header")
    page.click("[data-entry-id=conditionExpression] .cm-content")
    page.keyboard.press("Control+A")
    page.keyboard.type(BAD)
    field = page.locator("[data-entry-id=conditionExpression] .bio-properties-panel-error")
    expect(field).to_contain_text("pada baris 1, huruf 16")
    expect(page.locator(".bjsl-button")).to_contain_text("1 kesalahan")
    marks = page.locator(f".djs-overlays[data-container-id={flow}] .bjsl-icon-error")
    expect(marks).to_have_count(1)
    line = f"#findings [data-element={flow}]"
    assert page.evaluate(ON_SCREEN, line)
    expect(page.locator("#findings [lang=en]")).to_have_count(0)
    pick(page, "periksa")
    expect(field).to_have_count(0)
    page.set_viewport_size({"width": 500, "height": 500})
    page.click(line)
    until(page, ON_SCREEN.replace("bottom <= innerHeight", "top < innerHeight"), ".djs-container")
    assert page.evaluate("window.regu.modeler.get('selection').get()[0].id") == flow
    assert grave(page, within=".studio__findings") == []
    page.reload()
    expect(page.locator(".bjsl-button")).to_contain_text("1 kesalahan")


@pytest.mark.browser
def test_what_lint_and_server_both_find_is_counted_once(desk):
    page = desk()
    flow = page.evaluate(CHOICE)
    page.evaluate(CONDITION, [flow, None])
    expect(page.locator(f"#findings [data-element={flow}]")).to_have_count(1)
    expect(page.locator(f"#lint [data-element={flow}]")).to_have_count(1)
    expect(page.locator(".bjsl-button")).to_contain_text("1 kesalahan")
