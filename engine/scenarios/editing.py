"""A scenario file with less in it: lines are taken out, all others stay as they were written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from engine.scenarios.reading import read_scenarios
from engine.usecases.errors import Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import Resource


def without(resource: Resource, name: str) -> Resource:
    """The file without one scenario, comments above the next one kept.

    `NotFound` when the file has none of that name or cannot be read; `Conflict` for the last one,
    and where scenarios do not stand on lines of their own.
    """
    file, _ = read_scenarios(resource)
    names = [one.name for one in file.scenarios] if file else []
    if name not in names:
        raise NotFound("scenario", name)
    if len(names) == 1:
        raise Conflict("scenario_last")
    lines = resource.content.decode().splitlines(keepends=True)
    spans = _spans(resource.content, lines)
    first, last = spans[names.index(name)]
    left = replace(resource, content="".join(lines[:first] + lines[last:]).encode())
    read, _ = read_scenarios(left)
    names.remove(name)
    if read is None or [one.name for one in read.scenarios] != names:
        raise Conflict("scenario_inline")
    return left


def _spans(content: bytes, lines: Sequence[str]) -> Sequence[tuple[int, int]]:
    """Lines of each scenario, the last one excluded; comments above one belong to it."""
    root = yaml.compose(content.decode(), yaml.SafeLoader)
    values: Sequence[tuple[yaml.Node, yaml.Node]] = root.value if root else ()
    told = next(value for key, value in values if key.value == "scenarios")
    if not isinstance(told, yaml.SequenceNode):  # it was read as a list
        raise Conflict("scenario_inline")
    starts = [_above(lines, item.start_mark.line) for item in told.value]
    return list(zip(starts, [*starts[1:], _end(told, lines)], strict=True))


def _above(lines: Sequence[str], line: int) -> int:
    while line and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _end(told: yaml.SequenceNode, lines: Sequence[str]) -> int:
    """Behind the last scenario: the next key, or the end of the file."""
    mark = told.end_mark
    return len(lines) if mark.index >= sum(map(len, lines)) else _above(lines, mark.line)
