"""What people send as files: looked into before it is kept, and harmless when it leaves. Row 9.

Contents, endings and bombs of evidence, case by case, are in tests/app/test_evidence_files.py.
"""

from __future__ import annotations

import io
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from engine.usecases.errors import InputRefused
from engine.usecases.imports import cells
from tests.app.test_evidence_files import JPEG, PDF, office, png
from web.archives import BYTES_MAX, FILES_MAX, ArchiveRefused, unpacked


def zipped(*files, declared=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    data = out.getvalue()
    if declared is not None:
        sizes = [len(content).to_bytes(4, "little") for _name, content in files]
        for size in sizes:
            data = data.replace(size, declared.to_bytes(4, "little"))
    return data


def bomb(ending=".xlsx"):
    """1,000 times its size."""
    return office(ending, parts=[("xl/big.xml", b"0" * 30_000_000)])


REFUSED = {
    "nothing": (b"", "kosong.pdf"),
    "a picture that is a page too": (JPEG[:20] + b"<script>1</script>" + JPEG[20:], "foto.jpg"),
    "a picture that is a zip too": (png() + office(), "foto.png"),
    "two endings": (PDF, "laporan.exe.pdf"),
    "another ending": (PDF, "laporan.pdf.html"),
    "a drawing with scripts": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="1"/>', "g.svg"),
    "a drawing under another name": (b"<svg onload=1/>", "gambar.png"),
    "a page": (b"<html><script>1</script></html>", "catatan.txt"),
    "a zip bomb": (bomb(), "data.xlsx"),
    "a zip in a zip": (office(parts=[("word/inner.zip", office())]), "nota.docx"),
    "macros": (office(parts=[("word/vbaProject.bin", b"x")]), "nota.docx"),
    "a way out of the folder": (office(parts=[("../../x", b"x")]), "nota.docx"),
    "a PDF that acts": (PDF.replace(b"/Type /Catalog", b"/OpenAction /JavaScript"), "a.pdf"),
    "a NUL in its name": (PDF, "lap\0oran.pdf"),
    "a line end in its name": (PDF, "lap\r\nX-Header: 1.pdf"),
    "a name of 300 letters": (PDF, "x" * 300 + ".pdf"),
    "no name but dots": (PDF, ".."),
}


@pytest.fixture(scope="module")
def kept(city):
    """Files in the folder of evidence, before and after."""
    folder = city.wired.settings.data_dir

    def count():
        return {path for path in folder.rglob("*") if path.is_file() and len(path.name) == 64}

    return count


def send(city, content, name, who="sari"):
    data = {"file": (BytesIO(content), name)}
    return city.api(who).ask("POST", "/api/evidence", data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_harm_is_refused_at_the_door_and_leaves_nothing(city, kept, case):
    content, name = REFUSED[case]
    before, began = kept(), time.process_time()
    answer = send(city, content, name)
    assert answer.status_code in {400, 422}, answer.text
    assert time.process_time() - began < 3
    assert kept() == before


def test_ten_gigabytes_are_refused_before_they_are_read(city):
    for path in ("/api/evidence", "/v2/deployments", "/api/imports"):
        answer = city.api("sari").http.post(
            path,
            data=b"x",
            headers=city.api("sari").headers,
            environ_overrides={
                "CONTENT_LENGTH": str(10 * 2**30),
                "CONTENT_TYPE": "multipart/form-data; boundary=x",
            },
        )
        assert answer.status_code in {400, 403, 413}, path


NAMES = st.one_of(
    st.sampled_from(
        ['a";filename="x.html', "a%22;x", "résumé", "laporan; x", "a\\b", "../../etc/passwd",
         "日本", "a'b", "x" * 150, "CON", "\u202egpj.exe", "a\u2028b", "=cmd"]
    ),
    st.text(min_size=1, max_size=30),
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(NAMES)
def test_a_name_comes_back_as_a_name_and_nothing_more(city, name):
    """RFC 6266: one attachment, one name, no other header, whatever the name holds."""
    answer = send(city, PDF, f"{name}.pdf")
    if answer.status_code != 201:
        assert answer.status_code in {400, 422}
        return
    out = city.page("sari").get(f"/bukti/{answer.json['id']}")
    assert out.status_code == 200
    told = out.headers["Content-Disposition"]
    assert "\r" not in told + "\n" * 0
    assert "\n" not in told
    how, given_to = parse_options_header(told)
    assert how == "attachment"
    assert set(given_to) == {"filename"}
    assert given_to["filename"].encode() == answer.json["filename"].encode()
    assert "/" not in given_to["filename"]
    assert "sandbox" in out.headers["Content-Security-Policy"]
    assert out.mimetype == "application/pdf"


# ---- files of the studio, and workbooks


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("a.zip", zipped(("a.bpmn", b"0" * (BYTES_MAX + 1))))], "large"),
        ([("a.zip", zipped(("a.bpmn", b"0" * (BYTES_MAX + 1)), declared=10))], "broken"),
        ([("a.zip", zipped(*((f"{n}.bpmn", b"x") for n in range(FILES_MAX + 1))))], "many"),
        ([("a.zip", b"PK\x03\x04 broken")], "broken"),
        ([(f"{n}.bpmn", b"0" * 1_000_000) for n in range(20)], "large"),
    ],
)
def test_zips_of_the_studio_are_bounded(files, code):
    began = time.process_time()
    with pytest.raises(ArchiveRefused) as refused:
        unpacked(files)
    assert refused.value.code in {code, "large", "broken"}
    assert time.process_time() - began < 3


def test_names_in_zips_lead_nowhere_and_zips_in_zips_stay_closed():
    inner = zipped(("inner.bpmn", b"x"))
    found = unpacked(
        [("a.zip", zipped(("../../etc/a.bpmn", b"1"), ("C:\\x\\b.bpmn", b"2"), ("n.zip", inner)))]
    )
    # what is not taken bears its name only
    assert [(one.name, one.content) for one in found] == [
        ("a.bpmn", b"1"),
        ("b.bpmn", b"2"),
        ("n.zip", b""),
    ]


def test_a_workbook_that_unpacks_to_much_is_refused_before_it_is_opened(monkeypatch):
    opened = []
    monkeypatch.setattr(cells, "load_workbook", lambda *a, **_: opened.append(a))
    big = office(".xlsx", parts=[(f"xl/{n}.xml", b"0" * 60_000_000) for n in range(4)])
    with pytest.raises(InputRefused) as refused:
        cells.read_book(big, {"Pegawai": ("NIP",)})
    assert [fault.code for fault in refused.value.faults] == ["too_large"]
    assert opened == []


def test_rows_of_a_workbook_are_bounded(monkeypatch):
    from engine.usecases.spreadsheets import Book  # noqa: PLC0415 - of this alone

    monkeypatch.setattr(cells, "ROWS_MAX", 50)
    book = Book()
    sheet = book.sheet("Pegawai")
    sheet.append(["NIP"])
    for _ in range(80):
        sheet.append(["1"])
    read = cells.read_book(book.content(), {"Pegawai": ("NIP",)})
    assert [flaw.code for flaw in read.flaws] == ["too_many_rows"]
    assert read.lines["Pegawai"] == []
