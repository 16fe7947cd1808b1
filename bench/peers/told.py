"""What was seen of each peer as rows: a table in Markdown, and facts for JSON and the picture."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from bench.figures import duration
from bench.peers.running import by_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.peers.running import Seen

_CPU, _WALL = 0, 1
_HEADS: Final = (
    "engine",
    "CPU: instance",
    "completion",
    "beside floor",
    "wall: instance",
    "completion",
    "beside floor",
    "statements",
    "commits",
    "bytes written",
    "state",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One engine on one kind of database; times are medians in seconds."""

    engine: str
    instances: int
    cpu_instance: float
    cpu_completion: float
    wall_instance: float
    wall_completion: float
    #: the same number of commits, each a select and an update of as many bytes
    floor_cpu_instance: float
    floor_wall_instance: float
    #: of a whole instance
    statements: int
    commits: int
    bytes_written: int
    #: bytes of what stands for the instance while it waits at its second task
    state_bytes: int

    def facts(self) -> dict[str, Any]:
        """The row as JSON."""
        return asdict(self)


def rows(found: Mapping[str, Seen]) -> list[Row]:
    """A row for each engine, in the order they were asked."""
    return [_row(name, one) for name, one in found.items()]


def _row(name: str, one: Seen) -> Row:
    steps = one.counts["steps"]
    return Row(
        engine=name,
        instances=len(one.instances),
        cpu_instance=_instance(one.instances, _CPU),
        cpu_completion=_completion(one.instances, _CPU),
        wall_instance=_instance(one.instances, _WALL),
        wall_completion=_completion(one.instances, _WALL),
        floor_cpu_instance=_instance(one.floor, _CPU),
        floor_wall_instance=_instance(one.floor, _WALL),
        statements=sum(step["statements"] for step in steps),
        commits=sum(step["commits"] for step in steps),
        bytes_written=sum(step["bytes"] for step in steps),
        state_bytes=one.counts["state"],
    )


def _instance(instances: Sequence[Sequence[Sequence[float]]], what: int) -> float:
    """Median over instances of the sum of their steps."""
    return statistics.median(sum(step[what] for step in steps) for steps in instances)


def _completion(instances: Sequence[Sequence[Sequence[float]]], what: int) -> float:
    """Median of all steps but the first, which starts the instance."""
    return statistics.median(
        seconds
        for number, found in by_step(instances, what).items()
        if number > 0
        for seconds in found
    )


def table(found: Sequence[Row]) -> str:
    """All rows as a table in Markdown."""
    cells = [_HEADS, *(_cells(row) for row in found)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(_HEADS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.engine,
        duration(row.cpu_instance),
        duration(row.cpu_completion),
        f"{row.cpu_instance / row.floor_cpu_instance:.1f}x",
        duration(row.wall_instance),
        duration(row.wall_completion),
        f"{row.wall_instance / row.floor_wall_instance:.1f}x",
        f"{row.statements}",
        f"{row.commits}",
        f"{row.bytes_written:,}",
        f"{row.state_bytes:,}",
    )
