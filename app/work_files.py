"""Files of long work in a folder: what was sent in for it and what came out, until swept."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

#: an id and an ending: no name leads out of the folder
_NAME: Final = re.compile(r"[0-9a-f-]{1,64}\.[a-z]{1,16}")


class FolderWorkFiles:
    """`WorkFiles` in a folder; several machines share it as they share the evidence."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Keep content under a name, whole or not at all; what stood there is replaced."""
        place = self._place(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        number, fresh = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(number, "wb") as target:
                target.write(content)
            Path(fresh).replace(place)
        finally:
            with suppress(FileNotFoundError):
                Path(fresh).unlink()

    def get(self, name: str) -> bytes:
        """The content; `NotFound` when there is none, or not any more."""
        try:
            return self._place(name).read_bytes()
        except FileNotFoundError:
            raise NotFound("file", name) from None

    def sweep(self, before: datetime) -> int:
        """Delete what was kept before then (real time); how many files."""
        if not self._folder.is_dir():
            return 0
        old = [path for path in self._folder.iterdir() if _kept_at(path) < before.timestamp()]
        for path in old:
            with suppress(FileNotFoundError):
                path.unlink()
        return len(old)

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound("file", name)
        return self._folder / name


def _kept_at(path: Path) -> float:
    """When a file was written; one that another sweeper just deleted is left to him."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
