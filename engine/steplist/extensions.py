"""Settings of the dialect (zeebe) on a step: read, set, taken away without touching others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.steplist.paper import ZEEBE, child, drop, fresh, make, put, put_in_order, tag, unset

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml


def setting(element: Xml, name: str) -> Xml | None:
    """The extension of that name."""
    return element.find(f"{tag('extensionElements')}/{{{ZEEBE}}}{name}")


def value_of(element: Xml, name: str, attribute: str) -> str:
    """An attribute of an extension, stripped; "" when it is absent."""
    found = setting(element, name)
    return "" if found is None else found.get(attribute, "").strip()


def property_of(element: Xml, name: str) -> str:
    """A zeebe property."""
    found = _property(element, name)
    return "" if found is None else found.get("value", "")


def set_value(element: Xml, name: str, attribute: str, value: str) -> None:
    """Set an attribute of an extension; "" takes it away, and the extension when it is bare."""
    if value == value_of(element, name, attribute):
        return
    found = setting(element, name)
    if value:
        target = found if found is not None else _new(_box(element), name)
        target.set(attribute, value)
    elif found is not None:
        unset(found, attribute)
        if not found.attrib and not len(found):
            _drop_in_box(found)


def declare(element: Xml, name: str) -> None:
    """Make sure that a bare extension is there."""
    if setting(element, name) is None:
        _new(_box(element), name)


def set_property(element: Xml, name: str, value: str) -> None:
    """Set a zeebe property; "" takes it away."""
    found = _property(element, name)
    if found is not None and value:
        if found.get("value", "") != value:
            found.set("value", value)
    elif found is not None:
        group = found.getparent()
        drop(found)
        if group is not None and not len(group):
            _drop_in_box(group)
    elif value:
        group = setting(element, "properties")
        if group is None:
            group = _new(_box(element), "properties")
        made = _new(group, "property")
        made.set("name", name)
        made.set("value", value)


def _property(element: Xml, name: str) -> Xml | None:
    group = setting(element, "properties")
    for one in () if group is None else group.findall(f"{{{ZEEBE}}}property"):
        if one.get("name") == name:
            return one
    return None


def _box(element: Xml) -> Xml:
    found = child(element, "extensionElements")
    if found is None:
        found = make(element, "extensionElements")
        put_in_order(element, found, after=())
    return found


def _new(parent: Xml, name: str) -> Xml:
    known = ZEEBE in parent.nsmap.values()
    nsmap = dict(parent.nsmap) if known else {**parent.nsmap, "zeebe": ZEEBE}
    made = fresh(f"{{{ZEEBE}}}{name}", {}, nsmap)
    put(parent, made, len(parent))
    return made


def _drop_in_box(found: Xml) -> None:
    box = found.getparent()
    drop(found)
    if box is not None and not len(box):
        drop(box)
