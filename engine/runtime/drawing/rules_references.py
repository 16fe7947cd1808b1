"""Ids are unique and every reference leads to an element of the right sort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.findings import error_in, with_article
from engine.runtime.drawing.model import EventKind
from engine.runtime.drawing.source import BPMN, children, everywhere, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

#: reference (attribute or child element) -> BPMN elements it may lead to; empty: any element
REFERENCES: Final[dict[str, frozenset[str]]] = {
    "messageRef": frozenset({"message"}),
    "signalRef": frozenset({"signal"}),
    "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}),
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
    "messageFlowRef": frozenset({"messageFlow"}),
    "processRef": frozenset({"process"}),
    "participantRef": frozenset({"participant"}),
    "partitionElementRef": frozenset(),
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "activityRef": frozenset(),
    "eventDefinitionRef": frozenset(
        f"{kind.value}EventDefinition" for kind in EventKind if kind is not EventKind.NONE
    ),
    "definitionalCollaborationRef": frozenset({"collaboration"}),
    "interfaceRef": frozenset({"interface"}),
    "correlationKeyRef": frozenset({"correlationKey"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "flowNodeRef": frozenset(),
    "loopDataInputRef": frozenset(),
    "loopDataOutputRef": frozenset(),
    "oneBehaviorEventRef": frozenset(),
    "noneBehaviorEventRef": frozenset(),
    "operationRef": frozenset({"operation"}),
    "itemSubjectRef": frozenset({"itemDefinition"}),
    "itemRef": frozenset({"itemDefinition"}),
    "structureRefs": frozenset(),
}
#: kept as drawn: only one of the wrong sort is worth a refusal
_WITHOUT_EFFECT: Final = frozenset({"itemSubjectRef", "itemRef", "operationRef"})
_PLAIN: Final = frozenset({"sourceRef", "targetRef"})
_ENDS: Final = {
    "association": "anything drawn",
    "messageFlow": "a pool, activity or event",
    "conversationLink": "a pool or conversation",
}


def unique_ids(document: Document) -> Iterator[Finding]:
    """No two elements have the same id; a process needs one of its own."""
    seen: dict[str, int] = {}
    for element in document.root.iter(f"{{{BPMN}}}*"):
        own = element.get("id")
        if own is None:
            continue
        if own in seen:
            text = f"The id '{own}' is already used in line {seen[own]}: give it another."
            yield error_in("id-repeated", text, element)
        seen.setdefault(own, int(getattr(element, "sourceline", 0) or 0))
    for process in children(document.root, "process"):
        if not process.get("id", "").strip():
            yield error_in("id-missing", "The process has no id: give it one.", process)


def references(document: Document) -> Iterator[Finding]:
    """References lead somewhere, and to the right sort of element."""
    targets = {
        str(e.get("id")): local(e) for e in document.root.iter(f"{{{BPMN}}}*") if e.get("id")
    }
    for element in document.root.iter(f"{{{BPMN}}}*"):
        for name, value in _given(element):
            yield from _led(element, name, value, targets)
    for element in everywhere(document.root, *_ENDS):
        for name in _PLAIN:
            yield from _end(element, name, targets)


def _given(element: Xml) -> Iterator[tuple[str, str]]:
    for key, value in element.items():
        if str(key) in REFERENCES:
            yield str(key), str(value).strip()
    name = local(element)
    if name in REFERENCES and len(element) == 0:
        yield name, text_of(element)


def _led(element: Xml, name: str, value: str, targets: dict[str, str]) -> Iterator[Finding]:
    if _imported(element, value):
        return
    key = value.rpartition(":")[2]
    found = targets.get(key)
    allowed = REFERENCES[name]
    if found is None and name not in _WITHOUT_EFFECT:
        shown = f"'{value}'" if value else "nothing"
        text = f"{name} refers to {shown}, which is not in this file."
        yield error_in("reference-dangling", text, element)
    elif found is not None and allowed and found not in allowed:
        wanted = " or ".join(sorted(allowed))
        text = f"{name} refers to '{key}', which is {with_article(found)}, not {wanted}."
        yield error_in("reference-wrong", text, element)


def _imported(element: Xml, value: str) -> bool:
    """A name with the prefix of another namespace is defined elsewhere."""
    prefix, colon, _ = value.partition(":")
    if not colon:
        return False
    root = element.getroottree().getroot()
    return element.nsmap.get(prefix) != root.get("targetNamespace") and prefix in element.nsmap


def _end(element: Xml, name: str, targets: dict[str, str]) -> Iterator[Finding]:
    value = element.get(name, "").strip()
    if value.rpartition(":")[2] not in targets and not _imported(element, value):
        text = f"{name} of this {local(element)} must be {_ENDS[local(element)]}, not '{value}'."
        yield error_in("reference-dangling", text, element)
