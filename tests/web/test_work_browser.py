"""The employee's own journey in a browser: tasks, draft, sending, putting off, filters."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.usecases.notices import Kind
from tests.web.journeys import Journey
from tests.web.looking import grave, overflow
from tests.web.test_work import many, tell

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 360, "height": 740}}
WIDE = {"viewport": {"width": 1280, "height": 900}}
PLAIN = {"java_script_enabled": False}


def fill(page):
    page.select_option("#f-kind", "tahunan")
    page.fill("#f-starts", "2026-06-10")
    page.fill("#f-days", "2,5")
    page.check("text=Sudah dilimpahkan")
    page.fill("#f-works-0-title", "Laporan")
    page.check("#f-sure")


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["360", "1280"])
@pytest.mark.parametrize("script", [{}, PLAIN], ids=["script", "plain"])
def test_an_employee_sees_what_to_do_opens_it_keeps_a_draft_sends_it_and_is_back(
    browse, town, size, script, request
):
    page = browse("sari", **size, **script)
    journey = Journey(page, f"send a task ({size['viewport']['width']} px)")
    journey.screens += 1
    expect(page.locator(".task__name a")).to_have_count(len(town.tasks("sari")))
    journey.click("text=Isi permohonan cuti", leads_on=True)
    page.fill("#f-days", "7")
    if script:
        page.click("text=Simpan draf")
    else:
        page.wait_for_selector("#draft-state:has-text('.')")
        assert page.locator("#draft-state").inner_text().strip().startswith("Tersimpan ")
    page.goto("/tugas")
    expect(page.locator(".tag--note")).to_have_count(1)
    page.click("text=Isi permohonan cuti")
    assert page.locator("#f-days").input_value() == "7"
    fill(page)
    journey.typed += 3
    journey.clicks += 3
    journey.click("main .actions button.button >> nth=0", leads_on=True)
    assert page.url.endswith("/tugas")
    expect(page.locator("text=Selesai: Isi permohonan cuti")).to_have_count(1)
    if not script:
        assert overflow(page) == 0
        journey.record(request)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["360", "1280"])
@pytest.mark.parametrize("script", [{}, PLAIN], ids=["script", "plain"])
def test_a_task_is_put_off_and_brought_back_by_one_press(browse, town, size, script):
    page = browse("sari", **size, **script)
    page.check("input[name=task] >> nth=0")
    page.click("button[name=until][value=besok]")
    expect(page.locator(".task__name")).to_have_count(len(town.tasks("sari")) - 1)
    page.click(".undo button")
    expect(page.locator(".task__name")).to_have_count(len(town.tasks("sari")))


@pytest.mark.parametrize("script", [{}, PLAIN], ids=["script", "plain"])
def test_a_filter_is_kept_and_asked_again_by_its_name(browse, town, script):
    page = browse("sari", **SMALL, **script)
    page.click(".filter summary")
    page.select_option("#f-proses", "cuti")
    page.click(".filter__form button")
    page.fill("#f-name", "Cuti saya")
    page.click(".filter__keep button")
    page.goto("/tugas")
    page.click(".filter summary")
    page.click("text=Cuti saya")
    page.wait_for_url("**/tugas?*proses=cuti*")
    expect(page.locator(".task__name")).to_have_count(1)


def test_two_windows_of_one_person_never_overwrite_each_other(browse, town):
    page = browse("sari", **WIDE)
    key = town.tasks("sari")[0].key
    other = page.context.new_page()
    page.goto(f"/tugas/{key}")
    other.goto(f"/tugas/{key}")
    page.fill("#f-days", "1")
    page.wait_for_selector("#draft-state:text-matches('^Tersimpan')")
    other.fill("#f-days", "9")
    other.wait_for_selector("#draft-state.conflict")
    expect(other.locator("#draft-state a")).to_have_count(1)
    page.fill("#f-days", "2")
    page.wait_for_timeout(2_500)
    page.reload()
    assert page.locator("#f-days").input_value() == "2"
    browse.expected.add("409")


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["360", "1280"])
def test_the_pages_of_the_room_are_clean_and_nothing_is_too_small_or_too_wide(browse, town, size):
    many(town, 3)
    tell(town, "sari", Kind.SHARE_LOWERED, "a", by=town.ids["budi"], output_id=town.ids["output"])
    page = browse("sari", **size)
    key = town.tasks("sari")[0].key
    paths = ("/tugas", "/tugas?proses=cuti", "/tugas?tunda=1", f"/tugas/{key}")
    for path in (*paths, "/pemberitahuan", "/pemberitahuan/pilihan"):
        page.goto(path)
        assert grave(page) == [], path
        assert overflow(page) == 0, path
        small = page.eval_on_selector_all(
            "main button, main input:not([type=hidden]), main select, main summary",
            "all => all.filter(one => one.offsetParent && Math.min(one.closest('label')"
            "?.offsetHeight ?? one.offsetHeight, 99) < 24).map(one => one.outerHTML)",
        )
        assert small == [], path
        expect(page.locator("h1"), path).to_have_count(1)
