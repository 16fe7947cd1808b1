"""Which scenarios of a file were added, removed or written otherwise, with their lines."""

from __future__ import annotations

from difflib import ndiff
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from engine.usecases.ports.versions import Change, Detail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: lines of one scenario that a change tells
LINES_MAX: Final = 60


def scenario_changes(
    old: bytes, old_lines: Mapping[str, int], new: bytes, new_lines: Mapping[str, int]
) -> tuple[Change, ...]:
    """By name; what stands above the first scenario has the name "".

    `old_lines`, `new_lines`: name of a scenario -> line on which it begins, counted from 1.
    """
    return tuple(_changes(_blocks(old, old_lines), _blocks(new, new_lines)))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name, text in after.items():
        if name not in before:
            yield _change("added", name, None, text)
        elif text != before[name]:
            yield _change("changed", name, *_apart(before[name], text))
    for name, text in before.items():
        if name not in after:
            yield _change("removed", name, text, None)


def _change(how: str, name: str, before: str | None, after: str | None) -> Change:
    detail = Detail(field="text", before=_short(before), after=_short(after))
    return Change(how=how, what="scenario", id=name, name=name, type="scenario", details=(detail,))


def _apart(before: str, after: str) -> tuple[str | None, str | None]:
    """The lines that only one of them has."""
    found = list(ndiff(before.splitlines(), after.splitlines()))
    gone, come = (
        dedent("\n".join(line[2:] for line in found if line.startswith(sign)))
        for sign in ("- ", "+ ")
    )
    return gone or None, come or None


def _short(text: str | None) -> str | None:
    if text is None:
        return None
    lines = text.splitlines()
    return "\n".join(lines if len(lines) <= LINES_MAX else [*lines[:LINES_MAX], "…"])


def _blocks(content: bytes, begins: Mapping[str, int]) -> dict[str, str]:
    """The text of each scenario, and of what stands above them."""
    lines = content.decode(errors="replace").splitlines()
    marks = [("", 1), *sorted(begins.items(), key=lambda pair: pair[1])]
    ends = [line for _name, line in marks[1:]] + [len(lines) + 1]
    return {
        name: _block(lines[line - 1 : end - 1])
        for (name, line), end in zip(marks, ends, strict=True)
    }


def _block(lines: Sequence[str]) -> str:
    return dedent("\n".join(line.rstrip() for line in lines)).strip("\n")
