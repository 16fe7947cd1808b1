"""Completion in expressions: form fields, results, outputs, what operations give, functions."""

from __future__ import annotations

import pytest

from tests.web.looking import until
from tests.web.studio_desk import drawn, pick

pytestmark = pytest.mark.browser

#: cuti, with a gateway behind its first form, a decision, an operation and a mapping
GROWN = """() => {
  const modeler = window.regu.modeler;
  const get = (name) => modeler.get(name);
  const registry = get("elementRegistry");
  const factory = get("bpmnFactory");
  const append = (from, type) =>
    get("autoPlace").append(from, get("elementFactory").createShape({ type }));
  const extend = (element, ...values) => get("modeling").updateProperties(element, {
    extensionElements: factory.create("bpmn:ExtensionElements", { values }),
  });
  const rule = append(registry.get("periksa"), "bpmn:BusinessRuleTask");
  extend(rule, factory.create("zeebe:CalledDecision", {
    decisionId: "index_band", resultVariable: "pita" }));
  const work = append(rule, "bpmn:ServiceTask");
  extend(work, factory.create("zeebe:TaskDefinition", { type: "regu.risks.open" }));
  const script = append(work, "bpmn:ScriptTask");
  extend(script, factory.create("zeebe:Script", {
    expression: "=1", resultVariable: "hitungan" }));
  const mapped = append(script, "bpmn:ServiceTask");
  extend(mapped, factory.create("zeebe:TaskDefinition", { type: "regu.risks.begin" }),
    factory.create("zeebe:IoMapping", { outputParameters: [
      factory.create("zeebe:Output", { source: "=owners", target: "pemilik" })] }));
  const choice = append(mapped, "bpmn:ExclusiveGateway");
  append(choice, "bpmn:EndEvent");
  append(choice, "bpmn:Task");
  return choice.outgoing.map(({ id }) => id);
}"""
KNOWN = {"days", "pita", "owners", "cycle_name", "hitungan", "pemilik", "squad lead"}


def complete(page, field, text):
    """Type into a FEEL field; what is offered."""
    editor = page.locator(f"{field} .cm-content")
    editor.click()
    page.keyboard.type(text)
    page.wait_for_selector(".cm-tooltip-autocomplete li")
    return page.locator(".cm-tooltip-autocomplete li .cm-completionLabel").all_text_contents()


def test_a_condition_completes_what_the_process_knows_at_that_place(desk):
    page = desk()
    flow = page.evaluate(GROWN)[0]
    pick(page, flow)
    page.click("[data-group-id='group-condition'] .bio-properties-panel-group-header-title")
    field = "[data-entry-id='conditionExpression']"
    page.wait_for_selector(f"{field} .cm-content")
    offered = complete(page, field, "days")
    assert "days" in offered
    page.keyboard.press("Enter")
    page.keyboard.type(" > 3")
    until(
        page,
        """(id) => window.regu.modeler.get("elementRegistry").get(id).businessObject
          .conditionExpression?.body === '=days > 3'""",
        arg=flow,
    )
    assert "=days &gt; 3" in drawn(page)
    names = page.evaluate(
        """async (id) => {
          const modeler = window.regu.modeler;
          const flow = modeler.get("elementRegistry").get(id);
          const found = await modeler.get("variableResolver").getVariablesForElement(flow);
          return found.map((one) => one.name);
        }""",
        flow,
    )
    assert set(names) >= KNOWN


@pytest.mark.parametrize(
    ("typed", "name"), [("pit", "pita"), ("hit", "hitungan"), ("own", "owners")]
)
def test_a_mapping_completes_results_and_outputs(desk, typed, name):
    page = desk()
    flow = page.evaluate(GROWN)[1]
    task = page.evaluate(
        """(flow) => {
          const modeler = window.regu.modeler;
          const task = modeler.get("elementRegistry").get(flow).target;
          return modeler.get("bpmnReplace").replaceElement(task, { type: "bpmn:UserTask" }).id;
        }""",
        flow,
    )
    pick(page, task)
    # the panel shows the task before it is asked
    page.wait_for_selector("[name='regu-submit-1']")
    page.click("[data-group-id='group-inputs'] .bio-properties-panel-add-entry")
    field = "[data-entry-id$='-input-0-source']"
    # a mapping may be plain text: "fx" makes it an expression
    page.click(f"{field} .bio-properties-panel-feel-icon")
    assert name in complete(page, field, typed)
