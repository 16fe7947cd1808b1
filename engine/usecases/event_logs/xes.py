"""XES (IEEE 1849-2023): one trace for each process instance."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from engine.usecases.event_logs.entries import Entry

_EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)


def write_xes(entries: Iterable[Entry], to: BinaryIO) -> None:
    """Write a log; the entries come sorted by case, each case in order of time."""
    with etree.xmlfile(to, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("log", {"xes.version": "1849-2023", "xes.features": ""}):
            for name, prefix, uri in _EXTENSIONS:
                file.write(etree.Element("extension", name=name, prefix=prefix, uri=uri))
            file.write(
                etree.Element(
                    "classifier", name="Activity", keys="concept:name lifecycle:transition"
                )
            )
            for case, events in groupby(entries, key=lambda entry: entry.case_id):
                _trace(file, case, events)


def _trace(file: Any, case: str, entries: Iterable[Entry]) -> None:
    with file.element("trace"):
        file.write(_text("concept:name", case))
        for number, entry in enumerate(entries):
            if number == 0:
                _case(file, entry)
            file.write(_event(entry))


def _case(file: Any, entry: Entry) -> None:
    file.write(_text("regu:process", entry.process_id))
    file.write(_text("regu:root", entry.root_id))
    if entry.business_key is not None:
        file.write(_text("regu:business_key", entry.business_key))


def _event(entry: Entry) -> etree._Element:
    event = etree.Element("event")
    event.append(_text("concept:name", entry.activity))
    event.append(_text("lifecycle:transition", entry.lifecycle))
    event.append(etree.Element("date", key="time:timestamp", value=entry.at.isoformat()))
    event.append(_text("org:resource", entry.resource))
    event.append(_text("regu:element", entry.element_id))
    event.append(_text("regu:element_type", entry.element_type))
    event.append(etree.Element("int", key="regu:version", value=str(entry.version)))
    for key, value in (
        ("regu:on_behalf_of", entry.behalf),
        ("regu:decision", entry.decision),
        ("regu:result", entry.result),
    ):
        if value is not None:
            event.append(_text(key, value))
    return event


def _text(key: str, value: str) -> etree._Element:
    return etree.Element("string", key=key, value=value)
