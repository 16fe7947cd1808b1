"""What a producer asked for and was told, kept where its death cannot take it."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field

ASKED, ACKED, REFUSED, WRONG = "asked", "acked", "refused", "wrong"


@dataclass
class Line:
    """One command under one idempotency key; its nonce marks every effect of it."""

    nonce: str
    kind: str
    #: number of the undertaking of the producer that it belongs to
    of: int
    #: the task that it completes
    task: str | None = None
    state: str = ASKED
    answer: dict = field(default_factory=dict)


class Journal:
    """Append-only; a line is whole or, at the very end, cut off and ignored."""

    def __init__(self, path):
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._lock = threading.Lock()

    def note(self, line):
        text = json.dumps(vars(line)) + "\n"
        with self._lock:
            os.write(self._file, text.encode())


def read(path):
    """The last word about each command, by nonce."""
    found = {}
    if path.exists():
        for text in path.read_text().splitlines():
            try:
                line = Line(**json.loads(text))
            except ValueError:
                continue
            found[line.nonce] = line
    return found
