"""The table with which a new decision begins."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
  xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
  id="definitions_{id}" name={name} namespace="urn:regu:decision:{id}" exporter="Regu">
  <decision id="{id}" name={name}>
    <variable id="{id}_variable" name="{id}"/>
    <decisionTable id="{id}_table" hitPolicy="UNIQUE">
      <input id="{id}_input_1">
        <inputExpression id="{id}_expression_1" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="{id}_output_1" name="" typeRef="string"/>
      <annotation name="source"/>
      <annotation name="status"/>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{id}_diagram">
      <dmndi:DMNShape id="{id}_shape" dmnElementRef="{id}">
        <dc:Bounds x="160" y="100" width="180" height="80"/>
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def blank_decision(decision_id: str, name: str) -> bytes:
    """A decision table without rules; the id is one that was checked."""
    return _TABLE.format(id=decision_id, name=quoteattr(name)).encode()
