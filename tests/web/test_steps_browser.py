"""The list of steps in a browser: keyboard alone, without scripts, wide and narrow, axe."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.steplist.outline import outline
from engine.steplist.paper import Paper
from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.looking import grave, overflow

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
CUTI = Subject(DraftKind.PROCESS, "cuti")
PAGE = "/studio/cuti/langkah"
SIZES = [{"width": 1280, "height": 900}, {"width": 360, "height": 740}]


def drawn(town):
    with town.house.reading() as uow:
        return outline(Paper.read(uow.drafts.current(CUTI).content))


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def tab_to(page, wanted, *, limit=60):
    """Press Tab until that is focused."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({wanted!r})"):
            return
    pytest.fail(f"the keyboard does not reach {wanted}: {focused(page)}")


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("query", ["", "?ubah=isi", "?ubah=selesai"])
def test_the_list_and_its_forms_are_free_of_grave_findings_and_fit(browse, size, query):
    page = browse("owner", viewport=size)
    page.goto(PAGE + query)
    assert grave(page) == []
    assert overflow(page) == 0
    small = page.evaluate(
        """() => [...document.querySelectorAll("main a.button, main button, main summary")]
          .filter((one) => one.getBoundingClientRect().height < 24).map((one) => one.outerHTML)"""
    )
    assert small == []


def test_a_long_process_fits_a_telephone(browse, town):
    text = (ROOT / "workflows" / "contribution" / "contribution.bpmn").read_bytes()
    save_draft(town.house, town.actor("owner"), SaveDraft(subject=CUTI, content=text))
    page = browse("owner", viewport=SIZES[1])
    page.goto(f"{PAGE}?ubah=attest")
    assert overflow(page) == 0
    assert grave(page) == []


def test_a_step_is_changed_added_and_moved_by_keyboard_alone(browse, town):
    page = browse("owner", viewport=SIZES[0])
    page.goto(PAGE)
    tab_to(page, "#langkah-isi .step__open")
    page.keyboard.press("Enter")
    page.wait_for_url("**ubah=isi**")
    tab_to(page, "#f-name")
    page.keyboard.press("Control+a")
    page.keyboard.type("Isi dengan teliti")
    page.keyboard.press("Enter")
    page.wait_for_selector("h3:has-text('Isi dengan teliti')")
    assert page.url.endswith("#langkah-isi")
    tab_to(page, "#langkah-isi .step__open")
    page.keyboard.press("Enter")
    page.wait_for_selector("#f-name")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "#n-name")
    page.keyboard.type("Setujui")
    page.keyboard.press("Enter")
    page.wait_for_selector("#langkah-setujui #f-name")
    tab_to(page, "#langkah-setujui form:has([value=down]) button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#langkah-periksa + #langkah-setujui")
    assert list(drawn(town).numbers) == ["mulai", "isi", "periksa", "setujui", "selesai"]


def test_without_scripts_a_refused_edit_tells_why_and_a_taken_back_one_is_gone(browse, town):
    page = browse("owner", viewport=SIZES[0], java_script_enabled=False)
    page.goto(f"{PAGE}?ubah=periksa")
    page.fill("#f-due", "=add working days(")
    page.press("#f-due", "Enter")
    page.click(".summary a")
    assert page.locator("#f-due").get_attribute("aria-invalid") == "true"
    page.fill("#f-due", "=add working days(now(), 2)")
    page.press("#f-due", "Enter")
    page.wait_for_selector("text==add working days(now(), 2)")
    assert drawn(town).steps["periksa"].facts.due == "=add working days(now(), 2)"
    page.click(".page-head form button")
    page.wait_for_load_state()
    with town.house.reading() as uow:
        assert uow.drafts.current(CUTI) is None
    browse.expected.add("422")
