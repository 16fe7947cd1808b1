"""Templates of operations and of what is asked of people: as shipped, and sound when applied."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.usecases.ports.process import Resource
from tests.web.town import OFFICER
from web.drawings import blank_drawing
from web.operation_words import OPERATIONS
from web.people_words import ASKS

ROOT = Path(__file__).parents[2]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

#: applies every template to a task between start and end, or to the start event
APPLY = """async (blank) => {
  const modeler = window.regu.modeler;
  const templates = modeler.get("elementTemplates");
  const made = {};
  for (const template of templates.getAll()) {
    await modeler.importXML(blank);
    const registry = modeler.get("elementRegistry");
    const begin = registry.get("start");
    const append = (from, type) => modeler.get("autoPlace").append(
      from, modeler.get("elementFactory").createShape({ type }));
    const task = append(begin, "bpmn:Task");
    append(task, "bpmn:EndEvent");
    const at = template.appliesTo.includes("bpmn:StartEvent") ? begin : task;
    templates.applyTemplate(at, template);
    made[template.id] = (await modeler.saveXML({ format: true })).xml;
  }
  return made;
}"""


def _shipped(process, element):
    path = next((ROOT / "workflows").glob(f"{process}/*.bpmn"))
    return etree.parse(path).find(f".//*[@id='{element}']")


@pytest.mark.parametrize("name", [name for name, ask in ASKS.items() if ask.drawn[0]])
def test_what_is_asked_of_people_is_what_a_shipped_drawing_asks(name):
    ask = ASKS[name]
    step = _shipped(*ask.drawn)
    assert step.tag == f"{BPMN}userTask"
    who = step.find(f".//{ZEEBE}assignmentDefinition").attrib
    assert who.get("assignee", "") == ask.assignee
    assert who.get("candidateGroups", "") == ask.groups
    assert step.find(f".//{ZEEBE}formDefinition").get("formId") == ask.form_id
    submit = step.find(f".//{ZEEBE}property[@name='regu:submit']")
    assert (submit.get("value") if submit is not None else "") == ask.submit
    given = [(one.get("target"), one.get("source")) for one in step.iter(f"{ZEEBE}output")]
    assert given == list(ask.outputs)


def test_every_assignment_without_a_model_stands_in_a_shipped_drawing():
    texts = [path.read_text() for path in (ROOT / "workflows").glob("*/*.bpmn")]
    for ask in ASKS.values():
        told = f'assignee="{ask.assignee}"' if ask.assignee else f'candidateGroups="{ask.groups}"'
        assert any(told in text for text in texts) or ask.groups == "hr", told


@pytest.mark.browser
def test_every_applied_template_passes_the_check_of_the_server(desk, town):
    forms = (ROOT / "forms" / "library").glob("*.form")
    files = tuple(Resource(name=path.name, content=path.read_bytes()) for path in sorted(forms))
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, files, OFFICER)
        uow.commit()
    page = desk()
    made = page.evaluate(APPLY, blank_drawing("percobaan", "Percobaan", "Mulai"))
    assert set(ASKS) | set(OPERATIONS) == set(made)
    faults = {}
    with town.house.reading() as uow:
        for name, xml in made.items():
            drawing = Resource(name="percobaan.bpmn", content=xml.encode())
            found = town.house.runner.check((drawing,), uow)
            if bad := [f"{one.code}: {one.message}" for one in found if one.severity == "error"]:
                faults[name] = bad
    assert faults == {}
