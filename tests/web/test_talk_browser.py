"""Rating one person in a real browser, and the pages about people on a telephone and without JS."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.evaluating import RULES, begin_evaluation, tell_a_year
from tests.web.journeys import Journey
from tests.web.looking import grave, overflow

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


@pytest.fixture
def year(town):
    """A year about Sari, to be looked at."""
    town.deploy(*RULES)
    tell_a_year(town)
    return town


def pages_of(town):
    sari = town.ids["sari"]
    return {
        "kepala": [
            "/bawahan",
            f"/bawahan/{sari}/ringkas",
            f"/evaluasi/{sari}",
            f"/dialog/{sari}",
            "/keberatan",
            f"/tindak-lanjut/{sari}",
            f"/suara/{sari}",
        ],
        "sari": ["/dialog", "/evaluasi", "/suara", "/keberatan", "/tindak-lanjut"],
    }


@pytest.mark.parametrize("login", ["kepala", "sari"])
def test_the_pages_about_people_are_clean_fit_a_telephone_and_have_one_heading(browse, year, login):
    page = browse(login, viewport=WIDE)
    for path in pages_of(year)[login]:
        page.set_viewport_size(WIDE)
        page.goto(path)
        assert grave(page) == [], path
        expect(page.locator("h1")).to_have_count(1)
        page.set_viewport_size(NARROW)
        assert overflow(page) == 0, path
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main select, main .button')]
                 .map((one) => one.getBoundingClientRect())
                 .filter((box) => box.height && (box.height < 24 || box.width < 24)).length"""
        )
        assert small == 0, path


def test_a_rater_rates_one_person_from_the_table_to_the_words(browse, town, request):
    begin_evaluation(town, "sari")
    tell_a_year(town)
    page = browse("kepala", viewport=WIDE)
    count = Journey(page, "rate one person")
    count.goto("/bawahan")
    count.click("th a:has-text('Sari Wulandari')", leads_on=True)
    count.click(".passing a:has-text('Nilai hasil dan perilaku')", leads_on=True)
    count.tick("input[name=result_level][value=sesuai]")
    count.tick("input[name=behaviour_level][value=sesuai]")
    for field in ("reason", "behaviour_reason", "evidence_reason", "load_comment"):
        if _is_asked(page, field):
            count.fill(f"[name={field}]", "Bukti dan dialog sepanjang tahun mendukung.")
    count.click("#task-form .actions .button >> nth=0", leads_on=True)
    assert "/ringkas" in page.url
    with town.house.reading() as uow:
        rating = uow.performance.rating_of(town.ids["sari"], town.ids["cycle"])
    assert rating.predikat == "baik"
    count.click(".draft-box form .button >> nth=0", leads_on=True)
    assert "renstra" not in page.url
    count.click("#task-form .actions .button >> nth=0", leads_on=True)
    assert "/ringkas" in page.url
    with town.house.reading() as uow:
        said = uow.dialogues.feedback_about(town.ids["sari"], town.ids["cycle"])
    assert said[-1].giver_id == town.ids["kepala"]
    count.record(request)
    assert count.screens <= 6
    assert count.typed <= 4


def _is_asked(page, field):
    """What this person's case asks a reason for: the proposal, conduct, evidence, load."""
    return page.locator(f"[name={field}]").is_visible() and field in ("reason", "evidence_reason")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_without_javascript_a_rater_reads_edits_and_goes_on(browse, year, viewport):
    page = browse("kepala", java_script_enabled=False, viewport=viewport)
    page.goto("/bawahan?urut=tanda")
    page.click("th a:has-text('Sari Wulandari')")
    page.fill("#text", "Terima kasih; mari kita bahas mutu data.")
    page.click(".draft-box form .button >> nth=0")
    assert page.input_value("[name=text]") == "Terima kasih; mari kita bahas mutu data."
    page.click("#task-form .actions .button >> nth=0")
    page.wait_for_url("**/ringkas")
    with year.house.reading() as uow:
        said = uow.dialogues.feedback_about(year.ids["sari"], year.ids["cycle"])
    assert said[-1].text == "Terima kasih; mari kita bahas mutu data."


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_without_javascript_an_employee_finds_words_and_filters_them(browse, year, viewport):
    page = browse("sari", java_script_enabled=False, viewport=viewport)
    page.goto("/dialog")
    page.select_option("#kind", "feedback")
    page.click(".filters .button")
    expect(page.locator(".moment--feedback")).to_have_count(1)
    expect(page.locator(".moment--documentation")).to_have_count(0)
    page.goto("/evaluasi")
    expect(page.locator("#feedback")).to_be_visible()


def test_the_brief_prints_on_at_most_two_sheets(browse, year):
    page = browse("kepala", viewport=WIDE)
    page.goto(f"/bawahan/{year.ids['sari']}/ringkas")
    paper = page.pdf(format="A4", margin={"top": "1cm", "bottom": "1cm"})
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 2
