"""Scenarios on a page: played without scripts, failed ones told, text written beside others."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from playwright.sync_api import expect

from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.web.looking import grave, overflow
from tests.web.town import OFFICER
from web.trial_words import WORDS

STORY = """process: cuti
scenarios:
  - name: The head decides
    start: {person_id: sari, due_at: 2026-06-05T17:00:00+07:00, subject: Cuti}
    steps:
      - expect: {ended: false, never: [nowhere]}
  - name: <b>Nobody</b> asks
    start: {person_id: sari, due_at: 2026-06-05T17:00:00+07:00, subject: Cuti}
    steps:
      - expect: {tasks: [isi]}
"""
PLACE = "/studio/cuti/uji"
STORIES = Subject(DraftKind.SCENARIOS, "cuti")


@pytest.fixture
def told(client, town):
    deploy(town.house, OFFICER, (Resource(name="cuti.scenarios.yaml", content=STORY.encode()),))
    return client.sign_in("owner")


def draft(town, text, expected=""):
    command = SaveDraft(subject=STORIES, content=text.encode(), expected=expected)
    return save_draft(town.house, OFFICER, command)


def walked(page):
    found = re.search(r'data-marks="([^"]*)"', page)
    return json.loads(unescape(found[1]))["walked"]


def test_scenarios_are_listed_and_names_never_run(told):
    page = told.get(PLACE).text
    assert page.count('class="story"') == 2
    assert "<b>Nobody" not in page
    assert "&lt;b&gt;Nobody" in page


def test_all_are_played_and_what_was_walked_is_painted_and_listed(told):
    answer = told.post(PLACE, told.get(PLACE), terhadap="meja")
    assert answer.status_code == 200
    assert answer.text.count("tag--good") >= 2
    marks = walked(answer.text)
    assert marks["isi"] == 2
    assert 0 in marks.values()
    assert "<noscript>" in answer.text
    drawn = told.get(f"{PLACE}/gambar?terhadap=terbit")
    assert drawn.mimetype == "application/xml"


def test_one_is_played_alone(told):
    chosen = "cuti.scenarios.yaml: The head decides"
    answer = told.post(PLACE, told.get(PLACE), terhadap="terbit", skenario=chosen)
    assert walked(answer.text)["isi"] == 1
    gone = told.post(PLACE, told.get(PLACE), skenario="cuti.scenarios.yaml: gone")
    assert gone.status_code == 404


def test_a_failing_one_says_why_in_the_words_of_the_page_and_where(told, town):
    draft(town, STORY.replace("tasks: [isi]", "tasks: [putus]"))
    page = told.post(PLACE, told.get(PLACE)).text
    assert "story--failed" in page
    assert f"{PLACE}/naskah?baris=10" in page
    assert "Isi permohonan cuti" in page
    assert "open tasks: expected" not in page
    assert "story--failed" in told.get(PLACE).text  # kept until something changes


def test_every_fault_and_promise_has_words():
    names = (
        *("elements", "element", "found", "person", "message", "name", "wanted"),
        *("decision", "fields", "field", "why", "names"),
    )
    facts = dict.fromkeys(names, "x")
    for words in WORDS.values():
        assert str(words) % facts


def test_a_drawing_with_errors_is_told_so(told, town):
    command = SaveDraft(subject=Subject(DraftKind.PROCESS, "cuti"), content=b"<no/>")
    save_draft(town.house, OFFICER, command)
    answer = told.post(PLACE, told.get(PLACE))
    assert answer.status_code == 200
    assert 'class="findings"' in answer.text


def test_the_text_is_checked_by_line_and_saved_as_a_draft(told, town):
    page = told.get(f"{PLACE}/naskah")
    wrong = STORY.replace("never:", "nevre:")
    checked = told.post(f"{PLACE}/naskah", page, naskah=wrong, tindakan="periksa")
    assert 'data-line="6"' in checked.text
    assert "nevre" in checked.text
    saved = told.post(f"{PLACE}/naskah", page, naskah=wrong.replace("\n", "\r\n"), mark="")
    assert saved.status_code == 303
    with town.house.reading() as uow:
        assert uow.drafts.current(STORIES).content.decode() == wrong


def test_a_text_never_covers_what_somebody_else_saved_meanwhile(told, town):
    page = told.get(f"{PLACE}/naskah")
    other = draft(town, STORY + "# theirs\n")
    refused = told.post(f"{PLACE}/naskah", page, naskah=STORY + "# mine\n", mark="")
    assert refused.status_code == 409
    assert "# mine" in refused.text
    assert other.mark in refused.text
    beside = {"naskah": STORY + "# mine\n", "mark": other.mark, "tindakan": "sisih"}
    told.post(f"{PLACE}/naskah", page, **beside)
    with town.house.reading() as uow:
        assert uow.drafts.current(STORIES).mark == other.mark
        assert [b"# mine" in row.content for row in uow.drafts.beside(STORIES)] == [True]


def test_saved_and_played_at_once(told):
    page = told.get(f"{PLACE}/naskah")
    answer = told.post(f"{PLACE}/naskah", page, naskah=STORY, mark="", tindakan="jalankan")
    assert answer.status_code == 200
    assert 'id="hasil"' in answer.text


def test_a_scenario_is_deleted_from_the_draft_and_the_draft_discarded(told, town):
    page = told.get(PLACE)
    told.post(f"{PLACE}/hapus", page, skenario="The head decides", mark="")
    with town.house.reading() as uow:
        kept = uow.drafts.current(STORIES)
    assert b"The head decides" not in kept.content
    told.post(f"{PLACE}/hapus", page, skenario="<b>Nobody</b> asks", mark=kept.mark)
    told.post(f"{PLACE}/buang", page, mark=kept.mark)
    with town.house.reading() as uow:
        assert uow.drafts.current(STORIES) is None


def test_a_file_is_saved_as_it_is(told):
    answer = told.get(f"{PLACE}/berkas?nama=cuti.scenarios.yaml")
    assert answer.data == STORY.encode()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert told.get(f"{PLACE}/berkas?nama=other").status_code == 404


def test_a_process_without_scenarios_begins_with_a_text_to_fill(client):
    page = client.sign_in("owner").get(f"{PLACE}/naskah").text
    assert "process: cuti" in page
    assert client.get("/studio/nobody/uji").status_code == 404


def test_who_may_not_draw_tries_nothing(client):
    client.sign_in("sari")
    for path in (PLACE, f"{PLACE}/naskah", f"{PLACE}/gambar", "/studio/cuti/simulasi"):
        assert client.get(path).status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_in_a_browser_coverage_is_painted_and_the_text_is_numbered(town, browse, width):
    deploy(town.house, OFFICER, (Resource(name="cuti.scenarios.yaml", content=STORY.encode()),))
    page = browse("owner", viewport={"width": width, "height": 800})
    page.goto(PLACE)
    page.click("#jalankan button:not([name=skenario])")
    page.wait_for_selector("[data-ready=yes]")
    expect(page.locator(".flow-walked")).not_to_have_count(0)
    expect(page.locator(".badge--walked")).not_to_have_count(0)
    assert grave(page) == []
    assert overflow(page) <= 0
    page.goto(f"{PLACE}/naskah?baris=6")
    assert page.locator("#baris").inner_text() == "6"
    expect(page.locator(".numbered__gutter span")).to_have_count(STORY.count("\n") + 1)
    page.fill("#naskah", STORY.replace("ended", "endde"))
    page.click("[value=periksa]")
    page.click("a[data-line]")
    chosen = page.evaluate(
        "() => { const { value, selectionStart, selectionEnd } = document.activeElement;"
        " return value.slice(selectionStart, selectionEnd); }"
    )
    assert "endde" in chosen
    assert grave(page) == []
    assert overflow(page) <= 0
