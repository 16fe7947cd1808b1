"""What activities that repeat, gather tokens, choose their flows or move data must say to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.data_details import stored
from engine.runtime.drawing.definitions import GLOBAL_TASKS
from engine.runtime.drawing.findings import error, error_in, warning, with_article
from engine.runtime.drawing.model import ACTIVITIES, EVENTS, EventKind, Kind
from engine.runtime.drawing.repeat_details import quantity
from engine.runtime.drawing.repeats import Behaviour
from engine.runtime.drawing.source import BPMN, child, children, everywhere, zeebe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.model import Node, Process
    from engine.runtime.drawing.reader import Document
    from engine.runtime.drawing.repeats import Loop, MultiInstance
    from engine.usecases.errors import Finding

#: tokens that one activity gathers or leaves
MAX_QUANTITY: Final = 100
#: what means something with one behaviour only
_NEEDED: Final = {
    "complexBehaviorDefinition": "Complex",
    "noneBehaviorEventRef": "None",
    "oneBehaviorEventRef": "One",
}
#: what a behaviour may throw: nothing else is caught on the edge of a multi-instance
_TOLD: Final = frozenset({EventKind.SIGNAL, EventKind.ESCALATION})


def quantities(document: Document) -> Iterator[Finding]:
    """Numbers of tokens are whole numbers from 1 up (BPMN table 10.3)."""
    for element, process in document.processes:
        if not process.executable:
            continue
        for drawn in everywhere(element, *ACTIVITIES):
            for name in ("startQuantity", "completionQuantity"):
                count = quantity(drawn, name)
                if count is None or count > MAX_QUANTITY:
                    text = f"{name} '{drawn.get(name)}' is no number from 1 to {MAX_QUANTITY}."
                    yield error_in("quantity", text, drawn)


def behaviours(document: Document) -> Iterator[Finding]:
    """A behaviour of a multi-instance is one of four, and has what it says it throws."""
    for element, process in document.processes:
        for drawn in everywhere(element, "multiInstanceLoopCharacteristics"):
            given = drawn.get("behavior", "All").strip()
            if process.executable and given not in set(Behaviour):
                text = f"The behaviour '{given}' is none of {', '.join(Behaviour)}."
                yield error_in("behaviour", text, drawn)
            for name, needed in _NEEDED.items():
                if given != needed and (drawn.get(name) or children(drawn, name)):
                    text = f"{name} means something with the behaviour {needed} only."
                    yield error_in("behaviour-event", text, drawn)


def data(document: Document) -> Iterator[Finding]:
    """Data moves between variables only: a data store is read and written by operations."""
    by_id = {e.get("id", ""): e for e in document.root.iter(f"{{{BPMN}}}*") if e.get("id")}
    for element, process in document.processes:
        if not process.executable:
            continue
        for holder in everywhere(element, *ACTIVITIES, *EVENTS):
            for drawn in stored(holder, by_id):
                text = "A data store holds no data here: read or write it by an operation."
                yield error_in("data-store", text, drawn)
    for element in document.root:
        if element.tag in {f"{{{BPMN}}}{name}" for name in GLOBAL_TASKS}:
            yield from _moved_nowhere(element)


def _moved_nowhere(task: Xml) -> Iterator[Finding]:
    box = child(task, "ioSpecification")
    if box is not None and (children(box, "dataInput") or children(box, "dataOutput")):
        text = "The data of a global task does not move: map it at the activity that calls it."
        yield error_in("global-task-data", text, box)


def loops(process: Process) -> Iterator[Finding]:
    """A standard loop says when it ends, and its maximum is a number from 1 up."""
    for node in process.nodes.values():
        if node.loop is not None:
            yield from _loop(node, node.loop)


def _loop(node: Node, loop: Loop) -> Iterator[Finding]:
    most = loop.maximum
    if most is not None and not (most.removeprefix("+").isdecimal() and int(most)):
        text = f"'{node.label}': the loop maximum '{most}' is no whole number from 1 up."
        yield error("loop-maximum", text, node)
    if most is None and loop.condition is None:
        text = f"'{node.label}' would loop for ever: give it a loop condition or a maximum."
        yield error("loop-endless", text, node)


def multi_instances(process: Process) -> Iterator[Finding]:
    """A multi-instance has a collection or a number, and what it throws can be caught."""
    for node in process.nodes.values():
        if node.multi_instance is not None:
            yield from _number(node, node.multi_instance)
            yield from _told(node, node.multi_instance)


def _number(node: Node, loop: MultiInstance) -> Iterator[Finding]:
    count = loop.cardinality
    if loop.collection and count is not None:
        text = f"'{node.label}' has a collection and a loop cardinality: keep one."
        yield error("multi-instance-twice", text, node)
    if not loop.collection and count is None:
        text = (
            f"'{node.label}' is multi-instance: give zeebe:loopCharacteristics a collection, or "
            "a loop cardinality."
        )
        yield error("multi-instance-without-collection", text, node)
    if count is not None and not (count.startswith("=") or count.removeprefix("+").isdecimal()):
        text = f"'{node.label}': the loop cardinality '{count}' is no number and no FEEL with '='."
        yield error("loop-cardinality", text, node)
    if (loop.output_collection is None) != (loop.output_element is None):
        text = f"'{node.label}': give outputCollection and outputElement, or neither."
        yield error("multi-instance-output", text, node)


def _told(node: Node, loop: MultiInstance) -> Iterator[Finding]:
    for told in loop.told:
        ref = told.event.signal or told.event.escalation
        if told.event.kind not in _TOLD or ref is None:
            what = with_article(told.event.kind.value)
            text = f"'{node.label}' throws {what} event: throw a signal or an escalation."
            yield error("behaviour-event", text, node)
    if loop.behaviour is Behaviour.COMPLEX and not loop.told:
        text = f"'{node.label}' has a complex behaviour without an event: give it one."
        yield error("behaviour-event", text, node)
    for told in loop.told:
        if loop.behaviour is Behaviour.COMPLEX and told.condition is None:
            text = f"'{node.label}': an event of the complex behaviour has no condition."
            yield error("behaviour-condition", text, node)


def ad_hocs(process: Process) -> Iterator[Finding]:
    """An ad-hoc sub-process has activities, and no start or end event (BPMN 10.3.5)."""
    for node in process.nodes.values():
        if node.ad_hoc is None:
            continue
        inside = process.inside(node.id)
        if not any(n.kind in ACTIVITIES and not n.incoming for n in inside):
            text = f"The ad-hoc sub-process '{node.label}' has no activity to begin with."
            yield error("ad-hoc-empty", text, node)
        for inner in inside:
            if inner.kind in {Kind.START_EVENT, Kind.END_EVENT}:
                what = with_article(inner.kind.value)
                text = f"'{inner.label}' stands in an ad-hoc sub-process, which has not {what}."
                yield error("ad-hoc-event", text, inner)
        if node.task is not None:
            text = f"The ad-hoc sub-process '{node.label}' cannot be led by a worker's job."
            yield error("ad-hoc-job", text, node)


def ad_hoc_settings(document: Document) -> Iterator[Finding]:
    """Settings of an ad-hoc sub-process that do not run."""
    for element, process in document.processes:
        for drawn in everywhere(element, Kind.AD_HOC_SUB_PROCESS):
            chosen = zeebe(drawn, "adHoc")
            lost = () if chosen is None else ("outputCollection", "outputElement")
            for name in lost:
                if process.executable and chosen is not None and chosen.get(name):
                    text = f"{name} of an ad-hoc sub-process does not run: write a variable."
                    yield error_in("refused-extension", text, drawn)


def complex_gateways(process: Process) -> Iterator[Finding]:
    """A complex gateway that joins says when it begins."""
    for node in process.nodes.values():
        joins = node.kind is Kind.COMPLEX_GATEWAY and len(node.incoming) > 1
        if joins and node.activation is None:
            text = (
                f"'{node.label}' joins without an activation condition: write one, such as "
                "=activationCount >= 2, or use an inclusive gateway."
            )
            yield error("activation-missing", text, node)


def splits(process: Process) -> Iterator[Finding]:
    """Conditions stand where they choose (BPMN 8.4.13): at activities beside another flow."""
    for node in process.nodes.values():
        conditional = [flow for flow in node.outgoing if flow.condition is not None]
        if node.kind in ACTIVITIES and len(node.outgoing) == 1 and conditional:
            text = (
                f"The only flow out of '{node.label}' has a condition: remove it, or draw a flow "
                "for what else may be."
            )
            yield error("conditional-flow-alone", text, conditional[0])
        for flow in conditional if node.kind is Kind.PARALLEL_GATEWAY else ():
            text = f"A condition out of '{node.label}' has no effect: a parallel gateway takes all."
            yield warning("condition-no-effect", text, flow)
