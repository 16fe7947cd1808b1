"""What people send takes time in proportion to its length, however it is written. Row 3."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from app.evidence_content import STREAMS_MAX, check_content
from engine.steplist.paper import BPMN, Paper
from engine.usecases.errors import InputRefused
from forms.markdown import render
from tests.security.growth import RATIO_MAX, ratio

TYPES = b"<Types/>"
RELATION = b'<Relationship Type="http://x/hyperlink" Target="https://a" TargetMode="External"/>'


def office(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:  # stored: nothing here is a bomb
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", b"<a/>")
        for name, content in parts:
            archive.writestr(name, content)
    return made.getvalue()


def relations(content):
    return office([("word/_rels/document.xml.rels", content)])


def pdf(content):
    return b"%PDF-1.7\n" + content + b"\n%%EOF\n"


_NEXT = b"/ObjStm stream\n\x78\x9c"
#: a block that is stored as it is and begins a further stream: each goes on to the end of the file
ENDLESS = b"\0" + struct.pack("<HH", len(_NEXT), 0xFFFF ^ len(_NEXT)) + _NEXT
#: blocks that give nothing, behind each beginning
EMPTY = ENDLESS + b"\0\0\0\xff\xff" * 100
EVIDENCE = {
    "words before a relation's mode": (
        ".docx",
        lambda n: relations(b"<r>" + b"frame" * (n // 5) + b"</r>"),
        500_000,
    ),
    "words that are no relations": (".docx", lambda n: relations(b"frame" * (n // 5)), 500_000),
    "modes that are no relations": (
        ".docx",
        lambda n: relations(b'TargetMode="External"' * (n // 20)),
        500_000,
    ),
    "many relations": (
        ".docx",
        lambda n: relations(b"<r>" + RELATION * (n // len(RELATION)) + b"</r>"),
        500_000,
    ),
    "deep relations": (
        ".docx",
        lambda n: relations(b"<r>" * (n // 7) + b"</r>" * (n // 7)),
        500_000,
    ),
    "a name of folders": (".docx", lambda n: office([("/embeddings/" * (n // 12), b"")]), 30_000),
    "streams that are none": (".pdf", lambda n: pdf(b"/ObjStm stream\n" * n), STREAMS_MAX // 2),
    "object streams without a stream": (".pdf", lambda n: pdf(b"/ObjStm" * n), STREAMS_MAX // 2),
    "streams within streams": (".pdf", lambda n: pdf(ENDLESS * n), STREAMS_MAX // 2),
    "streams of nothing within streams": (".pdf", lambda n: pdf(EMPTY * n), STREAMS_MAX // 2),
    "escapes": (".pdf", lambda n: pdf(b"/#41" * n), 100_000),
    "object streams": (
        ".pdf",
        lambda n: pdf((b"/ObjStm stream\n" + zlib.compress(b"x" * 99) + b"endstream ") * n),
        STREAMS_MAX // 2,
    ),
    "tags": (".txt", lambda n: b"a" + b"<!" * n, 500_000),
}


def _checked(file, ending):
    try:
        check_content(file, ending, file.stat().st_size)
    except InputRefused as refused:
        return refused.faults[0].code
    return "kept"


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_of_twice_the_size_is_looked_into_in_about_twice_the_time(tmp_path, kind):
    ending, make, size = EVIDENCE[kind]

    def kept(n):
        file = tmp_path / f"{n}{ending}"
        file.write_bytes(make(n))
        return file

    assert ratio(lambda file: _checked(file, ending), kept, size) <= RATIO_MAX


@pytest.mark.parametrize(
    "content",
    [
        b"/ObjStm stream\n" * (STREAMS_MAX + 1),
        b"/ObjStm" * (STREAMS_MAX + 1),
        # each alone is small; what they give together, and what is read for it, is counted
        ENDLESS * STREAMS_MAX,
        EMPTY * STREAMS_MAX,
        (b"/ObjStm stream\n" + zlib.compress(b"\0" * 8_000_000) + b" ") * 20,
        b"/ObjStm stream\n" + zlib.compress(b"\0" * 9_000_000),
    ],
    ids=["streams", "names", "endless", "empty", "together", "one"],
)
def test_more_object_streams_than_a_document_has_are_refused(tmp_path, content):
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(content))
    assert _checked(file, ".pdf") == "file_bomb"


@pytest.mark.parametrize(
    "piece",
    ["[", "[a", "[a](", "[a](https://", "[a](https://a", "*", "**", "**a", "*a", "_a", "_", "`",
     "`a", "# ", "- ", "1. ", "\n", " \n", "\n ", "<", "&", "&amp;", "](", "***a ", "# #"],
)  # fmt: skip
def test_a_text_of_twice_the_length_is_rendered_in_about_twice_the_time(piece):
    assert ratio(render, lambda n: piece * (n // len(piece)), 60_000) <= RATIO_MAX
    assert ratio(render, lambda n: "a" + piece * (n // len(piece)), 60_000) <= RATIO_MAX


@pytest.mark.parametrize("around", ["<?x {}?>", "<!-- {} -->", "<documentation><![CDATA[{}]]>"])
@pytest.mark.parametrize("piece", ["<!-", "<!--", "<![CDATA[", "<a", "/>"])
def test_a_drawing_of_twice_the_size_is_written_in_about_twice_the_time(around, piece):
    if piece == "<!--" and around.startswith("<!--"):
        pytest.skip("no XML")
    after = "</documentation>" if around.startswith("<d") else ""

    def drawing(n):
        inside = around.format(piece * (n // len(piece))) + after
        head = f'<definitions xmlns="{BPMN}" id="d" targetNamespace="t">'
        return Paper.read(f"{head}<a /><a />{inside}</definitions>".encode())

    assert ratio(Paper.written, drawing, 50_000) <= RATIO_MAX
