"""The drawings of the human-task scenarios in this dialect: conditions in FEEL, effects as jobs."""

from __future__ import annotations

import re

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
LEAN = "urn:bpmn-lean:bpmn:extensions:v1"
EFFECT = "lean.effect"
KEY = "lean"


def converted(data):
    """A file of the kit, and the names of its messages by id."""
    root = etree.fromstring(data)
    for element in root.iter(_bpmn("conditionExpression")):
        element.text = "=" + condition((element.text or "").strip())
    for element in root.iter(_bpmn("message")):
        _setting(element, "subscription", correlationKey=f'="{KEY}"')
    for element in root.iter(_bpmn("callActivity")):
        called = element.get("calledElement", "").rpartition(":")[2]
        _setting(element, "calledElement", processId=called)
    for element in list(root.iter(_bpmn("serviceTask"), _bpmn("task"))):
        _effect(element)
    for element in root.iter(_bpmn("startEvent")):
        _timer_start(element)
    names = {e.get("id"): e.get("name") for e in root.iter(_bpmn("message"))}
    return etree.tostring(root), names


def condition(text):
    """The kit's small language: a value is there, or two texts are equal."""
    text = re.sub(r"isPresent\((\w+)\)", r"\1 != null", text)
    return re.sub(r"stringEquals\((\w+),\s*(\"[^\"]*\")\)", r"\1 = \2", text)


def _effect(task):
    """A service task, and a task that the kit configures with a handler, is a job."""
    box = task.find(_bpmn("extensionElements"))
    handled = box is not None and box.find(f"{{{LEAN}}}taskDefinition") is not None
    if task.tag != _bpmn("serviceTask") and not handled:
        return
    task.tag = _bpmn("serviceTask")
    mappings = [] if box is None else list(box.iter(f"{{{CAMUNDA}}}inputParameter"))
    results = [] if box is None else list(box.iter(f"{{{CAMUNDA}}}outputParameter"))
    _setting(task, "taskDefinition", type=EFFECT)
    if mappings or results:
        made = _setting(task, "ioMapping")
        for one in mappings:
            _part(made, "input", f'="{one.text}"', one.get("name"))
        for one in results:
            _part(made, "output", "=" + one.text.strip("${}"), one.get("name"))


def _timer_start(start):
    """A duration from the deployment on is a cycle that happens once."""
    for duration in list(start.iter(_bpmn("timeDuration"))):
        duration.tag = _bpmn("timeCycle")
        duration.text = f"R1/{duration.text.strip()}"


def _setting(element, name, **given):
    box = element.find(_bpmn("extensionElements"))
    if box is None:
        box = etree.Element(_bpmn("extensionElements"))
        element.insert(0, box)
    return etree.SubElement(box, f"{{{ZEEBE}}}{name}", given)


def _part(box, name, source, target):
    etree.SubElement(box, f"{{{ZEEBE}}}{name}", {"source": source, "target": target})


def _bpmn(name):
    return f"{{{BPMN}}}{name}"
