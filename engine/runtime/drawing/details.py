"""What the zeebe dialect says about one flow node, as typed details."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.runtime.drawing.data_details import moves
from engine.runtime.drawing.definitions import GLOBAL_TASKS, definition_elements, read_event
from engine.runtime.drawing.model import (
    ACTIVITIES,
    EVENTS,
    SCOPES,
    Binding,
    CalledDecision,
    CalledElement,
    EventDefinition,
    EventKind,
    FormRef,
    IoMapping,
    Kind,
    Script,
    TaskDefinition,
    UserTask,
)
from engine.runtime.drawing.repeat_details import repeat_details
from engine.runtime.drawing.source import (
    ZEEBE,
    child,
    flag,
    line_of,
    local,
    reference,
    text_of,
    zeebe,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.definitions import Definitions


def node_details(element: Xml, kind: Kind, known: Definitions) -> dict[str, Any]:
    """Fields of `Node` that stand inside its element."""
    moved = moves(element, known.data)
    details: dict[str, Any] = {
        "name": element.get("name", "").strip(),
        "line": line_of(element),
        "default": reference(element, "default"),
        "inputs": moved.inputs + _mappings(element, "input"),
        "outputs": moved.outputs + _mappings(element, "output"),
        "headers": _pairs(element, "taskHeaders", "header", "key"),
        "properties": read_properties(element),
        "task": _task_definition(element),
    }
    if kind in EVENTS:
        details |= _event_details(element, kind, known)
    elif kind is Kind.RECEIVE_TASK:
        details["event"] = _received(element, known)
        details["instantiate"] = flag(element, "instantiate", default=False)
    if kind in ACTIVITIES:
        details |= repeat_details(element, kind, known)
        details["for_compensation"] = flag(element, "isForCompensation", default=False)
    if kind in SCOPES:
        details["triggered_by_event"] = flag(element, "triggeredByEvent", default=False)
    if kind is Kind.COMPLEX_GATEWAY:
        details["activation"] = text_of(child(element, "activationCondition")) or None
    details |= _work_details(element, kind)
    return details


def called_task(element: Xml, known: Definitions) -> tuple[Kind, dict[str, Any]] | None:
    """The kind and the work of the global task that a call activity calls, if it calls one.

    The call is that task, with the flows, mappings and loops of the call.
    """
    called = _called(element)
    task = None if called is None else known.tasks.get(called.process_id)
    if task is None:
        return None
    kind = GLOBAL_TASKS[local(task)]
    own: dict[str, Any] = {
        "name": element.get("name", "").strip() or task.get("name", "").strip(),
        "called": None,
        "task": _task_definition(task),
        "headers": _pairs(task, "taskHeaders", "header", "key"),
        "properties": MappingProxyType({**read_properties(task), **read_properties(element)}),
    }
    return kind, own | _work_details(task, kind)


def read_properties(element: Xml) -> Mapping[str, str]:
    """Zeebe properties of an element."""
    return _pairs(element, "properties", "property", "name")


def _pairs(element: Xml, group: str, item: str, key: str) -> Mapping[str, str]:
    box = zeebe(element, group)
    found = [] if box is None else box.findall(f"{{{ZEEBE}}}{item}")
    return MappingProxyType({e.get(key, ""): e.get("value", "") for e in found})


def _mappings(element: Xml, name: str) -> tuple[IoMapping, ...]:
    box = zeebe(element, "ioMapping")
    found = [] if box is None else box.findall(f"{{{ZEEBE}}}{name}")
    return tuple(
        IoMapping(
            source=e.get("source", "").strip(),
            target=e.get("target", "").strip(),
            line=line_of(e),
        )
        for e in found
    )


def _event_details(element: Xml, kind: Kind, known: Definitions) -> dict[str, Any]:
    details: dict[str, Any] = {"event": read_event(element, known)}
    if kind is Kind.BOUNDARY_EVENT:
        details["interrupting"] = flag(element, "cancelActivity", default=True)
        details["attached_to"] = reference(element, "attachedToRef")
    if kind is Kind.START_EVENT:
        details["interrupting"] = flag(element, "isInterrupting", default=True)
        details["form"] = _form(element)
    if zeebe(element, "taskDefinition") is None:
        drawn = definition_elements(element)
        details["task"] = _task_definition(drawn[0]) if drawn else None
    return details


def _received(element: Xml, known: Definitions) -> EventDefinition:
    return EventDefinition(
        kind=EventKind.MESSAGE,
        line=line_of(element),
        message=known.messages.get(reference(element, "messageRef") or ""),
    )


def _work_details(element: Xml, kind: Kind) -> dict[str, Any]:
    if kind is Kind.USER_TASK:
        return {"user_task": _user_task(element)}
    if kind is Kind.SCRIPT_TASK:
        return {"script": _script(element)}
    if kind is Kind.BUSINESS_RULE_TASK:
        return {"decision": _decision(element)}
    if kind is Kind.CALL_ACTIVITY:
        return {"called": _called(element)}
    return {}


def _user_task(element: Xml) -> UserTask:
    who = _attributes(element, "assignmentDefinition")
    when = _attributes(element, "taskSchedule")
    return UserTask(
        assignee=who.get("assignee"),
        candidate_groups=who.get("candidateGroups"),
        candidate_users=who.get("candidateUsers"),
        due_date=when.get("dueDate"),
        follow_up_date=when.get("followUpDate"),
        priority=_attributes(element, "priorityDefinition").get("priority"),
        form=_form(element),
        declared=zeebe(element, "userTask") is not None,
    )


def _attributes(element: Xml, name: str) -> dict[str, str]:
    """Attributes of a zeebe extension that are not blank."""
    found = zeebe(element, name)
    if found is None:
        return {}
    return {str(k): str(v).strip() for k, v in found.items() if str(v).strip()}


def _bound(given: Mapping[str, str]) -> dict[str, Any]:
    """Binding and version tag; an unknown binding is a finding of the rules."""
    raw = given.get("bindingType", Binding.LATEST.value)
    known = raw in set(Binding)
    return {
        "binding": Binding(raw) if known else Binding.LATEST,
        "version_tag": given.get("versionTag"),
    }


def _form(element: Xml) -> FormRef | None:
    given = _attributes(element, "formDefinition")
    if not given:
        return None
    return FormRef(
        form_id=given.get("formId"),
        form_key=given.get("formKey") or given.get("externalReference"),
        **_bound(given),
    )


def _task_definition(element: Xml) -> TaskDefinition | None:
    given = _attributes(element, "taskDefinition")
    if not given.get("type"):
        return None
    return TaskDefinition(type=given["type"], retries=given.get("retries"))


def _script(element: Xml) -> Script | None:
    given = _attributes(element, "script")
    if not given.get("expression"):
        return None
    return Script(expression=given["expression"], result_variable=given.get("resultVariable", ""))


def _decision(element: Xml) -> CalledDecision | None:
    given = _attributes(element, "calledDecision")
    if not given.get("decisionId"):
        return None
    return CalledDecision(
        decision_id=given["decisionId"],
        result_variable=given.get("resultVariable", ""),
        **_bound(given),
    )


def _called(element: Xml) -> CalledElement | None:
    found = zeebe(element, "calledElement")
    given = _attributes(element, "calledElement")
    if found is None or not given.get("processId"):
        return None
    return CalledElement(
        process_id=given["processId"],
        propagate_all_parent_variables=flag(found, "propagateAllParentVariables", default=True),
        propagate_all_child_variables=flag(found, "propagateAllChildVariables", default=True),
        **_bound(given),
    )
