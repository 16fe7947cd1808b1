"""How long sessions live, when their token is new, which cookies carry them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import requests

from app.settings_sign_in import SignInSettings
from engine.usecases.sessions import Lifetime, is_alive, token_hash
from tests.app.test_sign_in import Browser
from tests.serving import PASSWORD, Served


@pytest.fixture(scope="module")
def house(sqlite_template, tmp_path_factory):
    limits = SignInSettings(session_hours=2, session_idle_minutes=30)
    folder = tmp_path_factory.mktemp("sessions")
    made = Served(folder, sqlite_template, sign_in=limits).start(worker=False)
    yield made
    made.close()


def inside(browser):
    return browser.get(browser.base + "/api/me", timeout=10).status_code == 200


def row_of(house, browser):
    with house.house.reading() as uow:
        return uow.sessions.get(token_hash(browser.cookies["regu_session"]))


def move(house, browser, **changes):
    """As if the session had other times."""
    with house.house.writing() as uow:
        uow.sessions.put(replace(row_of(house, browser), **changes))
        uow.commit()


def test_a_session_ends_after_its_hours_used_or_not(house):
    with Browser(house.base) as browser:
        browser.sign_in("employee")
        row = row_of(house, browser)
        assert row.expires_at - row.created_at == timedelta(hours=2)
        # a session of yesterday's settings obeys those of today
        move(house, browser, created_at=row.created_at - timedelta(hours=2, seconds=1))
        assert not inside(browser)


def test_a_session_that_nobody_uses_ends(house):
    with Browser(house.base) as browser:
        browser.sign_in("employee")
        seen = row_of(house, browser).seen_at
        move(house, browser, seen_at=seen - timedelta(minutes=29))
        assert inside(browser)
        assert row_of(house, browser).seen_at >= seen, "its use was noted"
        move(house, browser, seen_at=seen - timedelta(minutes=31))
        assert not inside(browser)


def test_reading_writes_rarely(house):
    with Browser(house.base) as browser:
        browser.sign_in("employee")
        before = row_of(house, browser)
        for _ in range(3):
            inside(browser)
        assert row_of(house, browser) == before


def test_the_bounds_of_a_life_are_exact():
    from tests.persistence.test_accounts import SESSION  # noqa: PLC0415 - a row to look at

    at, life = SESSION.created_at, Lifetime(whole=timedelta(hours=2), idle=timedelta(minutes=30))
    for passed, alive in ((0, True), (1_799, True), (1_800, False)):
        assert is_alive(SESSION, at + timedelta(seconds=passed), life) is alive
    used = replace(SESSION, seen_at=at + timedelta(seconds=7_190))
    assert is_alive(used, at + timedelta(seconds=7_199), life)
    assert not is_alive(used, at + timedelta(seconds=7_200), life)
    assert not is_alive(replace(SESSION, revoked_at=at), at, life)


def test_other_groups_give_the_session_a_new_token_without_signing_out(house):
    with Browser(house.base) as browser:
        browser.sign_in("colleague")
        old = browser.cookies["regu_session"]
        with house.house.writing() as uow:
            uow.accounts.grant("colleague", "auditor", date(2020, 1, 1))
            uow.commit()
        assert inside(browser)
        new = browser.cookies["regu_session"]
        assert new != old
        assert inside(browser)
        assert browser.cookies["regu_session"] == new
        with house.house.reading() as uow:
            ends = uow.sessions.get(token_hash(old)).expires_at
        assert ends - house.house.clock.real_now() <= timedelta(seconds=20)


def test_a_new_password_gives_a_new_token_and_ends_all_other_sessions(house):
    with Browser(house.base) as browser, Browser(house.base) as other:
        other.sign_in("hr")
        browser.sign_in("hr")
        old = browser.cookies["regu_session"]
        new = "Kuda-Besar_7 lari pagi"
        data = {"csrf_token": browser.token("/sandi"), "old": "wrong", "new": new, "again": new}
        refused = browser.post(house.base + "/sandi", data=data, timeout=10)
        assert refused.status_code == 422
        data = {**data, "csrf_token": browser.token("/sandi"), "old": PASSWORD}
        assert browser.post(house.base + "/sandi", data=data, timeout=10).status_code == 200
        assert inside(browser)
        assert browser.cookies["regu_session"] != old
        stolen = {"regu_session": old}
        assert requests.get(house.base + "/api/me", cookies=stolen, timeout=10).status_code == 401
        assert not inside(other)


def test_one_sees_ones_own_sessions_and_ends_one_or_all_others(house):
    with (
        Browser(house.base) as here,
        Browser(house.base) as there,
        Browser(house.base) as far,
        Browser(house.base) as stranger,
    ):
        for one in (there, far, here):
            one.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0 <b>"
            one.sign_in("auditor")
        stranger.sign_in("perf_admin")
        page = here.get(house.base + "/akun", timeout=10).text
        assert page.count("Firefox, Windows") >= 3
        assert "<b>" not in page
        assert here.cookies["regu_session"] not in page
        marks = [one.split('"')[0] for one in page.split('name="session" value="')[1:]]
        token = here.token("/akun")

        def end(browser, token, mark):
            data = {"csrf_token": token, "session": mark}
            return browser.post(house.base + "/akun/sesi", data=data, timeout=10).status_code

        foreign = stranger.token("/akun")
        assert end(stranger, foreign, marks[0]) == 404, "nobody ends a session of others"
        assert end(here, token, "") == 404
        assert inside(there)
        assert inside(far)
        assert end(here, token, marks[0]) == 200
        assert [inside(there), inside(far)].count(False) == 1
        assert end(here, token, "others") == 200
        assert [inside(here), inside(there), inside(far)] == [True, False, False]


def test_over_https_cookies_are_secure_and_only_of_this_host(sqlite_template, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"0123456789abcdef0123456789abcdef")
    secret.chmod(0o600)
    made = Served(tmp_path / "https", sqlite_template, https=True, secret_file=secret).start(
        worker=False
    )
    try:
        client = made.app.test_client()
        page = client.get("/masuk", base_url="https://regu.example")
        cookie = page.headers["Set-Cookie"]
        token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        data = {"login": "employee", "password": PASSWORD, "csrf_token": token}
        answer = client.post("/masuk", data=data, base_url="https://regu.example")
        assert answer.status_code == 303, answer.text
        for one in (cookie, answer.headers["Set-Cookie"]):
            assert one.startswith("__Host-regu_")
            assert "Secure" in one
            assert "HttpOnly" in one
            assert "SameSite=Lax" in one
            assert "Path=/" in one
            assert "Domain" not in one
        described = client.get("/api/openapi.json", base_url="https://regu.example").get_json()
        scheme = described["components"]["securitySchemes"]["session"]
        assert answer.headers["Set-Cookie"].startswith(f"{scheme['name']}=")
        token = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        plain = {"Cookie": f"regu_session={token}"}
        other = made.app.test_client().get("/api/me", headers=plain)
        assert other.status_code == 401, "a cookie without the prefix is nobody's"
    finally:
        made.close()
