"""Evidence as a page shows it: inline where that is safe, a link with its host, else a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from engine.usecases.evidence import open_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.claims import Evidence
    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import EvidenceFiles
    from engine.usecases.ports.work import House

#: letters of a text that a page shows; the file holds the rest
TEXT_MAX: Final = 20_000


class Look(StrEnum):
    """How a piece of evidence is looked at."""

    LINK = "link"
    IMAGE = "image"
    PDF = "pdf"
    TEXT = "text"
    #: only by opening it in another program
    FILE = "file"


_LOOKS: Final = {
    "application/pdf": Look.PDF,
    "image/png": Look.IMAGE,
    "image/jpeg": Look.IMAGE,
    "text/plain": Look.TEXT,
    "text/csv": Look.TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence in the viewer."""

    evidence: Evidence
    look: Look
    #: where a link leads
    host: str = ""
    #: what a text says
    text: str = ""
    #: whether the text goes on in the file
    shortened: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.host or self.evidence.filename


def look_of(evidence: Evidence) -> Look:
    """How it may be shown: what a browser shows without running anything is shown."""
    if evidence.link:
        return Look.LINK
    return _LOOKS.get(evidence.media_type, Look.FILE)


def pieces_of(found: Sequence[Evidence]) -> list[Piece]:
    """All pieces, their contents not read yet."""
    return [
        Piece(evidence=one, look=look_of(one), host=urlsplit(one.link or "").hostname or "")
        for one in found
    ]


def chosen(pieces: Sequence[Piece], wanted: str) -> Piece | None:
    """The piece that is asked for, else the newest one."""
    return next(
        (one for one in pieces if one.evidence.id == wanted), pieces[-1] if pieces else None
    )


def with_text(house: House, files: EvidenceFiles, actor: Actor, piece: Piece) -> Piece:
    """The piece with its first letters where it is a text; `NotFound` for who may not see it."""
    if piece.look is not Look.TEXT:
        return piece
    content = open_evidence(house, files, actor, piece.evidence.id).content
    text = content.decode("utf-8", errors="replace").lstrip("\ufeff")
    return Piece(
        evidence=piece.evidence,
        look=piece.look,
        text=text[:TEXT_MAX],
        shortened=len(text) > TEXT_MAX,
    )
