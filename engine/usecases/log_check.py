"""The check of the log over all audit streams: hashes and notes in, faults out; no database."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.merkle import CompactRange, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A checkpoint as somebody keeps it."""

    #: who keeps it: "checkpoint", "published checkpoint"
    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


def body_text(body: Body) -> str:
    """The body of a checkpoint (C2SP tlog-checkpoint): origin, size, root, each on its line."""
    return f"{body.origin}\n{body.size}\n{base64.b64encode(body.root).decode()}\n"


def read_body(note: str) -> Body:
    """What a note says, signed or not; `ValueError` when it is no checkpoint."""
    lines = note.split("\n")
    if len(lines) < 4 or not lines[1].isdecimal():  # noqa: PLR2004 - three lines and an end
        raise ValueError("not a checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error as error:
        raise ValueError("its root is no base64") from error
    return Body(origin=lines[0], size=int(lines[1]), root=root)


def log_faults(
    leaves: Iterable[tuple[int, bytes]],
    told: Iterable[Told],
    opened: Callable[[str], str | None],
) -> Iterator[str]:
    """Every gap, and every checkpoint that is forged, rewritten or larger than the log.

    `leaves` are (log index, entry hash) in order; `opened` gives the text of a note that a known
    key signed. All roots are computed anew from the leaves, so checkpoints that agree with them
    agree with each other: the later ones only append to the earlier ones.
    """
    waiting: list[tuple[int, str, bytes]] = []
    for one in told:
        fault, body = _read(one, opened)
        if body is None:
            yield fault
        else:
            waiting.append((body.size, one.name, body.root))
    waiting.sort(key=lambda one: one[0], reverse=True)
    tree = CompactRange()
    yield from _due(waiting, tree)
    for index, entry in leaves:
        if index != tree.size:
            yield f"log: no entry stands at {tree.size}"
            tree.size = index  # the gap is named once; no root fits any more
            tree.nodes = [b""] * index.bit_count()
        tree.append(leaf_hash(entry))
        yield from _due(waiting, tree)
    for size, name, _root in reversed(waiting):
        yield f"{name} of {size} entries: the log holds {tree.size} only"


def _due(waiting: list[tuple[int, str, bytes]], tree: CompactRange) -> Iterator[str]:
    while waiting and waiting[-1][0] <= tree.size:
        size, name, root = waiting.pop()
        if size != tree.size or tree.root() != root:
            yield f"{name} of {size} entries: these entries do not give its root"


def _read(one: Told, opened: Callable[[str], str | None]) -> tuple[str, Body | None]:
    try:
        body = read_body(one.note)
    except ValueError as error:
        return f"{one.name}: it cannot be read: {error}", None
    if opened(one.note) is None:
        return f"{one.name} of {body.size} entries: no known key signed it", None
    return "", body
