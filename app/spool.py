"""The outbox as files: a mailer of the agency takes them from the folder `outbox`."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from engine.usecases.ports.process import Json


class Spool:
    """`Sender` into a folder: one JSON file per key, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, kind: str, key: str, payload: Json) -> None:
        """Write the message; the same key again writes the same file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        target = self._folder / f"{kind}-{name}.json"
        fresh = self._folder / f".{name}.{os.getpid()}"
        message = {"kind": kind, "key": key, **payload}
        fresh.write_text(json.dumps(message, ensure_ascii=False, default=str), encoding="utf-8")
        fresh.replace(target)
