"""What a deployment needs to know of a form's file; its meaning is for the floor of the forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.usecases.ports.process import Resource


def form_id_of(resource: Resource) -> str:
    """The "id" of a form, else the name of its file without the ending."""
    given = form_word(resource, "id")
    return given or resource.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def form_word(resource: Resource, name: str) -> str | None:
    """A word that the form says about itself; None for one that says nothing or is no JSON."""
    found = _read(resource)
    given = found.get(name) if isinstance(found, dict) else None
    return str(given) if given else None


def form_fields(resource: Resource) -> frozenset[str]:
    """Keys of all its fields, those in groups and rows too."""
    found: set[str] = set()
    waiting: list[object] = [_read(resource)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found |= {str(one[word]).partition(".")[0] for word in ("key", "path") if one.get(word)}
            inner = one.get("components")
            waiting += inner if isinstance(inner, list) else []
    return frozenset(found)


def _read(resource: Resource) -> object:
    try:
        return json.loads(resource.content)
    except ValueError:
        return None
