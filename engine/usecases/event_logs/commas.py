"""An event log as CSV, one row for each event."""

from __future__ import annotations

import csv
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

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
    """Write a log: UTF-8, a header, RFC 4180."""
    text = TextIOWrapper(to, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for entry in entries:
        rows.writerow(
            (
                entry.case_id,
                _safe(entry.activity),
                entry.at.isoformat(),
                entry.lifecycle,
                _safe(entry.resource),
                _safe(entry.behalf or ""),
                entry.element_id,
                entry.element_type,
                entry.process_id,
                entry.version,
                entry.root_id,
                _safe(entry.business_key or ""),
                entry.decision or "",
                _safe(entry.result or ""),
            )
        )
    text.detach()


def _safe(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
