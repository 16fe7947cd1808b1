"""The published table: every BPMN element is run, kept without effect, or refused.

`render` makes docs/bpmn.md of it; the check applies the same rows, so the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.runtime.drawing.model import EventKind, Kind


class Class(StrEnum):
    """What Regu does with an element."""

    RUN = "run"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One element and its class; a refusal says what to draw instead."""

    element: str
    given: Class
    note: str = ""


def _rows(given: Class, *elements: str, note: str = "") -> list[Row]:
    return [Row(element, given, note) for element in elements]


def _run(*elements: str, note: str = "") -> list[Row]:
    return _rows(Class.RUN, *elements, note=note)


def _kept(*elements: str, note: str = "") -> list[Row]:
    return _rows(Class.KEPT, *elements, note=note)


def _refused(note: str, *elements: str) -> list[Row]:
    return _rows(Class.REFUSED, *elements, note=note)


_IO = "Data is passed by zeebe:ioMapping; remove the BPMN data mapping."
_WHO = "Say who with zeebe:assignmentDefinition."
_CHOREOGRAPHY = "Choreographies do not run; draw a process."
_GLOBAL = "Call a process instead of a global task."
_COLLECTION = "Give the collection with zeebe:loopCharacteristics inputCollection."
_BEHAVIOUR = "Events of a multi-instance do not run; use boundary events inside a sub-process."

ELEMENTS: Final[tuple[Row, ...]] = (
    *_run("definitions", "process", "extensionElements", "sequenceFlow", "incoming", "outgoing"),
    *_run(
        "conditionExpression",
        note='FEEL beginning with "=", on flows out of exclusive and inclusive gateways',
    ),
    *_run("laneSet", "childLaneSet", "lane", "flowNodeRef", note="default candidate group"),
    *_run("task", "manualTask", note="a plain task passes through; a manual task waits"),
    *_run("userTask", "serviceTask", "sendTask", "receiveTask"),
    *_run("scriptTask", note="FEEL by zeebe:script"),
    *_run("businessRuleTask", note="DMN by zeebe:calledDecision"),
    *_run("callActivity", note="a process by zeebe:calledElement"),
    *_run("subProcess", note="embedded; as event sub-process refused"),
    *_run("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
    *_run("startEvent", "endEvent", "boundaryEvent", note="see the table of events"),
    *_run("intermediateCatchEvent", "intermediateThrowEvent", note="see the table of events"),
    *_run("messageEventDefinition", "timerEventDefinition", "signalEventDefinition"),
    *_run("errorEventDefinition", "escalationEventDefinition", "terminateEventDefinition"),
    *_run("timeDate", "timeDuration", "timeCycle"),
    *_run("message", "signal", "error", "escalation"),
    *_run("multiInstanceLoopCharacteristics", note="collection by zeebe:loopCharacteristics"),
    *_run("completionCondition", note="of a multi-instance"),
    *_kept("documentation", "text", "textAnnotation", "association", "group"),
    *_kept("category", "categoryValue", "categoryValueRef", "auditing", "monitoring"),
    *_kept("collaboration", "participant", "participantMultiplicity", "messageFlow"),
    *_kept("participantRef", "interfaceRef", "endPointRef", "endPoint", "partitionElement"),
    *_kept("participantAssociation", "innerParticipantRef", "outerParticipantRef"),
    *_kept("messageFlowAssociation", "conversation", "subConversation", "callConversation"),
    *_kept("conversationLink", "conversationAssociation", "conversationNode", "messageFlowRef"),
    *_kept("globalConversation", "correlationKey", "correlationPropertyRef", "partnerEntity"),
    *_kept("correlationProperty", "correlationPropertyRetrievalExpression", "messagePath"),
    *_kept("partnerRole", "interface", "operation", "inMessageRef", "outMessageRef", "errorRef"),
    *_kept("itemDefinition", "import", "extension", "relationship", "source", "target"),
    *_kept("resource", "resourceParameter", "rendering", "supportedInterfaceRef", "supports"),
    *_kept("dataObject", "dataObjectReference", "dataState", note="drawn only"),
    *_kept("dataStore", "dataStoreReference", note="drawn only"),
    *_kept(
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
        note="drawn only, as the line to a data object",
    ),
    *_kept("property", note="only as the end of a line to a data object"),
    *_kept("ioSpecification", "inputSet", "outputSet", note="only without data in it"),
    *_kept("inputSetRefs", "outputSetRefs", "operationRef"),
    *_refused(_IO, "dataInput", "dataOutput", "dataInputRefs", "dataOutputRefs"),
    *_refused(_IO, "optionalInputRefs", "optionalOutputRefs", "whileExecutingInputRefs"),
    *_refused(_IO, "whileExecutingOutputRefs", "assignment", "transformation", "from", "to"),
    *_refused(_IO, "ioBinding"),
    *_refused(_COLLECTION, "loopCardinality", "loopDataInputRef", "loopDataOutputRef"),
    *_refused(_COLLECTION, "inputDataItem", "outputDataItem"),
    *_refused(_BEHAVIOUR, "complexBehaviorDefinition", "oneBehaviorEventRef"),
    *_refused(_BEHAVIOUR, "noneBehaviorEventRef", "event"),
    *_refused(_WHO, "potentialOwner", "humanPerformer", "performer", "resourceRole"),
    *_refused(_WHO, "resourceRef", "resourceAssignmentExpression", "resourceParameterBinding"),
    *_refused("Write FEEL in zeebe:script; the script element is not read.", "script"),
    *_refused(
        "Draw the loop with an exclusive gateway, or use a multi-instance.",
        "standardLoopCharacteristics",
        "loopCondition",
    ),
    *_refused(
        "Use an exclusive, inclusive or parallel gateway.",
        "complexGateway",
        "activationCondition",
    ),
    *_refused(
        "Use a sub-process with error boundary events instead of a transaction.",
        "transaction",
        "cancelEventDefinition",
    ),
    *_refused("Draw the order of the tasks with gateways.", "adHocSubProcess"),
    *_refused("Draw what undoes a step as an ordinary path.", "compensateEventDefinition"),
    *_refused(
        "Use an exclusive gateway, a message or a timer.", "conditionalEventDefinition", "condition"
    ),
    *_refused("Draw a sequence flow instead of a pair of links.", "linkEventDefinition"),
    *_refused("Draw the event definition inside the event.", "eventDefinitionRef"),
    *_refused(
        "Correlate by the zeebe:subscription of the message.",
        "correlationSubscription",
        "correlationPropertyBinding",
        "dataPath",
    ),
    *_refused(_GLOBAL, "globalTask", "globalUserTask", "globalManualTask"),
    *_refused(_GLOBAL, "globalScriptTask", "globalBusinessRuleTask"),
    *_refused(_CHOREOGRAPHY, "choreography", "globalChoreographyTask", "choreographyTask"),
    *_refused(_CHOREOGRAPHY, "callChoreography", "subChoreography", "choreographyRef"),
    *_refused(_CHOREOGRAPHY, "initiatingParticipantRef"),
    *_refused(
        "Events on their own cannot be drawn; use start, intermediate, boundary and end events.",
        "implicitThrowEvent",
    ),
)

BY_ELEMENT: Final = {row.element: row for row in ELEMENTS}

#: event definitions that run, by position of the event
EVENTS_RUN: Final[dict[Kind, frozenset[EventKind]]] = {
    Kind.START_EVENT: frozenset(
        {EventKind.NONE, EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL}
    ),
    Kind.CATCH_EVENT: frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL}),
    Kind.THROW_EVENT: frozenset(
        {EventKind.NONE, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION}
    ),
    Kind.BOUNDARY_EVENT: frozenset(
        {
            EventKind.MESSAGE,
            EventKind.TIMER,
            EventKind.SIGNAL,
            EventKind.ERROR,
            EventKind.ESCALATION,
        }
    ),
    Kind.END_EVENT: frozenset(
        {
            EventKind.NONE,
            EventKind.MESSAGE,
            EventKind.SIGNAL,
            EventKind.ERROR,
            EventKind.ESCALATION,
            EventKind.TERMINATE,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Trait:
    """A way of drawing an element that is refused; the rule of that code applies it."""

    code: str
    what: str
    instead: str


TRAITS: Final[tuple[Trait, ...]] = (
    Trait(
        "event-sub-process",
        "a sub-process triggered by an event",
        "Use a boundary event on a sub-process around these steps.",
    ),
    Trait(
        "start-quantity",
        "startQuantity or completionQuantity other than 1",
        "Join with a parallel gateway, or use a multi-instance.",
    ),
    Trait(
        "instantiating-task",
        "a receive task or gateway that starts the process",
        "Use a message start event.",
    ),
    Trait(
        "several-none-starts",
        "several none start events in one scope",
        "Keep one none start event; it may lead to a gateway.",
    ),
    Trait(
        "conditional-flow-from-activity",
        "a condition on a flow that leaves no exclusive or inclusive gateway",
        "Put a gateway after the element and the condition on its flow.",
    ),
    Trait(
        "implicit-split",
        "several flows out of an element that is no gateway",
        "Put a parallel or inclusive gateway after the element.",
    ),
    Trait(
        "default-flow-from-activity",
        "a default flow of an element that is no exclusive or inclusive gateway",
        "Put a gateway after the element.",
    ),
    Trait(
        "multi-instance-behaviour",
        "a multi-instance behaviour other than All",
        "Remove the behaviour; a completion condition ends a multi-instance early.",
    ),
    Trait(
        "compensation-handler",
        "an activity for compensation",
        "Draw what undoes a step as an ordinary path.",
    ),
    Trait(
        "parallel-multiple",
        "an event that waits for several triggers",
        "Use one event for each trigger.",
    ),
    Trait(
        "import",
        "Another BPMN file imported by an executable process",
        "Deploy both files; call a process of the other by its id.",
    ),
    Trait(
        "must-understand",
        "an extension with mustUnderstand",
        "Remove the extension; Regu does not know it.",
    ),
)

BY_TRAIT: Final = {trait.code: trait for trait in TRAITS}

_HEAD = """# What Regu runs of BPMN 2.0

Generated from `engine/runtime/drawing/classes.py`; do not edit.

*run*: executed. *kept*: stays in the drawing, shown, without effect. *refused*: an executable
process with it is not deployed; the finding names the element, the line and what to draw
instead. A process that is not executable is documentation: it must be valid BPMN and nothing of
it runs.
"""


def render() -> str:
    """The table as the Markdown of docs/bpmn.md."""
    return "\n".join([_HEAD, *_render_elements(), "", *_render_events(), "", *_render_traits(), ""])


def _render_elements() -> list[str]:
    lines = ["## Elements", "", "| element | class | note |", "| --- | --- | --- |"]
    rows = sorted(ELEMENTS, key=lambda row: (list(Class).index(row.given), row.element.lower()))
    lines += [f"| {row.element} | {row.given.value} | {row.note} |" for row in rows]
    return lines


def _render_events() -> list[str]:
    kinds = list(EventKind)
    lines = ["## Events", "", "| event | " + " | ".join(k.value for k in kinds) + " |"]
    lines.append("| --- |" + " --- |" * len(kinds))
    for position, runs in EVENTS_RUN.items():
        cells = [Class.RUN.value if kind in runs else Class.REFUSED.value for kind in kinds]
        lines.append(f"| {position.value} | " + " | ".join(cells) + " |")
    return lines


def _render_traits() -> list[str]:
    lines = ["## Refused ways of drawing", "", "| code | what | instead |", "| --- | --- | --- |"]
    lines += [f"| {t.code} | {t.what} | {t.instead} |" for t in TRAITS]
    return lines
