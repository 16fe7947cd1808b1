"""Evidence files in a folder, by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import puremagic

from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.ports.files import StoredFile

if TYPE_CHECKING:
    from typing import BinaryIO

BYTES_MAX: Final = 20 * 1024 * 1024
#: what a compressed file may grow to, and how many times its own size
UNPACKED_BYTES_MAX: Final = 100 * 1024 * 1024
UNPACKED_RATIO_MAX: Final = 100
_CHUNK: Final = 64 * 1024

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
_TEXTS: Final = {".txt", ".csv"}


class FolderFiles:
    """`EvidenceFiles` in a folder: ab/cd/<sha256>; written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: BinaryIO, filename: str) -> StoredFile:
        """Keep content; `InputRefused` when empty, too large, or not what its ending says."""
        ending = Path(filename).suffix.lower()
        if ending not in ACCEPTED:
            raise _refused("file_type", f"files ending in {ending or 'nothing'} are not accepted")
        self._folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=self._folder)
        fresh = Path(name)
        try:
            with os.fdopen(number, "wb") as target:
                sha256, size = _copy(content, target)
            _check_content(fresh, ending, size)
            place = self._place(sha256)
            place.parent.mkdir(parents=True, exist_ok=True)
            fresh.replace(place)
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()
        return StoredFile(sha256=sha256, media_type=ACCEPTED[ending], size_bytes=size)

    def read(self, sha256: str) -> bytes:
        """The content; `NotFound` without it."""
        if len(sha256) != hashlib.sha256().digest_size * 2 or not sha256.isalnum():
            raise NotFound("file", sha256)
        try:
            return self._place(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound("file", sha256) from None

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / sha256


def _copy(content: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > BYTES_MAX:
            raise _refused("file_too_large", f"a file may have {BYTES_MAX // 1024**2} MB")
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise _refused("file_empty", "the file is empty")
    return digest.hexdigest(), size


def _check_content(file: Path, ending: str, size: int) -> None:
    wrong = _refused("file_type", f"the content is not that of a {ending} file")
    if ending in _ZIPPED:
        _check_zip(file, ending, size, wrong)
    elif ending in _TEXTS:
        text = file.read_bytes()
        if b"\0" in text or text.lstrip()[:1] == b"<":
            raise wrong
    else:
        try:
            found = {match.mime_type for match in puremagic.magic_file(file)}
        except (puremagic.PureError, ValueError):
            raise wrong from None
        if ACCEPTED[ending] not in found:
            raise wrong


def _check_zip(file: Path, ending: str, size: int, wrong: InputRefused) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise wrong from None
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES_MAX or unpacked > size * UNPACKED_RATIO_MAX:
        raise _refused("file_bomb", "the file unpacks to more than is allowed")
    if not any(entry.filename.startswith(_ZIPPED[ending]) for entry in entries):
        raise wrong


def _refused(code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field="", code=code, message=message))
