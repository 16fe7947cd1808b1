"""What one step says: its name, who, form, operation, decision, deadline, and its ways."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from engine.feel import FeelError, compile_expression
from engine.steplist.extensions import declare, set_property, set_value
from engine.steplist.facts import facts_of, timer_element
from engine.steplist.faults import EditRefused
from engine.steplist.paper import (
    ACTIVITIES,
    child,
    drop,
    local,
    make,
    put_in_order,
    text_of,
    unset,
)
from engine.steplist.wiring import set_condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper

#: gateways that choose by conditions
CHOOSING: Final = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_WORK: Final = frozenset({"serviceTask", "sendTask"})
#: field -> kinds of steps that have it; () for all
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "name": frozenset(),
    "about": frozenset(),
    "assignee": frozenset({"userTask"}),
    "groups": frozenset({"userTask"}),
    "users": frozenset({"userTask"}),
    "due": frozenset({"userTask"}),
    "form": frozenset({"userTask", "startEvent"}),
    "submit": frozenset({"userTask", "startEvent"}),
    "operation": _WORK,
    "decision": frozenset({"businessRuleTask"}),
    "result": frozenset({"businessRuleTask", "scriptTask"}),
    "script": frozenset({"scriptTask"}),
    "called": frozenset({"callActivity"}),
    "when": frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"}),
}
#: fields that are FEEL whatever they begin with
_FEEL_ONLY: Final = frozenset({"script"})
#: fields that may be FEEL
_FEEL: Final = frozenset({"assignee", "groups", "users", "due", "operation", "decision", "when"})
_SETTINGS: Final = {
    "assignee": ("assignmentDefinition", "assignee"),
    "groups": ("assignmentDefinition", "candidateGroups"),
    "users": ("assignmentDefinition", "candidateUsers"),
    "due": ("taskSchedule", "dueDate"),
    "operation": ("taskDefinition", "type"),
    "decision": ("calledDecision", "decisionId"),
    "script": ("script", "expression"),
    "called": ("calledElement", "processId"),
}
#: fields that a step cannot be without once it has them
_NEEDED: Final = frozenset({"operation", "decision", "script", "called", "when"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """New texts of a step; None leaves a field as it is."""

    name: str | None = None
    about: str | None = None
    assignee: str | None = None
    groups: str | None = None
    users: str | None = None
    due: str | None = None
    form: str | None = None
    submit: str | None = None
    operation: str | None = None
    decision: str | None = None
    result: str | None = None
    script: str | None = None
    called: str | None = None
    when: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaySaid:
    """New texts of one way out of a step."""

    flow_id: str
    name: str = ""
    #: FEEL, with or without "="
    condition: str = ""


def fields_of(element: Xml) -> tuple[str, ...]:
    """Fields that a step has."""
    kind = local(element)
    known = [name for name, kinds in FIELDS.items() if not kinds or kind in kinds]
    if timer_element(element) is None and "when" in known:
        known.remove("when")
    if kind == "startEvent" and facts_of(element, "").event:
        known = [name for name in known if name not in {"form", "submit"}]
    return tuple(known)


def say(paper: Paper, step_id: str, said: Saying, names: frozenset[str]) -> None:
    """Write what is given and differs; `EditRefused` for FEEL that cannot be read."""
    element = paper.node(step_id)
    for field in fields(Saying):
        given = getattr(said, field.name)
        if given is None:
            continue
        if field.name not in fields_of(element):
            raise EditRefused("not_here", field=field.name, named=step_id)
        value = given.strip()
        if value != _now(element, field.name):
            write(element, field.name, value, names)


def _now(element: Xml, field: str) -> str:
    if field == "name":
        return element.get("name", "").strip()
    return str(getattr(facts_of(element, ""), field))


def write(element: Xml, field: str, value: str, names: frozenset[str]) -> None:
    """Write one field that has changed."""
    if field in _NEEDED and not value:
        raise EditRefused("nothing_given", field=field)
    if field in _FEEL_ONLY:
        value = feel(value, names, field)
    elif field in _FEEL and value.startswith("="):
        feel(value, names, field)
    if field == "name":
        _name(element, value)
    elif field == "about":
        _document(element, value)
    elif field == "form":
        set_value(element, "formDefinition", "formKey", "")
        set_value(element, "formDefinition", "formId", value)
    elif field == "submit":
        set_property(element, "regu:submit", value)
    elif field == "result":
        extension = "script" if local(element) == "scriptTask" else "calledDecision"
        set_value(element, extension, "resultVariable", value)
    elif field == "when":
        _time(element, value)
    else:
        set_value(element, *_SETTINGS[field], value)
    if local(element) == "userTask" and field in {"assignee", "groups", "users", "due", "form"}:
        declare(element, "userTask")


def feel(text: str, names: frozenset[str], field: str, named: str = "") -> str:
    """The text with its "=", when it is FEEL; `EditRefused`."""
    bare = text.strip().removeprefix("=").strip()
    if not bare:
        raise EditRefused("condition_missing", field=field, named=named)
    try:
        external = compile_expression(bare, names=names).external
    except FeelError as fault:
        raise EditRefused("feel", field=field, named=named, detail=str(fault)) from fault
    if external:
        raise EditRefused("feel", field=field, named=named, detail="external function")
    return text.strip() if text.strip().startswith("=") else f"={bare}"


def _name(element: Xml, value: str) -> None:
    if value:
        element.set("name", value)
    else:
        unset(element, "name")


def _document(element: Xml, value: str) -> None:
    found = child(element, "documentation")
    if not value:
        if found is not None:
            drop(found)
        return
    if found is None:
        found = make(element, "documentation")
        element_first(element, found)
    for inner in list(found):
        found.remove(inner)
    found.text = value


def element_first(element: Xml, made: Xml) -> None:
    """Put a child before everything, as the schema wants documentation."""
    if not len(element):
        put_in_order(element, made, after=())
        return
    made.tail = element.text
    element.insert(0, made)


def _time(element: Xml, value: str) -> None:
    found = timer_element(element)
    if found is None:
        raise EditRefused("not_here", field="when")
    for inner in list(found):
        found.remove(inner)
    found.text = value


def chooses(element: Xml, ways: int) -> bool:
    """Whether the ways out of a step carry conditions."""
    return ways > 1 and (local(element) in CHOOSING or local(element) in ACTIVITIES)


def say_ways(
    paper: Paper, step_id: str, said: Sequence[WaySaid], default: str, names: frozenset[str]
) -> None:
    """Write names and conditions of the ways out of a step, and which one is the default."""
    element = paper.node(step_id)
    flows = {flow.get("id", ""): flow for flow in paper.out_of(element)}
    choosing = chooses(element, len(flows))
    if default and (default not in flows or not choosing):
        raise EditRefused("way_gone", field="default", named=default)
    for one in said:
        if one.flow_id not in flows:
            raise EditRefused("way_gone", named=one.flow_id)
        flow = flows[one.flow_id]
        if one.name.strip() != flow.get("name", "").strip():
            _name(flow, one.name.strip())
        if choosing:
            _condition(element, flow, one, default, names)
        elif one.condition.strip():
            raise EditRefused("condition_needless", field="condition", named=one.flow_id)
    if choosing and default != element.get("default", ""):
        if default:
            element.set("default", default)
        else:
            unset(element, "default")


def _condition(element: Xml, flow: Xml, said: WaySaid, default: str, names: frozenset[str]) -> None:
    given = said.condition.strip()
    if said.flow_id == default:
        set_condition(flow, "")
        return
    if not given:
        if local(element) in CHOOSING:
            raise EditRefused("condition_missing", field="condition", named=said.flow_id)
        set_condition(flow, "")
        return
    now = text_of(child(flow, "conditionExpression"))
    if given not in {now, now.removeprefix("=").strip()}:
        set_condition(flow, feel(given, names, "condition", said.flow_id))
