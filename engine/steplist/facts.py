"""What a drawing says about one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.steplist.extensions import property_of, setting, value_of
from engine.steplist.paper import BPMN, EVENTS, SCOPES, child, local, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

#: element of a timer -> its form
TIMES: Final = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_DEFINITION: Final = "EventDefinition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Texts as drawn: those that begin with "=" are FEEL; "" where nothing is said."""

    about: str = ""
    assignee: str = ""
    #: comma separated, or FEEL
    groups: str = ""
    users: str = ""
    #: name of the lane, which says who when nothing else does
    lane: str = ""
    form: str = ""
    #: operation that the form runs ("regu:submit")
    submit: str = ""
    #: operation of a service task or throw event
    operation: str = ""
    decision: str = ""
    result: str = ""
    called: str = ""
    script: str = ""
    due: str = ""
    #: "timer", "message", …; "" for a plain event or no event
    event: str = ""
    #: name of the message, signal, error or escalation
    event_name: str = ""
    #: "date", "duration" or "cycle"
    timer: str = ""
    when: str = ""
    interrupting: bool = True
    #: what it is repeated over; "1" when it repeats otherwise
    repeated: str = ""
    #: an event sub-process
    triggered: bool = False
    undoes: bool = False


def facts_of(element: Xml, lane: str) -> Facts:
    """The facts of a flow node."""
    event, event_name = _event(element)
    timer, when = _timer(element)
    return Facts(
        about=text_of(child(element, "documentation")),
        assignee=value_of(element, "assignmentDefinition", "assignee"),
        groups=value_of(element, "assignmentDefinition", "candidateGroups"),
        users=value_of(element, "assignmentDefinition", "candidateUsers"),
        lane=lane,
        form=value_of(element, "formDefinition", "formId")
        or value_of(element, "formDefinition", "formKey"),
        submit=property_of(element, "regu:submit"),
        operation=value_of(element, "taskDefinition", "type"),
        decision=value_of(element, "calledDecision", "decisionId"),
        result=value_of(element, "calledDecision", "resultVariable")
        or value_of(element, "script", "resultVariable"),
        called=value_of(element, "calledElement", "processId"),
        script=value_of(element, "script", "expression"),
        due=value_of(element, "taskSchedule", "dueDate"),
        event=event,
        event_name=event_name,
        timer=timer,
        when=when,
        interrupting=_interrupting(element),
        repeated=_repeated(element),
        triggered=local(element) in SCOPES and element.get("triggeredByEvent") in {"true", "1"},
        undoes=element.get("isForCompensation") in {"true", "1"},
    )


def timer_element(element: Xml) -> Xml | None:
    """The element that says when a timer goes off."""
    definition = child(element, "timerEventDefinition")
    for name in TIMES if definition is not None else ():
        found = child(definition, name) if definition is not None else None
        if found is not None:
            return found
    return None


def _timer(element: Xml) -> tuple[str, str]:
    found = timer_element(element)
    return ("", "") if found is None else (TIMES[local(found)], text_of(found))


def _event(element: Xml) -> tuple[str, str]:
    if local(element) not in EVENTS:
        return "", ""
    definitions = [one for one in element if local(one).endswith(_DEFINITION)]
    if not definitions:
        return "", ""
    if len(definitions) > 1:
        return "multiple", ""
    kind = local(definitions[0]).removesuffix(_DEFINITION)
    return kind, definitions[0].get("name", "") or _referred(definitions[0])


def _referred(definition: Xml) -> str:
    """Name of what a definition refers to at the top of the file."""
    for name, ref in definition.attrib.items():
        if str(name).endswith("Ref"):
            top = definition.getroottree().getroot()
            for one in top:
                if one.get("id") == ref:
                    return one.get("name", "") or str(ref)
            return str(ref)
    return ""


def _interrupting(element: Xml) -> bool:
    raw = element.get("cancelActivity") or element.get("isInterrupting") or "true"
    return raw in {"true", "1"}


def _repeated(element: Xml) -> str:
    loop = child(element, "multiInstanceLoopCharacteristics")
    if loop is not None:
        given = setting(loop, "loopCharacteristics")
        return (given.get("inputCollection", "") if given is not None else "") or "1"
    return "1" if child(element, "standardLoopCharacteristics") is not None else ""


def lane_names(process: Xml) -> dict[str, str]:
    """Name of the innermost lane by node id."""
    found: dict[str, str] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for ref in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            found[text_of(ref)] = lane.get("name", "").strip()
    return found
