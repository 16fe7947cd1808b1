"""What pages read from a drawing: names and kinds of its elements."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

#: what an empty studio page begins with
BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="Definitions_new" targetNamespace="urn:regu:workflows"
  modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">
  <bpmn:process id="proses_baru" name="Proses baru" isExecutable="true">
    <bpmn:startEvent id="Start" name="Mulai" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="Diagram">
    <bpmndi:BPMNPlane id="Plane" bpmnElement="proses_baru">
      <bpmndi:BPMNShape id="Start_di" bpmnElement="Start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


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


def _root(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)
