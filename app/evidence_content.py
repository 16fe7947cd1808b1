"""Whether a file is what its ending says, and holds nothing that acts when it is opened."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import puremagic

from engine.runtime.drawing import source
from engine.usecases.errors import FieldFault, InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: what a compressed file may grow to, how many times its own size, and of how many parts
UNPACKED_BYTES_MAX: Final = 100 * 1024 * 1024
UNPACKED_RATIO_MAX: Final = 100
PARTS_MAX: Final = 10_000
#: object streams of a PDF
STREAMS_MAX: Final = 10_000
#: bytes of one object stream, and of the parts of an office file that say what refers to what
_PART_BYTES_MAX: Final = 8 * 1024 * 1024
#: bytes of a stream that are unpacked at a time: what zlib copies at the end of each
_CHUNK: Final = 16 * 1024

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
#: ending -> media type; the content must agree with its ending
ACCEPTED: Final = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_ZIPPED: Final = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_PACKED: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_TEXTS: Final = {".txt", ".csv"}
#: first bytes; puremagic also finds them further in
_BEGINS: Final = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
#: names inside a PDF by which a reader runs, sends or unpacks something; long enough never to
#: stand in compressed bytes by chance
_PDF_ACTS: Final = re.compile(
    rb"/(?:JavaScript|Launch|SubmitForm|ImportData|RichMedia|EmbeddedFiles?)(?![A-Za-z0-9])"
    rb"|/XFA[\s\[]"
)
_PDF_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_STREAM: Final = re.compile(rb"/ObjStm.{0,400}?stream\r?\n", re.DOTALL)
#: parts of an office file that act: macros, ActiveX, embedded programs
_ACTIVE_PART: Final = ("vbaproject", "vbadata", "/activex/")
_PROGRAMS: Final = (
    ".bin", ".exe", ".js", ".vbs", ".bat", ".cmd", ".scr", ".hta", ".lnk", ".jar",
)  # fmt: skip
_NESTED: Final = (".zip", ".jar", ".7z", ".rar", ".docm", ".xlsm", ".pptm", ".exe", ".dll")
#: what is in the type of a relation that fetches something when the file is opened, small
_FETCHES: Final = ("attachedtemplate", "oleobject", "frame", "subdocument", "externallinkpath")
_MARKUP: Final = re.compile(rb"<(?:!doctype|html|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def check_content(file: Path, ending: str, size: int) -> None:
    """`InputRefused` (file_type, file_active, file_bomb) for what must not be kept."""
    if ending in _ZIPPED:
        _check_zip(file, ending, size)
    elif ending in _TEXTS:
        _check_text(file.read_bytes(), ending)
    else:
        _check_bytes(file, ending)


def refused(code: str, message: str) -> InputRefused:
    """A refusal of the file."""
    return InputRefused(FieldFault(field="", code=code, message=message))


def _wrong(ending: str) -> InputRefused:
    return refused("file_type", f"the content is not that of a {ending} file")


def _active() -> InputRefused:
    return refused("file_active", "the file holds something that acts when it is opened")


def _bomb() -> InputRefused:
    return refused("file_bomb", "the file unpacks to more than is allowed")


def _check_bytes(file: Path, ending: str) -> None:
    content = file.read_bytes()
    try:
        found = {match.mime_type for match in puremagic.magic_file(file)}
    except (puremagic.PureError, ValueError):
        raise _wrong(ending) from None
    # an archive or page glued to a picture is two files in one
    glued = zipfile.is_zipfile(file) or (ending != ".pdf" and _MARKUP.search(content[:4096]))
    if ACCEPTED[ending] not in found or not content.startswith(_BEGINS[ending]) or glued:
        raise _wrong(ending)
    if ending == ".pdf" and _pdf_acts(content):
        raise _active()


def _pdf_acts(content: bytes) -> bool:
    """Whether a PDF names an act, in plain sight, escaped, or in an object stream."""
    return _names_an_act(content) or any(map(_names_an_act, _object_streams(content)))


def _names_an_act(place: bytes) -> bool:
    return _PDF_ACTS.search(_PDF_ESCAPE.sub(_unescaped, place)) is not None


def _object_streams(content: bytes) -> Iterator[bytes]:
    """What the object streams hold, one after the other; `file_bomb` when it is too much.

    Whatever is read counts like what comes of it: streams that begin within one another and give
    nothing would otherwise be read to the end of the file, each of them.
    """
    if content.count(b"/ObjStm") > STREAMS_MAX:
        raise _bomb()
    view, left = memoryview(content), UNPACKED_BYTES_MAX
    for match in _PDF_STREAM.finditer(content):
        part, taken = _inflated(view[match.end() :], left)
        left -= taken + len(part)
        yield part


def _inflated(packed: memoryview, left: int) -> tuple[bytes, int]:
    """What a stream unpacks to, as far as it can be unpacked, and how many bytes were read."""
    inflater, part, taken = zlib.decompressobj(), b"", 0
    while not inflater.eof and taken < len(packed):
        chunk = packed[taken : taken + _CHUNK]
        try:
            part += inflater.decompress(chunk, _PART_BYTES_MAX + 1 - len(part))
        except zlib.error:
            break  # no reader finds objects behind this either
        taken += len(chunk) - len(inflater.unused_data)
        if len(part) > _PART_BYTES_MAX or taken + len(part) >= left:
            raise _bomb()
    return part, taken


def _unescaped(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)])


def _check_text(content: bytes, ending: str) -> None:
    bare = content.removeprefix(b"\xef\xbb\xbf")
    if _CONTROL.search(bare) or bare.lstrip()[:1] == b"<":
        raise _wrong(ending)
    if _MARKUP.search(bare):
        raise _active()


def _check_zip(file: Path, ending: str, size: int) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_sizes(entries, size)
            if not file.read_bytes().startswith(b"PK\x03\x04") or not _is_office(entries, ending):
                raise _wrong(ending)
            if any(_acts(entry.filename) for entry in entries):
                raise _active()
            for content in _wiring(archive, entries):
                _check_wiring(content, ending)
    # RuntimeError: encrypted, or packed in a way that nobody here can unpack
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise _wrong(ending) from None


def _check_sizes(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    many = len(entries) > PARTS_MAX or unpacked > UNPACKED_BYTES_MAX
    if many or unpacked > size * UNPACKED_RATIO_MAX:
        raise _bomb()


def _is_office(entries: list[zipfile.ZipInfo], ending: str) -> bool:
    names = {entry.filename for entry in entries}
    inside = all(
        "\\" not in name and not name.startswith("/") and ".." not in PurePosixPath(name).parts
        for name in names
    )
    # nothing encrypted, nothing packed as no office program packs
    plain = all(not entry.flag_bits & 1 and entry.compress_type in _PACKED for entry in entries)
    placed = all(entry.header_offset >= 0 for entry in entries)
    typed = "[Content_Types].xml" in names and len(names) == len(entries)
    return (
        inside
        and plain
        and placed
        and typed
        and any(name.startswith(_ZIPPED[ending]) for name in names)
    )


def _acts(name: str) -> bool:
    low = f"/{name.lower().strip()}"
    embedded = "/embeddings/" in low and low.endswith(_PROGRAMS)
    return embedded or low.endswith(_NESTED) or any(one in low for one in _ACTIVE_PART)


def _wiring(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[bytes]:
    """The parts that say of what types the others are, and what refers to what."""
    left = _PART_BYTES_MAX
    for entry in entries:
        if entry.filename.lower().endswith((".rels", "[content_types].xml")):
            with archive.open(entry) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise _bomb()
            yield content


def _check_wiring(content: bytes, ending: str) -> None:
    """Refuse a part that declares macros, entities, or something to fetch at opening."""
    root, _faults = source.bounded(content)
    if root is None:
        raise _active() if b"<!DOCTYPE" in content else _wrong(ending)
    for element in root.iter():
        if any("macroenabled" in str(value).lower() for value in element.attrib.values()):
            raise _active()
        kind, mode = element.get("Type", "").lower(), element.get("TargetMode", "")
        if mode.strip().lower() == "external" and any(word in kind for word in _FETCHES):
            raise _active()
