"""Planning in a real browser: what it asks of a person, on a phone and on a desk, and for whom."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.journeys import Journey
from tests.web.looking import grave, overflow
from tests.web.planning_town import built_once, complete, open_plan
from tests.web.town import copied

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
#: the measure: e-Kinerja training cut drafting from seven days to two
TYPED_AT_MOST = 25


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    return built_once(tmp_path_factory.mktemp("planning"))


@pytest.fixture
def town(built, tmp_path):
    made = copied(built, tmp_path)
    yield made
    made.wired.close()


def submitted(town):
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids["citra"], town.ids["cycle"])
        return plan.status.value, uow.performance.items(plan.id)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("phone", {"viewport": PHONE}),
        ("desk", {"viewport": WIDE}),
        ("without JavaScript", {"viewport": WIDE, "java_script_enabled": False}),
    ],
)
def test_a_plan_with_two_squads_is_drafted_from_nothing(browse, town, request, name, options):
    open_plan(town, "citra")
    page = browse("citra", **options)
    count = Journey(page, f"plan with two squads from an empty start ({name})")
    count.screens += 1  # the inbox, where signing in leads
    count.click("main a:has-text('Susun SKP')", leads_on=True)
    count.tick("#f-results-2-take")
    if options.get("java_script_enabled", True):
        page.wait_for_selector("#f-results-2-target", state="visible")
    count.fill("#f-results-1-target", "4")
    count.fill("#f-results-2-title", "Laporan mutu data triwulanan")
    with page.expect_navigation():
        count.click("button[value=results]:visible:has-text('100%')")
    assert page.input_value("#f-results-1-target") == "4"
    assert page.input_value("#f-results-2-weight_percent") in {"33,33", "33,34"}
    count.tick("#f-confirmed")
    count.click("#task-form .actions button:has-text('Kirim')", leads_on=True)
    page.wait_for_selector("text=Selesai: Susun SKP")
    count.record(request)
    assert count.typed <= TYPED_AT_MOST
    status, items = submitted(town)
    assert status == "submitted"
    roles = {item.role for item in items}
    assert len(roles) == 3
    for role in roles:
        assert sum(item.weight_bp for item in items if item.role == role) == 10_000
    assert "Laporan mutu data triwulanan" in {item.title for item in items}


def test_a_plan_in_ones_own_words_throughout_stays_within_the_measure(browse, town, request):
    """Nothing proposed is kept: every home result is written anew, one of them added."""
    key = open_plan(town, "citra")
    page = browse("citra", viewport=WIDE)
    count = Journey(page, "plan with two squads, every home result in one's own words")
    count.goto(f"/tugas/{key}")
    count.click("button[data-add-row=results]")
    rows = [int(one) for one in added_rows(page)]
    for number, row in enumerate((0, 1, rows[-1]), 1):
        for field, text in (
            ("title", f"Hasil kerja {number} tercapai"),
            ("indicator", f"Ukuran {number}"),
            ("target", number * 4),
            ("unit", "dokumen"),
        ):
            count.fill(f"#f-results-{row}-{field}", text)
    count.choose(f"#f-results-{rows[-1]}-aspect", "kuantitas")
    count.fill(f"#f-results-{rows[-1]}-weight_percent", "30")
    with page.expect_navigation():
        count.click("button[value=results]:visible:has-text('100%')")
    count.fill("#f-note", "Disusun menurut penugasan")
    count.tick("#f-confirmed")
    count.click("#task-form .actions button:has-text('Kirim')", leads_on=True)
    page.wait_for_selector("text=Selesai: Susun SKP")
    count.record(request)
    assert count.typed <= TYPED_AT_MOST
    status, items = submitted(town)
    assert status == "submitted"
    assert sum(item.role == "home" for item in items) == 3


def added_rows(page):
    names = page.eval_on_selector_all(
        "[data-rows=results] input[name$='-title']", "found => found.map((one) => one.name)"
    )
    return [name.split("-")[1] for name in names]


def test_the_sum_of_the_weights_follows_what_is_typed(browse, town):
    key = open_plan(town, "citra")
    page = browse("citra", viewport=WIDE)
    page.goto(f"/tugas/{key}")
    assert page.inner_text("[data-whole-sum]") == "100"
    page.fill("#f-results-0-weight_percent", "12,5")
    page.wait_for_selector("[data-whole-sum]:text-is('62,5')")
    page.uncheck("#f-results-0-take")
    page.wait_for_selector("[data-whole-sum]:text-is('50')")


def pages_of(town):
    citra, unit = town.ids["citra"], town.ids["u2"]
    return ("/skp", "/matriks", f"/matriks/{unit}", f"/rantai/{citra}", f"/skp/{citra}")


@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["phone", "desk"])
def test_pages_of_plans_are_whole_and_accessible(browse, town, viewport):
    key = open_plan(town, "citra")
    complete(town, "citra", "draft_plan", confirmed=True, note="Siap")
    complete(town, "sari", "clarify_role", expectation="Loket buka sebelum Mei")
    open_plan(town, "tono")
    page = browse("budi", viewport=viewport)
    for path in (*pages_of(town), f"/tugas/{task_of(town)}"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert overflow(page) == 0, path
        expect(page.locator("h1"), path).to_have_count(1)
        assert grave(page) == [], path
    page = browse("tono", viewport=viewport)
    page.goto("/tugas")
    page.click("main a:has-text('Susun SKP')")
    assert grave(page) == []
    assert key


def task_of(town):
    return next(task.key for task in town.tasks("budi") if task.element_id == "clarify_role")


def test_the_matrix_is_reached_and_scrolled_with_the_keyboard(browse, town):
    page = browse("budi", viewport=WIDE)
    page.goto(f"/matriks/{town.ids['u2']}")
    page.focus(".board")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    page.keyboard.press("Tab")
    assert re.fullmatch(
        r"/skp/[0-9a-f-]+\?siklus=[0-9a-f-]+",
        page.evaluate("document.activeElement.getAttribute('href')"),
    )


def test_numbers_open_without_scripts(browse, town):
    page = browse("sari", java_script_enabled=False, viewport=PHONE)
    page.goto("/skp")
    opened = page.locator("details.how").first
    opened.locator("summary").click()
    expect(opened.locator(".how__body")).to_be_visible()
