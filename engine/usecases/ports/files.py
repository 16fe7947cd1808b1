"""Evidence files, kept by their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What is known of kept content."""

    #: hash of the content, hex: its name in the store
    sha256: str
    #: media type found in the content, never the one the sender claims
    media_type: str
    #: length
    size_bytes: int


class WorkFiles(Protocol):
    """Files of long work: what was sent in for it, what came out; each under a name of its own."""

    def put(self, name: str, content: bytes) -> None:
        """Keep content under a name, whole or not at all; what stood there is replaced."""
        ...

    def get(self, name: str) -> bytes:
        """The content; `NotFound` when there is none, or not any more."""
        ...

    def sweep(self, before: datetime) -> int:
        """Delete what was kept before then (real time); how many files."""
        ...


class EvidenceFiles(Protocol):
    """Content-addressed files; the same content is kept once."""

    def keep(self, content: BinaryIO, filename: str) -> StoredFile:
        """Keep content to its end; the name serves only to tell kinds apart.

        `InputRefused` when it is empty, too large or of a kind that is not accepted.
        """
        ...

    def read(self, sha256: str) -> bytes:
        """The content; `NotFound` when the store has none of that hash."""
        ...
