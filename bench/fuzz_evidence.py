"""Evidence that was spoilt on purpose, at the door where employees bring it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.evidence_files import FolderFiles
from bench import mutants
from engine.usecases.errors import InputRefused

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

#: one that does not know what time it is: a seed gives the same files again
_WORKBOOK: Final = Path(__file__).resolve().parents[1] / "examples/agency.xlsx"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: what a reader of such files stumbles over when it stands there many times
_PIECES: Final = (
    b"frame", b'TargetMode="External"', b"<r>", b"/ObjStm stream\n", b"/ObjStm", b"#41", b"/",
    b"<!--", b"<![CDATA[", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\0", b"\xff\xd8", b"<!",
    b"\xef\xbb\xbf", b"IDAT", b"\n", b",", b'"', b"stream\n\x78\x9c\0\0\0\xff\xff",
)  # fmt: skip
_TIMES: Final = (3, 500, 20_000)


class Evidence:
    """Documents, workbooks, PDFs, pictures and tables: each kept or refused by name."""

    def __init__(self, folder: Path) -> None:
        self._files = FolderFiles(folder)
        self._samples = {
            ".docx": document(),
            ".xlsx": _WORKBOOK.read_bytes(),
            ".pdf": portable(),
            ".png": picture(),
            ".csv": "nama,nilai\r\nAyu,1\r\nBudi — wakil,2\r\n".encode() * 20,
        }

    def __call__(self, number: int, chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        """A spoilt file and what is done with it."""
        ending = list(self._samples)[number % len(self._samples)]
        content = self._samples[ending]
        if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.7:
            content = mutants.in_parts(content, chance, swell)
        else:
            content = chance.choice((swell, mutants.in_bytes))(content, chance)
        return content, lambda: self._kept(content, ending)

    def _kept(self, content: bytes, ending: str) -> str:
        try:
            self._files.keep(io.BytesIO(content), f"bukti{ending}")
        except InputRefused as refused:
            return f"refused: {refused.faults[0].code}"
        return "kept"


def swell(content: bytes, chance: random.Random) -> bytes:
    """The file with something in it many times: a word of its kind, or a piece of itself."""
    at = chance.randrange(len(content) + 1)
    own = content[at : at + chance.choice((1, 8, 60))]
    piece = chance.choice((*_PIECES, own))
    return content[:at] + piece * chance.choice(_TIMES) + content[at:]


def document() -> bytes:
    """A small document with a link, a picture and a relation for each."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        parts: dict[str, str | bytes] = {
            "[Content_Types].xml": '<Types><Default Extension="xml" ContentType="a/b"/></Types>',
            "_rels/.rels": _related(("officeDocument", "word/document.xml", "Internal")),
            "word/document.xml": "<document><body><p>Notulen</p></body></document>",
            "word/_rels/document.xml.rels": _related(
                ("hyperlink", "https://contoh.id/", "External"),
                ("image", "media/a.png", "Internal"),
            ),
            "word/media/a.png": picture(),
        }
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _related(*ones: tuple[str, str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{to}" TargetMode="{mode}"/>'
        for at, (kind, to, mode) in enumerate(ones)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{inside}</Relationships>'


def portable() -> bytes:
    """A PDF of one page, with an object stream."""
    packed = zlib.compress(b"4 0 << /Type /Page /Parent 2 0 R >>" * 30)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(packed)
    stream = b"3 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    catalog = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    return b"%PDF-1.7\n" + catalog + stream + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def picture() -> bytes:
    """A PNG of one white point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0\xff\xff\xff")
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
