"""What a load tells: a line for each kind of request, and the slope of the memory."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: growth of the server's memory after the warm-up
SLOPE_MAX_MB: Final = 1.0
_TEN_MINUTES: Final = 600.0
_HEADS: Final = (
    "run", "request", "requests", "per second", "p50 ms", "p95 ms", "p99 ms", "longest ms"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind of request in one run."""

    run: str
    request: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    longest_ms: float

    def facts(self) -> dict[str, Any]:
        """The line as JSON."""
        return asdict(self)


def lines(run: str, seconds: Mapping[str, Sequence[float]], wall: float) -> list[Line]:
    """Lines of a run that took so long on the wall."""
    return [_line(run, kind, found, wall) for kind, found in seconds.items() if found]


def _line(run: str, kind: str, seconds: Sequence[float], wall: float) -> Line:
    ordered = sorted(seconds)
    return Line(
        run=run,
        request=kind,
        requests=len(ordered),
        per_second=len(ordered) / wall,
        p50_ms=1000 * percentile(ordered, 50),
        p95_ms=1000 * percentile(ordered, 95),
        p99_ms=1000 * percentile(ordered, 99),
        longest_ms=1000 * ordered[-1],
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank)."""
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def table(found: Sequence[Line]) -> str:
    """All lines as a table in Markdown."""
    rows = [_HEADS, *(_cells(line) for line in found)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEADS))]
    shown = [
        "| " + " | ".join(_pad(cell, widths[n], n) for n, cell in enumerate(row)) + " |"
        for row in rows
    ]
    rule = "| " + " | ".join(_rule(width, n) for n, width in enumerate(widths)) + " |"
    return "\n".join([shown[0], rule, *shown[1:]])


def _cells(line: Line) -> tuple[str, ...]:
    times = (line.p50_ms, line.p95_ms, line.p99_ms, line.longest_ms)
    return (
        line.run,
        line.request,
        f"{line.requests:,}",
        f"{line.per_second:.1f}",
        *(f"{ms:.1f}" for ms in times),
    )


def _pad(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column < 2 else cell.rjust(width)


def _rule(width: int, column: int) -> str:
    return "-" * width if column < 2 else "-" * (width - 1) + ":"


def slope_mb(samples: Sequence[tuple[float, float]]) -> float:
    """MB in ten minutes, by least squares over (second, MB)."""
    if len(samples) < 2:
        return 0.0
    middle_s = sum(second for second, _ in samples) / len(samples)
    middle_mb = sum(mb for _, mb in samples) / len(samples)
    spread = sum((second - middle_s) ** 2 for second, _ in samples)
    together = sum((second - middle_s) * (mb - middle_mb) for second, mb in samples)
    return _TEN_MINUTES * together / spread
