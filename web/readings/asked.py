"""Element templates of user tasks: what is asked, of whom, by which form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from web.people_words import DUE
from web.wording import gettext as _

if TYPE_CHECKING:
    from web.people_words import Ask

#: the schema of the templates; nothing is fetched from there
SCHEMA: Final = (
    "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
)
_ARGUMENTS: Final = re.compile(r"\(([^()]*)\)")


def asked(name: str, ask: Ask) -> dict[str, Any]:
    """The template of one thing that is asked of somebody."""
    needed = _needed(ask.assignee)
    return {
        "$schema": SCHEMA,
        "id": name,
        "name": str(ask.words),
        "description": _("Needs %(names)s", names=needed) if needed else ask.groups,
        "category": {"id": "asked", "name": _("Somebody is asked")},
        "appliesTo": ["bpmn:Task", "bpmn:UserTask"],
        "elementType": {"value": "bpmn:UserTask"},
        "properties": [*_shown(ask), *_hidden(ask)],
    }


def _shown(ask: Ask) -> list[dict[str, Any]]:
    who = {"type": "zeebe:assignmentDefinition", "property": "assignee"}
    groups = {"type": "zeebe:assignmentDefinition", "property": "candidateGroups"}
    form = {"type": "zeebe:formDefinition", "property": "formId"}
    due = {"type": "zeebe:taskSchedule", "property": "dueDate"}
    rows = [
        (_("Who does it"), ask.assignee, who),
        (_("Groups that may take it"), ask.groups, groups),
        (_("Form"), ask.form_id, form),
        (_("Due"), DUE, due),
    ]
    return [
        {
            "type": "String",
            "label": label,
            "value": value,
            "binding": binding,
            **({"feel": "optional"} if value.startswith("=") else {}),
        }
        for label, value, binding in rows
        if value
    ]


def _hidden(ask: Ask) -> list[dict[str, Any]]:
    found: list[tuple[str | None, dict[str, str]]] = [(None, {"type": "zeebe:userTask"})]
    if ask.submit:
        found.append((ask.submit, {"type": "zeebe:property", "name": "regu:submit"}))
    found += [(source, {"type": "zeebe:input", "name": name}) for name, source in ask.inputs]
    found += [(name, {"type": "zeebe:output", "source": source}) for name, source in ask.outputs]
    return [
        {"type": "Hidden", "binding": binding, **({} if value is None else {"value": value})}
        for value, binding in found
    ]


def _needed(expression: str) -> str:
    """Variables that an assignment reads, as its arguments name them."""
    if not expression:
        return ""
    found = _ARGUMENTS.search(expression)
    return found.group(1) if found else expression.removeprefix("=")
