"""OCEL 2.0 as JSON: events that concern instances, the instance they serve, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from engine.usecases.event_logs.entries import Entry

_PERSON: Final = "resource"
_ATTRIBUTES: Final = ("element", "element_type", "lifecycle", "version", "decision", "result")


def write_ocel(entries: Iterable[Entry], to: BinaryIO) -> None:
    """Write a log (van der Aalst and others, OCEL 2.0 Specification, 2023)."""
    objects: dict[str, tuple[str, Entry]] = {}
    activities: set[str] = set()
    to.write(b'{"events":[')
    for number, entry in enumerate(entries):
        to.write(b"," if number else b"")
        to.write(orjson.dumps(_event(entry, objects)))
        activities.add(entry.activity)
    to.write(b'],"objects":')
    to.write(orjson.dumps([_object(key, *found) for key, found in objects.items()]))
    to.write(b',"eventTypes":')
    attributes = [{"name": name, "type": "string"} for name in _ATTRIBUTES]
    to.write(orjson.dumps([{"name": n, "attributes": attributes} for n in sorted(activities)]))
    to.write(b',"objectTypes":')
    kinds = sorted({kind for kind, _ in objects.values()})
    to.write(orjson.dumps([{"name": kind, "attributes": _of_kind(kind)} for kind in kinds]))
    to.write(b"}")


def _event(entry: Entry, objects: dict[str, tuple[str, Entry]]) -> dict[str, Any]:
    objects.setdefault(entry.case_id, (entry.process_id, entry))
    person = f"{_PERSON}:{entry.resource}"
    objects.setdefault(person, (_PERSON, entry))
    related = [
        {"objectId": entry.case_id, "qualifier": "instance"},
        {"objectId": person, "qualifier": "by"},
    ]
    if entry.root_id != entry.case_id and entry.root_id in objects:
        related.append({"objectId": entry.root_id, "qualifier": "root"})
    told = {
        "element": entry.element_id,
        "element_type": entry.element_type,
        "lifecycle": entry.lifecycle,
        "version": str(entry.version),
        "decision": entry.decision,
        "result": entry.result,
    }
    return {
        "id": entry.id,
        "type": entry.activity,
        "time": entry.at.isoformat(),
        "attributes": [{"name": n, "value": v} for n, v in told.items() if v is not None],
        "relationships": related,
    }


def _object(key: str, kind: str, entry: Entry) -> dict[str, Any]:
    attributes = []
    if kind != _PERSON and entry.business_key is not None:
        attributes.append(
            {"name": "business_key", "time": entry.at.isoformat(), "value": entry.business_key}
        )
    return {"id": key, "type": kind, "attributes": attributes, "relationships": []}


def _of_kind(kind: str) -> list[dict[str, str]]:
    return [] if kind == _PERSON else [{"name": "business_key", "type": "string"}]
