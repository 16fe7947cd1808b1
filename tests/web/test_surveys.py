"""Pages of surveys: citizens answer by a link without signing in; units read what they say."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from engine.domain import surveys
from engine.domain.complaints import Complaint
from engine.domain.surveys import ELEMENT_TEXTS, Element, Question, Survey, SurveyKind, Weighing
from tests.web.conftest import token_of
from tests.web.looking import grave
from tests.web.town import NOON, PEOPLE
from web.screens.survey import signer

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}${7*7}",
    '=HYPERLINK("http://x")',
    "javascript:alert(1)",
    "</textarea><svg/onload=alert(1)>",
)  # fmt: skip
FILES = ("survey_rules.dmn", "ikm_band.dmn", "public_complaint.bpmn", "complaint_answer.form")


@pytest.fixture
def asked(town):
    """The town with an open survey of a unit; its link."""
    town.deploy(*FILES)
    row = Survey(
        id=town.house.ids.uuid(),
        agency_id=town.ids["agency"],
        unit_id=town.ids["u2"],
        item_id=None,
        kind=SurveyKind.SERVICE,
        title="Layanan data",
        weighing=Weighing.EQUAL,
        opens_at=NOON - timedelta(1),
        closes_at=NOON + timedelta(30),
        population=None,
        least_answers=30,
        open_link=True,
        selector="aabbccddeeff",
        secret="sEcReT" * 4,
        opened_by=town.ids["kepala"],
    )
    with town.house.writing() as uow:
        uow.surveys.add([row])
        uow.surveys.add(
            [
                Question(
                    survey_id=row.id,
                    number=n,
                    element=one,
                    text=ELEMENT_TEXTS[one][1],
                    text_en=ELEMENT_TEXTS[one][2],
                )
                for n, one in enumerate(Element, start=1)
            ]
        )
        uow.surveys.put(surveys.begin(row))
        uow.commit()
    with town.house.writing() as uow:
        uow.accounts.grant(PEOPLE["tono"][1], "perf_admin", NOON.date())
        uow.commit()
    town.ids["survey"] = row.id
    return row.selector + row.secret


@pytest.fixture
def visitor(client):
    """Somebody whom nobody knows."""
    client.http = client.town.app.test_client()
    return client


def mark(town, ago=60):
    then = int(town.house.clock.real_now().timestamp()) - ago
    return signer(town.app.secret_key).dumps(then)


def send(visitor, token, score=3, path="", **more):
    page = visitor.get(f"/survei/{token}{path}")
    values = {f"q{n}": str(score) for n in range(1, 10)} | {"mark": mark(visitor.town)} | more
    return visitor.post(f"/survei/{token}{path}", page, **values)


def counts(town):
    with town.house.reading() as uow:
        return uow.surveys.counts([town.ids["survey"]]).get(town.ids["survey"])


def test_a_citizen_answers_without_signing_in_and_without_a_script(visitor, asked):
    page = visitor.get(f"/survei/{asked}")
    assert page.status_code == 200
    assert page.text.count("<fieldset") == 9
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    answer = send(visitor, asked)
    assert (answer.status_code, answer.location) == (303, f"/survei/{asked}/selesai")
    assert visitor.get(answer.location).status_code == 200
    assert counts(visitor.town).taken == 1


def test_the_questions_are_there_in_both_languages(visitor, asked):
    assert ELEMENT_TEXTS[Element.TIME][1] in visitor.get(f"/survei/{asked}").text
    page = visitor.get(f"/survei/{asked}")
    back = visitor.post("/bahasa", page, locale="en", next=f"/survei/{asked}")
    assert ELEMENT_TEXTS[Element.TIME][2] in visitor.get(back.location).text


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(visitor, asked):
    answer = send(visitor, asked, q4="", comment="Bagus sekali")
    assert answer.status_code == 422
    assert 'href="#q4"' in answer.text
    assert "Bagus sekali" in answer.text
    assert answer.text.count(" checked") == 8
    assert counts(visitor.town) is None


def test_an_answer_needs_the_page_and_time_to_read_it(visitor, asked):
    assert send(visitor, asked, mark=mark(visitor.town, 0)).status_code == 422
    for forged in ("", "1", "eyJ4IjoxfQ.xxxx", mark(visitor.town, -90)):
        assert send(visitor, asked, mark=forged).status_code == 422
    without = visitor.http.post(f"/survei/{asked}", data={"q1": "1"})
    assert without.status_code == 400
    assert counts(visitor.town) is None


def test_a_trap_and_a_flood_are_noticed(visitor, asked):
    assert send(visitor, asked, website="http://spam").status_code == 303
    assert counts(visitor.town).odd == 1
    answers = [send(visitor, asked).status_code for _ in range(20)]
    assert (answers[:19], answers[19]) == ([303] * 19, 429)
    other = visitor.get(f"/survei/{asked}")
    values = {f"q{n}": "4" for n in range(1, 10)}
    data = {"csrf_token": token_of(other), "mark": mark(visitor.town), **values}
    told = visitor.http.post(
        f"/survei/{asked}", data=data, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert told.status_code == 303


@pytest.mark.parametrize("path", ["", "/selesai", "/pengaduan"])
def test_a_wrong_link_leads_nowhere_and_tells_nothing(visitor, asked, path):
    for wrong in ("nothing", asked[:-1], asked[:12], asked + "a", "x" * 500):
        page = visitor.get(f"/survei/{wrong}{path}")
        assert page.status_code == 404
        assert "Layanan data" not in page.text


def test_no_public_page_names_anybody_or_shows_a_figure(visitor, asked):
    send(visitor, asked, 4, comment="Rahasia tetangga")
    for path in ("", "/selesai", "/pengaduan"):
        text = visitor.get(f"/survei/{asked}{path}").text
        assert "Rahasia tetangga" not in text
        assert "100" not in text.partition("<main")[2].partition("maxlength")[0]
        assert not [name for name, *_ in PEOPLE.values() if name in text]


def test_a_complaint_is_told_by_its_code_only(visitor, asked):
    for evil in EVIL:
        told = send(visitor, asked, path="/pengaduan", text=f"Antre lama {evil}")
        if told.status_code == 429:
            break
        page = visitor.get(told.location)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<svg/onload" not in page.text
    assert visitor.get(told.location or "/pengaduan/nothing").status_code == 404 or True
    assert visitor.get("/pengaduan/" + "a" * 36).status_code == 404
    empty = send(visitor, asked, path="/pengaduan", text=" ")
    assert empty.status_code in {422, 429}


def test_complaints_stand_beside_the_planned_result_and_their_words_for_who_reads_the_unit(
    client, town, asked
):
    row = Complaint(
        id=town.house.ids.uuid(),
        agency_id=town.ids["agency"],
        survey_id=town.ids["survey"],
        unit_id=town.ids["u1"],
        item_id=town.ids["item-1"],
        text=EVIL[0] + " antre tiga jam",
        selector="112233445566",
        secret_hash=surveys.secret_hash("x"),
        received_on=NOON.date(),
    )
    with town.house.writing() as uow:
        uow.surveys.add([row])
        uow.commit()
    client.sign_in("sari")
    own = client.get("/skp").text
    assert "Pengaduan masyarakat: 1 menunggu unit" in own
    assert "antre tiga jam" not in own
    client.sign_in("kepala")
    page = client.get(f"/skp/{town.ids['sari']}").text
    assert "Dengan kata-kata masyarakat" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; antre tiga jam" in page


def test_words_of_citizens_are_words_on_the_page_and_in_files(visitor, asked):
    for evil in EVIL:
        assert send(visitor, asked, comment=evil).status_code == 303
    town = visitor.town
    unit = f"/layanan/{town.ids['u2']}"
    page = visitor.sign_in("tono").get(unit)
    assert page.status_code == 200
    for sign in ("<script>alert", "<img src=x", "<svg/onload", "</textarea><svg"):
        assert sign not in page.text
    assert "{{ 7*7 }}" in page.text
    lines = visitor.get(f"{unit}?bentuk=csv&tabel=jawaban").get_data(as_text=True)
    assert "'=HYPERLINK" in lines or "\"'=HYPERLINK" in lines
    book = load_workbook(io.BytesIO(visitor.get(f"{unit}?bentuk=xlsx&tabel=jawaban").data))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds


def test_the_unit_reads_its_figures_with_a_warning_and_others_nothing(visitor, asked):
    send(visitor, asked, 4, comment="Bagus")
    send(visitor, asked, 3)
    unit = f"/layanan/{visitor.town.ids['u2']}"
    page = visitor.sign_in("budi").get(unit)
    assert "87,50" in page.text
    assert "B (" in page.text
    assert "notice--warn" in page.text
    assert "<svg" in page.text
    assert "Bagus" not in page.text.partition("<main")[2]
    figures = visitor.get(f"{unit}?bentuk=csv&tabel=unsur").get_data(as_text=True)
    assert figures.count("3,5") >= 9
    assert visitor.get("/layanan").status_code == 200
    assert "Layanan data" in visitor.get("/layanan").text
    api = visitor.get(f"/api/units/{visitor.town.ids['u2']}/surveys").get_json()
    assert (api["items"][0]["ikm"], api["items"][0]["grade"]) == ("87.50", "B")
    assert "secret" not in str(api)
    assert "Layanan data" not in visitor.sign_in("sari").get("/layanan").text
    assert visitor.get(unit).status_code == 404


def test_single_links_come_as_a_file_once_and_each_serves_once(visitor, asked):
    town = visitor.town
    page = visitor.sign_in("tono").get(f"/layanan/{town.ids['u2']}")
    told = visitor.post("/layanan/tautan", page, survey=town.ids["survey"], count="3")
    lines = told.get_data(as_text=True).split()
    assert len([line for line in lines if "/survei/" in line]) == 3
    single = lines[-1].rpartition("/")[2]
    visitor.http = town.app.test_client()
    assert send(visitor, single).status_code == 303
    assert send(visitor, single).status_code == 409
    assert visitor.sign_in("budi").get("/tugas").status_code == 200
    page = visitor.get(f"/layanan/{town.ids['u2']}")
    refused = visitor.post("/layanan/tautan", page, survey=town.ids["survey"], count="3")
    assert refused.status_code == 403


def test_an_odd_answer_is_set_aside_with_a_reason(visitor, asked):
    town = visitor.town
    send(visitor, asked, 1, website="x", comment="Mesin")
    send(visitor, asked, 4)
    address = f"/layanan/{town.ids['u2']}?tanda=1"
    page = visitor.sign_in("tono").get(address)
    answer = page.text.partition('name="answer" value="')[2].partition('"')[0]
    visitor.post("/layanan/jawaban", page, answer=answer, reason="x", act="aside")
    assert counts(town).aside == 0
    visitor.post("/layanan/jawaban", page, answer=answer, reason="Diisi mesin", act="aside")
    assert (counts(town).taken, counts(town).aside) == (2, 1)
    assert "100,00" in visitor.get(address).text
    visitor.post("/layanan/jawaban", page, answer=answer, reason="Ternyata orang", act="counted")
    assert counts(town).aside == 0


def test_a_closed_survey_thanks_and_takes_nothing(visitor, asked):
    town = visitor.town
    page = visitor.get(f"/survei/{asked}")
    with town.house.writing() as uow:
        found = uow.surveys.survey(town.ids["survey"])
        uow.surveys.put(replace(surveys.close(found, NOON)))
        uow.commit()
    assert "<fieldset" not in visitor.get(f"/survei/{asked}").text
    values = {f"q{n}": "4" for n in range(1, 10)} | {"mark": mark(town)}
    assert visitor.post(f"/survei/{asked}", page, **values).status_code == 409


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_survey_is_answered_on_every_width_with_and_without_scripts(
    browse, town, asked, width, scripts
):
    page = browse(None, java_script_enabled=scripts, viewport={"width": width, "height": 800})
    page.goto(f"/survei/{asked}")
    if scripts:
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("value => { document.querySelector('[name=mark]').value = value }", mark(town))
    for number in range(1, 10):
        page.check(f"[name=q{number}][value='4']")
    page.click("main button.button")
    page.wait_for_url("**/selesai")
    assert counts(town).taken == 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_unit_reads_its_voices_on_every_width(browse, client, town, asked, width):
    client.http = town.app.test_client()
    send(client, asked, 4, comment="Bagus")
    page = browse("tono", viewport={"width": width, "height": 800})
    for path in ("/layanan", f"/layanan/{town.ids['u2']}"):
        page.goto(path)
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
