"""The rules of BPMN 2.0.2 by which findings refuse a drawing, by the codes of the findings.

A finding without a rule is about what runs here: the drawing may be valid BPMN. The numbers in
brackets are those of the published catalogue of constraints of the University of Bamberg (EXT, as
the model checker BPMNspector and the benchmark betsy count them).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

STANDARD: Final = "BPMN 2.0.2"

#: code of a finding -> section of the standard and numbers of the catalogue
RULES: Final = MappingProxyType(
    {
        "id-repeated": ("8.3.1", "EXT.002"),
        "id-missing": ("8.3.1", "EXT.003"),
        "text-format": ("8.3.1, 8.4.1", "EXT.004, EXT.005"),
        "flow-without-end": ("7.6.1, 8.4.13", "EXT.003, EXT.006, EXT.007, REF"),
        "message-flow-end": ("7.6.2, 9.4", "EXT.008, EXT.009, EXT.102-109, EXT.119, REF"),
        "code-missing": ("10.5.5", "EXT.011, EXT.121"),
        "expression-informal": ("8.4.6", "EXT.012, EXT.123"),
        "expression-empty": ("8.4.6", "EXT.013"),
        "event-condition-missing": ("10.5.5", "EXT.123"),
        "language-no-uri": ("8.2.1, 8.4.6", "EXT.014"),
        "gateway-direction": ("8.4.9, 10.6.1", "EXT.017, EXT.018, EXT.019, EXT.135"),
        "data-collection": ("10.4.1", "EXT.020, EXT.077, EXT.081, EXT.083"),
        "flow-list-wrong": ("8.4.13", "EXT.021, EXT.022, EXT.023"),
        "flow-list-incomplete": ("8.4.13", "EXT.021, EXT.023, EXT.107"),
        "flow-not-immediate": ("8.4.13", "EXT.024"),
        "conditional-flow-alone": ("8.4.13", "EXT.025"),
        "conditional-flow-misplaced": ("8.4.13", "EXT.025"),
        "default-flow-missing": ("8.4.13", "EXT.026, REF"),
        "default-flow-misplaced": ("8.4.13", "EXT.026"),
        "default-flow-conditional": ("8.4.13", "EXT.026"),
        "choreography-reference": ("9.5.5", "EXT.027"),
        "flow-crosses-process": ("7.6.1", "EXT.028"),
        "multiplicity": ("9.3.1", "EXT.029, EXT.030"),
        "message-flow-in-pool": ("9.4", "EXT.031"),
        "global-conversation": ("9.5.5", "EXT.032"),
        "process-public": ("10.2", "EXT.035"),
        "refused-choreographyTask": ("10.2", "EXT.036, EXT.056, EXT.062"),
        "refused-callChoreography": ("10.2", "EXT.036, EXT.056, EXT.062"),
        "refused-subChoreography": ("10.2", "EXT.036, EXT.056, EXT.062"),
        "quantity": ("10.3", "EXT.037, EXT.038"),
        "resource-role-mixed": ("10.3.1", "EXT.040"),
        "loop-markers": ("10.3.8", "EXT.041, EXT.055"),
        "operation-data": ("10.3.3", "EXT.042, EXT.043, EXT.044, EXT.045"),
        "message-data": ("10.3.3", "EXT.046-048, EXT.050-052"),
        "instantiating-with-flow": ("10.3.3, 10.6.6", "EXT.049, EXT.142"),
        "script-format-missing": ("10.3.3", "EXT.053"),
        "flow-at-event-sub-process": ("10.3.5", "EXT.022, EXT.057"),
        "event-sub-process-start": ("10.3.5", "EXT.058"),
        "ad-hoc-empty": ("10.3.5", "EXT.061"),
        "ad-hoc-event": ("10.3.5", "EXT.062"),
        "called-data": ("10.3.6", "EXT.063"),
        "io-binding": ("10.2, 10.3.6", "EXT.064, EXT.065"),
        "multi-instance-without-collection": ("10.3.8", "EXT.067"),
        "multi-instance-twice": ("10.3.8", "EXT.067"),
        "data-item": ("10.3.8", "EXT.069, EXT.070"),
        "expression-not-boolean": ("10.3.8", "EXT.071, EXT.072"),
        "misplaced-element": ("8.2.1, 15.3", "EXT.078"),
        "unknown-element": ("15.3", ""),
        "data-association-end": ("10.4.1", "EXT.080, EXT.082, REF"),
        "data-without-set": ("10.4.1", "EXT.084, EXT.088"),
        "data-set-part": ("10.4.1", "EXT.085, EXT.086, EXT.089, EXT.090"),
        "data-sets-unpaired": ("10.4.1", "EXT.087"),
        "data-association-items": ("10.4.1", "EXT.091"),
        "data-association-sources": ("10.4.1", "EXT.092"),
        "event-data": ("10.5.1", "EXT.093, EXT.094"),
        "flow-into-start": ("10.5.2, 10.5.4", "EXT.096, EXT.112"),
        "called-start": ("10.5.2", "EXT.099"),
        "sub-process-start-event": ("10.5.2", "EXT.100"),
        "end-missing": ("10.5.3", "EXT.105"),
        "flow-out-of-end": ("10.5.3", "EXT.108"),
        "error-not-interrupting": ("10.5.4", "EXT.110, EXT.147"),
        "boundary-without-host": ("10.5.4", "EXT.110, REF"),
        "event-without-definition": ("10.5.4", "EXT.059, EXT.110, EXT.129, EXT.147, EXT.148"),
        "event-unconnected": ("10.5.4", "EXT.113, EXT.115, EXT.116"),
        "compensation-flow": ("10.5.4, 10.7", "EXT.114, EXT.143"),
        "compensation-unassociated": ("10.7", "EXT.143"),
        "link-with-flow": ("10.5.4", "EXT.117"),
        "link-partner-other": ("10.5.5", "EXT.118"),
        "link-without-partner": ("10.5.5", "EXT.124, EXT.125, EXT.126, REF"),
        "message-missing": ("10.5.5", "EXT.127"),
        "timer-missing": ("10.5.5", "EXT.130"),
        "timer-several": ("10.5.5", "EXT.131"),
        "event-gateway-choice": ("10.6.6", "EXT.136"),
        "event-gateway-condition": ("10.6.6", "EXT.137"),
        "event-gateway-target": ("10.6.6", "EXT.138"),
        "event-gateway-mix": ("10.6.6", "EXT.139"),
        "event-gateway-target-boundary": ("10.6.6", "EXT.140"),
        "event-gateway-shared-target": ("10.6.6", "EXT.141"),
        "dead-end": ("10.5.3", "EXT.151"),
        "flow-crosses-scope": ("7.6.1, 10.3.5", "EXT.152"),
        "reference-dangling": ("15.3", "REF"),
        "reference-wrong": ("15.3", "REF, EXT.095"),
    }
)

#: rules of codes that name one only sometimes
NO_OPERATION: Final = ("10.5.5", "EXT.128")
NO_MESSAGE: Final = ("10.5.5", "EXT.127")
NO_START: Final = ("10.5.2", "EXT.097")
NO_INCOMING: Final = ("10.5.2", "EXT.150")
NO_TIME: Final = ("10.5.5", "EXT.132, EXT.133, EXT.134")
EVENTS: Final = MappingProxyType(
    {
        "startEvent": ("10.5.2", "EXT.098"),
        "startEvent of an event sub-process": ("10.5.2", "EXT.059"),
        "startEvent of a sub-process": ("10.5.2", "EXT.100"),
        "endEvent": ("10.5.3", "EXT.106, EXT.146"),
        "intermediateCatchEvent": ("10.5.4", "EXT.122, EXT.148"),
        "intermediateThrowEvent": ("10.5.4", "EXT.122, EXT.149"),
        "boundaryEvent": ("10.5.4", "EXT.110, EXT.111, EXT.120, EXT.147"),
    }
)
CANCEL: Final = ("10.5.5", "EXT.106, EXT.111, EXT.120")


def cited(section: str, numbers: str) -> str:
    """A rule as findings show it: section of the standard, numbers of the catalogue."""
    return f"{STANDARD} §{section}" + (f" ({numbers})" if numbers else "")


def rule_of(code: str) -> str:
    """The rule of BPMN that findings of that code are about; empty: what runs here."""
    found = RULES.get(code)
    return "" if found is None else cited(*found)
