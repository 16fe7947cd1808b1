"""Data items agree with their definitions, and lists with their items (BPMN 10.4.1, 10.3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.findings import error_in
from engine.runtime.drawing.source import children, everywhere, flag, local, reference, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_HELD: Final = ("dataObject", "dataInput", "dataOutput")
_LISTS: Final = (("loopDataInputRef", "inputDataItem"), ("loopDataOutputRef", "outputDataItem"))


def collections(document: Document) -> Iterator[Finding]:
    """A data item is a collection exactly when its definition is one."""
    defined = _definitions(document)
    for item in _of_executable(document, *_HELD):
        definition = defined.get(reference(item, "itemSubjectRef") or "")
        if definition is not None and _many(definition) != _many(item):
            one = "a collection" if _many(definition) else "no collection"
            text = f"The definition of '{item.get('id')}' is {one}: set isCollection alike."
            yield error_in("data-collection", text, item)


def list_items(document: Document) -> Iterator[Finding]:
    """What a multi-instance goes through is a list of what its item is."""
    defined = _definitions(document)
    by_id = {e.get("id", ""): e for e in everywhere(document.root, *_HELD, "property")}
    for loop in _of_executable(document, "multiInstanceLoopCharacteristics"):
        for ref, name in _LISTS:
            whole = by_id.get(reference(loop, ref) or "")
            for item in children(loop, name) if whole is not None else ():
                yield from _item_of(item, _defined(whole, defined), _defined(item, defined))


def _item_of(item: Xml, whole: Xml | None, part: Xml | None) -> Iterator[Finding]:
    if whole is None or part is None:
        return
    if not _many(whole) or _many(part):
        text = f"'{item.get('id')}' is one item of a collection: their definitions must say so."
        yield error_in("data-item", text, item)
    elif whole.get("structureRef", "").strip() != part.get("structureRef", "").strip():
        text = f"'{item.get('id')}' has another structure than the collection it is an item of."
        yield error_in("data-item", text, item)


def expressions(document: Document) -> Iterator[Finding]:
    """What an association computes is FEEL: a text without '=' would be taken as it stands."""
    for element, process in document.processes:
        if not process.executable:
            continue
        for drawn in everywhere(element, "from", "transformation"):
            said = text_of(drawn)
            if said and not said.startswith("="):
                text = f"'{local(drawn)}' of a data association must be FEEL beginning with '='."
                yield error_in("not-feel", text, drawn)


def _of_executable(document: Document, *names: str) -> Iterator[Xml]:
    """Elements of what runs: drawings for people leave types open."""
    for element, process in document.processes:
        if process.executable:
            yield from everywhere(element, *names)


def _definitions(document: Document) -> Mapping[str, Xml]:
    return {e.get("id", ""): e for e in children(document.root, "itemDefinition")}


def _defined(item: Xml | None, defined: Mapping[str, Xml]) -> Xml | None:
    return None if item is None else defined.get(reference(item, "itemSubjectRef") or "")


def _many(element: Xml) -> bool:
    return flag(element, "isCollection", default=False)
