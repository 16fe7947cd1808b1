"""Files that come in alone or in a zip, and the zip that goes out; nothing is trusted."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from engine.usecases.ports.process import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: files of one import, and bytes of all of them unpacked
FILES_MAX: Final = 300
BYTES_MAX: Final = 16 * 1024 * 1024
#: endings of what the studio takes in
TAKEN: Final = (".bpmn", ".bpmn20.xml", ".dmn", ".form", ".json", ".yaml", ".yml")
_ZIP: Final = b"PK\x03\x04"
#: a folder that an archiver adds for itself
_IGNORED: Final = "__MACOSX/"


class ArchiveRefused(Exception):
    """What came cannot be unpacked; `code` is "broken", "locked", "many" or "large"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unpacked(files: Iterable[tuple[str, bytes]]) -> list[Resource]:
    """Every file that came, those of zips too, by their bare names; `ArchiveRefused`.

    What the studio does not take comes out of a zip without its content: only to be named.
    """
    found: list[Resource] = []
    size = 0
    for name, content in files:
        for one in _inside(name, content, BYTES_MAX - size):
            found.append(one)
            size += len(one.content)
            if len(found) > FILES_MAX:
                raise ArchiveRefused("many")
    return found


def _inside(name: str, content: bytes, left: int) -> Iterator[Resource]:
    if not content.startswith(_ZIP):
        if len(content) > left:
            raise ArchiveRefused("large")
        yield Resource(name=_bare(name), content=content)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or _hidden(entry):
                    continue
                if not entry.filename.lower().endswith(TAKEN):
                    yield Resource(name=_bare(entry.filename), content=b"")
                    continue
                if entry.flag_bits & 1:
                    raise ArchiveRefused("locked")
                # what the archive says of a size is not believed: one byte more is asked for
                with archive.open(entry) as packed:
                    inner = packed.read(left + 1)
                if len(inner) > left:
                    raise ArchiveRefused("large")
                left -= len(inner)
                yield Resource(name=_bare(entry.filename), content=inner)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as broken:
        raise ArchiveRefused("broken") from broken


def _hidden(entry: zipfile.ZipInfo) -> bool:
    return _bare(entry.filename).startswith(".") or entry.filename.startswith(_IGNORED)


def _bare(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of files by their paths; a path that is there already gets a number."""
    out = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            chosen, number = path, 1
            while chosen in taken:
                number += 1
                chosen = f"{number}-{path}"
            taken.add(chosen)
            archive.writestr(zipfile.ZipInfo(chosen, date_time=(2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()
