"""The pages of functional credit in a real browser, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.looking import grave, overflow
from tests.web.test_functional_credit import credited  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("login", ["sari", "citra", "kepala"])
def test_the_pages_of_functional_credit_are_sound(browse, credited, size, login):  # noqa: F811
    page = browse(login, viewport=size)
    paths = ["/angka-kredit"]
    if login == "kepala":
        ids = credited.ids
        paths += [
            "/angka-kredit/pegawai",
            f"/angka-kredit/unit/{ids['u1']}",
            f"/angka-kredit/{ids['sari']}",
        ]
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert grave(page) == [], path
        assert overflow(page) == 0, path
        expect(page.locator("h1"), path).to_have_count(1)
