"""The published table applied: what an executable process cannot contain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.classes import BY_ELEMENT, BY_TRAIT, Class
from engine.runtime.drawing.findings import error, error_in, warning_in
from engine.runtime.drawing.model import (
    ACTIVITIES,
    EVENTS,
    GATEWAYS,
    Kind,
    Node,
)
from engine.runtime.drawing.reader import KINDS
from engine.runtime.drawing.source import BPMN, ZEEBE, children, everywhere, flag, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.model import Flow, Process
    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_CHOOSING = frozenset({Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY})
ZEEBE_KNOWN = frozenset(
    {
        "userTask",
        "assignmentDefinition",
        "taskSchedule",
        "priorityDefinition",
        "formDefinition",
        "taskDefinition",
        "taskHeaders",
        "header",
        "ioMapping",
        "input",
        "output",
        "script",
        "calledDecision",
        "calledElement",
        "loopCharacteristics",
        "adHoc",
        "subscription",
        "properties",
        "property",
        "versionTag",
        "userTaskForm",
    }
)


def elements(document: Document) -> Iterator[Finding]:
    """Every BPMN element of an executable process is in the table; refused ones are named."""
    for root in _executed(document):
        for element in root.iter(f"{{{ZEEBE}}}*"):
            yield from _foreign(element)
        for element in _of_bpmn(root):
            yield from _classed(element, local(element))


def _executed(document: Document) -> Iterator[Xml]:
    """Executable processes, global activities and choreographies beside them."""
    processes = dict(document.processes)
    if not any(process.executable for process in processes.values()):
        return
    for element in document.root:
        process = processes.get(element)
        beside = local(element).startswith("global") or local(element) == "choreography"
        if process.executable if process is not None else beside:
            yield element


def _of_bpmn(root: Xml) -> Iterator[Xml]:
    """BPMN elements, without what tools put into extensions; depth is capped by the source."""
    yield root
    for element in root:
        if local(root) != "extensionElements" and local(element):
            yield from _of_bpmn(element)


def _classed(element: Xml, name: str) -> Iterator[Finding]:
    row = BY_ELEMENT.get(name)
    if row is None:
        text = f"'{name}' is no BPMN 2.0 element: remove it."
        yield error_in("unknown-element", text, element)
    elif row.given is Class.REFUSED and not _silent(element, name):
        yield error_in(f"refused-{name}", f"'{name}' does not run here. {row.note}", element)


def _silent(element: Xml, name: str) -> bool:
    """True for a part whose refused owner is named already, and for an event's own table."""
    around = element.getparent()
    if around is None:
        return False
    owner = BY_ELEMENT.get(local(around))
    inside = owner is not None and owner.given is Class.REFUSED and name not in KINDS
    shown = name.endswith("EventDefinition") or name == "script"
    return inside or shown or (name.endswith("Refs") and name != "inputSetRefs")


def _foreign(element: Xml) -> Iterator[Finding]:
    name = str(element.tag).rpartition("}")[2]
    if name not in ZEEBE_KNOWN:
        text = f"zeebe:{name} does not run here: remove it."
        yield error_in("refused-extension", text, element)


def traits(process: Process) -> Iterator[Finding]:
    """Refused ways of drawing that the model shows."""
    for node in process.nodes.values():
        if node.triggered_by_event and (node.multi_instance or node.loop):
            yield _trait("event-sub-process-repeated", node)
        chooses = node.kind in ACTIVITIES | _CHOOSING
        if node.default is not None and not chooses:
            yield _trait("default-flow-misplaced", node)
        if chooses or node.kind in {Kind.PARALLEL_GATEWAY, Kind.EVENT_BASED_GATEWAY}:
            continue
        for flow in node.outgoing:
            if flow.condition is not None:
                yield _trait("conditional-flow-misplaced", flow)


def _trait(code: str, at: Node | Flow) -> Finding:
    trait = BY_TRAIT[code]
    name = at.label if isinstance(at, Node) else at.name or at.id
    return error(code, f"'{name}': {trait.what} does not run. {trait.instead}", at)


def attributes(document: Document) -> Iterator[Finding]:
    """Refused ways of drawing that only the XML shows."""
    for element, process in document.processes:
        if not process.executable:
            continue
        for drawn in everywhere(element, *ACTIVITIES, *GATEWAYS, *EVENTS):
            for code in _attribute_traits(drawn):
                trait = BY_TRAIT[code]
                text = f"{trait.what[0].upper()}{trait.what[1:]} does not run. {trait.instead}"
                yield error_in(code, text, drawn)
    if document.drawing.executable:
        yield from _imports(document)
    for extension in children(document.root, "extension"):
        if flag(extension, "mustUnderstand", default=False):
            yield error_in("must-understand", BY_TRAIT["must-understand"].instead, extension)


def _imports(document: Document) -> Iterator[Finding]:
    for element in children(document.root, "import"):
        if element.get("importType", "").strip() == BPMN:
            trait = BY_TRAIT["import"]
            yield error_in("import", f"{trait.what} is not read. {trait.instead}", element)


def _attribute_traits(drawn: Xml) -> Iterator[str]:
    if local(drawn) in GATEWAYS and flag(drawn, "instantiate", default=False):
        yield "instantiating-gateway"


def foreign_settings(document: Document) -> Iterator[Finding]:
    """Settings of another engine have no effect; the modeler should know it, once a namespace."""
    known: dict[str, Xml] = {}
    for element, process in document.processes:
        if not process.executable:
            continue
        for drawn in element.iter():
            names = [str(drawn.tag), *(str(key) for key in dict(drawn.items()))]
            for name in names:
                namespace = name[1:].partition("}")[0] if name.startswith("{") else ""
                if any(word in namespace for word in _ENGINES):
                    known.setdefault(namespace, drawn)
    for namespace, element in known.items():
        text = f"Settings of the namespace {namespace} have no effect here."
        yield warning_in("foreign-setting", text, element)


#: parts of the namespaces of engines whose settings people may expect to work
_ENGINES = ("camunda.org/schema/1.0", "activiti.org", "flowable.org", "drools", "jbpm", "spiff")
