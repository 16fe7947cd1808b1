"""BPMN data: which variable an item stands for, and what an ioSpecification moves (BPMN 10.4).

A data object, a property, a data input or output stands for the variable of its name, or of its
id where the name is no word. An association that ends at a data input or output of an activity
or event moves data as a mapping does; any other line to a data object is drawn only.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.runtime.drawing.model import IoMapping
from engine.runtime.drawing.source import (
    child,
    children,
    everywhere,
    line_of,
    local,
    reference,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Xml

_WORD: Final = re.compile(r"[^\W\d]\w*")
_HELD: Final = ("dataObject", "property", "dataInput", "dataOutput")
_FEEL: Final = "="


def variable_of(item: Xml) -> str:
    """The variable that a data item stands for; signs of an id that no word has become `_`."""
    name = item.get("name", "").strip()
    key = item.get("id", "").strip()
    return name if _WORD.fullmatch(name) else re.sub(r"\W|^(?=\d)", "_", key)


def data_variables(root: Xml) -> Mapping[str, str]:
    """Variables of all data items of a file, by id; a reference stands for its object's."""
    found = {e.get("id", ""): variable_of(e) for e in everywhere(root, *_HELD)}
    for element in everywhere(root, "dataObjectReference"):
        meant = reference(element, "dataObjectRef") or ""
        found[element.get("id", "")] = found.get(meant) or variable_of(element)
    found.pop("", None)
    return MappingProxyType(found)


class Moves(NamedTuple):
    """Mappings that an ioSpecification makes."""

    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()


def moves(element: Xml, variables: Mapping[str, str]) -> Moves:
    """What the associations of an activity with an ioSpecification, or of an event, move."""
    box = child(element, "ioSpecification")
    if box is None:
        box = element  # events hold their data items themselves
    whole = set(collections(element))
    ins = {e.get("id", "") for e in children(box, "dataInput")} - whole
    outs = {e.get("id", "") for e in children(box, "dataOutput")} - whole
    inputs = [
        mapping
        for drawn in children(element, "dataInputAssociation")
        if reference(drawn, "targetRef") in ins
        for mapping in _moved(drawn, variables)
    ]
    outputs = [
        mapping
        for drawn in children(element, "dataOutputAssociation")
        if any(source in outs for source in _sources(drawn))
        for mapping in _moved(drawn, variables)
    ]
    return Moves(tuple(inputs), tuple(outputs))


def _moved(drawn: Xml, variables: Mapping[str, str]) -> Iterator[IoMapping]:
    """A copy, a transformation, or assignments; all in FEEL."""
    line = line_of(drawn)
    assignments = children(drawn, "assignment")
    for assignment in assignments:
        target = text_of(child(assignment, "to")).removeprefix(_FEEL).strip()
        source = text_of(child(assignment, "from"))
        yield IoMapping(source=source, target=target, line=line)
    if assignments:
        return
    target = variables.get(reference(drawn, "targetRef") or "", "")
    changed = child(drawn, "transformation")
    source = text_of(changed)
    if changed is None:
        names = [variables[key] for key in _sources(drawn) if key in variables]
        source = _FEEL + names[0] if names else ""
    yield IoMapping(source=source, target=target, line=line)


def _sources(drawn: Xml) -> list[str]:
    return [text_of(e).rpartition(":")[2] for e in children(drawn, "sourceRef")]


def collections(element: Xml) -> tuple[str, str]:
    """Ids of the data input and output that hold the collections of a multi-instance."""
    loop = child(element, "multiInstanceLoopCharacteristics")
    if loop is None:
        return "", ""
    return reference(loop, "loopDataInputRef") or "", reference(loop, "loopDataOutputRef") or ""


def collection_variables(element: Xml, variables: Mapping[str, str]) -> tuple[str, str]:
    """Variables around the activity that hold these collections, empty where there is none."""
    given, left = collections(element)
    for drawn in children(element, "dataInputAssociation"):
        if reference(drawn, "targetRef") == given and _sources(drawn):
            given = _sources(drawn)[0]
    for drawn in children(element, "dataOutputAssociation"):
        if left in _sources(drawn):
            left = reference(drawn, "targetRef") or left
    return variables.get(given, ""), variables.get(left, "")


def stored(element: Xml, by_id: Mapping[str, Xml]) -> Iterator[Xml]:
    """Associations by which a data input or output would read or write a data store."""
    box = child(element, "ioSpecification")
    held = box if box is not None else element
    if not (children(held, "dataInput") or children(held, "dataOutput")):
        return
    for name in ("dataInputAssociation", "dataOutputAssociation"):
        for drawn in children(element, name):
            ends = [*_sources(drawn), reference(drawn, "targetRef") or ""]
            if any(local(by_id[e]).startswith("dataStore") for e in ends if e in by_id):
                yield drawn
