"""XML at every door that takes it: nothing is fetched, expanded, or lasts. Row 3."""

from __future__ import annotations

import gc
import io
import time
import warnings
import zipfile
from io import BytesIO

import pytest

from api.v2.requirements import id_and_name
from engine.dmn.errors import DmnError
from engine.dmn.source import parse as parse_table
from engine.runtime.deploy import decision_marks
from engine.runtime.drawing import source
from engine.steplist.faults import EditRefused
from engine.steplist.paper import Paper
from engine.usecases import form_uses
from engine.usecases.errors import InputRefused
from engine.usecases.imports.cells import read_book
from engine.usecases.ports.process import Resource
from tests.security.house_tree import programs
from web import drawings

BPMN = source.BPMN
HEAD = f'<definitions xmlns="{BPMN}" id="d" targetNamespace="t">'
BODY = '<process id="P" name="{}" isExecutable="true"><startEvent id="s" name="{}"/></process>'
TAIL = "</definitions>"
SECRET = "words that stand in a file of the server"  # noqa: S105 - of no account


PLAIN = BODY.format("P", "s")


def whole(inner=PLAIN, before=""):
    return f"{before}{HEAD}{inner}{TAIL}".encode()


def laughs(ways):
    made = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, ways)
    )
    return f"<!DOCTYPE definitions [{made}]>"


def corpus(place):
    """Names and bytes of what attackers send; `place` is a file that they would like to read."""
    outside = f'<!DOCTYPE definitions [<!ENTITY x SYSTEM "{place}">]>'
    remote = f'<!DOCTYPE definitions [<!ENTITY % p SYSTEM "{place}"> %p;]>'
    quadratic = f'<!DOCTYPE definitions [<!ENTITY q "{"x" * 50_000}">]>'
    doctype = whole(BODY.format("&x;", "&x;"), outside)
    text = doctype.decode()
    return {
        "external entity": doctype,
        "external entity in a text": whole(
            f'<process id="P"><documentation>&x;</documentation>{BODY.format("", "")}</process>',
            outside,
        ),
        "parameter entity": whole(before=remote),
        "external DTD": whole(before=f'<!DOCTYPE definitions SYSTEM "{place}">'),
        "bomb": whole(BODY.format("&a11;", "x"), laughs(12)),
        "bomb in a text": whole(
            "<process id='P'><documentation>&a11;</documentation></process>", laughs(12)
        ),
        "quadratic bomb": whole(BODY.format("&q;" * 5_000, "x"), quadratic),
        "nesting": whole("<task>" * 100_000 + "</task>" * 100_000),
        "elements": whole("<task/>" * 50_000),
        "one long name": whole(BODY.format("x" * 3_000_000, "x")),
        "many attributes": whole(
            "<process id='P' " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"
        ),
        "UTF-16": text.encode("utf-16"),
        "UTF-16 that says UTF-8": f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode("utf-16"),
        "UTF-16 without a mark": text.encode("utf-16-le"),
        "UTF-32": text.encode("utf-32"),
        "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>' + text.encode("utf-7"),
        "EBCDIC": f'<?xml version="1.0" encoding="cp037"?>{text}'.encode("cp037"),
        "an encoding of no standard": b'<?xml version="1.0" encoding="x-user"?>' + whole(),
        "inclusion": whole(
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}" parse="text"/>'
        ),
        "style sheet": whole(before=f'<?xml-stylesheet href="{place}" type="text/xsl"?>'),
        "NUL": whole().replace(b'name="P"', b'name="\x00"'),
        "nothing": b"",
        "half": whole()[:-20],
    }


CORPUS = tuple(corpus("file:///nowhere"))


def _findings(data):
    found, findings = source.parse(data)
    assert found is not None or findings
    return source.text_of(found)


def _uses(data):
    return list(form_uses._uses(data, "P", "P", None))


def _marks(data):
    return decision_marks(Resource(name="x.dmn", content=data))


#: readers of XML -> what they may answer with
READERS = {
    "a drawing for the runtime": (_findings, ()),
    "a drawing as steps": (lambda data: Paper.read(data).root.get("id"), EditRefused),
    "a decision table": (parse_table, DmnError),
    "forms that a draft names": (_uses, ()),
    "the name of a process": (lambda data: drawings.process_name(data, "P"), ()),
    "names of elements": (lambda data: dict(drawings.element_names(data)), ()),
    "kinds of elements": (lambda data: dict(drawings.element_kinds(data)), ()),
    "labels of elements": (lambda data: dict(drawings.element_labels(data)), ()),
    "words of a drawing": (drawings.documentation, ()),
    "a copied drawing": (lambda data: drawings.copied_drawing(data, "P", "Q", "Q"), ()),
}
#: these read what a deployment has accepted, which refuses whatever has a DOCTYPE
VETTED = {"validity of a decision": _marks, "id of decisions": id_and_name}


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_of_xml_fetches_expands_or_lasts(reader, tmp_path):
    read, may_say = READERS[reader]
    place = tmp_path / "secret.dtd"
    place.write_text(SECRET, encoding="utf-8")
    for name, data in corpus(place.as_uri()).items():
        began = time.process_time()
        try:
            said = repr(read(data))
        except may_say as refused:
            said = repr(refused)
        assert SECRET not in said, name
        assert "hahaha" not in said, name
        assert time.process_time() - began < 2, name


@pytest.mark.parametrize("reader", VETTED)
def test_what_reads_accepted_files_expands_nothing_either(reader, tmp_path):
    place = tmp_path / "secret.dtd"
    place.write_text(SECRET, encoding="utf-8")
    for name in ("external entity", "external DTD", "bomb", "quadratic bomb", "parameter entity"):
        began = time.process_time()
        try:
            said = repr(VETTED[reader](corpus(place.as_uri())[name]))
        except (SyntaxError, ValueError) as refused:
            said = repr(refused)
        assert SECRET not in said, name
        assert time.process_time() - began < 2, name


def test_a_parser_that_expands_would_be_seen(tmp_path):
    """The positive control: the corpus works where nothing stands in its way."""
    from lxml import etree  # noqa: PLC0415 - of this control alone

    place = tmp_path / "secret.dtd"
    place.write_text(SECRET, encoding="utf-8")
    open_door = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False)
    data = corpus(place.as_uri())["external entity in a text"]
    assert SECRET in etree.tostring(etree.fromstring(data, open_door)).decode()


def doors(city):
    """Where XML comes in over HTTP: name -> what sends a file and gives the answer."""
    page, api = city.page("rizky"), city.api("admin")
    process, table = "cuti_serangan", "predikat_serangan"

    def form(path, **values):
        return page.post(path, **values)

    def deploy(data, ending):
        files = {"resources": (BytesIO(data), f"attack{ending}")}
        return api.ask("POST", "/v2/deployments", data=files, content_type="multipart/form-data")

    def drop(data, ending):
        files = {"files": (BytesIO(data), f"attack{ending}"), "csrf_token": page.token}
        return page.http.post("/studio/masuk", data=files, content_type="multipart/form-data")

    def words(data):
        return data.decode("utf-8", "replace")

    return {
        "deployment of a drawing": lambda data: deploy(data, ".bpmn"),
        "deployment of a table": lambda data: deploy(data, ".dmn"),
        "files dropped in the studio": lambda data: drop(data, ".bpmn"),
        "tables dropped in the studio": lambda data: drop(data, ".dmn"),
        "a zip dropped in the studio": lambda data: drop(zipped("a.bpmn", data), ".zip"),
        "check of the studio": lambda data: form(f"/studio/{process}/periksa", xml=words(data)),
        "scenarios of the studio": lambda data: form(
            f"/studio/{process}/skenario", xml=words(data)
        ),
        "draft of a drawing": lambda data: page.put(f"/studio/{process}/draf", data),
        "proposal of the studio": lambda data: form(f"/studio/{process}", xml=words(data)),
        "draft of a table": lambda data: page.put(f"/keputusan/{table}/draf", data),
        "check of a table": lambda data: form(f"/keputusan/{table}/periksa", xml=words(data)),
        "trial of a table": lambda data: form(f"/keputusan/{table}/coba", xml=words(data)),
    }


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


#: doors that share a reader with another one get the dangerous ones only
FEW = {"external entity", "external DTD", "bomb", "UTF-16", "nothing", "half"}
SHARED = {
    "tables dropped in the studio", "scenarios of the studio", "proposal of the studio",
    "check of a table", "trial of a table",
}  # fmt: skip
#: what costs most is sent where a file is read whole, not to every page on the same reader
HEAVY = {"nesting", "elements", "one long name", "many attributes", "quadratic bomb"}
OPENED = {"deployment of a drawing", "deployment of a table", "a zip dropped in the studio"}
#: pages that show what lies on the table afterwards
SHOWN = (
    "/studio", "/studio/P", "/studio/P/langkah", "/studio/P/terbitkan", "/studio/cuti_serangan",
    "/studio/cuti_serangan/langkah", "/studio/cuti_serangan/terbitkan", "/formulir/attest",
    "/studio/P/mainkan", "/studio/P/uji", "/keputusan/d", "/keputusan/predikat_serangan",
)  # fmt: skip


def test_no_door_over_http_fetches_expands_or_falls(city, tmp_path):
    place = tmp_path / "secret.dtd"
    place.write_text(SECRET, encoding="utf-8")
    city.grant("rizky", "process_owner", "admin")
    files = corpus(place.as_uri())
    for door, send in doors(city).items():
        for name, data in files.items():
            if (name in HEAVY and door not in OPENED) or (door in SHARED and name not in FEW):
                continue
            began = time.process_time()
            answer = send(data)
            assert answer.status_code < 500, (door, name, answer.status_code)
            assert SECRET not in answer.text, (door, name)
            spent = time.process_time() - began
            assert spent < 3, (door, name, spent)
    page = city.page("rizky")
    for path in SHOWN:
        answer = page.get(path)
        assert answer.status_code < 500, path
        assert SECRET not in answer.text, path
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()  # what the test client spooled of large files, and closes when it is forgotten


# ---- workbooks are zips of XML


def workbook(sheet=None, strings=None, **parts):
    from openpyxl import Workbook  # noqa: PLC0415 - of this alone

    plain = io.BytesIO()
    book = Workbook()
    book.worksheets[0].title = "Pegawai"
    book.worksheets[0].append(["NIP"])
    book.save(plain)
    out = io.BytesIO()
    given = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings, **parts}
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, given.get(name) or old.read(name))
    return out.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = "</sheetData></worksheet>"
BOOKS = {
    "bomb in the sheet": lambda: workbook(
        (laughs(12).replace("definitions", "worksheet") + SHEET
         + '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>' + END).encode()
    ),
    "bomb in the texts": lambda: workbook(
        strings=(laughs(12).replace("definitions", "sst") + "<sst><si><t>&a11;</t></si></sst>")
        .encode()
    ),
    "entity": lambda: workbook(
        ('<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SHEET
         + '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>' + END).encode()
    ),
    "broken sheet": lambda: workbook((SHEET + "<row").encode()),
    "nesting": lambda: workbook((SHEET + "<row>" * 100_000).encode()),
    "a cell far to the right in every row": lambda: workbook(
        (SHEET + '<row r="1"><c r="A1" t="inlineStr"><is><t>NIP</t></is></c></row>'
         + "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 4_000))
         + END).encode()
    ),
    "a row far below": lambda: workbook(
        (SHEET + '<row r="1"><c r="A1" t="inlineStr"><is><t>NIP</t></is></c></row>'
         '<row r="1048576"><c r="A1048576"><v>1</v></c></row>' + END).encode()
    ),
    "a cell of no place": lambda: workbook(
        (SHEET + '<row r="-1"><c r="$$$" t="s"><v>99999999</v></c></row>' + END).encode()
    ),
    "a wrong zip": lambda: zipped("xl/workbook.xml", b"<x/>"),
}  # fmt: skip


@pytest.mark.parametrize("book", BOOKS)
def test_a_workbook_of_hostile_xml_is_read_or_refused_soon(book):
    data = BOOKS[book]()
    began = time.process_time()
    try:
        said = repr(read_book(data, {"Pegawai": ("NIP",)}))
    except InputRefused as refused:
        said = repr(refused.faults)
    assert "root:" not in said
    assert "hahaha" not in said
    assert time.process_time() - began < 4


# ---- the house: each parser is made with these words, and there is no other

_SAFE = {"resolve_entities": False, "no_network": True}
_LOOSE = {"huge_tree", "attribute_defaults", "dtd_validation"}


def test_every_parser_of_xml_is_told_to_fetch_and_expand_nothing():
    wrong = []
    for name, program in programs().items():
        for node, called in program.calls:
            if called in {"etree.XMLParser", "etree.iterparse"}:
                given = {one.arg: getattr(one.value, "value", None) for one in node.keywords}
                loose = any(given.get(word) for word in _LOOSE)
                if loose or any(given.get(word) is not value for word, value in _SAFE.items()):
                    wrong.append((name, node.lineno))
            elif called in {"etree.fromstring", "etree.parse", "etree.XML"}:
                if len(node.args) + len(node.keywords) < 2:
                    wrong.append((name, node.lineno))
            elif called in {"etree.HTML", "etree.XSLT", "ElementTree.parse", "minidom.parse"}:
                wrong.append((name, node.lineno))
    assert wrong == []


def test_no_other_library_reads_xml():
    others = ("xml.etree", "xml.dom", "xml.sax.handler", "xml.sax.expatreader", "bs4", "xmltodict")
    found = {
        (name, module)
        for name, program in programs().items()
        for module in program.imports
        if module.startswith(others)
    }
    assert found == set()
