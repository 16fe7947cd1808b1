"""What a process, a decision or a form is called that bears no published name."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.usecases.ports.drafts import DraftKind, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.work import UnitOfWork

_ZEEBE_FORM: Final = "{http://camunda.org/schema/zeebe/1.0}formDefinition"
_OWN: Final = "regu:name"


def book_names(uow: UnitOfWork, *, drafts: bool) -> Mapping[Subject, str]:
    """Names by subject: of forms, and with `drafts` of all that is on a table.

    A form is called as its author says, else as the first step that asks it. A constant number of
    statements.
    """
    texts = uow.drafts.texts() if drafts else {}
    drawings = [row.xml for row in uow.processes.definitions()]
    drawings += [text for subject, text in texts.items() if subject.kind is DraftKind.PROCESS]
    found = {Subject(DraftKind.FORM, form): step for form, step in _steps(drawings).items()}
    forms = (one for one in uow.drafts.nameable() if one.kind == DraftKind.FORM)
    own = {Subject(DraftKind.FORM, one.id): form_name(one.schema) for one in forms}
    own |= {subject: _drafted_name(subject, text) for subject, text in texts.items()}
    return found | {subject: name for subject, name in own.items() if name}


def form_name(schema: str | bytes) -> str:
    """What the author of a form calls it; "" where nothing is said or it cannot be read."""
    if _OWN not in (schema if isinstance(schema, str) else schema.decode(errors="replace")):
        return ""
    try:
        found = json.loads(schema)
    except (ValueError, RecursionError):
        return ""
    told = found.get("properties") if isinstance(found, dict) else None
    name = told.get(_OWN) if isinstance(told, dict) else None
    return name if isinstance(name, str) else ""


def _steps(drawings: list[bytes]) -> dict[str, str]:
    """The first step that asks a form, by the form's id."""
    found: dict[str, str] = {}
    for xml in drawings:
        for form_id, step in _asked(xml):
            found.setdefault(form_id, step)
    return found


@lru_cache(maxsize=512)
def _asked(xml: bytes) -> tuple[tuple[str, str], ...]:
    """Forms of a drawing with the named step that asks each, in the order of the drawing."""
    root = _root(xml)
    named = () if root is None else root.iter(_ZEEBE_FORM)
    steps = ((one.get("formId"), one.getparent()) for one in named)
    asking = ((form, held.getparent()) for form, held in steps if form and held is not None)
    return tuple(
        (str(form), str(step.get("name")))
        for form, step in asking
        if step is not None and step.get("name")
    )


def _drafted_name(subject: Subject, text: bytes) -> str:
    if subject.kind is DraftKind.FORM:
        return form_name(text)
    if subject.kind is DraftKind.SCENARIOS:
        return ""
    root = _root(text)
    tag = "{*}process" if subject.kind is DraftKind.PROCESS else "{*}decision"
    found = () if root is None else root.iter(tag)
    return next((one.get("name") or "" for one in found if one.get("id") == subject.id), "")


def _root(xml: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.internalDTD is not None else root
