"""What a file holds, read before anything of it is checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from engine.dmn import source as dmn
from engine.dmn.errors import DmnInvalid
from engine.runtime.drawing.source import parse
from engine.runtime.form_files import form_id_of
from engine.usecases.ports.drafts import DraftKind, Subject

if TYPE_CHECKING:
    from lxml import etree

    from engine.usecases.ports.process import Resource

_BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def subject_of(resource: Resource) -> Subject | None:
    """The first executable process, the first decision, or the form; None for anything else.

    The ending of the name says what is read, in large letters or small ones.
    """
    name = resource.name.lower()
    if name.endswith((".bpmn", ".bpmn20.xml")):
        return _drawn(resource)
    if name.endswith(".dmn"):
        return _decided(resource)
    if name.endswith((".form", ".json")):
        return _asked(resource)
    return None


def _drawn(resource: Resource) -> Subject | None:
    root, _ = parse(resource.content)
    found = [] if root is None else [one for one in root.iter(f"{_BPMN}process") if one.get("id")]
    chosen = next((one for one in found if one.get("isExecutable") == "true"), None)
    return _named(DraftKind.PROCESS, chosen if chosen is not None else next(iter(found), None))


def _decided(resource: Resource) -> Subject | None:
    try:
        found = dmn.children(dmn.parse(resource.content), "decision")
    except DmnInvalid:
        return None
    return _named(DraftKind.DECISION, next(iter(found), None))


def _named(kind: DraftKind, element: etree._Element | None) -> Subject | None:
    name = None if element is None else element.get("id")
    return Subject(kind, str(name)) if name else None


def _asked(resource: Resource) -> Subject | None:
    try:
        held = json.loads(resource.content)
    except ValueError:
        return None
    is_form = isinstance(held, dict) and isinstance(held.get("components"), list)
    return Subject(DraftKind.FORM, form_id_of(resource)) if is_form else None
