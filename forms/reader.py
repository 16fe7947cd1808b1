"""Reads a form-js schema into a `Form` and names every fault on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from forms.components import KINDS, Component, read_component
from forms.model import Field, Form, valued
from forms.schema_faults import FormFault

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 500_000
MAX_FIELDS: Final = 300
MAX_DEPTH: Final = 5
_FORM_KEYS: Final = frozenset(
    {
        "components", "type", "id", "schemaVersion", "exporter", "executionPlatform",
        "executionPlatformVersion", "versionTag", "generated", "$schema", "properties",
    }
)  # fmt: skip


class FormFaults(Exception):
    """A schema outside the subset; every fault is a sentence a form's author can act on."""

    def __init__(self, faults: list[FormFault]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read_form(schema: bytes, names: frozenset[str] = frozenset()) -> Form:
    """The form in a form-js schema (version 1, JSON text).

    `names` are the names of more than one word that its expressions may use.

    Raises:
        FormFaults: with every fault at once.
    """
    document = _document(schema)
    reader = _FormReader(names)
    for key in sorted(set(document) - _FORM_KEYS):
        reader.faults.append(FormFault("form", "form-unknown-property", name=key))
    identity = document.get("id", "")
    if not isinstance(identity, str) or not identity:
        reader.faults.append(FormFault("form", "form-without-id"))
    if document.get("type", "default") != "default":
        reader.faults.append(FormFault("form", "form-type", given=document.get("type")))
    allowed = _allowed(document.get("properties", {}), reader.faults)
    fields = reader.fields(document.get("components"), "form", 1)
    reader.check_keys(fields, "")
    if reader.faults:
        raise FormFaults(reader.faults)
    return Form(id=identity, fields=fields, allowed=allowed)


def _allowed(properties: Any, faults: list[FormFault]) -> frozenset[str]:
    """What a form's own properties say yes to; others than "regu:bulk" are left to others."""
    if not isinstance(properties, dict):
        faults.append(FormFault("form", "form-properties"))
        return frozenset()
    bulk = properties.get("regu:bulk", False)
    if bulk not in (True, False, "true", "false"):
        faults.append(FormFault("form", "form-bulk"))
    return frozenset({"bulk"}) if bulk in (True, "true") else frozenset()


def _document(schema: bytes) -> dict[str, Any]:
    if len(schema) > MAX_BYTES:
        raise FormFaults([FormFault("form", "form-too-large", most=MAX_BYTES)])
    try:
        document = json.loads(schema)
    except (ValueError, RecursionError) as error:
        raise FormFaults([FormFault("form", "form-not-json", detail=error)]) from error
    if not isinstance(document, dict):
        raise FormFaults([FormFault("form", "form-not-object")])
    return document


class _FormReader:
    """Walks the components once, gathering faults."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.faults: list[FormFault] = []
        self.count = 0

    def fields(self, components: Any, where: str, depth: int) -> tuple[Field, ...]:
        if not isinstance(components, list):
            self.faults.append(FormFault(where, "components-not-list"))
            return ()
        if depth > MAX_DEPTH:
            self.faults.append(FormFault(where, "too-deep", most=MAX_DEPTH))
            return ()
        read = [self.one(raw, where, number, depth) for number, raw in enumerate(components, 1)]
        return tuple(one for one in read if one is not None)

    def one(self, raw: Any, where: str, number: int, depth: int) -> Field | None:
        self.count += 1
        if self.count > MAX_FIELDS:
            if self.count == MAX_FIELDS + 1:
                self.faults.append(FormFault("form", "too-many-components", most=MAX_FIELDS))
            return None
        if not isinstance(raw, dict):
            self.faults.append(FormFault(where, "component-not-object", number=number))
            return None
        component = Component(raw, _place(raw, number), self.faults, self.names)
        kind = component.text("type")
        if kind == "button":  # the page brings its own buttons
            return None
        if kind not in KINDS:
            component.fault("type-unsupported", given=kind)
            return None
        children: tuple[Field, ...] = ()
        if kind in {"group", "dynamiclist"}:
            children = self.fields(raw.get("components"), component.where, depth + 1)
        field = read_component(component, children)
        return self.nested(field, component) if kind in {"group", "dynamiclist"} else field

    def nested(self, field: Field, component: Component) -> Field:
        if field.kind == "dynamiclist":
            inner = [
                child for child in _below(field) if child.kind in {"dynamiclist", "filepicker"}
            ]
            if inner:
                component.fault("list-holds", given=inner[0].kind)
            if field.grows:
                field = replace(field, children=tuple(map(_carried_by_page, field.children)))
            if field.grows and not _is_known_by_itself(field):
                component.fault("rows-unknown")
        if field.key:
            self.check_keys(field.children, f"{component.where} ")
        return field

    def check_keys(self, fields: tuple[Field, ...], where: str) -> None:
        seen: set[str] = set()
        for one in valued(fields):
            if one.key in seen:
                self.faults.append(
                    FormFault(f"{where}{one.id}", "key-twice", element_id=one.id, key=one.key)
                )
            seen.add(one.key)


def _carried_by_page(field: Field) -> Field:
    """Where rows move, a hidden value travels with its row instead of being looked up by number."""
    return replace(field, read_only=False) if field.shape == "hidden" else field


def _is_known_by_itself(field: Field) -> bool:
    """Whether nothing is looked up for its rows, or a hidden value finds the row to look at."""
    fixed = any(child.read_only for child in _below(field))
    return not fixed or any(child.shape == "hidden" for child in field.children)


def _below(field: Field) -> Iterator[Field]:
    for child in field.children:
        yield child
        yield from _below(child)


def _place(raw: dict[str, Any], number: int) -> str:
    for name in ("key", "path", "id"):
        value = raw.get(name)
        if isinstance(value, str) and value:
            return value
    return f"component {number}"
