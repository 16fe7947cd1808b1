"""What leaves Regu as sheets of a workbook: the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    Cell = str | int | bool | date | Decimal | None


class ExportStore(Protocol):
    """Rows of the sheets that an import reads, one statement per sheet."""

    def sheets(
        self, agency_id: str, cycle_id: str
    ) -> Iterator[tuple[str, Iterator[Mapping[str, Cell]]]]:
        """Every sheet with its rows by heading, in the order of the import."""
        ...
