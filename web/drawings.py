"""What pages read from a drawing: names and kinds of its elements."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import quoteattr

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_ZEEBE: Final = "{http://camunda.org/schema/zeebe/1.0}"
#: how a drawing names somebody -> the property as a comparison of versions names it
_ASKED: Final = {
    "assignee": "user_task.assignee",
    "candidateGroups": "user_task.candidate_groups",
    "candidateUsers": "user_task.candidate_users",
}

_BLANK: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="Definitions_{id}" targetNamespace="urn:regu:workflows"
  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">
  <bpmn:process id="{id}" name={name} isExecutable="true">
    <bpmn:startEvent id="start" name={start} />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram_{id}">
    <bpmndi:BPMNPlane id="Plane_{id}" bpmnElement="{id}">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="184" y="203" width="28" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank_drawing(process_id: str, name: str, start: str) -> str:
    """A process with its start event and nothing else; the id is an XML name."""
    return _BLANK.format(id=process_id, name=quoteattr(name), start=quoteattr(start))


def copied_drawing(xml: bytes, old_id: str, process_id: str, name: str) -> bytes:
    """A published drawing under another id and name, everything else as it was."""
    root = _root(xml)
    for one in root.iter(f"{_BPMN}process"):
        if one.get("id") == old_id:
            one.set("id", process_id)
            one.set("name", name)
    for one in root.iter("{*}BPMNPlane"):
        if one.get("bpmnElement") == old_id:
            one.set("bpmnElement", process_id)
    for one in root.iter(f"{_BPMN}participant"):
        if one.get("processRef") == old_id:
            one.set("processRef", process_id)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@lru_cache(maxsize=32)
def process_name(xml: bytes, process_id: str) -> str:
    """How a drawing, valid or not, names its process; "" where it does not."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    found = (one.get("name") for one in root.iter(f"{_BPMN}process") if one.get("id") == process_id)
    return str(next(found, None) or "")


@lru_cache(maxsize=128)
def element_names(xml: bytes) -> Mapping[str, str]:
    """Name by element id of a deployed drawing, which its deployment has already vetted."""
    return {
        str(element.get("id")): str(element.get("name"))
        for element in _root(xml).iter(f"{_BPMN}*")
        if element.get("id") and element.get("name")
    }


@lru_cache(maxsize=128)
def element_kinds(xml: bytes) -> Mapping[str, str]:
    """Kind by element id, such as "userTask", of a deployed drawing."""
    return {
        str(element.get("id")): str(element.tag).removeprefix(_BPMN)
        for element in _root(xml).iter(f"{_BPMN}*")
        if element.get("id")
    }


@lru_cache(maxsize=128)
def element_labels(xml: bytes) -> Mapping[str, str]:
    """What tells each element with an id apart: its name, with its id where others bear it too."""
    names = element_names(xml)
    count = Counter(names.values())
    return {
        one: f"{name} ({one})" if count[name := names.get(one, one)] > 1 else name
        for one in element_kinds(xml)
    }


@lru_cache(maxsize=128)
def documentation(xml: bytes) -> str:
    """What the first process of a deployed drawing says it is for; "" where it says nothing."""
    found = _root(xml).find(f"{_BPMN}process/{_BPMN}documentation")
    return (found.text or "").strip() if found is not None else ""


@lru_cache(maxsize=32)
def who_does(xml: bytes) -> Mapping[str, Mapping[str, str]]:
    """Who does each task of people, as it is drawn: properties by element id."""
    root = _root(xml)
    lanes = {
        str(held.text).strip(): str(lane.get("name") or "")
        for lane in root.iter(f"{_BPMN}lane")
        for held in lane.findall(f"{_BPMN}flowNodeRef")
    }
    found: dict[str, Mapping[str, str]] = {}
    for task in root.iter(f"{_BPMN}userTask"):
        said = task.find(f"{_BPMN}extensionElements/{_ZEEBE}assignmentDefinition")
        given = {} if said is None else {field: said.get(name) for name, field in _ASKED.items()}
        named = {**given, "lane": lanes.get(str(task.get("id")))}
        found[str(task.get("id"))] = {field: text for field, text in named.items() if text}
    return found


def _root(xml: bytes) -> etree._Element:
    """The drawing; a draft that is none yet has no element."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return etree.Element("nothing")
