"""What the studio offers while somebody draws: templates of operations, names, functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.host_functions import ALL_SIGNATURES
from web.element_words import CANVAS, KINDS
from web.operation_results import RESULTS
from web.operation_words import OPERATIONS, Place
from web.panel_words import PANEL
from web.people_words import ASKS
from web.readings.administration import GROUPS
from web.readings.asked import SCHEMA, asked
from web.studio_words import LINT, SCREEN
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.drafts import Nameable
    from engine.usecases.ports.runner import ProcessHost
    from web.operation_words import Operation

#: where templates of a place may be chosen
_APPLIES: Final = {
    Place.SERVICE: (["bpmn:Task", "bpmn:ServiceTask"], "bpmn:ServiceTask"),
    Place.FORM: (["bpmn:Task", "bpmn:UserTask"], "bpmn:UserTask"),
    Place.START: (["bpmn:StartEvent"], "bpmn:StartEvent"),
}
_CATEGORIES: Final = {
    Place.SERVICE: _l("Regu does it"),
    Place.FORM: _l("Somebody does it by a form"),
    Place.START: _l("It begins with a form"),
}
#: texts of the drawing parts in English -> what is shown
_SAID: Final = {**SCREEN, **KINDS, **CANVAS, **PANEL}


def templates(host: ProcessHost) -> list[dict[str, Any]]:
    """Templates of every registered operation and of what is asked of people, by their words."""
    found = [_template(name, known) for name, known in OPERATIONS.items() if host.operation(name)]
    found += [asked(name, ask) for name, ask in ASKS.items()]
    return sorted(found, key=lambda template: str(template["name"]).casefold())


def _template(name: str, operation: Operation) -> dict[str, Any]:
    applies, becomes = _APPLIES[operation.place]
    if operation.place is Place.SERVICE:
        task = {"type": "zeebe:taskDefinition", "property": "type"}
        properties: list[dict[str, Any]] = [{"type": "Hidden", "value": name, "binding": task}]
    else:
        submit = {"type": "zeebe:property", "name": "regu:submit"}
        properties = [{"type": "Hidden", "value": name, "binding": submit}]
    if operation.place is Place.FORM:
        properties = [{"type": "Hidden", "binding": {"type": "zeebe:userTask"}}, *properties]
        form = {"type": "zeebe:formDefinition", "property": "formId"}
        properties.append(
            {"type": "String", "label": _("Form"), "value": operation.form_id, "binding": form}
        )
    return {
        "$schema": SCHEMA,
        "id": name,
        "name": str(operation.words),
        "description": name,
        "category": {"id": operation.place.name.lower(), "name": str(_CATEGORIES[operation.place])},
        "appliesTo": applies,
        "elementType": {"value": becomes},
        "properties": properties,
    }


def choices(named: Sequence[Nameable]) -> dict[str, Any]:
    """Lists to choose from, functions to complete, words of the drawing parts."""
    return {
        "groups": [{"value": name, "label": str(words)} for name, words in GROUPS.items()],
        "forms": [
            {"value": row.id, "label": row.id, "keys": form_keys(row.schema)}
            for row in named
            if row.kind == "form"
        ],
        "decisions": _labelled(named, "decision"),
        "processes": _labelled(named, "process"),
        "operations": [
            {
                "value": name,
                "label": str(known.words),
                "place": known.place.name.lower(),
                "results": RESULTS.get(name, ()),
            }
            for name, known in OPERATIONS.items()
        ],
        "functions": [
            {"name": name, "params": list(parameters)}
            for name, parameters in sorted(ALL_SIGNATURES.items())
        ],
        "labels": {
            "title": _("Choose"),
            "canvas": _("Drawing of the process"),
            "operations": _("What Regu does"),
            "submit": _("What Regu does with the form"),
            "forms": _("Form"),
            "decisions": _("Decision table"),
            "processes": _("Process to call"),
        },
        "words": {text: str(words) for text, words in _SAID.items()},
        "lint": {rule: str(words) for rule, words in LINT.items()},
    }


def form_keys(schema: bytes) -> list[str]:
    """The names under which a form gives its values."""
    return list(dict.fromkeys(_keys(json.loads(schema).get("components", ()))))


def _keys(components: Sequence[Any]) -> list[str]:
    found = []
    for component in components:
        if component.get("key"):
            found.append(str(component["key"]))
        elif component.get("components"):
            found += _keys(component["components"])
    return found


def _labelled(named: Sequence[Nameable], kind: str) -> list[dict[str, str]]:
    return [{"value": row.id, "label": row.name or row.id} for row in named if row.kind == kind]
