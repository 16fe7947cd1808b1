"""The published table: every BPMN element is run, kept without effect, or refused.

`render` makes docs/bpmn.md of it; the check applies the same rows, so the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.constraints import RULES
from engine.runtime.drawing.model import EventKind, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


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


_IO = "Data is there when an activity begins and leaves when it ends; map it so."
_WHO = "Say who with zeebe:assignmentDefinition."
_GLOBAL = "as the task that a call activity of the same file calls by its id"
_DATA = (
    "of an activity or event: local variables, moved by its data associations; of a process: "
    "variables that its caller gives and takes"
)
_CHOREOGRAPHY = "Choreographies do not run; draw a process."

ELEMENTS: Final[tuple[Row, ...]] = (
    *_run("definitions", "process", "extensionElements", "sequenceFlow", "incoming", "outgoing"),
    *_run(
        "conditionExpression",
        note='FEEL beginning with "=", on flows out of activities and of exclusive, inclusive and '
        "complex gateways",
    ),
    *_run("laneSet", "childLaneSet", "lane", "flowNodeRef", note="default candidate group"),
    *_run("task", "manualTask", note="passes through: nobody is asked"),
    *_run("userTask", "serviceTask", "sendTask", "receiveTask"),
    *_run("scriptTask", note="FEEL by zeebe:script"),
    *_run("businessRuleTask", note="DMN by zeebe:calledDecision"),
    *_run("callActivity", note="a process by zeebe:calledElement"),
    *_run("subProcess", note="embedded, or triggered by an event"),
    *_run("transaction", note="a cancel end event undoes it and leaves by its cancel boundary"),
    *_run("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
    *_run("startEvent", "endEvent", "boundaryEvent", note="see the table of events"),
    *_run("intermediateCatchEvent", "intermediateThrowEvent", note="see the table of events"),
    *_run("messageEventDefinition", "timerEventDefinition", "signalEventDefinition"),
    *_run("errorEventDefinition", "escalationEventDefinition", "terminateEventDefinition"),
    *_run("compensateEventDefinition", "cancelEventDefinition", "linkEventDefinition"),
    *_run("conditionalEventDefinition", "condition", note='FEEL beginning with "="'),
    *_run("eventDefinitionRef", note="of a definition beside the processes"),
    *_run("timeDate", "timeDuration", "timeCycle"),
    *_run("message", "signal", "error", "escalation"),
    *_run(
        "multiInstanceLoopCharacteristics",
        note="collection by zeebe:loopCharacteristics or by BPMN data, or loopCardinality",
    ),
    *_run("completionCondition", note="of a multi-instance or an ad-hoc sub-process"),
    *_run("loopCardinality", note="a number, or FEEL"),
    *_run("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"),
    *_run(
        "complexBehaviorDefinition",
        "event",
        note="signal or escalation, caught on the edge of the multi-instance and never ending it",
    ),
    *_run("oneBehaviorEventRef", "noneBehaviorEventRef"),
    *_run("standardLoopCharacteristics", "loopCondition", note="testBefore, loopMaximum"),
    *_run(
        "complexGateway",
        "activationCondition",
        note="knows activationCount and waitingForStart; after the reset only flows with a "
        "condition that holds are taken",
    ),
    *_run(
        "adHocSubProcess",
        note="each activity without a flow to it once, at once or one after the other; "
        "zeebe:adHoc activeElementsCollection chooses them",
    ),
    *_run("globalTask", "globalUserTask", "globalManualTask", note=_GLOBAL),
    *_run("globalScriptTask", "globalBusinessRuleTask", note=_GLOBAL),
    *_run("ioSpecification", "dataInput", "dataOutput", note=_DATA),
    *_run("assignment", "transformation", "from", "to", note="of a data association, in FEEL"),
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
    *_kept("dataObject", "dataObjectReference", "dataState", note="stands for a variable"),
    *_kept("dataStore", "dataStoreReference", note="drawn only"),
    *_kept(
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
        note="drawn only, unless it ends at a data input or output of the activity or event",
    ),
    *_kept("property", note="stands for the variable of its name"),
    *_kept(
        "inputSet", "outputSet", "dataInputRefs", "dataOutputRefs", note="nothing is waited for"
    ),
    *_kept("optionalInputRefs", "optionalOutputRefs", "inputSetRefs", "outputSetRefs"),
    *_kept("operationRef"),
    *_refused(_IO, "whileExecutingInputRefs", "whileExecutingOutputRefs"),
    *_refused("Call the process by its id; operations are not bound to data.", "ioBinding"),
    *_refused(_WHO, "potentialOwner", "humanPerformer", "performer", "resourceRole"),
    *_refused(_WHO, "resourceRef", "resourceAssignmentExpression", "resourceParameterBinding"),
    *_refused("Write FEEL in zeebe:script; the script element is not read.", "script"),
    *_refused(
        "Correlate by the zeebe:subscription of the message.",
        "correlationSubscription",
        "correlationPropertyBinding",
        "dataPath",
    ),
    *_refused(_CHOREOGRAPHY, "choreography", "globalChoreographyTask", "choreographyTask"),
    *_refused(_CHOREOGRAPHY, "callChoreography", "subChoreography", "choreographyRef"),
    *_refused(_CHOREOGRAPHY, "initiatingParticipantRef"),
    *_refused(
        "Events on their own cannot be drawn; use start, intermediate, boundary and end events.",
        "implicitThrowEvent",
    ),
)

BY_ELEMENT: Final = {row.element: row for row in ELEMENTS}

_WAITS = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL})
_CAUGHT = frozenset({EventKind.ERROR, EventKind.ESCALATION})
_ENDS = frozenset({EventKind.ERROR, EventKind.TERMINATE, EventKind.CANCEL})

#: event definitions that run, by position of the event
EVENTS_RUN: Final[dict[Kind, frozenset[EventKind]]] = {
    Kind.START_EVENT: _WAITS | {EventKind.NONE, EventKind.MULTIPLE},
    Kind.CATCH_EVENT: _WAITS | {EventKind.CONDITIONAL, EventKind.LINK, EventKind.MULTIPLE},
    Kind.THROW_EVENT: frozenset(
        {
            EventKind.NONE,
            EventKind.MESSAGE,
            EventKind.SIGNAL,
            EventKind.ESCALATION,
            EventKind.COMPENSATE,
            EventKind.LINK,
            EventKind.MULTIPLE,
        }
    ),
    Kind.BOUNDARY_EVENT: _WAITS
    | _CAUGHT
    | {EventKind.CONDITIONAL, EventKind.COMPENSATE, EventKind.CANCEL, EventKind.MULTIPLE},
    Kind.END_EVENT: _ENDS
    | {
        EventKind.NONE,
        EventKind.MESSAGE,
        EventKind.SIGNAL,
        EventKind.ESCALATION,
        EventKind.COMPENSATE,
        EventKind.MULTIPLE,
    },
}
#: the same for the start event of an event sub-process
TRIGGERS_RUN: Final = (
    _WAITS | _CAUGHT | {EventKind.CONDITIONAL, EventKind.COMPENSATE, EventKind.MULTIPLE}
)
#: what may be a part of a multiple event that any part triggers
PARTS_CAUGHT: Final = _WAITS | _CAUGHT | {EventKind.CONDITIONAL}
#: what may be a part of one that waits for all of its parts
PARTS_GATHERED: Final = _WAITS | {EventKind.CONDITIONAL}
#: what a multiple event may throw
PARTS_THROWN: Final = frozenset({EventKind.SIGNAL, EventKind.ESCALATION})


@dataclass(frozen=True, slots=True)
class Trait:
    """A way of drawing an element that is refused; the rule of that code applies it."""

    code: str
    what: str
    instead: str


TRAITS: Final[tuple[Trait, ...]] = (
    Trait(
        "event-sub-process-repeated",
        "a loop or multi-instance of an event sub-process",
        "Put the repeated steps into a sub-process inside it.",
    ),
    Trait(
        "instantiating-gateway",
        "a gateway that starts the process",
        "Use several message start events.",
    ),
    Trait(
        "several-none-starts",
        "several start events of a sub-process",
        "Keep one none start event; it may lead to a gateway.",
    ),
    Trait(
        "conditional-flow-misplaced",
        "a condition on a flow out of an event or an event-based gateway",
        "Put an exclusive or inclusive gateway after it and the condition on its flow.",
    ),
    Trait(
        "default-flow-misplaced",
        "a default flow of an event, or of a parallel or event-based gateway",
        "Put an exclusive or inclusive gateway after it.",
    ),
    Trait(
        "multiple-mixed",
        "a multiple event with parts that cannot stand together",
        "Use one event for each of them.",
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

Generated from `engine/runtime/drawing/classes.py` and `tests/runtime/drawing/proofs.py`; do not
edit.

*run*: executed; the test named beside proves it. *kept*: stays in the drawing, shown, without
effect. *refused*: an executable process with it is not deployed; the finding names the element,
the line and what to draw instead. Each kept and each refused row is drawn and checked by
`tests/runtime/drawing/test_proofs.py`. A process that is not executable is documentation: it must
be valid BPMN and nothing of it runs. What valid BPMN is stands in the last table.
"""

#: module and sentence of a test, as `tests/runtime/drawing/proofs.py` names it
Proof = tuple[str, str]


def render(elements: Mapping[str, Proof], events: Mapping[tuple[str, str], Proof]) -> str:
    """The tables as the Markdown of docs/bpmn.md, with the tests that prove what runs."""
    parts = (
        [_HEAD],
        _render_elements(elements),
        [""],
        _render_events(),
        [""],
        _render_proofs(events),
        [""],
        _render_traits(),
        [""],
        _render_rules(),
        [""],
    )
    return "\n".join(line for part in parts for line in part)


def _render_elements(proofs: Mapping[str, Proof]) -> list[str]:
    lines = ["## Elements", "", "| element | class | note | test |", "| --- | --- | --- | --- |"]
    rows = sorted(ELEMENTS, key=lambda row: (list(Class).index(row.given), row.element.lower()))
    for row in rows:
        test = _test(proofs.get(row.element))
        lines.append(f"| {row.element} | {row.given.value} | {row.note} | {test} |")
    return lines


def _test(proof: Proof | None) -> str:
    return "" if proof is None else f"{proof[0]}: {proof[1].replace('_', ' ')}"


def _render_events() -> list[str]:
    kinds = list(EventKind)
    lines = ["## Events", "", "| event | " + " | ".join(k.value for k in kinds) + " |"]
    lines.append("| --- |" + " --- |" * len(kinds))
    lines += [_render_row(position, runs, kinds) for position, runs in positions()]
    return lines


def positions() -> list[tuple[str, frozenset[EventKind]]]:
    """Every position of an event and the kinds that run there."""
    found = [(kind.value, runs) for kind, runs in EVENTS_RUN.items()]
    return [*found, ("startEvent of an event sub-process", TRIGGERS_RUN)]


def _render_row(name: str, runs: frozenset[EventKind], kinds: list[EventKind]) -> str:
    cells = [Class.RUN.value if kind in runs else Class.REFUSED.value for kind in kinds]
    return f"| {name} | " + " | ".join(cells) + " |"


def _render_proofs(events: Mapping[tuple[str, str], Proof]) -> list[str]:
    lines = ["| event | kind | test |", "| --- | --- | --- |"]
    for position, runs in positions():
        for kind in EventKind:
            if kind in runs:
                test = _test(events.get((position, kind.value)))
                lines.append(f"| {position} | {kind.value} | {test} |")
    return lines


def _render_traits() -> list[str]:
    lines = ["## Refused ways of drawing", "", "| code | what | instead |", "| --- | --- | --- |"]
    lines += [f"| {t.code} | {t.what} | {t.instead} |" for t in TRAITS]
    return lines


def _render_rules() -> list[str]:
    head = "A finding of one of these codes names the rule of BPMN that the drawing breaks."
    lines = ["## Rules of BPMN", "", head, ""]
    lines += ["| code | section | number in the catalogue |", "| --- | --- | --- |"]
    lines += [f"| {code} | {section} | {numbers} |" for code, (section, numbers) in RULES.items()]
    return lines
