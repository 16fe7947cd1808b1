"""What a measurement says: a figure, its floor or baseline, its budget, and whether that holds."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADS = ("what", "measured", "floor or baseline", "ratio", "budget", "holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    what: str
    measured: str
    baseline: str = ""
    ratio: float | None = None
    budget: str = ""
    #: None: a figure without a budget, printed for comparison
    holds: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line as texts."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        holds = "" if self.holds is None else ("yes" if self.holds else "NO")
        return (self.what, self.measured, self.baseline, ratio, self.budget, holds)

    def facts(self) -> dict[str, Any]:
        """The line as JSON."""
        return asdict(self)


def at_most(
    what: str, limit: float, *, measured: Sequence[float], baseline: Sequence[float], named: str
) -> Figure:
    """A budget on the ratio of two medians; both are CPU seconds of one act."""
    one, other = statistics.median(measured), statistics.median(baseline)
    ratio = one / other
    return Figure(
        what=what,
        measured=duration(one),
        baseline=f"{named} {duration(other)}",
        ratio=ratio,
        budget=f"<= {limit:g}x",
        holds=ratio <= limit,
    )


def compared(
    what: str, *, measured: Sequence[float], baseline: Sequence[float], named: str
) -> Figure:
    """The same without a budget."""
    one, other = statistics.median(measured), statistics.median(baseline)
    return Figure(
        what=what,
        measured=duration(one),
        baseline=f"{named} {duration(other)}",
        ratio=one / other,
    )


def duration(seconds: float) -> str:
    """CPU time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def table(figures: Sequence[Figure]) -> str:
    """All figures as a table in Markdown, aligned for a terminal too."""
    rows = [_HEADS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], _line(["-" * width for width in widths], widths), *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
