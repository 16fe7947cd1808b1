"""The whole audit log as a file of JSON lines, and its proof without any database.

Lines in this order: one `export`; an `entry` for each audit entry, by stream and number; a `head`
for each stream; a `leaf` for each place in the log whose entry is gone; a `checkpoint` each; one
`end` with how many there were.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from engine.persistence.audit_chain import broken_links
from engine.usecases import checkpoints, reach
from engine.usecases.log_check import Told, log_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from engine.usecases.ports.checkpoints import CheckpointStore
    from engine.usecases.ports.work import House

_FORMAT: Final = 1
_HASH_BYTES: Final = 32
_ENTRY: Final = (
    "stream", "seq", "act", "actor", "on_behalf_of", "at", "recorded_at", "facts",
    "prev_hash", "hash", "log_index", "leaf_hash",
)  # fmt: skip


@dataclass(slots=True)
class ExportProof:
    """What the proof of an export came to."""

    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: entries that a checkpoint covers
    logged: int = 0
    #: the public key that the export brings
    own_key: str = ""


def export_audit(house: House, path: Path) -> Counter[str]:
    """Write all streams, heads, leaves and checkpoints; how many lines of each kind.

    One snapshot; the file appears under its name when it is whole.
    """
    fresh = path.with_name(path.name + ".part")
    counts: Counter[str] = Counter()
    with reach.everywhere(), house.reading() as uow, gzip.open(fresh, "wt", compresslevel=5) as out:
        for kind, value in _lines(uow.checkpoints, house):
            counts[kind] += 1
            json.dump({kind: value}, out, separators=(",", ":"), ensure_ascii=False)
            out.write("\n")
        json.dump({"end": counts}, out)
        out.write("\n")
    fresh.replace(path)
    return counts


def _lines(store: CheckpointStore, house: House) -> Iterator[tuple[str, Any]]:
    last, notary = store.last(), house.notary
    yield (
        "export",
        {
            "format": _FORMAT,
            "made_at": house.clock.real_now().isoformat(),
            "key": notary.key if notary else "",
            "logged": last.size if last else 0,
        },
    )
    for found in store.entries():
        row = dict(found)
        row["at"], row["recorded_at"] = row["at"].isoformat(), row["recorded_at"].isoformat()
        entry, leaf = bytes(row["hash"]), row["leaf_hash"]
        row["prev_hash"], row["hash"] = bytes(row["prev_hash"]).hex(), entry.hex()
        row["leaf_hash"] = None if leaf is None or bytes(leaf) == entry else bytes(leaf).hex()
        yield "entry", [row[name] for name in _ENTRY]
    for stream, seq, head in store.heads():
        yield "head", [stream, seq, head.hex()]
    for one in store.stray_leaves():
        yield "leaf", [one.log_index, one.stream, one.seq, one.hash.hex()]
    for made in checkpoints.every(store):
        yield "checkpoint", made.note


def prove_export(
    path: Path, opened: Callable[[str, str], str | None], kept: Sequence[str] = ()
) -> ExportProof:
    """Prove an export: chains, heads, places in the log, every checkpoint.

    `opened(note, own)` gives the text of a note when a trusted key signed it; `own` is the key
    that the export brings. `kept`: notes that somebody kept elsewhere, which the log must fit.
    """
    proof = ExportProof()
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            _Reading(proof, path).read(_kinds(file, proof.counts), opened, kept)
    except (EOFError, OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        proof.faults.append(f"{path.name}: it cannot be read: {type(error).__name__}: {error}")
    return proof


def _kinds(lines: Iterable[str], counts: Counter[str]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        ((kind, value),) = json.loads(line).items()
        if kind != "end":
            counts[kind] += 1
        yield kind, value


class _Reading:
    """One pass over an export."""

    def __init__(self, proof: ExportProof, path: Path) -> None:
        self._proof = proof
        self._bytes = path.stat().st_size
        self._ends: dict[str, tuple[int, str]] = {}
        self._slots = self._filled = bytearray()

    def read(
        self,
        lines: Iterator[tuple[str, Any]],
        opened: Callable[[str, str], str | None],
        kept: Sequence[str],
    ) -> None:
        faults, notes, end = self._proof.faults, [], None
        self._begin(next(lines, ("", None)))
        for kind, found in groupby(lines, key=lambda one: one[0]):
            values = (value for _, value in found)
            if kind == "entry":
                faults += broken_links(self._entry(value) for value in values)
            elif kind == "head":
                faults += self._heads(values)
            elif kind == "leaf":
                faults += self._strays(values)
            elif kind == "checkpoint":
                notes += [Told(name="checkpoint", note=note) for note in values]
            else:
                end = next(values)
        if end is None:
            faults.append("the file ends before its last line")
        elif Counter(end) != self._proof.counts:
            faults.append(f"the file holds {dict(self._proof.counts)}, its end says {end}")
        faults += [f"{stream}: the stream has no head" for stream in self._ends]
        notes += [Told(name="kept checkpoint", note=note) for note in kept]
        own = self._proof.own_key
        faults += log_faults(self._leaves(), notes, lambda note: opened(note, own))

    def _begin(self, line: tuple[str, Any]) -> None:
        kind, told = line
        if kind != "export" or told["format"] != _FORMAT:
            raise ValueError("not an export of the audit log")
        size = int(told["logged"])
        if size * _HASH_BYTES > self._bytes * 2:  # a hash does not shrink: it would be a lie
            raise ValueError(f"a log of {size} entries does not fit into it")
        self._proof.own_key, self._proof.logged = str(told["key"]), size
        self._slots, self._filled = bytearray(size * _HASH_BYTES), bytearray(size)

    def _entry(self, value: list[Any]) -> dict[str, Any]:
        row = dict(zip(_ENTRY, value, strict=True))
        name = f"{row['stream']} #{row['seq']}"
        self._ends[row["stream"]] = (row["seq"], row["hash"])
        if row["log_index"] is not None:
            self._put(row["log_index"], row["leaf_hash"] or row["hash"], name)
            if row["leaf_hash"]:
                self._proof.faults.append(
                    f"{name}: it is not the entry that the log holds at {row['log_index']}"
                )
        row["at"] = datetime.fromisoformat(row["at"])
        row["recorded_at"] = datetime.fromisoformat(row["recorded_at"])
        row["prev_hash"], row["hash"] = bytes.fromhex(row["prev_hash"]), bytes.fromhex(row["hash"])
        return row

    def _put(self, index: int, entry: str, name: str) -> None:
        if not 0 <= index < len(self._filled):
            self._proof.faults.append(f"{name}: its place {index} is beyond the log")
        elif self._filled[index]:
            self._proof.faults.append(f"{name}: its place {index} is another entry's")
        else:
            self._filled[index] = 1
            at = index * _HASH_BYTES
            self._slots[at : at + _HASH_BYTES] = bytes.fromhex(entry)

    def _heads(self, values: Iterable[Any]) -> Iterator[str]:
        for stream, seq, head in values:
            if self._ends.pop(stream, None) != (seq, head):
                yield f"{stream} #{seq}: the head does not match the last entry"

    def _strays(self, values: Iterable[Any]) -> Iterator[str]:
        for index, stream, seq, entry in values:
            self._put(index, entry, f"{stream} #{seq}")
            yield f"{stream} #{seq}: it is gone, and the log holds it at {index}"

    def _leaves(self) -> Iterator[tuple[int, bytes]]:
        for index, there in enumerate(self._filled):
            if there:
                at = index * _HASH_BYTES
                yield index, bytes(self._slots[at : at + _HASH_BYTES])
