"""Signing in as people see it: a second factor set up and asked for, and single sign-on."""

from __future__ import annotations

from dataclasses import replace

import pyotp
import pytest
from playwright.sync_api import expect

from app.factory import create_app
from app.settings_sign_in import Oidc, SignInSettings
from tests.app.provider_there import ProviderThere
from tests.web.looking import grave, overflow
from tests.web.town import PASSWORD, PEOPLE, QUICK

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
SARI = PEOPLE["sari"][1]


def type_password(page):
    page.goto("/masuk")
    page.fill("#login", SARI)
    page.fill("#password", PASSWORD)
    page.click("main form button")


def test_a_second_factor_is_set_up_and_asked_for(browse, town):
    page = browse("sari", viewport=PHONE)
    page.goto("/akun")
    assert grave(page) == []
    assert not overflow(page)
    page.click("a[href='/akun/faktor']")
    assert grave(page) == []
    page.fill("#password", PASSWORD)
    page.click("main form button")
    secret = page.inner_text("#key").replace(" ", "")
    box = page.locator("figure svg").bounding_box()
    assert box["width"] >= 150, "a telephone reads the picture"
    assert grave(page) == []
    assert not overflow(page)
    page.fill("#code", pyotp.TOTP(secret).now())
    page.click("main form button")
    expect(page.locator("#codes li")).to_have_count(10)
    assert grave(page) == []
    recovery = page.locator("#codes li").first.inner_text()

    page.context.clear_cookies()
    type_password(page)
    page.wait_for_url("**/masuk/kode**")
    assert grave(page) == []
    page.fill("#code", recovery)
    page.click("main form button")
    page.wait_for_url("**/tugas")


def test_single_sign_on_leads_to_the_provider_and_back(browse, town, door, address):
    with ProviderThere() as there:
        there.confidential = False
        there.who = {"sub": "s-1", "preferred_username": SARI}
        where = Oidc(issuer=there.url, client_id="regu", hosts=frozenset({there.host}))
        settings = replace(
            town.wired.settings, public_url=address, sign_in=SignInSettings(oidc=where)
        )
        door.app = create_app(settings, wired=town.wired, hasher=QUICK)
        page = browse(None)
        page.goto("/masuk?next=/skp")
        assert grave(page) == []
        page.click("a[href^='/masuk/sso']")
        page.wait_for_url("**/skp")
        page.goto("/akun")
        page.locator("form[action='/keluar'] button").first.click()
        page.wait_for_url("**/masuk?sso=keluar")
        expect(page.locator("a[href='/masuk/sso/keluar']")).to_have_count(1)
        assert grave(page) == []
