"""Publishing by two people in a browser: both drawings with their marks, and nobody is left out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.looking import grave
from tests.web.test_releases import PLACE, RENAMED, WHY, draft, version

pytestmark = pytest.mark.browser
READY = "[data-compare][data-ready=yes] >> nth=1"
SIZES = [{"width": 1280, "height": 900}, {"width": 360, "height": 740}]


def calm(page):
    """No horizontal scroll, nothing serious for axe."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert grave(page) == []


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_a_change_is_compared_proposed_reviewed_and_published(browse, town, size):
    draft(town, RENAMED, ('candidateGroups="hr"', 'candidateGroups="perf_admin"'))
    page = browse("owner", viewport=size)
    page.goto(PLACE)
    page.wait_for_selector(READY)
    marked = page.locator("[data-compare] g.is-changed[data-element-id=periksa]")
    expect(marked).to_have_count(2)
    expect(page.locator(".bjs-powered-by")).to_have_count(2)
    calm(page)
    page.click("[data-zoom=here]")
    page.fill("#reason", WHY)
    page.click("button[value=propose]")
    page.wait_for_url("**/tinjauan/*")
    page.wait_for_selector(READY)
    calm(page)
    second = browse("second", viewport=size)
    second.goto("/tinjauan")
    calm(second)
    second.click("main a[href^='/tinjauan/'] >> nth=0")
    second.wait_for_selector(READY)
    calm(second)
    second.click("button[value=publish]")
    second.wait_for_selector("h1 ~ p .tag--good")
    assert version(town) == 2
    second.goto("/studio/cuti/versi?lama=1&baru=2")
    second.wait_for_selector(READY)
    calm(second)


def test_the_way_through_a_review_needs_no_mouse_and_no_script(browse, town):
    draft(town, RENAMED)
    page = browse("owner", java_script_enabled=False, viewport=SIZES[0])
    page.goto(PLACE)
    page.focus("#reason")
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tinjauan/*")
    expect(page.locator("button[value=withdraw]")).to_have_count(1)
