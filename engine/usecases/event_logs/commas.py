"""An event log as CSV, one row for each event."""

from __future__ import annotations

from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from engine.usecases.spreadsheets import csv_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from engine.usecases.event_logs.entries import Entry

COLUMNS: Final = (
    "case_id",
    "activity",
    "timestamp",
    "lifecycle",
    "resource",
    "on_behalf_of",
    "element",
    "element_type",
    "process",
    "version",
    "root_id",
    "business_key",
    "decision",
    "result",
)


def write_csv(entries: Iterable[Entry], to: BinaryIO) -> None:
    """Write a log: UTF-8, a header, RFC 4180; no cell is taken for a formula."""
    text = TextIOWrapper(to, encoding="utf-8", newline="", write_through=True)
    text.write(csv_line(COLUMNS))
    for entry in entries:
        values = (
            entry.case_id,
            entry.activity,
            entry.at.isoformat(),
            entry.lifecycle,
            entry.resource,
            entry.behalf or "",
            entry.element_id,
            entry.element_type,
            entry.process_id,
            entry.version,
            entry.root_id,
            entry.business_key or "",
            entry.decision or "",
            entry.result or "",
        )
        text.write(csv_line(values))
    text.detach()
