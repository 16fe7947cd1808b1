"""An administrator's day in a real browser, on a phone and a desk, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.journeys import Journey
from tests.web.looking import grave, overflow
from tests.web.test_admin import empower, work, workbook

pytestmark = pytest.mark.browser

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}


def troubles(page, *, axe):
    """Serious and critical findings of axe, and a page wider than its window."""
    over = overflow(page)
    return [*(grave(page) if axe else ()), *([("overflow", over)] if over else ())]


def upload(page, name, content):
    page.set_input_files("#workbook", {"name": name, "mimeType": XLSX, "buffer": content})


def find_by_nip(count, page):
    count.fill("#head-search", "19920520 201801")
    page.press("#head-search", "Enter")
    page.wait_for_selector("mark")
    expect(page.locator("section .task a")).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("size", SIZES)
def test_an_administrator_finds_imports_grants_and_proves(browse, town, request, size, scripts):
    empower(town, "budi", "admin", "perf_admin", "auditor")
    page = browse("budi", viewport=SIZES[size], java_script_enabled=scripts)
    seen = []

    def look():
        if scripts:
            seen.extend((page.url, one) for one in troubles(page, axe=size == "phone"))

    count = Journey(page, f"administer ({size}, {'scripts' if scripts else 'plain'})")
    if scripts:
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "head-search"
    find_by_nip(count, page)
    look()

    count.goto("/kelola/impor")
    look()
    upload(page, "salah.xlsx", workbook(Jabatan__C4="TIDAK-ADA"))
    count.click("main form button", leads_on=True)
    expect(page.locator("progress")).to_have_count(1)
    look()
    work(town)
    if scripts:  # the bar asks again by itself
        page.wait_for_selector("table")
    else:
        page.reload()
    expect(page.locator("tbody tr >> nth=1")).to_be_attached()
    look()

    count.goto("/kelola/impor")
    upload(page, "benar.xlsx", workbook())
    count.click("main form button", leads_on=True)
    checked = page.url
    work(town)
    page.goto(checked)
    count.click("main form button", leads_on=True)
    imported = page.url
    assert imported != checked
    page.reload()
    expect(page.locator("[data-again] progress")).to_have_count(1)
    work(town)
    page.goto(imported)
    expect(page.locator(".notice--good")).to_have_count(1)
    look()

    count.goto(f"/kelola/pegawai/{town.nip('citra')}")
    look()
    count.choose("#group", "auditor")
    count.click("form[action$=peran] button", leads_on=True)
    expect(page.locator("form[action$=cabut]")).to_have_count(1)

    prove(page, town, count, look)
    count.record(request)
    assert seen == []


def prove(page, town, count, look):
    """Read the log by act, and prove it."""
    count.goto("/kelola/audit")
    count.fill("#tindakan", "account:group")
    count.click("form.narrow button", leads_on=True)
    expect(page.locator(".log__row")).to_have_count(1)
    look()
    count.click("#bukti form button", leads_on=True)
    work(town)
    page.goto("/kelola/audit")
    expect(page.locator("#bukti .notice")).to_have_count(1)
    look()


@pytest.mark.parametrize("size", SIZES)
def test_every_list_of_an_administrator_fits_and_can_be_read(browse, town, size):
    empower(town, "budi", "admin", "perf_admin", "auditor")
    page = browse("budi", viewport=SIZES[size])
    rooms = ("", "/unit", "/jabatan", "/penilai", "/pegawai", "/peran", "/aturan", "/kalender")
    for path in (*(f"/kelola{room}" for room in rooms), "/kemajuan"):
        page.goto(path)
        assert troubles(page, axe=size == "phone") == [], path


def test_the_shortcut_to_the_search_box_can_be_turned_off(browse, town):
    page = browse("sari", viewport=SIZES["desk"])
    page.goto("/cari")
    page.uncheck("[data-shortcut]")
    page.goto("/tugas")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "head-search"
    page.goto("/cari")
    page.check("[data-shortcut]")
    page.fill("#head-search", "a")
    page.press("#head-search", "/")
    assert page.input_value("#head-search") == "a/"
