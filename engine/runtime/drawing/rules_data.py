"""BPMN data mappings that are drawn must be valid, though none of them runs (BPMN 10.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.findings import error_in, with_article
from engine.runtime.drawing.source import (
    BPMN,
    child,
    children,
    everywhere,
    local,
    reference,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

#: item, its set, the references that make it a member, those that need membership
_SIDES: Final = (
    (
        "dataInput",
        "inputSet",
        "dataInputRefs",
        ("optionalInputRefs", "whileExecutingInputRefs"),
    ),
    (
        "dataOutput",
        "outputSet",
        "dataOutputRefs",
        ("optionalOutputRefs", "whileExecutingOutputRefs"),
    ),
)
_ITEM_AWARE: Final = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "property",
        "inputDataItem",
        "outputDataItem",
    }
)


def sets(document: Document) -> Iterator[Finding]:
    """Each data input and output belongs to a set; sets name each other."""
    for holder in everywhere(document.root, "ioSpecification"):
        for item, box, member, parts in _SIDES:
            boxes = children(holder, box)
            members = {text_of(e) for b in boxes for e in children(b, member)}
            for drawn in children(holder, item):
                if drawn.get("id") and drawn.get("id") not in members:
                    text = f"The {item} '{drawn.get('id')}' is in no {box}."
                    yield error_in("data-without-set", text, drawn)
            for one in boxes:
                yield from _parts(one, member, parts)
        yield from _mutual(holder)


def _parts(box: Xml, member: str, parts: tuple[str, ...]) -> Iterator[Finding]:
    members = {text_of(e) for e in children(box, member)}
    for name in parts:
        for ref in children(box, name):
            if text_of(ref) not in members:
                text = f"{name} names '{text_of(ref)}', which is not in the set's {member}."
                yield error_in("data-set-part", text, ref)


def _mutual(holder: Xml) -> Iterator[Finding]:
    into = {
        (box.get("id", ""), text_of(ref))
        for box in children(holder, "inputSet")
        for ref in children(box, "outputSetRefs")
    }
    back = {
        (text_of(ref), box.get("id", ""))
        for box in children(holder, "outputSet")
        for ref in children(box, "inputSetRefs")
    }
    for one, other in sorted(into ^ back):
        text = f"The input set '{one}' and the output set '{other}' must name each other."
        yield error_in("data-sets-unpaired", text, holder)


def associations(document: Document) -> Iterator[Finding]:
    """A data association joins things that hold data; several sources need a transformation."""
    by_id = {e.get("id", ""): e for e in document.root.iter(f"{{{BPMN}}}*") if e.get("id")}
    for drawn in everywhere(document.root, "dataInputAssociation", "dataOutputAssociation"):
        sources = [text_of(e) for e in children(drawn, "sourceRef")]
        ends = [by_id.get(key) for key in (*sources, reference(drawn, "targetRef") or "")]
        for end in ends:
            if end is not None and local(end) not in _ITEM_AWARE:
                text = f"'{end.get('id')}' is {with_article(local(end))}, which holds no data."
                yield error_in("data-association-end", text, drawn)
        if child(drawn, "transformation") is not None:
            continue
        if len(sources) > 1:
            text = "The association has several sources: one needs a transformation."
            yield error_in("data-association-sources", text, drawn)
