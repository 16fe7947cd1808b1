"""Evidence files in a folder, by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.evidence_content import ACCEPTED, check_content, refused
from engine.usecases.errors import NotFound
from engine.usecases.ports.files import StoredFile

if TYPE_CHECKING:
    from typing import BinaryIO

BYTES_MAX: Final = 20 * 1024 * 1024
_CHUNK: Final = 64 * 1024
#: endings that no name may carry before its last one
_DISGUISED: Final = frozenset(
    {
        ".exe", ".bat", ".cmd", ".scr", ".vbs", ".ps1", ".hta", ".html", ".htm",
        ".svg", ".php", ".jar", ".msi", ".lnk", ".docm", ".xlsm", ".pptm",
    }
)  # fmt: skip


class FolderFiles:
    """`EvidenceFiles` in a folder: ab/cd/<sha256>; written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: BinaryIO, filename: str) -> StoredFile:
        """Keep content; `InputRefused` when empty, too large, or not what its ending says."""
        ending = Path(filename).suffix.lower()
        earlier = {part.lower() for part in Path(filename).suffixes[:-1]}
        if ending not in ACCEPTED or earlier & _DISGUISED:
            raise refused("file_type", f"files ending in {ending or 'nothing'} are not accepted")
        self._folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=self._folder)
        fresh = Path(name)
        try:
            with os.fdopen(number, "wb") as target:
                sha256, size = _copy(content, target)
            check_content(fresh, ending, size)
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
            raise refused("file_too_large", f"a file may have {BYTES_MAX // 1024**2} MB")
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise refused("file_empty", "the file is empty")
    return digest.hexdigest(), size
