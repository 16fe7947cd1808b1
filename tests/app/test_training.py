"""The practice copy: raters rate the same two samples, then see their spread; nothing leaves it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.cli_files import files_of
from app.demo.command import LIBRARY, WORKBOOK
from app.factory import create_app
from app.passwords import Passwords
from app.settings import Settings
from app.training import command
from app.training.rename import without_names
from app.wiring import wire
from engine.domain.practice import Case, Verdict, spread
from engine.domain.ratings import Level, Predikat

WORD = "latihan-rahasia-panjang"
QUICK = Passwords(memory_kib=8, passes=1)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'regu.db'}",
        data_dir=folder,
        secret_file=folder / "secret",
        clock="movable",
        training=True,
    )
    wired = wire(settings)
    raters = command.prepare(wired, QUICK, WORKBOOK.read_bytes(), WORD, lambda _line: None)
    yield wired, create_app(settings, wired=wired, hasher=QUICK), raters
    wired.close()


def signed_in(app, nip):
    http = app.test_client()
    token = re.search(r'csrf_token" value="([^"]+)', http.get("/masuk").text)[1]
    words = {"login": nip, "password": WORD, "csrf_token": token}
    assert http.post("/masuk", data=words).status_code == 303
    return http


def rate(http, result, behaviour):
    """Rate the case that lies in the inbox."""
    inbox = http.get("/tugas").text
    key = re.search(r'href="/tugas/(\d+)', inbox)[1]
    page = http.get(f"/tugas/{key}").text
    form = page.partition('id="task-form"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    words = {"result_level": result, "behaviour_level": behaviour, "reason": "Menurut bukti."}
    answer = http.post(f"/tugas/{key}", data={**hidden, **words})
    told = re.findall(r"<li>.*?</li>", answer.text.partition("notice--bad")[2])[:3]
    assert answer.status_code == 303, told
    return page


def test_a_rater_rates_two_samples_and_sees_his_spread_against_others_and_the_reference(copy):
    _wired, app, raters = copy
    first, second = signed_in(app, raters[0]), signed_in(app, raters[1])
    assert "Acuan" not in first.get("/latihan").text
    page = rate(first, "sesuai", "sesuai")
    assert "Rangga Contoh" in page
    assert "case-rangga" not in first.get("/latihan").text
    assert "Mutia Contoh" in rate(first, "di_atas", "sesuai")
    rate(second, "di_bawah", "di_bawah")
    rate(second, "di_bawah", "di_bawah")
    shown = first.get("/latihan").text
    assert "case-rangga" in shown
    assert "case-mutia" in shown
    # six of the panel and one other rater
    assert re.search(r"\b7\b", shown)
    assert "Menurut bukti." not in shown


def test_every_page_of_the_copy_says_that_it_is_practice(copy):
    _wired, app, raters = copy
    http = signed_in(app, raters[2])
    for path in ("/tugas", "/latihan", "/bantuan", "/nowhere"):
        assert "LATIHAN" in http.get(path).text, path
    assert "LATIHAN" in app.test_client().get("/masuk").text


def test_an_installation_that_is_no_copy_says_nothing_of_practice(tmp_path):
    settings = command.training_settings()
    assert settings.training
    assert settings.smtp_url == ""
    assert settings.data_dir.name == "training"
    plain = replace(
        settings,
        training=False,
        database_url=f"sqlite:///{tmp_path / 'regu.db'}",
        data_dir=tmp_path,
        secret_file=tmp_path / "secret",
    )
    wired = wire(plain)
    assert "LATIHAN" not in create_app(plain, wired=wired).test_client().get("/masuk").text
    wired.close()


def test_the_samples_agree_with_the_table_of_predikats(copy):
    wired, _app, _raters = copy
    cases = json.loads((command.HERE / "cases.json").read_text(encoding="utf-8"))
    with wired.house.reading() as uow:
        for case in cases:
            for one in [case["reference"], *case["panel"]]:
                scope = {"result_level": one["result"], "behaviour_level": one["behaviour"]}
                now = wired.house.clock.now()
                found = wired.house.runner.decide(uow, "predikat", scope, as_of=now)
                assert found == one["predikat"]


def test_the_practice_stays_out_of_the_library_that_ships():
    assert not {path.name for path in files_of(list(LIBRARY))} & set(command.DRAWINGS)


def test_a_workbook_loses_every_name_and_number_and_keeps_its_structure(tmp_path):
    before = load_workbook(WORKBOOK)["Pegawai"]
    renamed = without_names(WORKBOOK.read_bytes())
    names = {str(row[1].value) for row in before.iter_rows(min_row=2) if row[1].value}
    nips = {str(row[0].value) for row in before.iter_rows(min_row=2) if row[0].value}
    book = load_workbook(BytesIO(renamed))
    texts = {
        str(cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert not texts & names
    assert not [one for one in texts if any(nip in one for nip in nips)]
    assert book["Pegawai"].max_row == before.max_row
    assert book["Tim"].max_row == load_workbook(WORKBOOK)["Tim"].max_row


def test_leniency_is_the_mean_level_above_the_others():
    case = Case(id="a", title="A", reference=_v(Level.SESUAI), why="")
    seen = spread([case], {"a": _v(Level.DI_ATAS)}, {"a": [_v(Level.SESUAI), _v(Level.DI_BAWAH)]})
    assert seen.above_others == Decimal("1.5000")
    assert seen.above_reference == Decimal("1.0000")
    assert not seen.cases[0].as_reference
    assert seen.cases[0].others == 2


def _v(level):
    return Verdict(result=level, behaviour=level, predikat=Predikat.BAIK)
